/*
 * probe - asks an address why a connection does not come about, because a dialling socket
 * does not tell. Called by endpoint.c after it has waited in vain.
 *
 *     code = probe_address("tls+tcp://pool.example:7702", config, deadline_ms, err);
 */
#ifndef FREMGANG_RPC_PROBE_H
#define FREMGANG_RPC_PROBE_H

#include "base/err.h"

#include <nng/nng.h>
#include <nng/supplemental/tls/tls.h>
#include <stdint.h>

/** Connects and waits for the server's greeting. ERR_UNAVAILABLE (refused, silent, closed),
 * ERR_DENIED (a certificate was refused), ERR_INVALID (host not found). */
NODISCARD enum err_code probe_address(const char *url, nng_tls_config *config, int64_t deadline_ms,
                                      struct err *err);

#endif
