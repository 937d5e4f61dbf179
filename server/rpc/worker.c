/* worker - see worker.h. */
#include "rpc/worker.h"

#include "base/limits.h"

#include <pthread.h>

struct worker_pool {
    struct worker_options options;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t work;  /* a job came, or it is time to stop */
    void **jobs;          /* ring of options.jobs_max; owned */
    size_t first;
    size_t count;
    bool is_stopping;
    int started;
    pthread_t threads[SERVER_WORKERS_MAX];
};

/* The next job; NULL when the pool stops and nothing waits. */
static void *take(struct worker_pool *pool)
{
    void *job = NULL;
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->count == 0 && !pool->is_stopping) {
        (void)pthread_cond_wait(&pool->work, &pool->lock);
    }
    if (pool->count > 0) {
        job = pool->jobs[pool->first];
        pool->first = (pool->first + 1) % pool->options.jobs_max;
        pool->count--;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return job;
}

static void *worker_main(void *arg)
{
    struct worker_pool *pool = arg;
    for (void *job = take(pool); job != NULL; job = take(pool)) {
        pool->options.run(pool->options.ctx, job);
    }
    return NULL;
}

static enum err_code start_threads(struct worker_pool *pool, struct err *err)
{
    for (; pool->started < pool->options.threads; pool->started++) {
        if (pthread_create(&pool->threads[pool->started], NULL, worker_main, pool) != 0) {
            return err_set(err, ERR_INTERNAL, "could not start %d worker threads",
                           pool->options.threads);
        }
    }
    return ERR_OK;
}

enum err_code worker_pool_new(const struct worker_options *options, struct worker_pool **out,
                              struct err *err)
{
    if (options->threads < 1 || options->threads > SERVER_WORKERS_MAX) {
        return err_set(err, ERR_INVALID, "workers must be 1 to %d, not %d", SERVER_WORKERS_MAX,
                       options->threads);
    }
    struct worker_pool *pool = calloc(1, sizeof(*pool));
    void **jobs = calloc(options->jobs_max, sizeof(*jobs));
    if (pool == NULL || jobs == NULL) {
        free(pool);
        free(jobs);
        return err_memory(err);
    }
    pool->options = *options;
    pool->jobs = jobs;
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->work, NULL);
    enum err_code code = start_threads(pool, err);
    if (code != ERR_OK) {
        worker_pool_free(pool);
        return code;
    }
    *out = pool;
    return ERR_OK;
}

void worker_pool_free(struct worker_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&pool->lock);
    pool->is_stopping = true;
    (void)pthread_cond_broadcast(&pool->work);
    (void)pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->started; i++) {
        (void)pthread_join(pool->threads[i], NULL);
    }
    (void)pthread_cond_destroy(&pool->work);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool->jobs);
    free(pool);
}

bool worker_pool_push(struct worker_pool *pool, void *job)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool has_room = pool->count < pool->options.jobs_max;
    if (has_room) {
        pool->jobs[(pool->first + pool->count) % pool->options.jobs_max] = job;
        pool->count++;
        (void)pthread_cond_signal(&pool->work);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return has_room;
}
