/*
 * gate_fixture - a gate over a fake store, and the calls of a good client through it, for
 * the tests of server/rpc to spoil.
 *
 *     struct gate_fixture fixture;
 *     fixture_open(&fixture, PROCESS_POOL);
 *     struct ask ask = fixture_ask(&fixture, METHOD_TABLE_GET, ROLE_COORDINATOR);
 *     ask.request.token.len = 0;
 *     struct answer answer = fixture_send(&fixture, &ask);
 */
#ifndef FREMGANG_TESTS_UNIT_SERVER_RPC_GATE_FIXTURE_H
#define FREMGANG_TESTS_UNIT_SERVER_RPC_GATE_FIXTURE_H

#include "fake_store.h"

#include "base/limits.h"
#include "base/log.h"
#include "rpc/token.h"
#include "wire/envelope.h"

enum { FIXTURE_SECOND_US = 1000000 };
struct gate_fixture {
    struct fake_store store;
    struct secret *token_key;
    int64_t now_us;
    struct clock clock;
    uint32_t process;
    call_handler handlers[METHOD_COUNT];
    struct gate *gate;
    struct arena *arena; /* of everything decoded */
    int handled;         /* calls that reached the handler */
    enum err_code (*handle)(struct call *call, struct err *err); /* NULL: succeed */
};

/* One call to be sent. */
struct ask {
    struct wire_request request;
    struct token_bytes token;
    int signer;              /* index of the key */
    int64_t received_ago_ms; /* how long it waited for a worker */
};

struct answer {
    struct wire_response response;
    char trace[FAKE_TRACE_BYTES]; /* what the store saw of this call */
};
static inline enum err_code fixture_handler(struct call *call, const ProtobufCMessage *request,
                                            ProtobufCMessage *response, struct err *err)
{
    struct gate_fixture *fixture = call->services;
    assert_non_null(request);
    assert_non_null(response);
    fixture->handled++;
    enum err_code code = fake_step(&fixture->store, "handle", err);
    return code == ERR_OK && fixture->handle != NULL ? fixture->handle(call, err) : code;
}

static inline void fixture_open(struct gate_fixture *fixture, uint32_t process)
{
    struct err err = ERR_INIT;
    log_set_level(LOG_ERROR);
    *fixture = (struct gate_fixture){.process = process, .arena = arena_new(BUF_BYTES_MAX)};
    fake_store_open(&fixture->store);
    ASSERT_OK(secret_copy("an example key of thirty-two by.", 32, &fixture->token_key, &err), err);
    fixture->now_us = (int64_t)1500000000 * FIXTURE_SECOND_US; // 2017-07-14T02:40:00Z
    fixture->clock = clock_fixed(&fixture->now_us);
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        fixture->handlers[i] = fixture_handler;
    }
    struct gate_options options = {.process = process,
                                   .token_key = fixture->token_key,
                                   .handlers = fixture->handlers,
                                   .ops = &FAKE_OPS,
                                   .ops_ctx = &fixture->store,
                                   .services = fixture,
                                   .clock = &fixture->clock};
    ASSERT_OK(gate_new(&options, &fixture->gate, &err), err);
}
static inline void fixture_close(struct gate_fixture *fixture)
{
    gate_free(fixture->gate);
    secret_free(fixture->token_key);
    arena_free(fixture->arena);
    fake_store_close(&fixture->store);
}

/* The call that a principal of `role` would send, token and all. */
static inline struct ask fixture_ask(struct gate_fixture *fixture, enum method_id id, uint32_t role)
{
    const struct method *method = method_at(id);
    struct ask ask = {.signer = __builtin_ctz(role)};
    const struct principal *principal = &fixture->store.principals[ask.signer];
    struct token_reader maker = {fixture->process, fixture->token_key, fixture->now_us};
    struct token token = {.role = role,
                          .municipality_code = principal->municipality_code,
                          .epoch = 3,
                          .expires_at_us =
                              fixture->now_us + (int64_t)TOKEN_LIFE_SECONDS * FIXTURE_SECOND_US};
    memcpy(token.principal_id, principal->id, sizeof(token.principal_id));
    token_write(&maker, &token, &ask.token);
    ask.request =
        (struct wire_request){.method = method->path,
                              .request_id = "r-1",
                              .idempotency_key = method->effect == METHOD_WRITES ? "k-1" : "",
                              .is_signed = method->signing == METHOD_SIGNED,
                              .signed_at_us = fixture->now_us};
    ask.request.token.len = ask.token.len;
    return ask;
}

/* The store's trace starts anew with each call. */
static inline struct answer fixture_send_bytes(struct gate_fixture *fixture,
                                               struct wire_bytes bytes, int64_t received_ago_ms)
{
    AUTO_BUF struct buf reply = BUF_INIT;
    struct answer answer;
    struct err err = ERR_INIT;
    fixture->store.trace[0] = '\0';
    gate_answer(fixture->gate, bytes, clock_monotonic_ms() - received_ago_ms, &reply);
    ASSERT_OK(wire_response_decode((struct wire_bytes){reply.data, reply.len}, fixture->arena,
                                   &answer.response, &err),
              err);
    memcpy(answer.trace, fixture->store.trace, sizeof(answer.trace));
    return answer;
}

/* Signs by the signer's key, if it is to be signed. */
static inline void ask_pack(struct gate_fixture *fixture, struct ask *ask, struct buf *out)
{
    struct wire_request *request = &ask->request;
    struct err err = ERR_INIT;
    struct sign_call call = {request->method,
                             request->request_id,
                             request->idempotency_key,
                             request->signed_at_us,
                             {request->payload.data, request->payload.len}};
    request->token.data = request->token.data == NULL ? ask->token.data : request->token.data;
    ASSERT_OK(sign_make_call(fixture->store.keys[ask->signer], &call, request->signature, &err),
              err);
    ASSERT_OK(wire_request_encode(request, out, &err), err);
}
static inline struct answer fixture_send(struct gate_fixture *fixture, struct ask *ask)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    ask_pack(fixture, ask, &bytes);
    return fixture_send_bytes(fixture, (struct wire_bytes){bytes.data, bytes.len},
                              ask->received_ago_ms);
}

#endif
