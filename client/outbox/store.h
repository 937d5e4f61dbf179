/*
 * store - a SQLite database with a fixed list of prepared statements. Used by outbox.c,
 * batch.c and stage.c, which know the tables; nothing else includes sqlite3.h.
 *
 *     store_start(store, UNIT_FIND, (struct store_value[]){STORE_TEXT(slug)}, 1, err);
 *     while ((code = store_step(store, UNIT_FIND, &has_row, err)) == ERR_OK && has_row) {
 *         ... sqlite3_column_int64(store_row(store, UNIT_FIND), 0) ...
 *     }
 */
#ifndef FREMGANG_OUTBOX_STORE_H
#define FREMGANG_OUTBOX_STORE_H

#include "base/auto.h"
#include "base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct store_schema {
    const char *const *migrations; /* the n-th brings user_version from n to n + 1 */
    size_t migration_count;
    const char *const *statements; /* by number; may hold gaps of NULL */
    size_t statement_count;
};

enum store_kind { STORE_IS_NULL, STORE_IS_INTEGER, STORE_IS_TEXT, STORE_IS_BLOB };

struct store_value {
    enum store_kind kind;
    int64_t integer;
    const void *bytes; /* borrowed until the statement is done */
    size_t len;
};

#define STORE_NULL                                                                                 \
    {                                                                                              \
        .kind = STORE_IS_NULL                                                                      \
    }
#define STORE_INTEGER(number)                                                                      \
    {                                                                                              \
        .kind = STORE_IS_INTEGER, .integer = (int64_t)(number)                                     \
    }
#define STORE_TEXT(text)                                                                           \
    {                                                                                              \
        .kind = STORE_IS_TEXT, .bytes = (text), .len = strlen(text)                                \
    }
#define STORE_BLOB(data, size)                                                                     \
    {                                                                                              \
        .kind = STORE_IS_BLOB, .bytes = (data), .len = (size)                                      \
    }

/** Opens or makes the database (mode 0600; "" is a private temporary one), brings it to the
 * newest schema and prepares the statements. WAL and synchronous FULL: what is committed
 * survives power loss. ERR_UNAVAILABLE, ERR_CORRUPT (no database, or a newer program's). */
NODISCARD enum err_code store_open(const char *path, const struct store_schema *schema,
                                   struct store **out, struct err *err);
/** An open transaction is rolled back. NULL ok. */
void store_close(struct store *store);
DEFINE_AUTO(struct store, store_close);

/** Starts a statement with its parameters in order. ERR_INTERNAL. */
NODISCARD enum err_code store_start(struct store *store, int statement,
                                    const struct store_value *values, size_t count,
                                    struct err *err);
/** Next row; `*has_row` false at the end. ERR_UNAVAILABLE (disk full, locked), ERR_CORRUPT. */
NODISCARD enum err_code store_step(struct store *store, int statement, bool *has_row,
                                   struct err *err);
/** Starts and runs a statement that gives no rows. */
NODISCARD enum err_code store_run(struct store *store, int statement,
                                  const struct store_value *values, size_t count, struct err *err);
/** The row a step gave, for sqlite3_column_*. Borrowed until the next step. */
sqlite3_stmt *store_row(struct store *store, int statement);
/** Number of rows the last change touched. */
size_t store_changes(const struct store *store);

/** One transaction; begin takes the write lock at once. */
NODISCARD enum err_code store_begin(struct store *store, struct err *err);
NODISCARD enum err_code store_commit(struct store *store, struct err *err);
/** Leaves nothing of the transaction. No transaction: does nothing. */
void store_rollback(struct store *store);

#endif
