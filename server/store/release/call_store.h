/*
 * call_store - what pool keeps of a call beside its effect: the first answer to an idempotency
 * key, and the audit entry. Called by pool's gate, in the call's own transaction.
 *
 *     rc = call_replay_find(db, &key, &found, err);        // holds the key
 *     ... found.is_found ? answer with found.response : do the work ...
 *     rc = call_replay_store(db, &key, response, err);
 *     rc = call_audit_append(db, &entry, err);
 */
#ifndef FREMGANG_STORE_RELEASE_CALL_STORE_H
#define FREMGANG_STORE_RELEASE_CALL_STORE_H

#include "base/buf.h"
#include "store/db.h"

enum { CALL_REPLAY_DIGEST_BYTES = 32 };

/** What names a call. Borrows. */
struct call_replay_key {
    const char *principal_id; /* "" for calls that need no principal */
    const char *idempotency_key;
    const char *method;
    const uint8_t *request_sha256; /* CALL_REPLAY_DIGEST_BYTES */
};

/** What the first call was and got. */
struct call_replay {
    bool is_found;
    uint8_t request_sha256[CALL_REPLAY_DIGEST_BYTES];
    struct buf response; /* owned; to be cleared */
};

/** One audit entry. Borrows; no text is NULL. Never a pseudonym, a cell or a secret. */
struct call_audit_entry {
    const char *process;
    const char *method;
    const char *principal_id; /* "" when nobody was authenticated */
    const char *role;         /* likewise */
    int municipality_code;    /* 0 when the caller is none */
    const char *request_id;
    const char *verdict;
    const char *subject; /* canonical query, release id or the like, or "" */
};

/** Holds the key until the transaction ends, so that of two calls at once the second waits
 * here, and finds the first answer when it is at most IDEMPOTENCY_DAYS old. `out` starts as
 * zeroes with BUF_INIT. */
NODISCARD enum err_code call_replay_find(struct db *db, const struct call_replay_key *key,
                                         struct call_replay *out, struct err *err);
/** Keeps the answer. */
NODISCARD enum err_code call_replay_store(struct db *db, const struct call_replay_key *key,
                                          struct db_bytes response, struct err *err);
/** Forgets answers older than IDEMPOTENCY_DAYS; as fremgang_pool itself. */
NODISCARD enum err_code call_replay_expire(struct db *db, struct err *err);
/** Appends an entry. */
NODISCARD enum err_code call_audit_append(struct db *db, const struct call_audit_entry *entry,
                                          struct err *err);

#endif
