/* fake_process - a process behind a rep_server that speaks the envelope and logs callers in;
 * what a business call gets is a function of the test. */
#ifndef FREMGANG_TESTS_UNIT_CLIENT_RPC_FAKE_PROCESS_H
#define FREMGANG_TESTS_UNIT_CLIENT_RPC_FAKE_PROCESS_H

#include "rep_server.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/clock.h"
#include "crypto/sign.h"
#include "wire/envelope.h"

#include "fremgang/v1/auth.pb-c.h"

enum { FAKE_CALLS_MAX = 16, FAKE_TEXT_BYTES = 80 };

/* What was seen of one call that is not a log-in. */
struct fake_call {
    char method[FAKE_TEXT_BYTES];
    char request_id[FAKE_TEXT_BYTES];
    char idempotency_key[FAKE_TEXT_BYTES];
    char token[FAKE_TEXT_BYTES];
    bool signature_holds;
    uint32_t deadline_ms;
};

struct fake_process {
    struct rep_server server;
    const char *kind;                          /* "pool" */
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES]; /* of the principal */
    struct secret *receipt_key;                /* NULL: signs no receipts */
    unsigned log_ins;
    struct fake_call calls[FAKE_CALLS_MAX];
    size_t call_count;
    /* Fills status and appends the packed response message; `call` counts from 0. */
    void (*answer)(struct fake_process *process, const struct wire_request *request,
                   struct wire_response *response, struct buf *payload);
    bool wrong_request_id;
    bool garbage;
};

static void fake_challenge(struct buf *payload)
{
    Pb__ChallengeResponse answer = PB__CHALLENGE_RESPONSE__INIT;
    struct err err = ERR_INIT;
    answer.challenge = (ProtobufCBinaryData){9, (uint8_t *)(uintptr_t) "challenge"};
    ASSERT_OK(message_pack(&answer.base, payload, &err), err);
}

/* Gives token-1, token-2 ... to who signs the challenge. */
static void fake_log_in(struct fake_process *process, const struct wire_request *request,
                        struct wire_response *response, struct buf *payload)
{
    Pb__LogInResponse answer = PB__LOG_IN_RESPONSE__INIT;
    struct err err = ERR_INIT;
    struct clock clock = clock_system();
    char token[FAKE_TEXT_BYTES];
    uint8_t receipt_key[SIGN_PUBLIC_KEY_BYTES];
    Pb__LogInRequest *asked =
        pb__log_in_request__unpack(NULL, request->payload.len, request->payload.data);
    struct sign_login wanted = {process->kind, "p-1", {"challenge", 9}};
    bool holds = asked != NULL && asked->signature.len == SIGN_SIGNATURE_BYTES &&
                 sign_check_login(process->public_key, &wanted, asked->signature.data);
    pb__log_in_request__free_unpacked(asked, NULL);
    if (!holds) {
        response->status = (struct wire_status){.code = WIRE_UNAUTHENTICATED,
                                                .message = "the proof does not hold",
                                                .reason = "LOGIN_REFUSED"};
        return;
    }
    process->log_ins++;
    (void)snprintf(token, sizeof(token), "token-%u", process->log_ins);
    answer.token = (ProtobufCBinaryData){strlen(token), (uint8_t *)token};
    answer.expires_at_us = clock_now_us(&clock) + 300 * 1000000LL;
    if (process->receipt_key != NULL) {
        sign_public_key(process->receipt_key, receipt_key);
        answer.receipt_public_key = (ProtobufCBinaryData){sizeof(receipt_key), receipt_key};
    }
    ASSERT_OK(message_pack(&answer.base, payload, &err), err);
}

static void fake_note(struct fake_process *process, const struct wire_request *request)
{
    struct fake_call *call = &process->calls[process->call_count % FAKE_CALLS_MAX];
    struct sign_call covered = {
        .method = request->method,
        .request_id = request->request_id,
        .idempotency_key = request->idempotency_key,
        .signed_at_us = request->signed_at_us,
        .payload = {request->payload.data, request->payload.len},
    };
    (void)snprintf(call->method, FAKE_TEXT_BYTES, "%s", request->method);
    (void)snprintf(call->request_id, FAKE_TEXT_BYTES, "%s", request->request_id);
    (void)snprintf(call->idempotency_key, FAKE_TEXT_BYTES, "%s", request->idempotency_key);
    (void)snprintf(call->token, FAKE_TEXT_BYTES, "%.*s", (int)request->token.len,
                   request->token.len == 0 ? "" : (const char *)request->token.data);
    call->signature_holds =
        request->is_signed && sign_check_call(process->public_key, &covered, request->signature);
    call->deadline_ms = request->deadline_ms;
    process->call_count++;
}

static inline enum rep_deed fake_answer(void *ctx, const struct buf *bytes, struct buf *out)
{
    struct fake_process *process = ctx;
    struct err err = ERR_INIT;
    struct wire_request request;
    AUTO(arena_free) struct arena *arena = arena_new(1024 * 1024);
    AUTO_BUF struct buf payload = BUF_INIT;
    struct clock clock = clock_system();
    if (process->garbage) {
        buf_append_text(out, "\xff\xff garbage");
        return REP_ANSWER;
    }
    ASSERT_OK(
        wire_request_decode((struct wire_bytes){bytes->data, bytes->len}, arena, &request, &err),
        err);
    struct wire_response response = {
        .request_id = process->wrong_request_id ? "another" : request.request_id,
        .server_time_us = clock_now_us(&clock),
    };
    if (strcmp(request.method, "/fremgang.v1.AuthService/Challenge") == 0) {
        fake_challenge(&payload);
    } else if (strcmp(request.method, "/fremgang.v1.AuthService/LogIn") == 0) {
        fake_log_in(process, &request, &response, &payload);
    } else {
        fake_note(process, &request);
        process->answer(process, &request, &response, &payload);
    }
    response.payload = (struct wire_bytes){payload.data, payload.len};
    ASSERT_OK(wire_response_encode(&response, out, &err), err);
    return REP_ANSWER;
}

#endif
