/* tls - see tls.h. */
#include "rpc/tls.h"

#include "base/secret.h"

#include <stdio.h>
#include <sys/stat.h>

enum {
    PEM_BYTES_MAX = 1024 * 1024, /* a CA bundle of some hundred certificates */
};

static enum err_code check_settings(const struct tls_settings *settings, struct err *err)
{
    const struct {
        const char *what;
        const char *value;
    } wanted[] = {
        {"CA file", settings->ca_file},
        {"client certificate", settings->cert_file},
        {"client certificate's key", settings->key_file},
        {"server name", settings->server_name},
    };
    for (size_t i = 0; i < ARRAY_COUNT(wanted); i++) {
        if (wanted[i].value == NULL || wanted[i].value[0] == '\0') {
            (void)err_set(err, ERR_INVALID, "the profile names no %s", wanted[i].what);
            return err_hint(err, "Run: fremgang enrol with --ca, --cert, --key and --server-name.");
        }
    }
    return ERR_OK;
}

/* Gives the file's text with a NUL. A key file must be private; the others need not. */
static enum err_code read_pem(const char *path, bool is_private, struct secret **out,
                              struct err *err)
{
    struct stat status;
    AUTO(secret_free) struct secret *text = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode)) {
        if (file != NULL) {
            (void)fclose(file);
        }
        return err_set(err, ERR_NOT_FOUND, "could not open file \"%s\"", path);
    }
    size_t size = (size_t)status.st_size;
    enum err_code code = ERR_OK;
    if (size > PEM_BYTES_MAX) {
        code = err_set(err, ERR_LIMIT, "file \"%s\" is larger than %d bytes", path, PEM_BYTES_MAX);
    } else if (is_private && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        (void)err_set(err, ERR_DENIED, "key file \"%s\" can be read by others", path);
        code = err_hint(err, "Run: chmod 600 '%s'", path);
    } else {
        code = secret_new(size + 1, &text, err);
    }
    if (code == ERR_OK && fread(secret_bytes_mutable(text), 1, size, file) != size) {
        code = err_set(err, ERR_UNAVAILABLE, "could not read file \"%s\"", path);
    }
    (void)fclose(file);
    if (code == ERR_OK) {
        *out = STEAL(text);
    }
    return code;
}

static const char *text_of(const struct secret *text)
{
    return (const char *)secret_bytes(text);
}

static enum err_code trust_ca(nng_tls_config *config, const char *path, struct err *err)
{
    AUTO(secret_free) struct secret *ca = NULL;
    enum err_code code = read_pem(path, false, &ca, err);
    if (code == ERR_OK && nng_tls_config_ca_chain(config, text_of(ca), NULL) != 0) {
        return err_set(err, ERR_CORRUPT, "file \"%s\" holds no usable CA certificate", path);
    }
    return code;
}

static enum err_code show_certificate(nng_tls_config *config, const struct tls_settings *settings,
                                      struct err *err)
{
    AUTO(secret_free) struct secret *cert = NULL;
    AUTO(secret_free) struct secret *key = NULL;
    enum err_code code = read_pem(settings->cert_file, false, &cert, err);
    if (code == ERR_OK) {
        code = read_pem(settings->key_file, true, &key, err);
    }
    if (code == ERR_OK && nng_tls_config_own_cert(config, text_of(cert), text_of(key), NULL) != 0) {
        return err_set(err, ERR_CORRUPT, "\"%s\" and \"%s\" are no certificate and its key",
                       settings->cert_file, settings->key_file);
    }
    return code;
}

/* An engine without TLS 1.3 refuses the range; 1.2 alone is then its best. */
static bool set_terms(nng_tls_config *config, const char *server_name)
{
    bool versioned = nng_tls_config_version(config, NNG_TLS_1_2, NNG_TLS_1_3) == 0 ||
                     nng_tls_config_version(config, NNG_TLS_1_2, NNG_TLS_1_2) == 0;
    return versioned && nng_tls_config_auth_mode(config, NNG_TLS_AUTH_MODE_REQUIRED) == 0 &&
           nng_tls_config_server_name(config, server_name) == 0;
}

enum err_code tls_config_new(const struct tls_settings *settings, nng_tls_config **out,
                             struct err *err)
{
    nng_tls_config *config = NULL;
    enum err_code code = check_settings(settings, err);
    if (code != ERR_OK) {
        return code;
    }
    if (nng_tls_config_alloc(&config, NNG_TLS_MODE_CLIENT) != 0) {
        return err_set(err, ERR_INTERNAL, "the nng library has no TLS");
    }
    if (!set_terms(config, settings->server_name)) {
        code = err_set(err, ERR_INTERNAL, "the nng library refuses TLS 1.2 with verification");
    }
    if (code == ERR_OK) {
        code = trust_ca(config, settings->ca_file, err);
    }
    if (code == ERR_OK) {
        code = show_certificate(config, settings, err);
    }
    if (code != ERR_OK) {
        nng_tls_config_free(config);
        return code;
    }
    *out = config;
    return ERR_OK;
}
