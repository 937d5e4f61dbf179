/*
 * unit_digest - one number that says whether both sides hold the same units: SHA-256 over
 * the concatenation, in ascending order of (kind, key, month), of
 *
 *     kind      1 byte     UNIT_KIND_CASE or UNIT_KIND_WORKER_MONTH
 *     key       16 bytes   case_key or worker_key
 *     month     4 bytes    big-endian days since 1970-01-01; 0 for a case
 *     version   8 bytes    big-endian
 *
 * of every unit held (tombstones are not held). No units: SHA-256 of nothing. The client
 * computes it from its outbox, the server from its tables; Status compares.
 *
 *     struct unit_digest digest;
 *     unit_digest_start(&digest);
 *     while (next(&unit)) { unit_digest_add(&digest, &unit); }   // in order
 *     unit_digest_finish(&digest, sha256);
 */
#ifndef FREMGANG_WIRE_UNIT_DIGEST_H
#define FREMGANG_WIRE_UNIT_DIGEST_H

#include "base/date.h"

#include <sodium.h>
#include <stdbool.h>

enum { UNIT_DIGEST_BYTES = 32, UNIT_KEY_BYTES = 16 };

enum unit_kind { UNIT_KIND_CASE = 1, UNIT_KIND_WORKER_MONTH = 2 };

/** What names a unit, and its version. */
struct unit_id {
    enum unit_kind kind;
    uint8_t key[UNIT_KEY_BYTES];
    date_t month; /* 0 for a case */
    uint64_t version;
};

/** State of one computation; plain data, nothing to free. */
struct unit_digest {
    crypto_hash_sha256_state state;
    struct unit_id last; /* to assert the order */
    bool has_last;
};

void unit_digest_start(struct unit_digest *digest);
/** Adds the next unit; it must come after the one before (asserted). */
void unit_digest_add(struct unit_digest *digest, const struct unit_id *unit);
void unit_digest_finish(struct unit_digest *digest, uint8_t out[UNIT_DIGEST_BYTES]);
/** The order: negative, 0 or positive as by (kind, key, month). */
int unit_id_compare(const struct unit_id *a, const struct unit_id *b);

#endif
