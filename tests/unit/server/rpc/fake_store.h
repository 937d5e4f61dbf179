/*
 * fake_store - a store in memory behind the gate, for tests: four principals, one per role,
 * one remembered answer, and a trace of what was asked in which order. Used by the tests of
 * server/rpc.
 *
 *     struct fake_store store;
 *     fake_store_open(&store);
 *     ... gate_options.ops = &FAKE_OPS, .ops_ctx = &store ...
 *     assert_string_equal(store.trace, "begin find handle store audit commit ");
 */
#ifndef FREMGANG_TESTS_UNIT_SERVER_RPC_FAKE_STORE_H
#define FREMGANG_TESTS_UNIT_SERVER_RPC_FAKE_STORE_H

#include "support.h"

#include "crypto/sign.h"
#include "rpc/gate.h"

#include <stdio.h>
#include <string.h>

enum { FAKE_PRINCIPALS = 4, FAKE_TRACE_BYTES = 256, FAKE_ANSWER_BYTES = 64 };

struct fake_store {
    struct principal principals[FAKE_PRINCIPALS]; /* by role: bit 1 << i */
    struct secret *keys[FAKE_PRINCIPALS];
    char trace[FAKE_TRACE_BYTES];
    int finds;                /* calls of principal_find */
    const char *failing;      /* the step that fails with ERR_UNAVAILABLE */
    struct gate_verdict last; /* last audited verdict */
    char last_reason[ERR_REASON_BYTES_MAX];
    int64_t audit_left_ms; /* of the deadline, when the audit was written */
    bool has_answer;
    char answer_key[80];
    uint8_t answer_sha256[CALL_DIGEST_BYTES];
    uint8_t answer[FAKE_ANSWER_BYTES];
    size_t answer_len;
};

static inline void fake_store_open(struct fake_store *store)
{
    struct err err = ERR_INIT;
    *store = (struct fake_store){.failing = ""};
    for (int i = 0; i < FAKE_PRINCIPALS; i++) {
        struct principal *principal = &store->principals[i];
        (void)snprintf(principal->id, sizeof(principal->id), "p-%s", role_name(1u << i));
        principal->role = 1u << i;
        principal->municipality_code = i == 0 ? 657 : 0;
        principal->epoch = 3;
        ASSERT_OK(sign_key_new(&store->keys[i], &err), err);
        sign_public_key(store->keys[i], principal->public_key);
    }
}

static inline void fake_store_close(struct fake_store *store)
{
    for (int i = 0; i < FAKE_PRINCIPALS; i++) {
        secret_free(store->keys[i]);
    }
}

/* Writes the step down; fails when it is the one that should. */
static inline enum err_code fake_step(struct fake_store *store, const char *step, struct err *err)
{
    size_t used = strlen(store->trace);
    (void)snprintf(store->trace + used, sizeof(store->trace) - used, "%s ", step);
    return strcmp(store->failing, step) == 0 ? err_set(err, ERR_UNAVAILABLE, "step %s failed", step)
                                             : ERR_OK;
}

static inline enum err_code fake_principal_find(void *ctx, const char *id, struct principal *out,
                                                struct err *err)
{
    struct fake_store *store = ctx;
    store->finds++;
    if (strcmp(store->failing, "principal") == 0) {
        return err_set(err, ERR_UNAVAILABLE, "the store is away");
    }
    for (int i = 0; i < FAKE_PRINCIPALS; i++) {
        if (strcmp(store->principals[i].id, id) == 0) {
            *out = store->principals[i];
            return ERR_OK;
        }
    }
    return err_set(err, ERR_NOT_FOUND, "no such principal");
}

static inline enum err_code fake_begin(void *ctx, struct call *call, struct err *err)
{
    enum err_code code = fake_step(ctx, "begin", err);
    assert_null(call->transaction);
    call->transaction = code == ERR_OK ? ctx : NULL;
    return code;
}

static inline enum err_code fake_end(void *ctx, struct call *call, bool commit, struct err *err)
{
    assert_non_null(call->transaction);
    call->transaction = NULL;
    return fake_step(ctx, commit ? "commit" : "rollback", err);
}

static inline enum err_code fake_replay_find(void *ctx, struct call *call, struct gate_replay *out,
                                             struct err *err)
{
    struct fake_store *store = ctx;
    assert_non_null(call->transaction);
    out->is_found = store->has_answer && strcmp(store->answer_key, call->idempotency_key) == 0;
    memcpy(out->request_sha256, store->answer_sha256, CALL_DIGEST_BYTES);
    out->response = (struct wire_bytes){store->answer, store->answer_len};
    return fake_step(store, "find", err);
}

static inline enum err_code fake_replay_store(void *ctx, struct call *call,
                                              struct wire_bytes response, struct err *err)
{
    struct fake_store *store = ctx;
    assert_non_null(call->transaction);
    assert_true(response.len <= sizeof(store->answer));
    store->has_answer = true;
    (void)snprintf(store->answer_key, sizeof(store->answer_key), "%s", call->idempotency_key);
    memcpy(store->answer_sha256, call->request_sha256, CALL_DIGEST_BYTES);
    if (response.len > 0) {
        memcpy(store->answer, response.data, response.len);
    }
    store->answer_len = response.len;
    return fake_step(store, "store", err);
}

static inline enum err_code fake_audit(void *ctx, struct call *call,
                                       const struct gate_verdict *verdict, struct err *err)
{
    struct fake_store *store = ctx;
    assert_non_null(call->transaction);
    store->last = *verdict;
    store->audit_left_ms = call_remaining_ms(call);
    (void)snprintf(store->last_reason, sizeof(store->last_reason), "%s", verdict->reason);
    return fake_step(store, "audit", err);
}

static const struct gate_ops FAKE_OPS = {fake_principal_find, fake_begin,        fake_end,
                                         fake_replay_find,    fake_replay_store, fake_audit};

#endif
