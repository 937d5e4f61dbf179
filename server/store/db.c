/* db - transactions and statements; see db.h. The socket is non-blocking: every wait ends
 * at the transaction's deadline, and a statement that is still running then is cancelled. */
#include "store/db.h"

#include "base/clock.h"
#include "base/limits.h"
#include "embed/embed_queries.h"
#include "store/db_internal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { FORMAT_BINARY = 1 };

enum err_code db_flush(struct db *db, struct err *err)
{
    int rest;
    while ((rest = PQflush(db->conn)) != 0) {
        if (rest < 0) {
            return db_map_connection_lost(db->statement, err);
        }
        enum err_code rc = db_wait_socket(PQsocket(db->conn), DB_WAIT_WRITE, db->deadline_ms, err);
        if (rc == ERR_OK && PQconsumeInput(db->conn) == 0) {
            rc = db_map_connection_lost(db->statement, err);
        }
        if (rc != ERR_OK) {
            return rc;
        }
    }
    return ERR_OK;
}

enum err_code db_next_result(struct db *db, PGresult **out, struct err *err)
{
    while (PQisBusy(db->conn)) {
        enum err_code rc = db_wait_socket(PQsocket(db->conn), DB_WAIT_READ, db->deadline_ms, err);
        if (rc != ERR_OK) {
            return rc;
        }
        if (PQconsumeInput(db->conn) == 0) {
            return db_map_connection_lost(db->statement, err);
        }
    }
    *out = PQgetResult(db->conn);
    return ERR_OK;
}

static void drain(struct db *db)
{
    PGresult *result = NULL;
    struct err ignored = ERR_INIT;
    while (db_next_result(db, &result, &ignored) == ERR_OK && result != NULL) {
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            return; // stays non-idle: the pool closes the connection
        }
    }
}

void db_abandon(struct db *db)
{
    char ignored[256];
    PGcancel *cancel = PQgetCancel(db->conn);
    if (cancel != NULL) {
        (void)PQcancel(cancel, ignored, sizeof(ignored));
        PQfreeCancel(cancel);
    }
    int64_t deadline_ms = db->deadline_ms;
    db->deadline_ms = clock_monotonic_ms() + DB_CANCEL_MS_MAX;
    drain(db);
    db->deadline_ms = deadline_ms;
    db->is_busy = false;
}

enum err_code db_send(struct db *db, struct db_statement statement, struct db_params params,
                      struct err *err)
{
    assert(!db->is_busy && "a reader may not use its own transaction");
    db->statement = statement.name;
    struct db_encoded encoded;
    enum err_code rc = db_encode(params, &encoded, err);
    if (rc == ERR_OK &&
        PQsendQueryParams(db->conn, statement.sql, (int)params.n, encoded.types, encoded.values,
                          encoded.lengths, encoded.formats, FORMAT_BINARY) == 0) {
        rc = db_map_connection_lost(statement.name, err);
    }
    buf_clear(&encoded.memory);
    db->is_busy = rc == ERR_OK;
    return rc;
}

/* One result of a running statement. Rows go to the reader, errors to the map. */
static enum err_code take_result(struct db *db, PGresult *result, struct db_reader reader,
                                 uint64_t *count, struct err *err)
{
    struct db_row row = {result};
    switch (PQresultStatus(result)) {
    case PGRES_SINGLE_TUPLE:
        (*count)++;
        return reader.read == NULL ? ERR_OK : reader.read(&row, reader.ctx, err);
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
        return ERR_OK;
    case PGRES_COMMAND_OK:
        *count = strtoull(PQcmdTuples(result), NULL, 10);
        return ERR_OK;
    default:
        return db_map_error(result, db->statement, err);
    }
}

/* Reads a sent statement to its end; `*count` is its rows, read or affected. */
static enum err_code finish(struct db *db, struct db_reader reader, uint64_t *count,
                            struct err *err)
{
    PGresult *result = NULL;
    enum err_code rc = db_flush(db, err);
    bool is_refused = false;
    while (rc == ERR_OK) {
        rc = db_next_result(db, &result, err);
        if (rc != ERR_OK || result == NULL) {
            break;
        }
        is_refused = PQresultStatus(result) == PGRES_FATAL_ERROR;
        rc = take_result(db, result, reader, count, err);
        PQclear(result);
    }
    if (rc != ERR_OK && PQstatus(db->conn) == CONNECTION_OK) {
        if (is_refused) {
            drain(db); // it has ended by itself: a cancel would cost a connection
        } else {
            db_abandon(db);
        }
    }
    db->is_busy = false;
    return rc;
}

enum err_code db_exec(struct db *db, struct db_statement statement, struct db_params params,
                      uint64_t *affected, struct err *err)
{
    uint64_t count = 0;
    enum err_code rc = db_send(db, statement, params, err);
    if (rc == ERR_OK) {
        (void)PQsetSingleRowMode(db->conn);
        rc = finish(db, (struct db_reader){NULL, NULL}, &count, err);
    }
    if (rc == ERR_OK && affected != NULL) {
        *affected = count;
    }
    return rc;
}

enum err_code db_exec_script(struct db *db, struct db_statement script, struct err *err)
{
    assert(!db->is_busy);
    uint64_t count = 0;
    db->statement = script.name;
    if (PQsendQuery(db->conn, script.sql) == 0) {
        return db_map_connection_lost(script.name, err);
    }
    db->is_busy = true;
    return finish(db, (struct db_reader){NULL, NULL}, &count, err);
}

static enum err_code query(struct db *db, struct db_statement statement, struct db_params params,
                           struct db_reader reader, struct err *err)
{
    uint64_t count = 0;
    enum err_code rc = db_send(db, statement, params, err);
    if (rc != ERR_OK) {
        return rc;
    }
    (void)PQsetSingleRowMode(db->conn);
    return finish(db, reader, &count, err);
}

enum err_code db_query(struct db *db, struct db_statement statement, struct db_params params,
                       struct db_reader reader, struct err *err)
{
    return query(db, statement, params, reader, err);
}

struct one_row {
    struct db_reader reader;
    unsigned n;
};

static enum err_code read_one(const struct db_row *row, void *ctx, struct err *err)
{
    struct one_row *one = ctx;
    one->n++;
    assert(one->n == 1 && "a statement for one row yields more");
    return one->reader.read(row, one->reader.ctx, err);
}

enum err_code db_query_one(struct db *db, struct db_statement statement, struct db_params params,
                           struct db_reader reader, struct err *err)
{
    struct one_row one = {reader, 0};
    enum err_code rc = query(db, statement, params, (struct db_reader){read_one, &one}, err);
    if (rc == ERR_OK && one.n == 0) {
        (void)err_set(err, ERR_NOT_FOUND, "no such row");
        return err_detail(err, "statement %s: no row", statement.name);
    }
    return rc;
}

static struct db_statement begin_statement(const struct db_begin_options *options)
{
    if (options->snapshot) {
        return options->read_only ? DB_SQL(db_begin_snapshot_read)
                                  : DB_SQL(db_begin_snapshot_write);
    }
    return options->read_only ? DB_SQL(db_begin_read) : DB_SQL(db_begin_write);
}

static enum err_code begin_on(struct db *db, const struct db_begin_options *options,
                              struct err *err)
{
    char timeout_ms[24];
    int64_t left_ms = db->deadline_ms - clock_monotonic_ms();
    (void)snprintf(timeout_ms, sizeof(timeout_ms), "%lld", (long long)(left_ms < 1 ? 1 : left_ms));
    enum err_code rc = db_exec(db, begin_statement(options), DB_NO_PARAMS, NULL, err);
    if (rc == ERR_OK) {
        rc = db_exec(
            db, DB_SQL(db_begin_settings),
            DB_PARAMS(db_text(options->role == NULL ? "" : options->role), db_text(timeout_ms)),
            NULL, err);
    }
    return rc;
}

enum err_code db_begin(struct db_pool *pool, const struct db_begin_options *options,
                       struct db **out, struct err *err)
{
    int timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : DB_TRANSACTION_MS_DEFAULT;
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
    for (;;) {
        PGconn *conn = NULL;
        bool is_fresh = false;
        enum err_code rc = db_pool_take(pool, deadline_ms, &conn, &is_fresh, err);
        if (rc != ERR_OK) {
            return rc;
        }
        struct db *db = calloc(1, sizeof(*db));
        if (db == NULL) {
            db_pool_return(pool, conn);
            return err_memory(err);
        }
        *db = (struct db){.pool = pool, .conn = conn, .deadline_ms = deadline_ms};
        rc = begin_on(db, options, err);
        if (rc == ERR_OK) {
            *out = db;
            return ERR_OK;
        }
        bool was_stale = !is_fresh && PQstatus(conn) == CONNECTION_BAD;
        db_rollback(db);
        if (!was_stale) {
            return rc; // an idle connection that broke meanwhile is replaced, others are not
        }
    }
}

static void db_free(struct db *db)
{
    buf_clear(&db->copy);
    db_pool_return(db->pool, db->conn);
    free(db);
}

/* COMMIT of a failed transaction answers ROLLBACK and reports no error. */
static enum err_code commit(struct db *db, struct err *err)
{
    if (PQtransactionStatus(db->conn) != PQTRANS_INTRANS) {
        (void)err_set(err, ERR_INTERNAL, "the transaction had failed before its commit");
        return err_detail(err, "after statement %s", db->statement);
    }
    return db_exec(db, DB_SQL(db_commit), DB_NO_PARAMS, NULL, err);
}

enum err_code db_commit(struct db *db, struct err *err)
{
    assert(!db->is_busy);
    enum err_code rc = commit(db, err);
    if (rc == ERR_OK) {
        db_free(db);
    } else {
        db_rollback(db);
    }
    return rc;
}

void db_rollback(struct db *db)
{
    if (db == NULL) {
        return;
    }
    struct err ignored = ERR_INIT;
    if (db->is_busy && PQstatus(db->conn) == CONNECTION_OK) {
        db_abandon(db);
    }
    PGTransactionStatusType status = PQtransactionStatus(db->conn);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
        db->deadline_ms = clock_monotonic_ms() + DB_CANCEL_MS_MAX;
        // A failure leaves the connection non-idle, and the pool closes it.
        if (db_exec(db, DB_SQL(db_rollback), DB_NO_PARAMS, NULL, &ignored) != ERR_OK) {
            db->is_busy = false;
        }
    }
    db_free(db);
}
