/*
 * db_internal - what the files of the libpq fence share. Called by server/store/db*.c only.
 *
 *     rc = db_wait(db, DB_WAIT_READ, err);
 */
#ifndef FREMGANG_STORE_DB_INTERNAL_H
#define FREMGANG_STORE_DB_INTERNAL_H

#include "base/buf.h"
#include "base/limits.h"
#include "store/db.h"

#include <libpq-fe.h>

struct db {
    struct db_pool *pool;
    PGconn *conn;
    int64_t deadline_ms;   /* monotonic; the whole transaction's */
    bool is_busy;          /* a statement or COPY is running */
    const char *statement; /* name of the last statement, for err.detail */
    struct buf copy;       /* bytes of a COPY that are not sent yet */
};

struct db_row {
    const PGresult *result;
};

enum db_wait_for { DB_WAIT_READ, DB_WAIT_WRITE };

/** The encoded form of params; owns `memory`. */
struct db_encoded {
    Oid types[DB_PARAMS_MAX];
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX];
    int formats[DB_PARAMS_MAX];
    struct buf memory;
};

/** Encodes params as libpq wants them; `out->memory` is to be cleared by the caller.
 * ERR_LIMIT over DB_PARAMS_MAX or BUF_BYTES_MAX. */
NODISCARD enum err_code db_encode(struct db_params params, struct db_encoded *out, struct err *err);

/** The one map from SQLSTATE to err_code and fixed text. `result` NULL: the connection. */
enum err_code db_map_error(const PGresult *result, const char *statement, struct err *err);
/** Fills ERR_UNAVAILABLE for a lost or unreachable database. */
enum err_code db_map_connection_lost(const char *statement, struct err *err);

/** Waits until the socket is ready or the deadline has passed (ERR_TIMEOUT). */
NODISCARD enum err_code db_wait_socket(int socket, enum db_wait_for want, int64_t deadline_ms,
                                       struct err *err);
/** Sends what libpq holds; then the next result, or NULL at the end of the statement. */
NODISCARD enum err_code db_flush(struct db *db, struct err *err);
NODISCARD enum err_code db_next_result(struct db *db, PGresult **out, struct err *err);
/** Asks the server to stop and reads the rest of the statement away. */
void db_abandon(struct db *db);

/** Starts a statement; its results come from db_next_result. */
NODISCARD enum err_code db_send(struct db *db, struct db_statement statement,
                                struct db_params params, struct err *err);

/** Gives the connection back; a broken or still open one is closed instead. */
void db_pool_return(struct db_pool *pool, PGconn *conn);
/** Takes a connection, waiting for one or dialling; `*is_fresh` tells a new one. */
NODISCARD enum err_code db_pool_take(struct db_pool *pool, int64_t deadline_ms, PGconn **out,
                                     bool *is_fresh, struct err *err);

#endif
