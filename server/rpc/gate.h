/*
 * gate - the one way in: size -> decode -> authenticate -> authorise -> deadline -> replay
 * -> handler -> audit -> reply, for every message of every listener. The method table says
 * what each method needs; nothing else decides it.
 *
 *     code = gate_new(&options, &gate, err);      // refuses a missing handler
 *     gate_answer(gate, bytes, received_at_ms, &reply);
 *
 * Whoever knows the store gives the gate its struct gate_ops. A method that writes or needs
 * a token runs in one transaction: handler, replay_store and audit commit together. When a
 * call is refused or fails, that transaction is rolled back and the verdict is audited in
 * one of its own. Anonymous reads have no transaction.
 */
#ifndef FREMGANG_RPC_GATE_H
#define FREMGANG_RPC_GATE_H

#include "base/buf.h"
#include "base/secret.h"
#include "rpc/call.h"
#include "wire/message.h"

/** What the store remembers of an earlier call with the same idempotency key. */
struct gate_replay {
    bool is_found;
    uint8_t request_sha256[CALL_DIGEST_BYTES];
    struct wire_bytes response; /* packed response, in call->arena */
};

/** How a call ended, for the audit. */
struct gate_verdict {
    enum err_code code;
    const char *reason; /* stable id, or "" */
    bool is_replay;     /* answered from the store, nothing was done */
};

/** The store behind the gate. Called from several threads at once; `ctx` is
 * gate_options.ops_ctx. All but principal_find see call->transaction. */
struct gate_ops {
    principal_finder principal_find;
    /** Sets call->transaction and bounds its statements by call->deadline_at_ms. For a call
     * that is only audited as refused, call->principal.id may be "". */
    enum err_code (*transaction_begin)(void *ctx, struct call *call, struct err *err);
    /** Commits or rolls back, and clears call->transaction whatever happens. */
    enum err_code (*transaction_end)(void *ctx, struct call *call, bool commit, struct err *err);
    /** Looks the key up, per principal, and holds it until the transaction ends, so that of
     * two calls with one key the second waits and finds the first. */
    enum err_code (*replay_find)(void *ctx, struct call *call, struct gate_replay *out,
                                 struct err *err);
    /** Keeps request digest and answer for IDEMPOTENCY_DAYS. */
    enum err_code (*replay_store)(void *ctx, struct call *call, struct wire_bytes response,
                                  struct err *err);
    /** Writes one audit entry: method, principal, verdict. */
    enum err_code (*audit)(void *ctx, struct call *call, const struct gate_verdict *verdict,
                           struct err *err);
};

struct gate_options {
    uint32_t process;               /* one PROCESS_* bit */
    const struct secret *token_key; /* MAC_KEY_BYTES; only this process kind holds it */
    const call_handler *handlers;   /* METHOD_COUNT entries, by enum method_id */
    const struct gate_ops *ops;
    void *ops_ctx;
    void *services; /* becomes call->services */
    const struct clock *clock;
};

struct gate;

/** Gives a gate; borrows everything in the options. ERR_INTERNAL when a method that the
 * process serves has no handler, or memory is out. */
NODISCARD enum err_code gate_new(const struct gate_options *options, struct gate **out,
                                 struct err *err);
/** Takes. NULL ok. */
void gate_free(struct gate *gate);
DEFINE_AUTO(struct gate, gate_free);

/** Answers one envelope: appends the packed answer to `reply`, whatever came. `received_at_ms`
 * is clock_monotonic_ms when the message arrived; the deadline counts from it. Thread-safe. */
void gate_answer(struct gate *gate, struct wire_bytes request, int64_t received_at_ms,
                 struct buf *reply);
/** Answers a call that came while the server stops: SERVER_STOPPING, retry elsewhere. */
void gate_refuse_stopping(struct gate *gate, struct wire_bytes request, struct buf *reply);

#endif
