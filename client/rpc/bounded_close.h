/*
 * bounded_close - closes an nng socket without waiting for ever: nng 1.5.2 can hang in
 * nng_close when a server died during a large reply. Called by endpoint.c.
 *
 *     if (!bounded_close(socket)) { ... }      // leave what the socket still points to
 */
#ifndef FREMGANG_RPC_BOUNDED_CLOSE_H
#define FREMGANG_RPC_BOUNDED_CLOSE_H

#include <nng/nng.h>
#include <stdbool.h>

/** Closes in a thread of its own. False when it had not ended after one second; it then goes
 * on until the process ends. */
bool bounded_close(nng_socket socket);

#endif
