/*
 * gate_audit - how a call that was refused or failed reaches the audit table: in a
 * transaction of its own, since the call's was rolled back. For the gate alone.
 *
 *     struct audit_limit limit;
 *     if (audit_limit_take(&limit, now_us)) { ... }
 */
#ifndef FREMGANG_RPC_GATE_AUDIT_H
#define FREMGANG_RPC_GATE_AUDIT_H

#include "rpc/gate.h"

#include <pthread.h>

/** Counts the anonymous refusals of the running minute. Thread-safe. */
struct audit_limit {
    pthread_mutex_t lock;
    int64_t minute; /* minutes since 1970 */
    int taken;
};

/** Whether one more anonymous refusal may be written in the minute of `now_us`. */
NODISCARD bool audit_limit_take(struct audit_limit *limit, int64_t now_us);

/** Whether the table wants this verdict: every refusal of a known method, and every failure of
 * an audited one whose caller is known. Anonymous reads have no store. */
NODISCARD bool audit_is_wanted(const struct call *call, const struct gate_verdict *verdict);

/** Writes the verdict in a transaction of its own. Errors of the ops. */
NODISCARD enum err_code audit_alone(const struct gate_options *options, struct call *call,
                                    const struct gate_verdict *verdict, struct err *err);

#endif
