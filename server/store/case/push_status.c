/* push_status - the order of batches and what is held; see push_store.h. */
#include "embed/embed_queries.h"
#include "store/case/push_store.h"

static enum err_code read_next(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(uint32_t *)ctx = (uint32_t)db_row_int(row, 0);
    return ERR_OK;
}

enum err_code push_sequence_next(struct db *db, const struct push_sequence *at, uint32_t *next,
                                 struct err *err)
{
    uint32_t expected = 1;
    enum err_code rc = db_query(db, DB_SQL(push_sequence_next),
                                DB_PARAMS(db_int(at->municipality_code), db_int(at->partnership_id),
                                          db_bytes(at->sync_id, PUSH_SYNC_ID_BYTES)),
                                (struct db_reader){read_next, &expected}, err);
    if (rc == ERR_OK) {
        *next = expected;
    }
    return rc;
}

static enum err_code refuse_order(struct db *db, const struct push_sequence *at, struct err *err)
{
    uint32_t expected = 1;
    enum err_code rc = push_sequence_next(db, at, &expected, err);
    if (rc != ERR_OK) {
        return rc;
    }
    (void)err_set(err, ERR_CONFLICT, "batch %u came where batch %u is expected", at->sequence,
                  expected);
    (void)err_reason(err, "PUSH_OUT_OF_ORDER");
    return err_hint(err, "Go on from batch %u, or begin a new sync run.", expected);
}

enum err_code push_sequence_take(struct db *db, const struct push_sequence *at, uint32_t *next,
                                 struct err *err)
{
    struct db_value municipality = db_int(at->municipality_code);
    struct db_value partnership = db_int(at->partnership_id);
    struct db_value sync_id = db_bytes(at->sync_id, PUSH_SYNC_ID_BYTES);
    uint64_t taken = 0;
    enum err_code rc =
        at->sequence == 1
            ? db_exec(db, DB_SQL(push_sequence_start),
                      DB_PARAMS(municipality, partnership, sync_id), &taken, err)
            : db_exec(db, DB_SQL(push_sequence_advance),
                      DB_PARAMS(municipality, partnership, sync_id, db_bigint(at->sequence)),
                      &taken, err);
    if (rc == ERR_OK && taken == 0) {
        return refuse_order(db, at, err);
    }
    if (rc == ERR_OK) {
        *next = at->sequence + 1;
    }
    return rc;
}

static enum err_code read_status(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(struct push_status *)ctx = (struct push_status){
        .cases = (uint64_t)db_row_int(row, 0),
        .worker_months = (uint64_t)db_row_int(row, 1),
        .last_received_at_us = db_row_is_null(row, 2) ? 0 : db_row_time_us(row, 2),
    };
    return ERR_OK;
}

enum err_code push_status_read(struct db *db, int municipality_code, int partnership_id,
                               struct push_status *out, struct err *err)
{
    return db_query_one(db, DB_SQL(push_status),
                        DB_PARAMS(db_int(municipality_code), db_int(partnership_id)),
                        (struct db_reader){read_status, out}, err);
}

static enum err_code read_held(const struct db_row *row, void *ctx, struct err *err)
{
    const struct push_held_query *query = ctx;
    struct push_held held = {
        .is_case = db_row_bool(row, 0),
        .key = db_row_bytes(row, 1),
        .month = db_row_date(row, 2),
        .version = db_row_int(row, 3),
    };
    return query->read(query->ctx, &held, err);
}

enum err_code push_held_read(struct db *db, const struct push_held_query *query, struct err *err)
{
    struct push_held_query copy = *query;
    return db_query(db, DB_SQL(push_units),
                    DB_PARAMS(db_int(query->municipality_code), db_int(query->partnership_id)),
                    (struct db_reader){read_held, &copy}, err);
}
