/* make_key - see make_key.h. */
#include "make_key.h"

#include "crypto/mac.h"
#include "crypto/sign.h"

#include <sodium.h>
#include <string.h>

static enum err_code mac_key_new(struct secret **out, struct err *err)
{
    enum err_code code = secret_new(MAC_KEY_BYTES, out, err);
    if (code == ERR_OK) {
        randombytes_buf(secret_bytes_mutable(*out), MAC_KEY_BYTES);
    }
    return code;
}

static const struct {
    const char *kind;
    enum err_code (*make)(struct secret **out, struct err *err);
} KINDS[] = {
    {"token-intake", mac_key_new},
    {"token-pool", mac_key_new},
    {"receipt", sign_key_new},
    {"publish", sign_key_new},
};

enum err_code make_key(const char *kind, const char *path, struct err *err)
{
    AUTO(secret_free) struct secret *key = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(KINDS); i++) {
        if (strcmp(KINDS[i].kind, kind) != 0) {
            continue;
        }
        enum err_code code = KINDS[i].make(&key, err);
        return code == ERR_OK ? secret_write_file(path, key, err) : code;
    }
    (void)err_set(err, ERR_INVALID, "a key is token-intake, token-pool, receipt or publish");
    return err_reason(err, "USAGE");
}
