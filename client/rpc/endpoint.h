/*
 * endpoint - one server address: one nng REQ socket that dials it and keeps the connection.
 * One exchange at a time. Called by channel.c.
 *
 *     AUTO(endpoint_free) struct endpoint *endpoint = NULL;
 *     if (endpoint_new("tls+tcp://pool.example:7702", config, &endpoint, err) == ERR_OK) {
 *         code = endpoint_exchange(endpoint, &request, deadline_ms, &response, err);
 *     }
 *
 * `tls+tcp://host:port` is the way to a server. Plain `tcp://` is taken for 127.0.0.1 and
 * [::1] alone: nothing leaves the machine without TLS.
 */
#ifndef FREMGANG_RPC_ENDPOINT_H
#define FREMGANG_RPC_ENDPOINT_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

#include <nng/nng.h>
#include <nng/supplemental/tls/tls.h>

struct endpoint;

/** ERR_INVALID unless the URL is one that an endpoint may dial. */
NODISCARD enum err_code endpoint_check_url(const char *url, struct err *err);
/** Whether the URL needs a TLS configuration. */
bool endpoint_url_is_tls(const char *url);

/** Gives an endpoint that dials in the background. `config` may be NULL for a loopback URL;
 * its reference is held. ERR_INVALID, ERR_INTERNAL. */
NODISCARD enum err_code endpoint_new(const char *url, nng_tls_config *config, struct endpoint **out,
                                     struct err *err);
/** Takes the endpoint. Ends within a second even when nng's close hangs. NULL ok. */
void endpoint_free(struct endpoint *endpoint);
DEFINE_AUTO(struct endpoint, endpoint_free);

const char *endpoint_url(const struct endpoint *endpoint);

/** Sends the request and gives the answer's bytes. ERR_UNAVAILABLE (no connection, or it
 * closed), ERR_DENIED (certificate refused by either side), ERR_TIMEOUT (connected, but no
 * answer before the monotonic `deadline_ms`), ERR_LIMIT (answer too large). */
NODISCARD enum err_code endpoint_exchange(struct endpoint *endpoint, const struct buf *request,
                                          int64_t deadline_ms, struct buf *response,
                                          struct err *err);

#endif
