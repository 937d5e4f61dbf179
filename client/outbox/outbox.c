/* outbox - units, imports and what `status` tells (see outbox.h). */
#include "outbox/outbox.h"

#include "base/buf.h"
#include "outbox/outbox_schema.h"
#include "wire/unit_pb.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_VALUES = 4 }; /* partnership, kind, key, month come first everywhere */

#define UNIT_KEY_VALUES(slug, id)                                                                  \
    STORE_TEXT(slug), STORE_INTEGER((id)->kind), STORE_BLOB((id)->key, UNIT_KEY_BYTES),            \
        STORE_INTEGER((id)->month)

enum err_code outbox_open(const char *path, struct outbox **out, struct err *err)
{
    AUTO(outbox_close) struct outbox *outbox = calloc(1, sizeof(*outbox));
    if (outbox == NULL) {
        return err_memory(err);
    }
    enum err_code rc = store_open(path, &outbox_schema, &outbox->store, err);
    if (rc == ERR_OK) {
        *out = STEAL(outbox);
    }
    return rc;
}

void outbox_close(struct outbox *outbox)
{
    if (outbox != NULL) {
        store_close(outbox->store);
        free(outbox);
    }
}

/* Runs a statement that gives one number. */
static enum err_code number_get(struct store *store, int statement, int64_t *out, struct err *err)
{
    bool has_row = false;
    enum err_code rc = store_start(store, statement, NULL, 0, err);
    rc = rc == ERR_OK ? store_step(store, statement, &has_row, err) : rc;
    if (rc == ERR_OK) {
        assert(has_row);
        *out = sqlite3_column_int64(store_row(store, statement), 0);
        while (rc == ERR_OK && has_row) {
            rc = store_step(store, statement, &has_row, err);
        }
    }
    return rc;
}

enum err_code outbox_next_version(struct outbox *outbox, int64_t now_us, int64_t *out,
                                  struct err *err)
{
    int64_t high = 0;
    enum err_code rc = number_get(outbox->store, OUTBOX_VERSION_GET, &high, err);
    int64_t next = now_us > high ? now_us : high + 1;
    rc = rc == ERR_OK ? store_run(outbox->store, OUTBOX_VERSION_SET,
                                  (struct store_value[]){STORE_INTEGER(next)}, 1, err)
                      : rc;
    if (rc == ERR_OK) {
        *out = next;
    }
    return rc;
}

enum err_code outbox_begin(struct outbox *outbox, const struct outbox_import *import,
                           struct err *err)
{
    enum err_code rc = store_begin(outbox->store, err);
    if (rc == ERR_OK) {
        outbox->import = *import;
        rc = number_get(outbox->store, OUTBOX_RUN_NEXT, &outbox->run, err);
    }
    if (rc != ERR_OK) {
        store_rollback(outbox->store);
    }
    return rc;
}

enum err_code outbox_commit(struct outbox *outbox, struct err *err)
{
    enum err_code rc = store_commit(outbox->store, err);
    if (rc != ERR_OK) {
        store_rollback(outbox->store);
    }
    return rc;
}

void outbox_rollback(struct outbox *outbox)
{
    store_rollback(outbox->store);
}

enum found { FOUND_NOTHING, FOUND_TOMBSTONE, FOUND_OTHER_CONTENT, FOUND_SAME_CONTENT };

static enum err_code unit_find(struct outbox *outbox, const struct unit_id *id,
                               const uint8_t hash[OUTBOX_HASH_BYTES], enum found *out,
                               struct err *err)
{
    struct store *store = outbox->store;
    const struct store_value values[] = {UNIT_KEY_VALUES(outbox->import.partnership, id)};
    bool has_row = false;
    enum err_code rc = store_start(store, OUTBOX_UNIT_FIND, values, KEY_VALUES, err);
    rc = rc == ERR_OK ? store_step(store, OUTBOX_UNIT_FIND, &has_row, err) : rc;
    if (rc != ERR_OK || !has_row) {
        *out = FOUND_NOTHING;
        return rc;
    }
    sqlite3_stmt *row = store_row(store, OUTBOX_UNIT_FIND);
    bool is_same = sqlite3_column_bytes(row, 0) == OUTBOX_HASH_BYTES &&
                   memcmp(sqlite3_column_blob(row, 0), hash, OUTBOX_HASH_BYTES) == 0;
    bool is_tombstone = sqlite3_column_int(row, 1) != 0;
    *out = is_tombstone ? FOUND_TOMBSTONE : (is_same ? FOUND_SAME_CONTENT : FOUND_OTHER_CONTENT);
    return store_step(store, OUTBOX_UNIT_FIND, &has_row, err);
}

static enum err_code unit_write(struct outbox *outbox, const struct outbox_unit *unit,
                                const uint8_t hash[OUTBOX_HASH_BYTES], struct err *err)
{
    int64_t version = 0;
    enum err_code rc = outbox_next_version(outbox, outbox->import.now_us, &version, err);
    const struct store_value key[] = {UNIT_KEY_VALUES(outbox->import.partnership, &unit->id)};
    rc =
        rc == ERR_OK ? store_run(outbox->store, OUTBOX_VIOLATIONS_CLEAR, key, KEY_VALUES, err) : rc;
    struct store_value worker = STORE_BLOB(unit->worker, UNIT_KEY_BYTES);
    worker.kind = unit->worker == NULL ? STORE_IS_NULL : STORE_IS_BLOB;
    const struct store_value values[] = {
        UNIT_KEY_VALUES(outbox->import.partnership, &unit->id),
        STORE_BLOB(hash, OUTBOX_HASH_BYTES),
        STORE_BLOB(unit->body.data, unit->body.len),
        STORE_INTEGER(version),
        STORE_TEXT(unit->source),
        worker,
        STORE_INTEGER(outbox->run),
    };
    return rc == ERR_OK
               ? store_run(outbox->store, OUTBOX_UNIT_PUT, values, ARRAY_COUNT(values), err)
               : rc;
}

enum err_code outbox_put(struct outbox *outbox, const struct outbox_unit *unit,
                         enum outbox_put_result *out, struct err *err)
{
    uint8_t hash[OUTBOX_HASH_BYTES];
    enum found found = FOUND_NOTHING;
    (void)crypto_hash_sha256(hash, unit->body.data, unit->body.len);
    enum err_code rc = unit_find(outbox, &unit->id, hash, &found, err);
    if (rc != ERR_OK) {
        return rc;
    }
    if (found != FOUND_SAME_CONTENT) {
        *out = found == FOUND_OTHER_CONTENT ? OUTBOX_PUT_CHANGED : OUTBOX_PUT_NEW;
        return unit_write(outbox, unit, hash, err);
    }
    *out = OUTBOX_PUT_UNCHANGED;
    const struct store_value values[] = {UNIT_KEY_VALUES(outbox->import.partnership, &unit->id),
                                         STORE_INTEGER(outbox->run), STORE_TEXT(unit->source)};
    return store_run(outbox->store, OUTBOX_UNIT_MEET, values, ARRAY_COUNT(values), err);
}

enum err_code outbox_keep(struct outbox *outbox, const struct unit_id *id, struct err *err)
{
    const struct store_value values[] = {UNIT_KEY_VALUES(outbox->import.partnership, id),
                                         STORE_INTEGER(outbox->run)};
    return store_run(outbox->store, OUTBOX_UNIT_KEEP, values, ARRAY_COUNT(values), err);
}

/* Counts the kind's live units and those that this import did not meet. */
static enum err_code vanished_count(struct outbox *outbox, enum unit_kind kind, uint64_t *live,
                                    uint64_t *vanished, struct err *err)
{
    const struct store_value values[] = {STORE_TEXT(outbox->import.partnership),
                                         STORE_INTEGER(kind), STORE_INTEGER(outbox->run)};
    bool has_row = false;
    enum err_code rc = store_start(outbox->store, OUTBOX_LIVE_COUNT, values, 3, err);
    rc = rc == ERR_OK ? store_step(outbox->store, OUTBOX_LIVE_COUNT, &has_row, err) : rc;
    if (rc == ERR_OK) {
        sqlite3_stmt *row = store_row(outbox->store, OUTBOX_LIVE_COUNT);
        *live = (uint64_t)sqlite3_column_int64(row, 0);
        *vanished = (uint64_t)sqlite3_column_int64(row, 1);
        rc = store_step(outbox->store, OUTBOX_LIVE_COUNT, &has_row, err);
    }
    return rc;
}

/* Buries one vanished unit; *is_done when there was none left. */
static enum err_code tombstone_next(struct outbox *outbox, enum unit_kind kind, bool *is_done,
                                    struct err *err)
{
    struct store *store = outbox->store;
    struct unit_id id = {.kind = kind};
    bool has_row = false;
    const struct store_value values[] = {STORE_TEXT(outbox->import.partnership),
                                         STORE_INTEGER(kind), STORE_INTEGER(outbox->run)};
    enum err_code rc = store_start(store, OUTBOX_VANISHED_NEXT, values, 3, err);
    rc = rc == ERR_OK ? store_step(store, OUTBOX_VANISHED_NEXT, &has_row, err) : rc;
    *is_done = !has_row;
    if (rc != ERR_OK || !has_row) {
        return rc;
    }
    sqlite3_stmt *row = store_row(store, OUTBOX_VANISHED_NEXT);
    memcpy(id.key, sqlite3_column_blob(row, 0), UNIT_KEY_BYTES);
    id.month = sqlite3_column_int(row, 1);
    rc = store_step(store, OUTBOX_VANISHED_NEXT, &has_row, err);
    AUTO_BUF struct buf body = BUF_INIT;
    int64_t version = 0;
    rc = rc == ERR_OK ? unit_pack_tombstone(&id, &body, err) : rc;
    rc = rc == ERR_OK ? outbox_next_version(outbox, outbox->import.now_us, &version, err) : rc;
    const struct store_value put[] = {UNIT_KEY_VALUES(outbox->import.partnership, &id),
                                      STORE_BLOB(body.data, body.len), STORE_INTEGER(version)};
    return rc == ERR_OK ? store_run(store, OUTBOX_TOMBSTONE_PUT, put, ARRAY_COUNT(put), err) : rc;
}

enum err_code outbox_vanish(struct outbox *outbox, enum unit_kind kind,
                            const struct outbox_vanish_limits *limits, uint64_t *out,
                            struct err *err)
{
    uint64_t live = 0;
    uint64_t vanished = 0;
    enum err_code rc = vanished_count(outbox, kind, &live, &vanished, err);
    if (rc != ERR_OK) {
        return rc;
    }
    if (!limits->is_allowed && vanished * 100 > live * limits->percent_max) {
        (void)err_set(err, ERR_CONFLICT, "%llu of %llu %s are no longer in the export",
                      (unsigned long long)vanished, (unsigned long long)live,
                      kind == UNIT_KIND_CASE ? "cases" : "worker-months");
        (void)err_reason(err, "TOO_MANY_VANISHED");
        return err_hint(err, "If they are really gone, repeat with --allow-vanished.");
    }
    const struct store_value values[] = {STORE_TEXT(outbox->import.partnership),
                                         STORE_INTEGER(kind), STORE_INTEGER(outbox->run)};
    rc = store_run(outbox->store, OUTBOX_VANISHED_DELETE, values, 3, err);
    bool is_done = false;
    while (rc == ERR_OK && !is_done) {
        rc = tombstone_next(outbox, kind, &is_done, err);
    }
    if (rc == ERR_OK) {
        *out = vanished;
    }
    return rc;
}

enum err_code outbox_has_worker(struct outbox *outbox, const char *partnership,
                                const uint8_t worker[UNIT_KEY_BYTES], bool *out, struct err *err)
{
    const struct store_value values[] = {STORE_TEXT(partnership),
                                         STORE_BLOB(worker, UNIT_KEY_BYTES)};
    bool has_row = false;
    enum err_code rc = store_start(outbox->store, OUTBOX_WORKER_FIND, values, 2, err);
    rc = rc == ERR_OK ? store_step(outbox->store, OUTBOX_WORKER_FIND, &has_row, err) : rc;
    if (rc == ERR_OK) {
        *out = has_row;
        rc = has_row ? store_step(outbox->store, OUTBOX_WORKER_FIND, &has_row, err) : ERR_OK;
    }
    return rc;
}

static enum outbox_state state_of(const char *word)
{
    static const char *const words[] = {"pending", "sent", "acked", "refused"};
    for (int i = 0; i < OUTBOX_STATE_COUNT; i++) {
        if (strcmp(words[i], word) == 0) {
            return (enum outbox_state)i;
        }
    }
    assert(false); /* the table's CHECK allows no other word */
    return OUTBOX_PENDING;
}

enum err_code outbox_count(struct outbox *outbox, const char *partnership,
                           struct outbox_counts *out, struct err *err)
{
    struct outbox_counts counts = {.tombstones = 0};
    bool has_row = true;
    enum err_code rc = store_start(outbox->store, OUTBOX_COUNT_STATES,
                                   (struct store_value[]){STORE_TEXT(partnership)}, 1, err);
    while (rc == ERR_OK && has_row) {
        rc = store_step(outbox->store, OUTBOX_COUNT_STATES, &has_row, err);
        if (rc != ERR_OK || !has_row) {
            break;
        }
        sqlite3_stmt *row = store_row(outbox->store, OUTBOX_COUNT_STATES);
        enum outbox_state state = state_of((const char *)sqlite3_column_text(row, 0));
        counts.states[state] = (uint64_t)sqlite3_column_int64(row, 1);
        counts.tombstones += (uint64_t)sqlite3_column_int64(row, 2);
        counts.held_cases += (uint64_t)sqlite3_column_int64(row, 3);
        counts.held_worker_months += (uint64_t)sqlite3_column_int64(row, 4);
    }
    if (rc == ERR_OK) {
        *out = counts;
    }
    return rc;
}

enum err_code outbox_digest(struct outbox *outbox, const char *partnership,
                            uint8_t out[UNIT_DIGEST_BYTES], struct err *err)
{
    struct unit_digest digest;
    unit_digest_start(&digest);
    bool has_row = true;
    enum err_code rc = store_start(outbox->store, OUTBOX_DIGEST_LIST,
                                   (struct store_value[]){STORE_TEXT(partnership)}, 1, err);
    while (rc == ERR_OK && has_row) {
        rc = store_step(outbox->store, OUTBOX_DIGEST_LIST, &has_row, err);
        if (rc != ERR_OK || !has_row) {
            break;
        }
        sqlite3_stmt *row = store_row(outbox->store, OUTBOX_DIGEST_LIST);
        struct unit_id id = {
            .kind = (enum unit_kind)sqlite3_column_int(row, 0),
            .month = sqlite3_column_int(row, 2),
            .version = (uint64_t)sqlite3_column_int64(row, 3),
        };
        memcpy(id.key, sqlite3_column_blob(row, 1), UNIT_KEY_BYTES);
        unit_digest_add(&digest, &id);
    }
    if (rc == ERR_OK) {
        unit_digest_finish(&digest, out);
    }
    return rc;
}

enum err_code outbox_retry_refused(struct outbox *outbox, const char *partnership, uint64_t *out,
                                   struct err *err)
{
    enum err_code rc = store_run(outbox->store, OUTBOX_REFUSED_RETRY,
                                 (struct store_value[]){STORE_TEXT(partnership)}, 1, err);
    if (rc == ERR_OK) {
        *out = store_changes(outbox->store);
    }
    return rc;
}

enum err_code outbox_partnerships(struct outbox *outbox, void (*each)(void *ctx, const char *slug),
                                  void *ctx, struct err *err)
{
    bool has_row = true;
    enum err_code rc = store_start(outbox->store, OUTBOX_PARTNERSHIPS, NULL, 0, err);
    while (rc == ERR_OK && has_row) {
        rc = store_step(outbox->store, OUTBOX_PARTNERSHIPS, &has_row, err);
        if (rc == ERR_OK && has_row) {
            each(ctx, (const char *)sqlite3_column_text(
                          store_row(outbox->store, OUTBOX_PARTNERSHIPS), 0));
        }
    }
    return rc;
}
