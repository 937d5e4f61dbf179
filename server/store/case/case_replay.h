/*
 * case_replay - the first answer to a mutating call, given again to its repetitions. Called by
 * intake's gate, inside the call's own transaction and municipality role.
 *
 *     rc = case_replay_find(db, &key, &found, &is_found, err);     // claims the key
 *     ... is_found ? answer with found.response : do the work ...
 *     rc = case_replay_store(db, &key, response, err);             // same transaction
 */
#ifndef FREMGANG_STORE_CASE_CASE_REPLAY_H
#define FREMGANG_STORE_CASE_CASE_REPLAY_H

#include "base/buf.h"
#include "store/db.h"

enum { CASE_REPLAY_DIGEST_BYTES = 32 };

/** What names a call. Borrows. */
struct case_replay_key {
    int municipality_code;
    const char *principal_id;
    const char *idempotency_key;
    const char *method;
    const uint8_t *request_sha256; /* CASE_REPLAY_DIGEST_BYTES */
};

/** What the first call was and got. */
struct case_replay {
    bool is_found;
    uint8_t request_sha256[CASE_REPLAY_DIGEST_BYTES];
    struct buf response; /* owned; to be cleared */
};

/** Claims the key until the transaction ends, or finds the first answer: of two calls at once
 * the second waits here. `out` starts as zeroes with BUF_INIT. Errors as in db.h. */
NODISCARD enum err_code case_replay_find(struct db *db, const struct case_replay_key *key,
                                         struct case_replay *out, struct err *err);
/** Keeps the answer of a claimed key. ERR_INTERNAL when it was not claimed here. */
NODISCARD enum err_code case_replay_store(struct db *db, const struct case_replay_key *key,
                                          struct db_bytes response, struct err *err);
/** Forgets the municipality's answers older than IDEMPOTENCY_DAYS. */
NODISCARD enum err_code case_replay_prune(struct db *db, int municipality_code, struct err *err);

#endif
