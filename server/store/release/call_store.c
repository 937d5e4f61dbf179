/* call_store - see call_store.h. */
#include "store/release/call_store.h"

#include "base/limits.h"
#include "embed/embed_queries.h"

#include <string.h>

static enum err_code replay_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct call_replay *out = ctx;
    struct db_bytes digest = db_row_bytes(row, 0);
    struct db_bytes response = db_row_bytes(row, 1);
    if (digest.len != sizeof(out->request_sha256)) {
        return err_set(err, ERR_CORRUPT, "a kept request's digest has %zu bytes", digest.len);
    }
    out->is_found = true;
    memcpy(out->request_sha256, digest.data, digest.len);
    buf_append(&out->response, response.data, response.len);
    return buf_check(&out->response, err);
}

enum err_code call_replay_find(struct db *db, const struct call_replay_key *key,
                               struct call_replay *out, struct err *err)
{
    enum err_code rc =
        db_exec(db, DB_SQL(gov_replay_lock),
                DB_PARAMS(db_text(key->principal_id), db_text(key->idempotency_key)), NULL, err);
    if (rc != ERR_OK) {
        return rc;
    }
    return db_query(db, DB_SQL(gov_replay_find),
                    DB_PARAMS(db_text(key->principal_id), db_text(key->idempotency_key),
                              db_int(IDEMPOTENCY_DAYS)),
                    (struct db_reader){replay_read, out}, err);
}

enum err_code call_replay_store(struct db *db, const struct call_replay_key *key,
                                struct db_bytes response, struct err *err)
{
    return db_exec(db, DB_SQL(gov_replay_store),
                   DB_PARAMS(db_text(key->principal_id), db_text(key->idempotency_key),
                             db_text(key->method),
                             db_bytes(key->request_sha256, CALL_REPLAY_DIGEST_BYTES),
                             db_bytes(response.data, response.len)),
                   NULL, err);
}

enum err_code call_replay_expire(struct db *db, struct err *err)
{
    return db_exec(db, DB_SQL(gov_replay_expire), DB_PARAMS(db_int(IDEMPOTENCY_DAYS)), NULL, err);
}

enum err_code call_audit_append(struct db *db, const struct call_audit_entry *entry,
                                struct err *err)
{
    return db_exec(db, DB_SQL(gov_audit_insert),
                   DB_PARAMS(db_text(entry->process), db_text(entry->method),
                             db_text(entry->principal_id), db_text(entry->role),
                             db_int(entry->municipality_code), db_text(entry->request_id),
                             db_text(entry->verdict), db_text(entry->subject)),
                   NULL, err);
}
