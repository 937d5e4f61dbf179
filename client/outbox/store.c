/* store - see store.h. */
#include "outbox/store.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { BUSY_TIMEOUT_MS = 5000 }; /* another run of the client holds the lock that long at most */

struct store {
    sqlite3 *db;
    sqlite3_stmt **statements;
    size_t count;
};

/* SQLite's texts hold no parameter values, so they may be a detail for the log. */
static enum err_code fail(const struct store *store, struct err *err)
{
    int code = sqlite3_errcode(store->db) & 0xff;
    enum err_code rc = ERR_INTERNAL;
    const char *hint = "This is a bug of the client; nothing was changed.";
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        rc = ERR_UNAVAILABLE;
        hint = "Wait until the other run of fremgang has ended.";
    } else if (code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_CANTOPEN ||
               code == SQLITE_READONLY) {
        rc = ERR_UNAVAILABLE;
        hint = "Check the disk's space and the file's permissions.";
    } else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        rc = ERR_CORRUPT;
        hint = "Restore the file from a backup, or remove it and import again in full.";
    } else if (code == SQLITE_NOMEM) {
        return err_memory(err);
    }
    (void)err_set(err, rc, "could not use the local database");
    (void)err_detail(err, "%s", sqlite3_errmsg(store->db));
    return err_hint(err, "%s", hint);
}

static enum err_code execute(struct store *store, const char *sql, struct err *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : fail(store, err);
}

static enum err_code version_read(struct store *store, size_t *out, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        sqlite3_finalize(statement);
        return fail(store, err);
    }
    *out = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return ERR_OK;
}

/* Applies the migrations that are missing, all in one transaction. */
static enum err_code migrate(struct store *store, const struct store_schema *schema,
                             struct err *err)
{
    size_t version = 0;
    enum err_code rc = store_begin(store, err);
    rc = rc == ERR_OK ? version_read(store, &version, err) : rc;
    if (rc == ERR_OK && version > schema->migration_count) {
        (void)err_set(err, ERR_CORRUPT, "the local database was made by a newer fremgang");
        rc = err_hint(err, "Use the newest fremgang of this installation.");
    }
    for (size_t i = version; rc == ERR_OK && i < schema->migration_count; i++) {
        rc = execute(store, schema->migrations[i], err);
    }
    char pragma[40];
    (void)snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %zu", schema->migration_count);
    rc = rc == ERR_OK ? execute(store, pragma, err) : rc;
    return rc == ERR_OK ? store_commit(store, err) : rc;
}

static enum err_code prepare(struct store *store, const struct store_schema *schema,
                             struct err *err)
{
    store->statements = calloc(schema->statement_count, sizeof(*store->statements));
    if (store->statements == NULL) {
        return err_memory(err);
    }
    store->count = schema->statement_count;
    for (size_t i = 0; i < schema->statement_count; i++) {
        if (schema->statements[i] != NULL &&
            sqlite3_prepare_v3(store->db, schema->statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK) {
            return fail(store, err);
        }
    }
    return ERR_OK;
}

static enum err_code configure(struct store *store, bool is_temporary, struct err *err)
{
    (void)sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    if (is_temporary) {
        return execute(store, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;", err);
    }
    return execute(store,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                   "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
                   err);
}

enum err_code store_open(const char *path, const struct store_schema *schema, struct store **out,
                         struct err *err)
{
    AUTO(store_close) struct store *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return err_memory(err);
    }
    mode_t mask = umask(S_IRWXG | S_IRWXO);
    int opened = sqlite3_open(path, &store->db);
    enum err_code rc =
        opened == SQLITE_OK ? configure(store, *path == '\0', err) : fail(store, err);
    (void)umask(mask);
    rc = rc == ERR_OK ? migrate(store, schema, err) : rc;
    rc = rc == ERR_OK ? prepare(store, schema, err) : rc;
    if (rc == ERR_OK) {
        *out = STEAL(store);
    }
    return rc;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    for (size_t i = 0; i < store->count; i++) {
        sqlite3_finalize(store->statements[i]);
    }
    free(store->statements);
    (void)sqlite3_close(store->db);
    free(store);
}

static int value_bind(sqlite3_stmt *statement, int position, const struct store_value *value)
{
    switch (value->kind) {
    case STORE_IS_INTEGER:
        return sqlite3_bind_int64(statement, position, value->integer);
    case STORE_IS_TEXT:
        return sqlite3_bind_text(statement, position, value->bytes, (int)value->len, SQLITE_STATIC);
    case STORE_IS_BLOB:
        return value->len == 0 ? sqlite3_bind_zeroblob(statement, position, 0)
                               : sqlite3_bind_blob(statement, position, value->bytes,
                                                   (int)value->len, SQLITE_STATIC);
    case STORE_IS_NULL:
        break;
    }
    return sqlite3_bind_null(statement, position);
}

enum err_code store_start(struct store *store, int statement, const struct store_value *values,
                          size_t count, struct err *err)
{
    sqlite3_stmt *prepared = store->statements[statement];
    assert(sqlite3_bind_parameter_count(prepared) == (int)count);
    (void)sqlite3_reset(prepared);
    (void)sqlite3_clear_bindings(prepared);
    for (size_t i = 0; i < count; i++) {
        if (value_bind(prepared, (int)i + 1, &values[i]) != SQLITE_OK) {
            return fail(store, err);
        }
    }
    return ERR_OK;
}

enum err_code store_step(struct store *store, int statement, bool *has_row, struct err *err)
{
    sqlite3_stmt *prepared = store->statements[statement];
    int code = sqlite3_step(prepared);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        enum err_code rc = fail(store, err);
        (void)sqlite3_reset(prepared);
        return rc;
    }
    if (code == SQLITE_DONE) {
        (void)sqlite3_reset(prepared);
    }
    *has_row = code == SQLITE_ROW;
    return ERR_OK;
}

enum err_code store_run(struct store *store, int statement, const struct store_value *values,
                        size_t count, struct err *err)
{
    bool has_row = true;
    enum err_code rc = store_start(store, statement, values, count, err);
    while (rc == ERR_OK && has_row) {
        rc = store_step(store, statement, &has_row, err);
    }
    return rc;
}

sqlite3_stmt *store_row(struct store *store, int statement)
{
    return store->statements[statement];
}

size_t store_changes(const struct store *store)
{
    return (size_t)sqlite3_changes(store->db);
}

enum err_code store_begin(struct store *store, struct err *err)
{
    return execute(store, "BEGIN IMMEDIATE", err);
}

enum err_code store_commit(struct store *store, struct err *err)
{
    return execute(store, "COMMIT", err);
}

void store_rollback(struct store *store)
{
    if (sqlite3_get_autocommit(store->db) == 0) {
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
}
