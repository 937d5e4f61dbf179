/*
 * listener - the socket of one serving process: nng REP contexts on loopback tcp. nng's
 * callbacks only queue; workers take each message through the gate and send the answer.
 *
 *     code = listener_start(&(struct listener_options){.gate = gate,
 *                           .url = "tcp://127.0.0.1:7711", .workers = 8}, &listener, err);
 *     listener_drain(listener, SERVER_DRAIN_MS_MAX);
 *
 * TLS is HAProxy's, in front: nng 1.5.2's own TLS listener leaks connections of clients that
 * die in the middle of a large reply.
 */
#ifndef FREMGANG_RPC_LISTENER_H
#define FREMGANG_RPC_LISTENER_H

#include "rpc/gate.h"

struct listener_options {
    struct gate *gate; /* borrowed */
    const char *url;   /* tcp://127.0.0.1:PORT or tcp://[::1]:PORT; port 0 takes a free one */
    int workers;
};

struct listener;

/** ERR_INVALID unless `url` is tcp on a loopback address. */
NODISCARD enum err_code listener_check_url(const char *url, struct err *err);
/** Listens and answers from now on. ERR_INVALID (address, workers), ERR_UNAVAILABLE (the
 * address is taken), ERR_INTERNAL. */
NODISCARD enum err_code listener_start(const struct listener_options *options,
                                       struct listener **out, struct err *err);
/** The port it listens on. */
int listener_port(const struct listener *listener);
/** Calls that are received and not yet answered. */
int listener_active(struct listener *listener);
/** Answers what has been received; what still comes is refused with SERVER_STOPPING. True
 * when nothing is left within `wait_ms`. The listener stays: end with _exit, since nng_close
 * on a busy socket can deadlock. */
NODISCARD bool listener_drain(struct listener *listener, int64_t wait_ms);
/** Closes a drained listener whose clients have gone, and takes it. For tests. NULL ok. */
void listener_free(struct listener *listener);
DEFINE_AUTO(struct listener, listener_free);

#endif
