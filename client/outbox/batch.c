/* batch - see batch.h. Every change of state here is one transaction. */
#include "outbox/batch.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "outbox/outbox_schema.h"
#include "wire/unit_pb.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    EPOCH = 0, /* HMAC only; see identity/pseudonym.h */
    /* Units of one batch: below the method's request limit of 8 MiB, with room for the
     * envelope and for one more unit of the largest kind. */
    BATCH_BYTES_MAX = 6 * 1024 * 1024,
    BATCH_ARENA_BYTES_MAX = 2 * WIRE_MESSAGE_BYTES_MAX + 64 * 1024,
};

/* A unit as it stands in a batch. */
struct batch_unit {
    struct unit_id id;
    bool is_tombstone;
};

void batch_free(struct batch *batch)
{
    if (batch != NULL) {
        arena_free(batch->arena);
    }
}

/* An empty batch that lives in its own arena. */
static struct batch *batch_new(const char *partnership)
{
    struct arena *arena = arena_new(BATCH_ARENA_BYTES_MAX);
    struct batch *batch = arena == NULL ? NULL : arena_alloc(arena, sizeof(*batch));
    if (batch == NULL) {
        arena_free(arena);
        return NULL;
    }
    batch->arena = arena;
    batch->partnership = arena_copy(arena, partnership, strlen(partnership));
    batch->units = arena_alloc(arena, BATCH_UNITS_MAX * sizeof(*batch->units));
    if (batch->partnership == NULL || batch->units == NULL) {
        arena_free(arena);
        return NULL;
    }
    return batch;
}

/* Adds a unit's bytes to the batch in memory. */
static enum err_code unit_add(struct batch *batch, uint64_t version, struct wire_bytes body,
                              struct err *err)
{
    AUTO_BUF struct buf packed = BUF_INIT;
    enum err_code rc = unit_pack_version(version, body, &packed, err);
    if (rc != ERR_OK) {
        return rc;
    }
    char *kept = arena_copy(batch->arena, packed.data, packed.len);
    if (kept == NULL || batch->count == BATCH_UNITS_MAX) {
        return err_set(err, ERR_CORRUPT, "the stored batch is larger than a batch can be");
    }
    batch->units[batch->count++] = (struct wire_bytes){(const uint8_t *)kept, packed.len};
    return ERR_OK;
}

static struct wire_bytes blob_column(sqlite3_stmt *row, int column)
{
    const void *data = sqlite3_column_blob(row, column);
    return (struct wire_bytes){data, (size_t)sqlite3_column_bytes(row, column)};
}

/* Reads the open batch's head; *found false when there is none. */
static enum err_code head_read(struct outbox *outbox, struct batch *batch, bool *found,
                               struct err *err)
{
    struct store *store = outbox->store;
    enum err_code rc = store_start(store, OUTBOX_BATCH_OPEN,
                                   (struct store_value[]){STORE_TEXT(batch->partnership)}, 1, err);
    rc = rc == ERR_OK ? store_step(store, OUTBOX_BATCH_OPEN, found, err) : rc;
    if (rc != ERR_OK || !*found) {
        return rc;
    }
    sqlite3_stmt *row = store_row(store, OUTBOX_BATCH_OPEN);
    batch->id = sqlite3_column_int64(row, 0);
    struct wire_bytes sync_id = blob_column(row, 1);
    assert(sync_id.len == BATCH_SYNC_ID_BYTES);
    memcpy(batch->sync_id, sync_id.data, BATCH_SYNC_ID_BYTES);
    batch->sequence = (uint32_t)sqlite3_column_int64(row, 2);
    batch->epoch = (uint32_t)sqlite3_column_int64(row, 3);
    bool has_more = false;
    return store_step(store, OUTBOX_BATCH_OPEN, &has_more, err);
}

static enum err_code units_read(struct outbox *outbox, struct batch *batch, struct err *err)
{
    bool has_row = true;
    enum err_code rc = store_start(outbox->store, OUTBOX_BATCH_UNITS,
                                   (struct store_value[]){STORE_INTEGER(batch->id)}, 1, err);
    while (rc == ERR_OK && has_row) {
        rc = store_step(outbox->store, OUTBOX_BATCH_UNITS, &has_row, err);
        if (rc == ERR_OK && has_row) {
            sqlite3_stmt *row = store_row(outbox->store, OUTBOX_BATCH_UNITS);
            rc = unit_add(batch, (uint64_t)sqlite3_column_int64(row, 0), blob_column(row, 1), err);
        }
    }
    return rc;
}

/* The sync run of the partnership, opened with `random` when there is none. */
static enum err_code sync_run_get(struct outbox *outbox, struct batch *batch,
                                  const uint8_t random[BATCH_SYNC_ID_BYTES], struct err *err)
{
    struct store *store = outbox->store;
    bool has_row = false;
    enum err_code rc = store_start(store, OUTBOX_SYNC_FIND,
                                   (struct store_value[]){STORE_TEXT(batch->partnership)}, 1, err);
    rc = rc == ERR_OK ? store_step(store, OUTBOX_SYNC_FIND, &has_row, err) : rc;
    if (rc != ERR_OK) {
        return rc;
    }
    if (has_row) {
        sqlite3_stmt *row = store_row(store, OUTBOX_SYNC_FIND);
        memcpy(batch->sync_id, sqlite3_column_blob(row, 0), BATCH_SYNC_ID_BYTES);
        batch->sequence = (uint32_t)sqlite3_column_int64(row, 1);
        return store_step(store, OUTBOX_SYNC_FIND, &has_row, err);
    }
    memcpy(batch->sync_id, random, BATCH_SYNC_ID_BYTES);
    batch->sequence = 1;
    return store_run(store, OUTBOX_SYNC_START,
                     (struct store_value[]){STORE_TEXT(batch->partnership),
                                            STORE_BLOB(random, BATCH_SYNC_ID_BYTES)},
                     2, err);
}

static enum err_code batch_insert(struct outbox *outbox, struct batch *batch, struct err *err)
{
    const struct store_value values[] = {STORE_TEXT(batch->partnership),
                                         STORE_BLOB(batch->sync_id, BATCH_SYNC_ID_BYTES),
                                         STORE_INTEGER(batch->sequence), STORE_INTEGER(EPOCH)};
    bool has_row = false;
    enum err_code rc = store_start(outbox->store, OUTBOX_BATCH_INSERT, values, 4, err);
    rc = rc == ERR_OK ? store_step(outbox->store, OUTBOX_BATCH_INSERT, &has_row, err) : rc;
    if (rc == ERR_OK) {
        assert(has_row);
        batch->id = sqlite3_column_int64(store_row(outbox->store, OUTBOX_BATCH_INSERT), 0);
        batch->epoch = EPOCH;
        rc = store_step(outbox->store, OUTBOX_BATCH_INSERT, &has_row, err);
    }
    return rc;
}

/* Copies the pending unit that a PENDING_LIST row shows into the batch. */
static enum err_code pending_take(struct outbox *outbox, struct batch *batch, sqlite3_stmt *row,
                                  struct err *err)
{
    struct wire_bytes key = blob_column(row, 1);
    struct wire_bytes body = blob_column(row, 5);
    const struct store_value values[] = {
        STORE_INTEGER(batch->id),
        STORE_INTEGER(batch->count),
        STORE_INTEGER(sqlite3_column_int64(row, 0)),
        STORE_BLOB(key.data, key.len),
        STORE_INTEGER(sqlite3_column_int64(row, 2)),
        STORE_INTEGER(sqlite3_column_int64(row, 3)),
        STORE_INTEGER(sqlite3_column_int64(row, 4)),
        STORE_BLOB(body.data, body.len),
    };
    enum err_code rc =
        store_run(outbox->store, OUTBOX_BATCH_UNIT_INSERT, values, ARRAY_COUNT(values), err);
    return rc == ERR_OK ? unit_add(batch, (uint64_t)sqlite3_column_int64(row, 3), body, err) : rc;
}

/* Moves pending units into the batch, oldest version first; the head is made with the first
 * one, so that an empty batch is never stored. */
static enum err_code pending_collect(struct outbox *outbox, struct batch *batch,
                                     const uint8_t random[BATCH_SYNC_ID_BYTES], struct err *err)
{
    struct store *store = outbox->store;
    const struct store_value values[] = {STORE_TEXT(batch->partnership),
                                         STORE_INTEGER(BATCH_UNITS_MAX)};
    bool has_row = true;
    size_t bytes = 0;
    enum err_code rc = store_start(store, OUTBOX_PENDING_LIST, values, 2, err);
    while (rc == ERR_OK && has_row && bytes < BATCH_BYTES_MAX) {
        rc = store_step(store, OUTBOX_PENDING_LIST, &has_row, err);
        if (rc != ERR_OK || !has_row) {
            break;
        }
        if (batch->count == 0) {
            rc = sync_run_get(outbox, batch, random, err);
            rc = rc == ERR_OK ? batch_insert(outbox, batch, err) : rc;
        }
        sqlite3_stmt *row = store_row(store, OUTBOX_PENDING_LIST);
        bytes += blob_column(row, 5).len;
        rc = rc == ERR_OK ? pending_take(outbox, batch, row, err) : rc;
    }
    (void)sqlite3_reset(store_row(store, OUTBOX_PENDING_LIST));
    return rc;
}

static enum err_code batch_make(struct outbox *outbox, struct batch *batch,
                                const uint8_t random[BATCH_SYNC_ID_BYTES], struct err *err)
{
    enum err_code rc = pending_collect(outbox, batch, random, err);
    if (rc != ERR_OK) {
        return rc;
    }
    if (batch->count == 0) {
        return store_run(outbox->store, OUTBOX_SYNC_END,
                         (struct store_value[]){STORE_TEXT(batch->partnership)}, 1, err);
    }
    const struct store_value values[] = {STORE_TEXT(batch->partnership), STORE_INTEGER(batch->id)};
    return store_run(outbox->store, OUTBOX_BATCH_MARK_SENT, values, 2, err);
}

enum err_code batch_next(struct outbox *outbox, const char *partnership,
                         const uint8_t random[BATCH_SYNC_ID_BYTES], struct batch **out,
                         struct err *err)
{
    AUTO(batch_free) struct batch *batch = batch_new(partnership);
    if (batch == NULL) {
        return err_memory(err);
    }
    enum err_code rc = store_begin(outbox->store, err);
    rc = rc == ERR_OK ? head_read(outbox, batch, &batch->is_resumed, err) : rc;
    if (rc == ERR_OK) {
        rc = batch->is_resumed ? units_read(outbox, batch, err)
                               : batch_make(outbox, batch, random, err);
    }
    rc = rc == ERR_OK ? store_commit(outbox->store, err) : rc;
    if (rc != ERR_OK) {
        store_rollback(outbox->store);
        return rc;
    }
    *out = batch->count == 0 ? NULL : STEAL(batch);
    return ERR_OK;
}

static enum err_code batch_unit_read(struct outbox *outbox, const struct batch *batch,
                                     size_t position, struct batch_unit *out, struct err *err)
{
    const struct store_value values[] = {STORE_INTEGER(batch->id), STORE_INTEGER(position)};
    bool has_row = false;
    enum err_code rc = store_start(outbox->store, OUTBOX_BATCH_UNIT_AT, values, 2, err);
    rc = rc == ERR_OK ? store_step(outbox->store, OUTBOX_BATCH_UNIT_AT, &has_row, err) : rc;
    if (rc != ERR_OK) {
        return rc;
    }
    if (!has_row) {
        return err_set(err, ERR_CONFLICT, "the batch was closed by another run");
    }
    sqlite3_stmt *row = store_row(outbox->store, OUTBOX_BATCH_UNIT_AT);
    out->id.kind = (enum unit_kind)sqlite3_column_int(row, 0);
    memcpy(out->id.key, sqlite3_column_blob(row, 1), UNIT_KEY_BYTES);
    out->id.month = sqlite3_column_int(row, 2);
    out->id.version = (uint64_t)sqlite3_column_int64(row, 3);
    out->is_tombstone = sqlite3_column_int(row, 4) != 0;
    return store_step(outbox->store, OUTBOX_BATCH_UNIT_AT, &has_row, err);
}

#define UNIT_VALUES(slug, unit)                                                                    \
    STORE_TEXT(slug), STORE_INTEGER((unit)->id.kind), STORE_BLOB((unit)->id.key, UNIT_KEY_BYTES),  \
        STORE_INTEGER((unit)->id.month)

/* The server holds the unit at this version; the unit may have changed here since. */
static enum err_code unit_stored(struct outbox *outbox, const char *slug,
                                 const struct batch_unit *unit, struct err *err)
{
    const struct store_value values[] = {UNIT_VALUES(slug, unit), STORE_INTEGER(unit->id.version)};
    enum err_code rc = store_run(outbox->store, OUTBOX_UNIT_HELD, values, 5, err);
    return rc == ERR_OK ? store_run(outbox->store, OUTBOX_UNIT_ACK, values, 5, err) : rc;
}

/* The server no longer holds the unit; it is forgotten here too, unless it came back. */
static enum err_code unit_removed(struct outbox *outbox, const char *slug,
                                  const struct batch_unit *unit, struct err *err)
{
    const struct store_value values[] = {UNIT_VALUES(slug, unit), STORE_INTEGER(unit->id.version)};
    enum err_code rc = store_run(outbox->store, OUTBOX_UNIT_UNHELD, values, 4, err);
    return rc == ERR_OK ? store_run(outbox->store, OUTBOX_UNIT_REMOVE, values, 5, err) : rc;
}

static enum err_code unit_refused(struct outbox *outbox, const char *slug,
                                  const struct batch_unit *unit,
                                  const struct batch_verdict *verdict, struct err *err)
{
    const struct store_value values[] = {UNIT_VALUES(slug, unit), STORE_INTEGER(unit->id.version)};
    enum err_code rc = store_run(outbox->store, OUTBOX_UNIT_REFUSE, values, 5, err);
    if (rc != ERR_OK || store_changes(outbox->store) == 0) {
        return rc; /* another version waits already */
    }
    rc = store_run(outbox->store, OUTBOX_VIOLATIONS_CLEAR, values, 4, err);
    for (size_t i = 0; rc == ERR_OK && i < verdict->violation_count; i++) {
        const struct batch_violation *violation = &verdict->violations[i];
        const struct store_value insert[] = {
            UNIT_VALUES(slug, unit),
            STORE_TEXT(violation->rule),
            STORE_TEXT(violation->record_type),
            STORE_TEXT(violation->field),
            STORE_INTEGER(violation->row),
            STORE_TEXT(violation->da),
            STORE_TEXT(violation->en),
        };
        rc = store_run(outbox->store, OUTBOX_VIOLATION_INSERT, insert, ARRAY_COUNT(insert), err);
    }
    return rc;
}

static enum err_code verdict_apply(struct outbox *outbox, const char *slug,
                                   const struct batch_unit *unit,
                                   const struct batch_verdict *verdict, struct err *err)
{
    switch (verdict->outcome) {
    case BATCH_STORED:
        return unit_stored(outbox, slug, unit, err);
    case BATCH_UNCHANGED:
        return unit->is_tombstone ? unit_removed(outbox, slug, unit, err)
                                  : unit_stored(outbox, slug, unit, err);
    case BATCH_REMOVED:
        return unit_removed(outbox, slug, unit, err);
    case BATCH_REFUSED:
        return unit_refused(outbox, slug, unit, verdict, err);
    }
    return err_set(err, ERR_CORRUPT, "the answer holds a verdict that is none");
}

static enum err_code receipt_store(struct outbox *outbox, const struct batch *batch,
                                   const struct batch_receipt *receipt, struct err *err)
{
    const struct store_value values[] = {
        STORE_INTEGER(batch->id), STORE_BLOB(receipt->body.data, receipt->body.len),
        STORE_BLOB(receipt->signature.data, receipt->signature.len),
        STORE_INTEGER(receipt->received_at_us)};
    enum err_code rc = store_run(outbox->store, OUTBOX_BATCH_RECEIPT, values, 4, err);
    rc = rc == ERR_OK ? store_run(outbox->store, OUTBOX_BATCH_UNITS_DELETE, values, 1, err) : rc;
    const struct store_value next[] = {STORE_TEXT(batch->partnership),
                                       STORE_INTEGER(batch->sequence + 1)};
    return rc == ERR_OK ? store_run(outbox->store, OUTBOX_SYNC_ADVANCE, next, 2, err) : rc;
}

enum err_code batch_close(struct outbox *outbox, const struct batch *batch,
                          const struct batch_receipt *receipt, const struct batch_verdict *verdicts,
                          struct err *err)
{
    enum err_code rc = store_begin(outbox->store, err);
    for (size_t i = 0; rc == ERR_OK && i < batch->count; i++) {
        struct batch_unit unit;
        rc = batch_unit_read(outbox, batch, i, &unit, err);
        rc =
            rc == ERR_OK ? verdict_apply(outbox, batch->partnership, &unit, &verdicts[i], err) : rc;
    }
    rc = rc == ERR_OK ? receipt_store(outbox, batch, receipt, err) : rc;
    rc = rc == ERR_OK ? store_commit(outbox->store, err) : rc;
    if (rc != ERR_OK) {
        store_rollback(outbox->store);
    }
    return rc;
}

enum err_code batch_abandon(struct outbox *outbox, const struct batch *batch, struct err *err)
{
    struct store *store = outbox->store;
    const struct store_value unsend[] = {STORE_TEXT(batch->partnership), STORE_INTEGER(batch->id)};
    const struct store_value id[] = {STORE_INTEGER(batch->id)};
    enum err_code rc = store_begin(store, err);
    rc = rc == ERR_OK ? store_run(store, OUTBOX_BATCH_UNSEND, unsend, 2, err) : rc;
    rc = rc == ERR_OK ? store_run(store, OUTBOX_BATCH_UNITS_DELETE, id, 1, err) : rc;
    rc = rc == ERR_OK ? store_run(store, OUTBOX_BATCH_DELETE, id, 1, err) : rc;
    rc = rc == ERR_OK ? store_run(store, OUTBOX_SYNC_END, unsend, 1, err) : rc;
    rc = rc == ERR_OK ? store_commit(store, err) : rc;
    if (rc != ERR_OK) {
        store_rollback(store);
    }
    return rc;
}

enum err_code batch_waiting(struct outbox *outbox, const char *partnership, uint64_t *out,
                            struct err *err)
{
    bool has_row = false;
    enum err_code rc = store_start(outbox->store, OUTBOX_WAITING_COUNT,
                                   (struct store_value[]){STORE_TEXT(partnership)}, 1, err);
    rc = rc == ERR_OK ? store_step(outbox->store, OUTBOX_WAITING_COUNT, &has_row, err) : rc;
    if (rc == ERR_OK) {
        *out = (uint64_t)sqlite3_column_int64(store_row(outbox->store, OUTBOX_WAITING_COUNT), 0);
        rc = store_step(outbox->store, OUTBOX_WAITING_COUNT, &has_row, err);
    }
    return rc;
}

enum err_code batch_refusals(struct outbox *outbox, const char *partnership,
                             void (*each)(void *ctx, const struct batch_refusal *refusal),
                             void *ctx, struct err *err)
{
    bool has_row = true;
    enum err_code rc = store_start(outbox->store, OUTBOX_REFUSAL_LIST,
                                   (struct store_value[]){STORE_TEXT(partnership)}, 1, err);
    while (rc == ERR_OK && has_row) {
        rc = store_step(outbox->store, OUTBOX_REFUSAL_LIST, &has_row, err);
        if (rc != ERR_OK || !has_row) {
            break;
        }
        sqlite3_stmt *row = store_row(outbox->store, OUTBOX_REFUSAL_LIST);
        const struct batch_refusal refusal = {
            .source = (const char *)sqlite3_column_text(row, 0),
            .violation = {.rule = (const char *)sqlite3_column_text(row, 1),
                          .record_type = (const char *)sqlite3_column_text(row, 2),
                          .field = (const char *)sqlite3_column_text(row, 3),
                          .row = (uint32_t)sqlite3_column_int64(row, 4),
                          .da = (const char *)sqlite3_column_text(row, 5),
                          .en = (const char *)sqlite3_column_text(row, 6)},
        };
        each(ctx, &refusal);
    }
    return rc;
}
