/* mac - see mac.h. */
#include "crypto/mac.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(MAC_BYTES == crypto_hash_sha256_BYTES, "SHA-256");
static_assert(MAC_BYTES == crypto_auth_hmacsha256_BYTES, "HMAC-SHA-256");

void mac_sha256(const struct mac_part *parts, size_t part_count, uint8_t out[MAC_BYTES])
{
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < part_count; i++) {
        (void)crypto_hash_sha256_update(&state, parts[i].data, parts[i].len);
    }
    (void)crypto_hash_sha256_final(&state, out);
}

void mac_make(const struct secret *key, const char *domain, struct mac_part bytes,
              uint8_t out[MAC_BYTES])
{
    crypto_auth_hmacsha256_state state;
    assert(secret_size(key) == MAC_KEY_BYTES);
    (void)crypto_auth_hmacsha256_init(&state, secret_bytes(key), MAC_KEY_BYTES);
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)domain, strlen(domain) + 1);
    (void)crypto_auth_hmacsha256_update(&state, bytes.data, bytes.len);
    (void)crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof(state));
}

bool mac_check(const struct secret *key, const char *domain, struct mac_part bytes,
               const uint8_t code[MAC_BYTES])
{
    uint8_t expected[MAC_BYTES];
    mac_make(key, domain, bytes, expected);
    return sodium_memcmp(expected, code, MAC_BYTES) == 0;
}
