/* db_pool - connections to one database: dialled on demand, at most so many, reused. */
#include "base/clock.h"
#include "base/limits.h"
#include "store/db_internal.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

struct db_pool {
    char *conninfo; /* owned */
    pthread_mutex_t lock;
    pthread_cond_t returned;
    int connections_max;
    int open_count; /* dialled, being dialled or lent */
    int idle_count;
    PGconn *idle[DB_CONNECTIONS_MAX]; /* owned; a stack, so that the warmest is reused */
};

/* PostgreSQL's notices can quote values and would go to stderr. */
static void drop_notice(void *ctx, const PGresult *result)
{
    (void)ctx;
    (void)result;
}

enum err_code db_wait_socket(int socket, enum db_wait_for want, int64_t deadline_ms,
                             struct err *err)
{
    short events = want == DB_WAIT_READ ? POLLIN : POLLIN | POLLOUT;
    for (;;) {
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        struct pollfd ready = {.fd = socket, .events = events};
        int n = left_ms <= 0 ? 0 : poll(&ready, 1, left_ms > INT32_MAX ? INT32_MAX : (int)left_ms);
        if (n > 0) {
            return ERR_OK;
        }
        if (n == 0) {
            return err_set(err, ERR_TIMEOUT, "the database did not finish before the deadline");
        }
        if (errno != EINTR) {
            return err_set(err, ERR_UNAVAILABLE, "the database's socket fails");
        }
    }
}

static enum err_code dial_wait(PGconn *conn, int64_t deadline_ms, struct err *err)
{
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
        enum db_wait_for want = status == PGRES_POLLING_READING ? DB_WAIT_READ : DB_WAIT_WRITE;
        enum err_code rc = db_wait_socket(PQsocket(conn), want, deadline_ms, err);
        if (rc != ERR_OK) {
            return rc;
        }
        status = PQconnectPoll(conn);
    }
    return status == PGRES_POLLING_OK ? ERR_OK : db_map_connection_lost("connect", err);
}

static enum err_code dial(const char *conninfo, int64_t deadline_ms, PGconn **out, struct err *err)
{
    int64_t dial_deadline_ms = clock_monotonic_ms() + DB_DIAL_MS_MAX;
    if (dial_deadline_ms > deadline_ms) {
        dial_deadline_ms = deadline_ms;
    }
    PGconn *conn = PQconnectStart(conninfo);
    if (conn == NULL) {
        return err_memory(err);
    }
    enum err_code rc = PQstatus(conn) == CONNECTION_BAD ? db_map_connection_lost("connect", err)
                                                        : dial_wait(conn, dial_deadline_ms, err);
    if (rc != ERR_OK) {
        PQfinish(conn);
        return rc;
    }
    (void)PQsetNoticeReceiver(conn, drop_notice, NULL);
    (void)PQsetnonblocking(conn, 1);
    *out = conn;
    return ERR_OK;
}

static enum err_code pool_new(const char *conninfo, int connections_max, struct db_pool **out,
                              struct err *err)
{
    struct db_pool *pool = calloc(1, sizeof(*pool));
    char *copy = strdup(conninfo);
    if (pool == NULL || copy == NULL) {
        free(pool);
        free(copy);
        return err_memory(err);
    }
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&pool->returned, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    (void)pthread_mutex_init(&pool->lock, NULL);
    pool->conninfo = copy;
    pool->connections_max = connections_max;
    *out = pool;
    return ERR_OK;
}

enum err_code db_pool_open(const char *conninfo, int connections_max, struct db_pool **out,
                           struct err *err)
{
    if (connections_max < 1 || connections_max > DB_CONNECTIONS_MAX) {
        return err_set(err, ERR_LIMIT, "a pool takes 1 to %d connections, not %d",
                       DB_CONNECTIONS_MAX, connections_max);
    }
    AUTO(db_pool_free) struct db_pool *pool = NULL;
    enum err_code rc = pool_new(conninfo, connections_max, &pool, err);
    PGconn *conn = NULL;
    bool is_fresh;
    if (rc == ERR_OK) {
        rc = db_pool_take(pool, clock_monotonic_ms() + DB_DIAL_MS_MAX, &conn, &is_fresh, err);
    }
    if (rc == ERR_OK) {
        db_pool_return(pool, conn);
        *out = STEAL(pool);
    }
    return rc;
}

void db_pool_free(struct db_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    assert(pool->open_count == pool->idle_count && "a transaction is still open");
    for (int i = 0; i < pool->idle_count; i++) {
        PQfinish(pool->idle[i]);
    }
    (void)pthread_cond_destroy(&pool->returned);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool->conninfo);
    free(pool);
}

static void forget_one(struct db_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->open_count--;
    (void)pthread_cond_signal(&pool->returned);
    (void)pthread_mutex_unlock(&pool->lock);
}

/* With the lock held: an idle connection, or leave to dial one (*out stays NULL). */
static enum err_code wait_turn(struct db_pool *pool, int64_t deadline_ms, PGconn **out,
                               struct err *err)
{
    struct timespec until = {.tv_sec = deadline_ms / 1000,
                             .tv_nsec = (deadline_ms % 1000) * 1000000};
    while (pool->idle_count == 0 && pool->open_count == pool->connections_max) {
        if (pthread_cond_timedwait(&pool->returned, &pool->lock, &until) == ETIMEDOUT) {
            return err_set(err, ERR_TIMEOUT, "no database connection came free in time");
        }
    }
    if (pool->idle_count > 0) {
        pool->idle_count--;
        *out = pool->idle[pool->idle_count];
    } else {
        pool->open_count++;
    }
    return ERR_OK;
}

enum err_code db_pool_take(struct db_pool *pool, int64_t deadline_ms, PGconn **out, bool *is_fresh,
                           struct err *err)
{
    PGconn *conn = NULL;
    (void)pthread_mutex_lock(&pool->lock);
    enum err_code rc = wait_turn(pool, deadline_ms, &conn, err);
    (void)pthread_mutex_unlock(&pool->lock);
    bool must_dial = rc == ERR_OK && conn == NULL;
    if (must_dial) {
        rc = dial(pool->conninfo, deadline_ms, &conn, err);
        if (rc != ERR_OK) {
            forget_one(pool);
        }
    }
    if (rc == ERR_OK) {
        *out = conn;
        *is_fresh = must_dial;
    }
    return rc;
}

void db_pool_return(struct db_pool *pool, PGconn *conn)
{
    if (PQstatus(conn) != CONNECTION_OK || PQtransactionStatus(conn) != PQTRANS_IDLE) {
        PQfinish(conn);
        forget_one(pool);
        return;
    }
    (void)pthread_mutex_lock(&pool->lock);
    pool->idle[pool->idle_count] = conn;
    pool->idle_count++;
    (void)pthread_cond_signal(&pool->returned);
    (void)pthread_mutex_unlock(&pool->lock);
}
