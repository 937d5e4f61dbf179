/*
 * haproxy - the door in front of the serving processes, as a configuration for HAProxy:
 * TLS 1.2 or newer, a client certificate required, one port per process kind, plain loopback
 * behind. Written by `fremgangd all`.
 *
 *     code = haproxy_write(&config, "/var/lib/fremgang/haproxy.cfg", err);
 */
#ifndef FREMGANG_HAPROXY_H
#define FREMGANG_HAPROXY_H

#include "base/buf.h"
#include "config.h"

/** Appends the configuration. ERR_INVALID when an address or a path has characters that
 * cannot be written into it, ERR_INTERNAL. */
NODISCARD enum err_code haproxy_format(const struct server_config *config, bool has_revocations,
                                       struct buf *out, struct err *err);
/** Writes it to `path` (mode 0600, replaced at once), with the revocation list when it was
 * named or lies in its usual place. ERR_NOT_FOUND when certificate, authority or such a list
 * cannot be read, ERR_UNAVAILABLE when `path` cannot be written; errors of haproxy_format. */
NODISCARD enum err_code haproxy_write(const struct server_config *config, const char *path,
                                      struct err *err);

#endif
