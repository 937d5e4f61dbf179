/* bounded_close - see bounded_close.h. */
#include "rpc/bounded_close.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { CLOSE_SECONDS_MAX = 1 };

/* Shared by the waiting and the closing thread; the last of the two frees it. */
struct closing {
    pthread_mutex_t mutex;
    pthread_cond_t ended_cond;
    nng_socket socket;
    bool ended;
    bool abandoned;
};

static void closing_free(struct closing *closing)
{
    (void)pthread_cond_destroy(&closing->ended_cond);
    (void)pthread_mutex_destroy(&closing->mutex);
    free(closing);
}

static void *close_socket(void *ctx)
{
    struct closing *closing = ctx;
    (void)nng_close(closing->socket);
    (void)pthread_mutex_lock(&closing->mutex);
    bool abandoned = closing->abandoned;
    closing->ended = true;
    (void)pthread_cond_signal(&closing->ended_cond);
    (void)pthread_mutex_unlock(&closing->mutex);
    if (abandoned) {
        closing_free(closing);
    }
    return NULL;
}

static bool wait_for_end(struct closing *closing)
{
    struct timespec limit;
    (void)clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += CLOSE_SECONDS_MAX;
    (void)pthread_mutex_lock(&closing->mutex);
    int rc = 0;
    while (!closing->ended && rc == 0) {
        rc = pthread_cond_timedwait(&closing->ended_cond, &closing->mutex, &limit);
    }
    bool ended = closing->ended;
    closing->abandoned = !ended;
    (void)pthread_mutex_unlock(&closing->mutex);
    return ended;
}

bool bounded_close(nng_socket socket)
{
    pthread_t thread;
    struct closing *closing = calloc(1, sizeof(*closing));
    if (closing == NULL) {
        return false;
    }
    closing->socket = socket;
    (void)pthread_mutex_init(&closing->mutex, NULL);
    (void)pthread_cond_init(&closing->ended_cond, NULL);
    if (pthread_create(&thread, NULL, close_socket, closing) != 0) {
        closing_free(closing);
        return false;
    }
    if (!wait_for_end(closing)) {
        (void)pthread_detach(thread);
        return false;
    }
    (void)pthread_join(thread, NULL);
    closing_free(closing);
    return true;
}
