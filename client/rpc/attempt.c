/* attempt - see attempt.h. */
#include "rpc/attempt.h"

#include "base/limits.h"
#include "crypto/sign.h"
#include "wire/envelope.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
    ID_BYTES = 8,     /* request id and span id */
    TRACE_BYTES = 16, /* W3C trace context, level 1 */
};

/* The ids of one attempt. */
struct ids {
    char request[2 * ID_BYTES + 1];
    char traceparent[2 * TRACE_BYTES + 2 * ID_BYTES + 8];
};

static void ids_make(struct ids *ids)
{
    uint8_t bytes[TRACE_BYTES + ID_BYTES];
    char trace[2 * TRACE_BYTES + 1];
    randombytes_buf(bytes, sizeof(bytes));
    (void)sodium_bin2hex(trace, sizeof(trace), bytes, TRACE_BYTES);
    (void)sodium_bin2hex(ids->request, sizeof(ids->request), bytes + TRACE_BYTES, ID_BYTES);
    (void)snprintf(ids->traceparent, sizeof(ids->traceparent), "00-%s-%s-01", trace, ids->request);
}

static enum err_code sign_request(const struct attempt *attempt, struct wire_request *request,
                                  struct err *err)
{
    if (attempt->method->signing != METHOD_SIGNED) {
        return ERR_OK;
    }
    if (attempt->identity == NULL) {
        return err_set(err, ERR_INVALID, "the profile has no key to sign %s with",
                       attempt->method->path);
    }
    request->is_signed = true;
    request->signed_at_us = clock_now_us(attempt->clock);
    struct sign_call call = {
        .method = request->method,
        .request_id = request->request_id,
        .idempotency_key = request->idempotency_key,
        .signed_at_us = request->signed_at_us,
        .payload = {request->payload.data, request->payload.len},
    };
    return sign_make_call(attempt->identity, &call, request->signature, err);
}

static enum err_code encode(const struct attempt *attempt, const struct ids *ids, struct buf *out,
                            struct err *err)
{
    int64_t left_ms = attempt->deadline_ms - clock_monotonic_ms();
    struct wire_request request = {
        .method = attempt->method->path,
        .request_id = ids->request,
        .traceparent = ids->traceparent,
        .client_version = "fremgang/" FREMGANG_VERSION,
        .deadline_ms = left_ms > 0 ? (uint32_t)left_ms : 1,
        .idempotency_key = attempt->idempotency_key,
        .payload = attempt->payload,
    };
    if (attempt->token != NULL) {
        request.token =
            (struct wire_bytes){secret_bytes(attempt->token), secret_size(attempt->token)};
    }
    enum err_code code = sign_request(attempt, &request, err);
    return code != ERR_OK ? code : wire_request_encode(&request, out, err);
}

/* The server names its time, so that a wrong clock can be told from a wrong key. */
static void explain_clock(const struct attempt *attempt, const struct wire_response *response,
                          struct err *err)
{
    int64_t skew_s = (clock_now_us(attempt->clock) - response->server_time_us) / 1000000;
    if (strcmp(err->reason, "CLOCK_SKEW") == 0) {
        (void)err_hint(err,
                       attempt->danish ? "Computerens ur går %lld sekunder %s serverens. Stil det."
                                       : "This computer's clock is %lld seconds %s the server's. "
                                         "Set it.",
                       (long long)(skew_s < 0 ? -skew_s : skew_s),
                       attempt->danish ? (skew_s < 0 ? "bagud for" : "foran")
                                       : (skew_s < 0 ? "behind" : "ahead of"));
    }
}

static void explain_violations(const struct attempt *attempt, const struct wire_status *status,
                               struct buf *text)
{
    for (size_t i = 0; i < status->violation_count; i++) {
        const struct wire_violation *violation = &status->violations[i];
        buf_append_format(text, "%s: %s; ",
                          violation->field[0] != '\0' ? violation->field : violation->rule,
                          attempt->danish ? violation->da : violation->en);
    }
}

static enum err_code fail_status(const struct attempt *attempt,
                                 const struct wire_response *response, struct err *err)
{
    AUTO_BUF struct buf text = BUF_INIT;
    enum err_code code = wire_status_to_err(&response->status, err);
    if (attempt->danish && response->status.hint_da[0] != '\0') {
        (void)err_hint(err, "%s", response->status.hint_da);
    }
    explain_clock(attempt, response, err);
    explain_violations(attempt, &response->status, &text);
    (void)err_detail(err, "%srequest id %s", buf_text(&text), response->request_id);
    return code;
}

/* Decodes the answer and checks that it is to this attempt. */
static enum err_code decode(const struct ids *ids, const struct buf *bytes, struct arena *arena,
                            struct wire_response *out, struct err *err)
{
    struct wire_bytes received = {bytes->data, bytes->len};
    enum err_code code = wire_response_decode(received, arena, out, err);
    if (code != ERR_OK || strcmp(out->request_id, ids->request) != 0) {
        (void)err_set(err, ERR_CORRUPT, "the answer is not one to this call");
        return err_detail(err, "request id %s", ids->request);
    }
    return ERR_OK;
}

static enum err_code receive(const struct attempt *attempt, const struct ids *ids,
                             const struct buf *bytes, struct attempt_answer *out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    struct wire_response answer;
    if (arena == NULL) {
        return err_memory(err);
    }
    enum err_code code = decode(ids, bytes, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    if (answer.status.code != WIRE_OK) {
        out->retry_after_ms = answer.status.has_retry_after ? answer.status.retry_after_ms : 0;
        return fail_status(attempt, &answer, err);
    }
    buf_reset(out->response);
    buf_append(out->response, answer.payload.data, answer.payload.len);
    return buf_check(out->response, err);
}

enum err_code attempt_make(const struct attempt *attempt, struct attempt_answer *out,
                           struct err *err)
{
    AUTO_BUF struct buf request = BUF_INIT;
    AUTO_BUF struct buf bytes = BUF_INIT;
    struct ids ids;
    ids_make(&ids);
    out->retry_after_ms = 0;
    enum err_code code = encode(attempt, &ids, &request, err);
    if (code != ERR_OK) {
        return code;
    }
    code = channel_exchange(attempt->channel, &request, attempt->deadline_ms, &bytes, err);
    return code == ERR_OK ? receive(attempt, &ids, &bytes, out, err) : code;
}
