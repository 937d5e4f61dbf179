/* stage - see stage.h. */
#include "outbox/stage.h"

#include "outbox/store.h"

#include <stdlib.h>
#include <string.h>

enum stage_statement {
    STAGE_PUT,
    STAGE_LIST,
    STAGE_WORKER_PUT,
    STAGE_WORKER_FIND,
    STAGE_STATEMENT_COUNT,
};

static const char *const migrations[] = {
    "CREATE TABLE row (slot INTEGER, is_worker INTEGER, owner BLOB, type INTEGER, arrival INTEGER,"
    "  file INTEGER, line INTEGER, is_first INTEGER, is_broken INTEGER, record BLOB,"
    "  PRIMARY KEY (slot, is_worker, owner, type, arrival)) WITHOUT ROWID;"
    "CREATE TABLE worker (slot INTEGER, key BLOB, PRIMARY KEY (slot, key)) WITHOUT ROWID;",
};

static const char *const statements[] = {
    [STAGE_PUT] = "INSERT INTO row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [STAGE_LIST] = ("SELECT owner, type, file, line, is_first, is_broken, record FROM row "
                    "WHERE slot = ?1 AND is_worker = ?2 ORDER BY owner, type, arrival"),
    [STAGE_WORKER_PUT] = "INSERT OR IGNORE INTO worker VALUES (?1, ?2)",
    [STAGE_WORKER_FIND] = "SELECT 1 FROM worker WHERE slot = ?1 AND key = ?2",
};

static const struct store_schema schema = {
    .migrations = migrations,
    .migration_count = ARRAY_COUNT(migrations),
    .statements = statements,
    .statement_count = STAGE_STATEMENT_COUNT,
};

struct stage {
    struct store *store;
    int64_t arrivals;
};

enum err_code stage_open(struct stage **out, struct err *err)
{
    AUTO(stage_close) struct stage *stage = calloc(1, sizeof(*stage));
    if (stage == NULL) {
        return err_memory(err);
    }
    enum err_code rc = store_open("", &schema, &stage->store, err);
    rc = rc == ERR_OK ? store_begin(stage->store, err) : rc;
    if (rc == ERR_OK) {
        *out = STEAL(stage);
    }
    return rc;
}

void stage_close(struct stage *stage)
{
    if (stage != NULL) {
        store_close(stage->store);
        free(stage);
    }
}

enum err_code stage_put(struct stage *stage, const struct stage_row *row, struct err *err)
{
    const struct store_value values[] = {
        STORE_INTEGER(row->slot),
        STORE_INTEGER(row->is_worker ? 1 : 0),
        STORE_BLOB(row->owner, UNIT_KEY_BYTES),
        STORE_INTEGER(row->type),
        STORE_INTEGER(stage->arrivals++),
        STORE_INTEGER(row->file),
        STORE_INTEGER(row->line),
        STORE_INTEGER(row->is_first ? 1 : 0),
        STORE_INTEGER(row->is_broken ? 1 : 0),
        STORE_BLOB(row->record.data, row->record.len),
    };
    return store_run(stage->store, STAGE_PUT, values, ARRAY_COUNT(values), err);
}

static struct stage_row row_read(struct store *store, int slot, bool of_workers)
{
    sqlite3_stmt *found = store_row(store, STAGE_LIST);
    struct stage_row row = {
        .slot = slot,
        .type = sqlite3_column_int(found, 1),
        .file = sqlite3_column_int(found, 2),
        .line = (size_t)sqlite3_column_int64(found, 3),
        .is_worker = of_workers,
        .is_first = sqlite3_column_int(found, 4) != 0,
        .is_broken = sqlite3_column_int(found, 5) != 0,
    };
    memcpy(row.owner, sqlite3_column_blob(found, 0), UNIT_KEY_BYTES);
    row.record.data = sqlite3_column_blob(found, 6);
    row.record.len = (size_t)sqlite3_column_bytes(found, 6);
    return row;
}

enum err_code stage_each(struct stage *stage, int slot, bool of_workers,
                         enum err_code (*visit)(void *ctx, const struct stage_row *row,
                                                struct err *err),
                         void *ctx, struct err *err)
{
    const struct store_value values[] = {STORE_INTEGER(slot), STORE_INTEGER(of_workers ? 1 : 0)};
    bool has_row = true;
    enum err_code rc = store_start(stage->store, STAGE_LIST, values, 2, err);
    while (rc == ERR_OK && has_row) {
        rc = store_step(stage->store, STAGE_LIST, &has_row, err);
        if (rc == ERR_OK && has_row) {
            const struct stage_row row = row_read(stage->store, slot, of_workers);
            rc = visit(ctx, &row, err);
        }
    }
    return rc;
}

enum err_code stage_put_worker(struct stage *stage, int slot, const uint8_t worker[UNIT_KEY_BYTES],
                               struct err *err)
{
    const struct store_value values[] = {STORE_INTEGER(slot), STORE_BLOB(worker, UNIT_KEY_BYTES)};
    return store_run(stage->store, STAGE_WORKER_PUT, values, 2, err);
}

enum err_code stage_has_worker(struct stage *stage, int slot, const uint8_t worker[UNIT_KEY_BYTES],
                               bool *out, struct err *err)
{
    const struct store_value values[] = {STORE_INTEGER(slot), STORE_BLOB(worker, UNIT_KEY_BYTES)};
    bool has_row = false;
    enum err_code rc = store_start(stage->store, STAGE_WORKER_FIND, values, 2, err);
    rc = rc == ERR_OK ? store_step(stage->store, STAGE_WORKER_FIND, &has_row, err) : rc;
    if (rc == ERR_OK) {
        *out = has_row;
        rc = has_row ? store_step(stage->store, STAGE_WORKER_FIND, &has_row, err) : ERR_OK;
    }
    return rc;
}
