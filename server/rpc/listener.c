/* listener - see listener.h. */
#include "rpc/listener.h"

#include "base/limits.h"
#include "base/log.h"
#include "rpc/worker.h"

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>

#include <assert.h>
#include <pthread.h>
#include <string.h>

/* Where a context is; each state has one owner, so an exchange needs no lock. */
enum exchange_state {
    EXCHANGE_RECEIVING, /* nng waits for a message */
    EXCHANGE_WORKING,   /* queued, or a worker has it */
    EXCHANGE_SENDING,   /* nng sends the answer */
};

struct exchange {
    struct listener *listener;
    enum exchange_state state;
    nng_ctx ctx;
    nng_aio *aio;
    nng_msg *message; /* owned while WORKING */
    int64_t received_at_ms;
    bool came_late; /* after draining began */
};

struct listener {
    struct gate *gate;
    nng_socket socket;
    bool is_open;
    int port;
    struct worker_pool *workers;
    pthread_mutex_t lock; /* guards the next four */
    pthread_cond_t idle;
    int active; /* exchanges between receive and sent */
    bool is_draining;
    bool is_closing; /* nothing more is queued */
    struct exchange exchanges[SERVER_CONTEXTS_MAX];
};

static enum err_code from_nng(struct err *err, const char *what, int rv)
{
    enum err_code code =
        rv == NNG_EADDRINUSE || rv == NNG_EADDRINVAL ? ERR_UNAVAILABLE : ERR_INTERNAL;
    return err_set(err, code, "could not %s: %s", what, nng_strerror(rv));
}

enum err_code listener_check_url(const char *url, struct err *err)
{
    nng_url *parts = NULL;
    bool is_loopback = false;
    if (nng_url_parse(&parts, url) == 0) {
        is_loopback =
            strcmp(parts->u_scheme, "tcp") == 0 &&
            (strcmp(parts->u_hostname, "127.0.0.1") == 0 || strcmp(parts->u_hostname, "::1") == 0);
        nng_url_free(parts);
    }
    if (is_loopback) {
        return ERR_OK;
    }
    (void)err_set(err, ERR_INVALID, "cannot listen on \"%s\": not tcp on a loopback address", url);
    return err_hint(err, "Use tcp://127.0.0.1:PORT; HAProxy takes the calls from outside.");
}

static void receive(struct exchange *exchange)
{
    exchange->state = EXCHANGE_RECEIVING;
    nng_aio_set_timeout(exchange->aio, NNG_DURATION_INFINITE);
    nng_ctx_recv(exchange->ctx, exchange->aio);
}

/* False when the listener closes. Queues under the lock, so that the pool is still there: the
 * queue holds as many jobs as there are contexts, and nothing in it waits. */
static bool queue(struct exchange *exchange)
{
    struct listener *listener = exchange->listener;
    (void)pthread_mutex_lock(&listener->lock);
    bool is_queued = !listener->is_closing;
    if (is_queued) {
        listener->active++;
        exchange->came_late = listener->is_draining;
        is_queued = worker_pool_push(listener->workers, exchange);
        assert(is_queued);
    }
    (void)pthread_mutex_unlock(&listener->lock);
    return is_queued;
}

static void activity_remove(struct listener *listener)
{
    (void)pthread_mutex_lock(&listener->lock);
    assert(listener->active > 0);
    listener->active--;
    if (listener->active == 0) {
        (void)pthread_cond_broadcast(&listener->idle);
    }
    (void)pthread_mutex_unlock(&listener->lock);
}

static void on_received(struct exchange *exchange)
{
    int rv = nng_aio_result(exchange->aio);
    if (rv == NNG_ECLOSED || rv == NNG_ECANCELED) {
        return;
    }
    if (rv != 0) {
        log_warn("receive failed", "error", nng_strerror(rv), NULL);
        receive(exchange);
        return;
    }
    exchange->message = nng_aio_get_msg(exchange->aio);
    exchange->received_at_ms = clock_monotonic_ms();
    exchange->state = EXCHANGE_WORKING;
    if (!queue(exchange)) {
        nng_msg_free(exchange->message);
    }
}

static void on_sent(struct exchange *exchange)
{
    int rv = nng_aio_result(exchange->aio);
    if (rv != 0) {
        nng_msg_free(nng_aio_get_msg(exchange->aio)); // failed: still ours
    }
    activity_remove(exchange->listener);
    if (rv != NNG_ECLOSED && rv != NNG_ECANCELED) {
        receive(exchange);
    }
}

/* On nng's thread: never waits. */
static void on_event(void *arg)
{
    struct exchange *exchange = arg;
    if (exchange->state == EXCHANGE_RECEIVING) {
        on_received(exchange);
    } else {
        assert(exchange->state == EXCHANGE_SENDING);
        on_sent(exchange);
    }
}

/* On a worker's thread: the received message becomes the answer. */
static void answer(void *ctx, void *job)
{
    struct listener *listener = ctx;
    struct exchange *exchange = job;
    nng_msg *message = exchange->message;
    AUTO_BUF struct buf reply = BUF_INIT;
    struct wire_bytes request = {nng_msg_body(message), nng_msg_len(message)};
    if (exchange->came_late) {
        gate_refuse_stopping(listener->gate, request, &reply);
    } else {
        gate_answer(listener->gate, request, exchange->received_at_ms, &reply);
    }
    nng_msg_clear(message);
    if (reply.len > 0 && nng_msg_append(message, reply.data, reply.len) != 0) {
        log_error("answer dropped", "error", "out of memory", NULL);
    }
    exchange->message = NULL;
    exchange->state = EXCHANGE_SENDING;
    nng_aio_set_timeout(exchange->aio, SERVER_SEND_MS_MAX);
    nng_aio_set_msg(exchange->aio, message);
    nng_ctx_send(exchange->ctx, exchange->aio);
}

static enum err_code open_exchanges(struct listener *listener, struct err *err)
{
    for (size_t i = 0; i < ARRAY_COUNT(listener->exchanges); i++) {
        struct exchange *exchange = &listener->exchanges[i];
        exchange->listener = listener;
        int rv = nng_aio_alloc(&exchange->aio, on_event, exchange);
        if (rv == 0) {
            rv = nng_ctx_open(&exchange->ctx, listener->socket);
        }
        if (rv != 0) {
            return from_nng(err, "open a listener's contexts", rv);
        }
    }
    return ERR_OK;
}

/* The receive limit is set before anything can be received. */
static enum err_code open_socket(struct listener *listener, const char *url, struct err *err)
{
    nng_listener endpoint;
    int rv = nng_rep0_open(&listener->socket);
    listener->is_open = rv == 0;
    if (rv == 0) {
        rv = nng_socket_set_size(listener->socket, NNG_OPT_RECVMAXSZ, WIRE_MESSAGE_BYTES_MAX);
    }
    if (rv == 0) {
        rv = nng_listener_create(&endpoint, listener->socket, url);
    }
    if (rv == 0) {
        rv = nng_listener_start(endpoint, 0);
    }
    if (rv == 0) {
        rv = nng_listener_get_int(endpoint, NNG_OPT_TCP_BOUND_PORT, &listener->port);
    }
    return rv == 0 ? ERR_OK : from_nng(err, "listen", rv);
}

static enum err_code start(struct listener *listener, const struct listener_options *options,
                           struct err *err)
{
    struct worker_options workers = {.threads = options->workers,
                                     .jobs_max = SERVER_CONTEXTS_MAX,
                                     .run = answer,
                                     .ctx = listener};
    enum err_code code = open_socket(listener, options->url, err);
    if (code == ERR_OK) {
        code = open_exchanges(listener, err);
    }
    if (code == ERR_OK) {
        code = worker_pool_new(&workers, &listener->workers, err);
    }
    for (size_t i = 0; code == ERR_OK && i < ARRAY_COUNT(listener->exchanges); i++) {
        receive(&listener->exchanges[i]);
    }
    return code;
}

enum err_code listener_start(const struct listener_options *options, struct listener **out,
                             struct err *err)
{
    enum err_code code = listener_check_url(options->url, err);
    if (code != ERR_OK) {
        return code;
    }
    AUTO(listener_free) struct listener *listener = calloc(1, sizeof(*listener));
    if (listener == NULL) {
        return err_memory(err);
    }
    listener->gate = options->gate;
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&listener->lock, NULL);
    (void)pthread_cond_init(&listener->idle, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    code = start(listener, options, err);
    if (code == ERR_OK) {
        *out = STEAL(listener);
    }
    return code;
}

int listener_port(const struct listener *listener)
{
    return listener->port;
}

int listener_active(struct listener *listener)
{
    (void)pthread_mutex_lock(&listener->lock);
    int active = listener->active;
    (void)pthread_mutex_unlock(&listener->lock);
    return active;
}

bool listener_drain(struct listener *listener, int64_t wait_ms)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(wait_ms / 1000);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    int rv = 0;
    (void)pthread_mutex_lock(&listener->lock);
    listener->is_draining = true;
    while (listener->active > 0 && rv == 0) {
        rv = pthread_cond_timedwait(&listener->idle, &listener->lock, &until);
    }
    bool is_idle = listener->active == 0;
    (void)pthread_mutex_unlock(&listener->lock);
    return is_idle;
}

/* The workers first, since one may still be inside nng_ctx_send of a call that has been
 * answered; then the socket, which cancels what waits; then the aios, whose callbacks have
 * ended by then. */
void listener_free(struct listener *listener)
{
    if (listener == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&listener->lock);
    listener->is_closing = true;
    (void)pthread_mutex_unlock(&listener->lock);
    worker_pool_free(listener->workers);
    if (listener->is_open) {
        (void)nng_close(listener->socket);
    }
    for (size_t i = 0; i < ARRAY_COUNT(listener->exchanges); i++) {
        nng_aio_free(listener->exchanges[i].aio);
    }
    (void)pthread_cond_destroy(&listener->idle);
    (void)pthread_mutex_destroy(&listener->lock);
    free(listener);
}
