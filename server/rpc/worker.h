/*
 * worker - threads of our own that take jobs from a bounded queue, so that nng's few task
 * threads never wait for a database.
 *
 *     code = worker_pool_new(&(struct worker_options){.threads = 8, .jobs_max = 256,
 *                            .run = answer, .ctx = listener}, &pool, err);
 *     worker_pool_push(pool, job);
 */
#ifndef FREMGANG_RPC_WORKER_H
#define FREMGANG_RPC_WORKER_H

#include "base/auto.h"
#include "base/err.h"

#include <stddef.h>

struct worker_options {
    int threads;                       /* 1 to SERVER_WORKERS_MAX */
    size_t jobs_max;                   /* waiting at once */
    void (*run)(void *ctx, void *job); /* called on a worker's thread */
    void *ctx;
};

struct worker_pool;

/** Starts the threads. ERR_INVALID when `threads` is out of range, ERR_INTERNAL. */
NODISCARD enum err_code worker_pool_new(const struct worker_options *options,
                                        struct worker_pool **out, struct err *err);
/** Runs every job that waits, ends the threads and takes the pool. NULL ok. */
void worker_pool_free(struct worker_pool *pool);
DEFINE_AUTO(struct worker_pool, worker_pool_free);

/** Queues a job; never blocks. False when jobs_max jobs wait already. */
NODISCARD bool worker_pool_push(struct worker_pool *pool, void *job);

#endif
