/*
 * directory - what every process asks of governance: who a principal is, whether a
 * municipality is a member, which day it is in Denmark. Called by gates and handlers.
 *
 *     struct auth_ops auth = {.principal_find = directory_principal_find};   // ctx: the pool
 *     rc = directory_membership(services->gov, call, slug, &partnership, err);
 */
#ifndef FREMGANG_HANDLERS_DIRECTORY_H
#define FREMGANG_HANDLERS_DIRECTORY_H

#include "rpc/gate.h"
#include "store/release/gov_store.h"
#include "store/release/partnership_store.h"

/** A principal_finder over a `struct db_pool` of the release cluster. */
enum err_code directory_principal_find(void *db_pool, const char *id, struct principal *out,
                                       struct err *err);
/** The gate's form of a stored principal. ERR_CORRUPT when it has a role of no method. */
NODISCARD enum err_code directory_principal(const struct gov_principal *stored,
                                            struct principal *out, struct err *err);
/** The partnership, when the caller's municipality is a member of it. ERR_NOT_FOUND; ERR_DENIED
 * with reason NOT_MEMBER. */
NODISCARD enum err_code directory_membership(struct db *db, const struct call *call,
                                             const char *slug, struct partnership **out,
                                             struct err *err);
/** Today in Denmark, by summer time all year: in winter a day begins an hour early, so that no
 * municipality is ahead of the server. */
date_t directory_today(const struct clock *clock);
/** The word of a verdict in the audit: "OK", "REPLAY", the reason or the error's code. Static
 * or borrowed from the verdict. */
const char *directory_verdict(const struct gate_verdict *verdict);
/** The transaction_end of every struct gate_ops whose call->transaction is a struct db. */
enum err_code directory_transaction_end(void *ctx, struct call *call, bool commit, struct err *err);
/** Milliseconds that the call's transaction may take, at least 1. */
int directory_timeout_ms(const struct call *call);
/** A copy of a text in the call's arena; NULL at its cap. */
const char *directory_copy(const struct call *call, const char *text);

#endif
