/*
 * mac - SHA-256 and HMAC-SHA-256. A keyed code carries its purpose (domain string, NUL) in
 * front, so that a code for one purpose is never one for another.
 *
 *     uint8_t digest[MAC_BYTES];
 *     mac_sha256((struct mac_part[]){{path, path_len}, {payload, len}}, 2, digest);
 */
#ifndef FREMGANG_CRYPTO_MAC_H
#define FREMGANG_CRYPTO_MAC_H

#include "base/err.h"
#include "base/secret.h"

#include <stddef.h>
#include <stdint.h>

enum { MAC_BYTES = 32, MAC_KEY_BYTES = 32 };

struct mac_part {
    const void *data;
    size_t len;
};

/** SHA-256 of the parts one after the other, unframed. */
void mac_sha256(const struct mac_part *parts, size_t part_count, uint8_t out[MAC_BYTES]);
/** HMAC-SHA-256 by a MAC_KEY_BYTES key over domain, NUL, and `bytes`. */
void mac_make(const struct secret *key, const char *domain, struct mac_part bytes,
              uint8_t out[MAC_BYTES]);
/** Whether `code` is the one mac_make gives; in constant time. */
NODISCARD bool mac_check(const struct secret *key, const char *domain, struct mac_part bytes,
                         const uint8_t code[MAC_BYTES]);

#endif
