/*
 * secret - bytes that must not be seen: keys, tokens, CPR numbers. Held in libsodium's
 * guarded memory, wiped on release, compared in constant time, and without a formatter.
 *
 *     AUTO(secret_free) struct secret *key = secret_new(32, err);
 */
#ifndef FREMGANG_BASE_SECRET_H
#define FREMGANG_BASE_SECRET_H

#include "base/auto.h"
#include "base/err.h"

#include <stdint.h>

struct secret;

/** Gives `size` zero bytes in guarded memory. ERR_INTERNAL when memory is out. */
NODISCARD enum err_code secret_new(size_t size, struct secret **out, struct err *err);
/** Gives a copy of `bytes`; the caller still wipes its own. ERR_INTERNAL. */
NODISCARD enum err_code secret_copy(const void *bytes, size_t size, struct secret **out,
                                    struct err *err);
/** Wipes and takes. NULL ok. */
void secret_free(struct secret *secret);
DEFINE_AUTO(struct secret, secret_free);

/** Borrowed bytes, valid while the secret is. */
const uint8_t *secret_bytes(const struct secret *secret);
uint8_t *secret_bytes_mutable(struct secret *secret);
size_t secret_size(const struct secret *secret);
/** Reads a key file of exactly `size` bytes that only its owner may read.
 * ERR_NOT_FOUND, ERR_DENIED (others may read it), ERR_CORRUPT (another size). */
NODISCARD enum err_code secret_read_file(const char *path, size_t size, struct secret **out,
                                         struct err *err);
/** Writes a new key file with mode 0600. ERR_CONFLICT when it exists, ERR_UNAVAILABLE, which
 * leaves no file. */
NODISCARD enum err_code secret_write_file(const char *path, const struct secret *secret,
                                          struct err *err);

#endif
