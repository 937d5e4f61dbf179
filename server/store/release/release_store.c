/* release_store - the life of a release: approved, visible, withdrawn. Staging is in
 * release_stage.c. See release_store.h. */
#include "store/release/release_store.h"

#include "embed/embed_queries.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { SHA256_BYTES = 32, SIGNATURE_BYTES = 64 };

/** Where a release stands, as its locked row says. */
struct standing {
    char state[RELEASE_STATE_BYTES];
    uint8_t manifest_sha256[SHA256_BYTES];
    bool was_visible;
};

static enum err_code standing_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct standing *out = ctx;
    struct db_bytes digest = db_row_bytes(row, 1);
    if (digest.len != sizeof(out->manifest_sha256)) {
        return err_set(err, ERR_CORRUPT, "a manifest's digest has %zu bytes", digest.len);
    }
    snprintf(out->state, sizeof(out->state), "%s", db_row_text(row, 0));
    memcpy(out->manifest_sha256, digest.data, digest.len);
    out->was_visible = db_row_bool(row, 2);
    return ERR_OK;
}

static enum err_code int_read(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(int *)ctx = (int)db_row_int(row, 0);
    return ERR_OK;
}

/** Holds the release until the transaction ends, so that of two last signatures each sees
 * the other's. */
static enum err_code release_lock(struct db *db, const char *id, struct standing *out,
                                  struct err *err)
{
    enum err_code rc = db_query_one(db, DB_SQL(release_lock), DB_PARAMS(db_text(id)),
                                    (struct db_reader){standing_read, out}, err);
    if (rc == ERR_NOT_FOUND) {
        return err_set(err, ERR_NOT_FOUND, "no release \"%.80s\"", id);
    }
    return rc;
}

static enum err_code approval_check(const struct release_approval *approval,
                                    const struct standing *standing, struct err *err)
{
    if (strcmp(standing->state, "staged") != 0) {
        return err_set(err, ERR_CONFLICT, "release %.80s is %s; only a staged one is approved",
                       approval->release_id, standing->state);
    }
    if (memcmp(standing->manifest_sha256, approval->manifest_sha256, SHA256_BYTES) != 0) {
        err_set(err, ERR_CONFLICT, "the manifest of %.80s is another than the one approved",
                approval->release_id);
        return err_hint(err, "Look at the release again and approve what it holds now.");
    }
    return ERR_OK;
}

static enum err_code approval_insert(struct db *db, const struct release_approval *approval,
                                     struct err *err)
{
    enum err_code rc =
        db_exec(db, DB_SQL(release_approve_insert),
                DB_PARAMS(db_text(approval->release_id), db_text(approval->principal_id),
                          db_bytes(approval->manifest_sha256, SHA256_BYTES),
                          db_text(approval->request_id), db_text(approval->idempotency_key),
                          db_bytes(approval->request.data, approval->request.len),
                          db_bigint(approval->signed_at_us),
                          db_bytes(approval->signature, SIGNATURE_BYTES)),
                NULL, err);
    if (rc == ERR_CONFLICT) {
        err_set(err, ERR_CONFLICT, "you have approved %.80s already", approval->release_id);
        return err_hint(err, "Another data steward gives the second signature.");
    }
    return rc;
}

enum err_code release_approve(struct db *db, const struct release_approval *approval,
                              struct release_outcome *out, struct err *err)
{
    struct standing standing;
    int approvals = 0;
    enum err_code rc = release_lock(db, approval->release_id, &standing, err);
    if (rc == ERR_OK) {
        rc = approval_check(approval, &standing, err);
    }
    if (rc == ERR_OK) {
        rc = approval_insert(db, approval, err);
    }
    if (rc == ERR_OK) {
        rc = db_query_one(db, DB_SQL(release_approval_count),
                          DB_PARAMS(db_text(approval->release_id)),
                          (struct db_reader){int_read, &approvals}, err);
    }
    if (rc == ERR_OK && approvals >= RELEASE_APPROVALS_NEEDED) {
        rc = db_exec(db, DB_SQL(release_make_visible), DB_PARAMS(db_text(approval->release_id)),
                     NULL, err);
    }
    if (rc == ERR_OK) {
        *out = (struct release_outcome){.approvals = approvals};
        snprintf(out->state, sizeof(out->state), "%s",
                 approvals >= RELEASE_APPROVALS_NEEDED ? "visible" : "staged");
    }
    return rc;
}

enum err_code release_withdraw(struct db *db, const struct release_withdrawal *withdrawal,
                               struct err *err)
{
    struct standing standing;
    enum err_code rc = release_lock(db, withdrawal->release_id, &standing, err);
    if (rc != ERR_OK) {
        return rc;
    }
    if (strcmp(standing.state, "withdrawn") == 0) {
        return err_set(err, ERR_CONFLICT, "release %.80s is withdrawn already",
                       withdrawal->release_id);
    }
    rc = db_exec(db, DB_SQL(release_withdraw),
                 DB_PARAMS(db_text(withdrawal->release_id), db_text(withdrawal->principal_id),
                           db_text(withdrawal->reason)),
                 NULL, err);
    if (rc == ERR_OK && !standing.was_visible) {
        rc = db_exec(db, DB_SQL(release_void_periods), DB_PARAMS(db_text(withdrawal->release_id)),
                     NULL, err);
    }
    return rc;
}

enum err_code release_number_next(struct db *db, int partnership_id, int *out, struct err *err)
{
    return db_query_one(db, DB_SQL(release_number_next), DB_PARAMS(db_int(partnership_id)),
                        (struct db_reader){int_read, out}, err);
}

enum err_code release_periods(struct db *db, int partnership_id, struct db_reader read,
                              struct err *err)
{
    return db_query(db, DB_SQL(release_periods), DB_PARAMS(db_int(partnership_id)), read, err);
}

static enum err_code summary_read(const struct db_row *row, void *ctx, struct err *err)
{
    const struct release_summary_reader *reader = ctx;
    const struct release_summary summary = {
        .id = db_row_text(row, 0),
        .partnership = db_row_text(row, 1),
        .state = db_row_text(row, 2),
        .period_from = db_row_text(row, 3),
        .period_to = db_row_text(row, 4),
        .staged_at_us = db_row_time_us(row, 5),
        .approvals = (int)db_row_int(row, 6),
        .manifest_sha256 = db_row_bytes(row, 7),
        .cells_shown = db_row_int(row, 8),
        .cells_withheld = db_row_int(row, 9),
        .policy = db_row_text(row, 10),
        .left_out = db_row_text(row, 11),
        .synthetic = db_row_bool(row, 12),
    };
    return reader->read(&summary, reader->ctx, err);
}

enum err_code release_list(struct db *db, const char *slug, struct release_summary_reader reader,
                           struct err *err)
{
    return db_query(db, DB_SQL(release_list), DB_PARAMS(db_text(slug)),
                    (struct db_reader){summary_read, &reader}, err);
}
