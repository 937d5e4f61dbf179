/*
 * tls - the client's TLS terms: the partnership's CA alone is trusted, the server's name is
 * verified, TLS is 1.2 or later, and a client certificate is shown. Called by channel.c.
 *
 *     nng_tls_config *config = NULL;
 *     if (tls_config_new(&settings, &config, err) != ERR_OK) { ... }
 *     nng_tls_config_free(config);
 */
#ifndef FREMGANG_RPC_TLS_H
#define FREMGANG_RPC_TLS_H

#include "base/err.h"

#include <nng/nng.h>
#include <nng/supplemental/tls/tls.h>

/** Paths of PEM files and the name in the server's certificate; all borrowed. */
struct tls_settings {
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
    const char *server_name;
};

/** Gives the configuration; the caller drops it with nng_tls_config_free. ERR_INVALID when a
 * setting is missing, ERR_NOT_FOUND (file), ERR_DENIED (key readable by others),
 * ERR_CORRUPT (not PEM, or key and certificate differ), ERR_LIMIT. */
NODISCARD enum err_code tls_config_new(const struct tls_settings *settings, nng_tls_config **out,
                                       struct err *err);

#endif
