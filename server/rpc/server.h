/*
 * server - runs one serving process: gate, listener and workers until SIGTERM or SIGINT,
 * then drains. Called by server/main/<process>.c.
 *
 *     static const call_handler HANDLERS[METHOD_COUNT] = {
 *         [METHOD_HEALTH_CHECK] = health_check,
 *         [METHOD_SUBMISSION_PUSH] = submission_push,
 *     };
 *     code = server_run(&(struct server_options){.gate = {...}, .listen = url}, err);
 */
#ifndef FREMGANG_RPC_SERVER_H
#define FREMGANG_RPC_SERVER_H

#include "rpc/gate.h"

struct server_options {
    struct gate_options gate;
    const char *listen; /* "tcp://127.0.0.1:7711"; loopback only */
    int workers;        /* threads that run handlers, 1 to SERVER_WORKERS_MAX */
};

/** Serves until SIGTERM or SIGINT, answers what has been received, and then ends the process
 * with exit code 0: it returns only on failure. ERR_INVALID for an address that is not loopback
 * tcp or workers out of range, ERR_UNAVAILABLE when the address is taken, errors of gate_new. */
NODISCARD enum err_code server_run(const struct server_options *options, struct err *err);

#endif
