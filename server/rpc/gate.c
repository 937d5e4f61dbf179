/* gate - see gate.h. */
#include "rpc/gate.h"

#include "base/limits.h"
#include "base/log.h"
#include "crypto/mac.h"
#include "rpc/gate_audit.h"
#include "rpc/gate_check.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct gate {
    struct gate_options options;
    struct principal_cache *principals; /* NULL when the process has no store */
    struct audit_limit audit_limit;
};

/* One call on its way through. */
struct passage {
    struct gate *gate;
    struct wire_request request;
    struct call call;
    ProtobufCMessage *message; /* the unpacked payload */
    struct buf answer;         /* the packed response; owned */
    bool is_replay;
};

static bool needs_store(const struct method *method)
{
    return method->roles != ROLE_ANYONE || method->effect == METHOD_WRITES;
}

static enum err_code check_options(const struct gate_options *options, struct err *err)
{
    assert(process_name(options->process) != NULL);
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *method = method_at(i);
        if ((method->processes & options->process) == 0) {
            continue;
        }
        if (options->handlers[i] == NULL) {
            return err_set(err, ERR_INTERNAL, "%s has no handler for %s",
                           process_name(options->process), method->path);
        }
        if (needs_store(method) && (options->ops == NULL || options->token_key == NULL)) {
            return err_set(err, ERR_INTERNAL, "%s needs a store and a token key for %s",
                           process_name(options->process), method->path);
        }
    }
    return ERR_OK;
}

enum err_code gate_new(const struct gate_options *options, struct gate **out, struct err *err)
{
    enum err_code code = check_options(options, err);
    if (code != ERR_OK) {
        return code;
    }
    AUTO(gate_free) struct gate *gate = calloc(1, sizeof(*gate));
    if (gate == NULL) {
        return err_memory(err);
    }
    gate->options = *options;
    if (pthread_mutex_init(&gate->audit_limit.lock, NULL) != 0) {
        free(STEAL(gate));
        return err_memory(err);
    }
    if (options->ops != NULL) {
        code = principal_cache_new(options->ops->principal_find, options->ops_ctx, options->clock,
                                   &gate->principals, err);
    }
    if (code == ERR_OK) {
        *out = STEAL(gate);
    }
    return code;
}

void gate_free(struct gate *gate)
{
    if (gate == NULL) {
        return;
    }
    (void)pthread_mutex_destroy(&gate->audit_limit.lock);
    principal_cache_free(gate->principals);
    free(gate);
}

/* The caller's remaining time, never longer than the method's. */
static int64_t deadline_at(const struct passage *passage, int64_t received_at_ms)
{
    uint32_t longest_ms = passage->call.method->deadline_ms;
    uint32_t asked_ms = passage->request.deadline_ms;
    return received_at_ms + (asked_ms == 0 || asked_ms > longest_ms ? longest_ms : asked_ms);
}

static void digest_request(struct call *call)
{
    struct mac_part parts[] = {{call->method->path, strlen(call->method->path) + 1},
                               {call->request_bytes, call->request_len}};
    mac_sha256(parts, ARRAY_COUNT(parts), call->request_sha256);
}

/* Size, decode, authenticate, authorise, deadline. The payload of a caller that may not make
 * the call is never looked into. */
static enum err_code admit(struct passage *passage, struct wire_bytes bytes, int64_t received_at_ms,
                           struct err *err)
{
    const struct gate_options *options = &passage->gate->options;
    const struct wire_request *request = &passage->request;
    struct call *call = &passage->call;
    struct gate_checker checker = {.process = options->process,
                                   .token_key = options->token_key,
                                   .principals = passage->gate->principals,
                                   .now_us = clock_now_us(options->clock)};
    enum err_code code = wire_request_decode(bytes, call->arena, &passage->request, err);
    if (code == ERR_OK) {
        call->request_id = request->request_id;
        call->idempotency_key = request->idempotency_key;
        call->request_bytes = request->payload.data;
        call->request_len = request->payload.len;
        call->signature = request->is_signed ? request->signature : NULL;
        call->signed_at_us = request->signed_at_us;
        code = check_method(options->process, request, &call->method, err);
    }
    if (code == ERR_OK) {
        call->deadline_at_ms = deadline_at(passage, received_at_ms);
        code = check_caller(&checker, request, call, err);
    }
    if (code == ERR_OK) {
        code = check_role(call, err);
    }
    if (code == ERR_OK) {
        code = check_key(call, err);
    }
    if (code == ERR_OK) {
        code = message_unpack(call->method->request, request->payload, call->arena,
                              &passage->message, err);
    }
    return code == ERR_OK ? check_deadline(call, err) : code;
}

/* Runs the handler and packs what it answers. */
static enum err_code handle(struct passage *passage, struct err *err)
{
    struct call *call = &passage->call;
    ProtobufCMessage *response = call_message(call, call->method->response);
    if (response == NULL) {
        return err_memory(err);
    }
    enum err_code code =
        passage->gate->options.handlers[call->method->id](call, passage->message, response, err);
    if (code == ERR_OK) {
        code = message_pack(response, &passage->answer, err);
    }
    if (code == ERR_OK && passage->answer.len > WIRE_MESSAGE_BYTES_MAX - WIRE_ENVELOPE_BYTES_MAX) {
        (void)err_set(err, ERR_LIMIT, "the answer has %zu bytes; at most %d can be sent",
                      passage->answer.len, WIRE_MESSAGE_BYTES_MAX - WIRE_ENVELOPE_BYTES_MAX);
        return err_reason(err, "REPLY_TOO_LARGE");
    }
    return code;
}

/* A key seen before gives its first answer, if the request is the same. */
static enum err_code replay(struct passage *passage, struct err *err)
{
    const struct gate_options *options = &passage->gate->options;
    struct call *call = &passage->call;
    struct gate_replay earlier = {.is_found = false};
    if (call->method->effect == METHOD_READS) {
        return ERR_OK;
    }
    digest_request(call);
    enum err_code code = options->ops->replay_find(options->ops_ctx, call, &earlier, err);
    if (code != ERR_OK || !earlier.is_found) {
        return code;
    }
    if (memcmp(earlier.request_sha256, call->request_sha256, CALL_DIGEST_BYTES) != 0) {
        (void)err_set(err, ERR_CONFLICT, "the idempotency key was used for another request");
        return err_reason(err, "KEY_REUSED");
    }
    buf_append(&passage->answer, earlier.response.data, earlier.response.len);
    passage->is_replay = true;
    return buf_check(&passage->answer, err);
}

static enum err_code record(struct passage *passage, struct err *err)
{
    const struct gate_options *options = &passage->gate->options;
    struct call *call = &passage->call;
    struct gate_verdict verdict = {.code = ERR_OK, .reason = "", .is_replay = passage->is_replay};
    enum err_code code = ERR_OK;
    if (call->method->effect == METHOD_WRITES && !passage->is_replay) {
        struct wire_bytes answer = {passage->answer.data, passage->answer.len};
        code = options->ops->replay_store(options->ops_ctx, call, answer, err);
    }
    if (code == ERR_OK && call->method->audit != AUDIT_NONE) {
        code = options->ops->audit(options->ops_ctx, call, &verdict, err);
    }
    return code;
}

/* Replay, handler, replay_store and audit in one transaction. */
static enum err_code run_in_transaction(struct passage *passage, struct err *err)
{
    const struct gate_options *options = &passage->gate->options;
    struct call *call = &passage->call;
    enum err_code code = options->ops->transaction_begin(options->ops_ctx, call, err);
    if (code != ERR_OK) {
        return code;
    }
    code = replay(passage, err);
    if (code == ERR_OK && !passage->is_replay) {
        code = handle(passage, err);
    }
    if (code == ERR_OK) {
        code = record(passage, err);
    }
    if (code == ERR_OK) {
        return options->ops->transaction_end(options->ops_ctx, call, true, err);
    }
    struct err end_err = ERR_INIT;
    if (options->ops->transaction_end(options->ops_ctx, call, false, &end_err) != ERR_OK) {
        log_err(LOG_WARN, "rollback failed", &end_err, "request", call->request_id, NULL);
    }
    return code;
}

static enum log_level level_of(enum err_code code)
{
    switch (code) {
    case ERR_OK:
        return LOG_DEBUG;
    case ERR_INTERNAL:
    case ERR_CORRUPT:
        return LOG_ERROR;
    case ERR_UNAVAILABLE:
    case ERR_TIMEOUT:
        return LOG_WARN;
    default:
        return LOG_INFO;
    }
}

static void log_passage(const struct passage *passage, const struct err *err,
                        int64_t received_at_ms)
{
    const struct call *call = &passage->call;
    const char *path = call->method == NULL ? NULL : call->method->path;
    char took_ms[24];
    (void)snprintf(took_ms, sizeof(took_ms), "%lld",
                   (long long)(clock_monotonic_ms() - received_at_ms));
    if (err->code == ERR_OK) {
        log_debug("call answered", "method", path, "request", call->request_id, "principal",
                  call->principal.id, "took_ms", took_ms, NULL);
    } else {
        log_err(level_of(err->code), "call refused", err, "method", path, "request",
                call->request_id, "principal", call->principal.id, "code", err_code_name(err->code),
                "reason", err->reason, "took_ms", took_ms, NULL);
    }
}

/* The refusal is answered whether or not it could be audited. */
static void audit_refusal(struct passage *passage, const struct err *err)
{
    struct gate *gate = passage->gate;
    struct gate_verdict verdict = {.code = err->code, .reason = err->reason};
    struct err audit_err = ERR_INIT;
    if (!audit_is_wanted(&passage->call, &verdict)) {
        return;
    }
    if (passage->call.principal.id[0] == '\0' &&
        !audit_limit_take(&gate->audit_limit, clock_now_us(gate->options.clock))) {
        return;
    }
    if (audit_alone(&gate->options, &passage->call, &verdict, &audit_err) != ERR_OK) {
        log_err(LOG_ERROR, "refusal not audited", &audit_err, "request", passage->call.request_id,
                NULL);
    }
}

/* Packs the answer. One that cannot be sent with its violations is sent without them. */
static void reply_with(const struct passage *passage, const struct err *err, struct buf *reply)
{
    struct wire_response response = {
        .request_id = passage->call.request_id,
        .status = wire_status_from_err(err),
        .server_time_us = clock_now_us(passage->gate->options.clock),
    };
    if (err->code == ERR_OK) {
        response.payload = (struct wire_bytes){passage->answer.data, passage->answer.len};
    } else {
        response.status.violations = passage->call.violations;
        response.status.violation_count = passage->call.violation_count;
    }
    if (response.status.code == WIRE_UNAVAILABLE) {
        response.status.has_retry_after = true;
        response.status.retry_after_ms = RETRY_AFTER_MS;
    }
    struct err send_err = ERR_INIT;
    if (wire_response_encode(&response, reply, &send_err) == ERR_OK) {
        return;
    }
    response.payload.len = 0;
    response.status = wire_status_from_err(&send_err);
    if (wire_response_encode(&response, reply, &send_err) != ERR_OK) {
        log_err(LOG_ERROR, "answer not packed", &send_err, "request", passage->call.request_id,
                NULL);
    }
}

void gate_answer(struct gate *gate, struct wire_bytes request, int64_t received_at_ms,
                 struct buf *reply)
{
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    struct passage passage = {.gate = gate,
                              .call = {.request_id = "",
                                       .idempotency_key = "",
                                       .arena = arena,
                                       .clock = gate->options.clock,
                                       .services = gate->options.services}};
    struct err err = ERR_INIT;
    enum err_code code =
        arena == NULL ? err_memory(&err) : admit(&passage, request, received_at_ms, &err);
    if (code == ERR_OK) {
        code = needs_store(passage.call.method) ? run_in_transaction(&passage, &err)
                                                : handle(&passage, &err);
    }
    if (code == ERR_OK) {
        err = (struct err)ERR_INIT; // a handler may have tried something that failed
    } else if (err.code != code) {
        (void)err_set(&err, ERR_INTERNAL, "the call failed without saying why");
    }
    if (code != ERR_OK) {
        audit_refusal(&passage, &err);
    }
    log_passage(&passage, &err, received_at_ms);
    reply_with(&passage, &err, reply);
    buf_clear(&passage.answer);
}

void gate_refuse_stopping(struct gate *gate, struct wire_bytes request, struct buf *reply)
{
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    struct passage passage = {.gate = gate, .call = {.request_id = ""}};
    struct err err = ERR_INIT;
    // A message that cannot be read is refused all the same.
    if (arena != NULL && wire_request_decode(request, arena, &passage.request, &err) == ERR_OK) {
        passage.call.request_id = passage.request.request_id;
    }
    (void)err_set(&err, ERR_UNAVAILABLE, "the server is stopping");
    (void)err_reason(&err, "SERVER_STOPPING");
    reply_with(&passage, &err, reply);
}
