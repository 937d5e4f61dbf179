/* case_replay - see case_replay.h. */
#include "store/case/case_replay.h"

#include "base/limits.h"
#include "embed/embed_queries.h"

#include <assert.h>
#include <string.h>

static enum err_code read_first(const struct db_row *row, void *ctx, struct err *err)
{
    struct case_replay *out = ctx;
    struct db_bytes sha256 = db_row_bytes(row, 1);
    struct db_bytes response = db_row_bytes(row, 2);
    assert(sha256.len == CASE_REPLAY_DIGEST_BYTES);
    out->is_found = true;
    memcpy(out->request_sha256, sha256.data, CASE_REPLAY_DIGEST_BYTES);
    buf_reset(&out->response);
    buf_append(&out->response, response.data, response.len);
    return buf_check(&out->response, err);
}

enum err_code case_replay_find(struct db *db, const struct case_replay_key *key,
                               struct case_replay *out, struct err *err)
{
    struct db_value municipality = db_int(key->municipality_code);
    struct db_value principal = db_text(key->principal_id);
    struct db_value name = db_text(key->idempotency_key);
    uint64_t claimed = 0;
    enum err_code rc = db_exec(db, DB_SQL(case_replay_claim),
                               DB_PARAMS(municipality, principal, name, db_text(key->method),
                                         db_bytes(key->request_sha256, CASE_REPLAY_DIGEST_BYTES)),
                               &claimed, err);
    if (rc != ERR_OK || claimed == 1) {
        return rc;
    }
    return db_query_one(db, DB_SQL(case_replay_read), DB_PARAMS(municipality, principal, name),
                        (struct db_reader){read_first, out}, err);
}

enum err_code case_replay_store(struct db *db, const struct case_replay_key *key,
                                struct db_bytes response, struct err *err)
{
    uint64_t stored = 0;
    enum err_code rc =
        db_exec(db, DB_SQL(case_replay_store),
                DB_PARAMS(db_int(key->municipality_code), db_text(key->principal_id),
                          db_text(key->idempotency_key), db_bytes(response.data, response.len)),
                &stored, err);
    if (rc == ERR_OK && stored == 0) {
        return err_set(err, ERR_INTERNAL, "an answer was kept for a key that was not claimed");
    }
    return rc;
}

enum err_code case_replay_prune(struct db *db, int municipality_code, struct err *err)
{
    return db_exec(db, DB_SQL(case_replay_prune),
                   DB_PARAMS(db_int(municipality_code), db_int(IDEMPOTENCY_DAYS)), NULL, err);
}
