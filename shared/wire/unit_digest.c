/* unit_digest - see the header for the bytes that are hashed. */
#include "wire/unit_digest.h"

#include <assert.h>
#include <string.h>

static_assert(UNIT_DIGEST_BYTES == crypto_hash_sha256_BYTES, "SHA-256");

int unit_id_compare(const struct unit_id *a, const struct unit_id *b)
{
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    int order = memcmp(a->key, b->key, UNIT_KEY_BYTES);
    if (order != 0) {
        return order;
    }
    return a->month == b->month ? 0 : (a->month < b->month ? -1 : 1);
}

static void big_endian(uint8_t *out, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
    }
}

void unit_digest_start(struct unit_digest *digest)
{
    *digest = (struct unit_digest){.has_last = false};
    (void)crypto_hash_sha256_init(&digest->state);
}

void unit_digest_add(struct unit_digest *digest, const struct unit_id *unit)
{
    assert(!digest->has_last || unit_id_compare(&digest->last, unit) < 0);
    uint8_t bytes[1 + UNIT_KEY_BYTES + 4 + 8];
    bytes[0] = (uint8_t)unit->kind;
    memcpy(bytes + 1, unit->key, UNIT_KEY_BYTES);
    big_endian(bytes + 1 + UNIT_KEY_BYTES, (uint32_t)unit->month, 4);
    big_endian(bytes + 1 + UNIT_KEY_BYTES + 4, unit->version, 8);
    (void)crypto_hash_sha256_update(&digest->state, bytes, sizeof(bytes));
    digest->last = *unit;
    digest->has_last = true;
}

void unit_digest_finish(struct unit_digest *digest, uint8_t out[UNIT_DIGEST_BYTES])
{
    (void)crypto_hash_sha256_final(&digest->state, out);
}
