/*
 * pool - the handlers of `fremgangd pool`, its gate's store, and the services they share.
 * Called by server/main/pool.c and by tests that drive the real gate.
 *
 *     struct pool_services services = {.common = {...}, .releases = pool,
 *                                      .catalogue = catalogue, .token_key = key};
 *     options.gate = (struct gate_options){.process = PROCESS_POOL, .handlers = POOL_HANDLERS,
 *                                          .ops = &POOL_GATE_OPS, .ops_ctx = &services,
 *                                          .services = &services, ...};
 */
#ifndef FREMGANG_HANDLERS_POOL_POOL_H
#define FREMGANG_HANDLERS_POOL_POOL_H

#include "domain/audience.h"
#include "handlers/auth.h"
#include "handlers/directory.h"
#include "rpc/gate.h"

/** What pool's handlers share. Borrows all. */
struct pool_services {
    struct common_services common; /* first: auth and health look here */
    struct db_pool *releases;      /* as fremgang_pool */
    const struct catalogue *catalogue;
};

/** The store of pool's gate; ops_ctx is `struct pool_services`. */
extern const struct gate_ops POOL_GATE_OPS;
/** The store of AuthService; auth_ctx is `struct pool_services`. */
extern const struct auth_ops POOL_AUTH_OPS;
/** By enum method_id. */
extern const call_handler POOL_HANDLERS[METHOD_COUNT];
/** Whether the release cluster answers; `services` is `struct pool_services`. */
bool pool_is_ready(void *services);

/** Which variant of the partnership's tables the caller sees. ERR_DENIED. */
NODISCARD enum err_code pool_audience(struct call *call, const struct partnership *partnership,
                                      enum query_audience *out, struct err *err);

/* Handlers, see call_handler. */
enum err_code pool_list_indicators(struct call *call, const ProtobufCMessage *request,
                                   ProtobufCMessage *response, struct err *err);
enum err_code pool_list_releases(struct call *call, const ProtobufCMessage *request,
                                 ProtobufCMessage *response, struct err *err);
enum err_code pool_list_staged(struct call *call, const ProtobufCMessage *request,
                               ProtobufCMessage *response, struct err *err);
enum err_code pool_get_table(struct call *call, const ProtobufCMessage *request,
                             ProtobufCMessage *response, struct err *err);
enum err_code pool_create_partnership(struct call *call, const ProtobufCMessage *request,
                                      ProtobufCMessage *response, struct err *err);
enum err_code pool_create_code(struct call *call, const ProtobufCMessage *request,
                               ProtobufCMessage *response, struct err *err);
enum err_code pool_revoke(struct call *call, const ProtobufCMessage *request,
                          ProtobufCMessage *response, struct err *err);
enum err_code pool_grant_permit(struct call *call, const ProtobufCMessage *request,
                                ProtobufCMessage *response, struct err *err);
enum err_code pool_close_period(struct call *call, const ProtobufCMessage *request,
                                ProtobufCMessage *response, struct err *err);
enum err_code pool_approve(struct call *call, const ProtobufCMessage *request,
                           ProtobufCMessage *response, struct err *err);
enum err_code pool_withdraw(struct call *call, const ProtobufCMessage *request,
                            ProtobufCMessage *response, struct err *err);

#endif
