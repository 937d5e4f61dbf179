/*
 * health_call - asks one process whether it can do its work (grpc.health.v1). Called by
 * cmd_health; needs no log-in.
 *
 *     enum health_status status;
 *     code = health_check(caller, PROCESS_POOL, &status, err);
 */
#ifndef FREMGANG_RPC_HEALTH_CALL_H
#define FREMGANG_RPC_HEALTH_CALL_H

#include "rpc/caller.h"

enum health_status {
    HEALTH_UNKNOWN,
    HEALTH_SERVING,
    HEALTH_NOT_SERVING, /* alive, but its database is away */
};

/** Asks the process of one PROCESS_* bit. Errors as caller_call. */
NODISCARD enum err_code health_check(struct caller *caller, uint32_t process,
                                     enum health_status *out, struct err *err);

#endif
