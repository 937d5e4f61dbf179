/*
 * db - the fence around libpq: pools, transactions, statements, rows, COPY. Every store
 * file calls it; nothing outside server/store includes libpq-fe.h.
 *
 *     AUTO(db_rollback) struct db *db = NULL;
 *     struct db_begin_options options = {.role = "muni_657", .timeout_ms = 5000};
 *     rc = db_begin(pool, &options, &db, err);
 *     rc = db_query(db, DB_SQL(case_push_counts), DB_PARAMS(db_int(657)),
 *                   (struct db_reader){read_counts, &counts}, err);
 *     return db_commit(STEAL(db), err);
 *
 * Errors: PostgreSQL's texts can quote values, so none leaves this module. The message is
 * fixed by SQLSTATE; err.detail (log only) holds SQLSTATE, constraint and statement name.
 *   ERR_UNAVAILABLE  cannot be reached, or asks for a retry (serialization, deadlock);
 *                    err.reason is "DB_RETRY" when the same transaction may pass at once
 *   ERR_TIMEOUT      the transaction's deadline passed; the statement was cancelled
 *   ERR_CONFLICT     a unique or exclusion constraint; err.reason is "DB_DUPLICATE"
 *   ERR_INVALID      another constraint or a value out of its type's range
 *   ERR_DENIED       the role may not do this, or row security refused the row
 *   ERR_CORRUPT      the database says that its files are damaged
 *   ERR_INTERNAL     a bug, or out of memory
 * After a failed statement only db_rollback is of use.
 */
#ifndef FREMGANG_STORE_DB_H
#define FREMGANG_STORE_DB_H

#include "base/auto.h"
#include "base/err.h"
#include "store/db_value.h"

struct db_pool; /* connections to one database, shared by threads */
struct db;      /* one transaction on one connection; used by one thread */
struct db_row;  /* one row of a result, borrowed inside the reader */

/** A statement and its name for err.detail: `DB_SQL(case_push_counts)`. */
struct db_statement {
    const char *name;
    const char *sql;
};
#define DB_SQL(stem) ((struct db_statement){#stem, sql_##stem})

struct db_begin_options {
    const char *role; /* SET LOCAL ROLE; NULL stays the log-in role */
    bool read_only;
    bool snapshot;  /* REPEATABLE READ: every statement sees the same state */
    int timeout_ms; /* for the whole transaction, with the wait for a connection;
                       0 is DB_TRANSACTION_MS_DEFAULT */
};

/** Opens a pool of at most `connections_max` and dials one connection as proof. The words
 * are libpq's, e.g. "host=/run/x dbname=fremgang user=fremgang_pool". ERR_UNAVAILABLE. */
NODISCARD enum err_code db_pool_open(const char *conninfo, int connections_max,
                                     struct db_pool **out, struct err *err);
/** Closes all connections. Every transaction must have ended. NULL ok. */
void db_pool_free(struct db_pool *pool);
DEFINE_AUTO(struct db_pool, db_pool_free);

/** Waits for a free connection (dialling anew where one broke) and begins a transaction
 * with a fixed search_path. Gives it. ERR_TIMEOUT when none came free, ERR_UNAVAILABLE. */
NODISCARD enum err_code db_begin(struct db_pool *pool, const struct db_begin_options *options,
                                 struct db **out, struct err *err);
/** Takes the transaction in every case and makes it last. When the connection breaks here
 * the outcome is unknown (ERR_UNAVAILABLE): repeat with the same idempotency key. */
NODISCARD enum err_code db_commit(struct db *db, struct err *err);
/** Takes the transaction and undoes it; also after a failure. NULL ok. */
void db_rollback(struct db *db);
DEFINE_AUTO(struct db, db_rollback);

/** Runs a statement without reading rows. `affected` may be NULL. */
NODISCARD enum err_code db_exec(struct db *db, struct db_statement statement,
                                struct db_params params, uint64_t *affected, struct err *err);
/** Runs the text of a migration: several statements, no parameters. */
NODISCARD enum err_code db_exec_script(struct db *db, struct db_statement script, struct err *err);

/** Called once a row. It may not use the same `struct db`. An error ends the statement and
 * is passed on by db_query as it came. */
typedef enum err_code (*db_row_fn)(const struct db_row *row, void *ctx, struct err *err);
struct db_reader {
    db_row_fn read;
    void *ctx; /* borrowed */
};

/** Runs a statement and hands over its rows one by one as they arrive (never all held). */
NODISCARD enum err_code db_query(struct db *db, struct db_statement statement,
                                 struct db_params params, struct db_reader reader, struct err *err);
/** As db_query for a statement that yields one row; ERR_NOT_FOUND when it yields none. */
NODISCARD enum err_code db_query_one(struct db *db, struct db_statement statement,
                                     struct db_params params, struct db_reader reader,
                                     struct err *err);

/* Columns count from 0. A column of another type is a bug and stops the program. */
bool db_row_is_null(const struct db_row *row, int column);
/** smallint, int, bigint, oid. */
int64_t db_row_int(const struct db_row *row, int column);
bool db_row_bool(const struct db_row *row, int column);
double db_row_double(const struct db_row *row, int column);
/** text and the like, NUL-ended, borrowed; NULL for NULL. */
const char *db_row_text(const struct db_row *row, int column);
/** bytea, borrowed; data is NULL for NULL. */
struct db_bytes db_row_bytes(const struct db_row *row, int column);
/** DATE_NONE for NULL. */
date_t db_row_date(const struct db_row *row, int column);
/** timestamptz as microseconds since 1970. */
int64_t db_row_time_us(const struct db_row *row, int column);

/** Starts `COPY ... FROM STDIN (FORMAT binary)`; then rows, then db_copy_end. */
NODISCARD enum err_code db_copy_begin(struct db *db, struct db_statement statement,
                                      struct err *err);
/** One row; the kinds must be those of the columns. */
NODISCARD enum err_code db_copy_row(struct db *db, const struct db_value *values, size_t n,
                                    struct err *err);
NODISCARD enum err_code db_copy_end(struct db *db, struct err *err);
/** Runs a `COPY ... FROM STDIN` of another format with this text as its input. */
NODISCARD enum err_code db_copy_text(struct db *db, struct db_statement statement, const char *text,
                                     struct err *err);

#endif
