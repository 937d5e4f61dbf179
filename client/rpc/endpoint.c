/* endpoint - see endpoint.h. */
#include "rpc/endpoint.h"

#include "base/clock.h"
#include "base/limits.h"
#include "rpc/bounded_close.h"
#include "rpc/probe.h"

#include <nng/protocol/reqrep0/req.h>
#include <string.h>

enum {
    /* A handshake takes 50 ms of computing; after this the reason is looked up. */
    CONNECT_MS_PATIENT = 800,
    /* A dead host is given up after this; a call with another server to try gives up at half
     * its deadline. Handshakes under valgrind on a busy machine took 14 s. */
    CONNECT_MS_MAX = 20 * 1000,
    RECONNECT_MS_MIN = 100,
    RECONNECT_MS_MAX = 5000,
};

struct endpoint {
    char *url;              /* owned */
    nng_tls_config *config; /* held; NULL for a loopback URL */
    nng_socket socket;
    nng_aio *aio; /* owned; the one operation under way */
    bool open;
};

static const char *const LOOPBACKS[] = {"tcp://127.0.0.1:", "tcp://[::1]:"};
static const char TLS_SCHEME[] = "tls+tcp://";

bool endpoint_url_is_tls(const char *url)
{
    return strncmp(url, TLS_SCHEME, sizeof(TLS_SCHEME) - 1) == 0;
}

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 5 && text[digits] == '\0';
}

/* A host, a colon and a port, without user or path. */
static bool address_is_whole(const char *address)
{
    const char *colon = strrchr(address, ':');
    return colon != NULL && colon != address && is_port(colon + 1) &&
           strpbrk(address, "/@ ") == NULL;
}

enum err_code endpoint_check_url(const char *url, struct err *err)
{
    if (endpoint_url_is_tls(url) && address_is_whole(url + sizeof(TLS_SCHEME) - 1)) {
        return ERR_OK;
    }
    for (size_t i = 0; i < ARRAY_COUNT(LOOPBACKS); i++) {
        size_t len = strlen(LOOPBACKS[i]);
        if (strncmp(url, LOOPBACKS[i], len) == 0 && is_port(url + len)) {
            return ERR_OK;
        }
    }
    (void)err_set(err, ERR_INVALID, "a server's URL must be tls+tcp://HOST:PORT, not \"%s\"", url);
    return err_hint(err, "Plain tcp:// is taken for 127.0.0.1 and [::1] alone.");
}

static enum err_code fail_setup(struct err *err, const char *url, int rv)
{
    return err_set(err, ERR_INTERNAL, "could not prepare a connection to %s: %s", url,
                   nng_strerror(rv));
}

/* A lost connection ends the exchange at once instead of at its deadline. */
static void on_pipe_lost(nng_pipe pipe, nng_pipe_ev event, void *ctx)
{
    struct endpoint *endpoint = ctx;
    (void)pipe;
    (void)event;
    nng_aio_cancel(endpoint->aio);
}

/* REQ must not resend by itself: a slow call would run again and again. */
static int set_options(struct endpoint *endpoint)
{
    int rv = nng_socket_set_ms(endpoint->socket, NNG_OPT_REQ_RESENDTIME, NNG_DURATION_INFINITE);
    if (rv == 0) {
        rv = nng_socket_set_ms(endpoint->socket, NNG_OPT_RECONNMINT, RECONNECT_MS_MIN);
    }
    if (rv == 0) {
        rv = nng_socket_set_ms(endpoint->socket, NNG_OPT_RECONNMAXT, RECONNECT_MS_MAX);
    }
    if (rv == 0) {
        rv = nng_socket_set_size(endpoint->socket, NNG_OPT_RECVMAXSZ, WIRE_MESSAGE_BYTES_MAX);
    }
    if (rv == 0) {
        rv = nng_pipe_notify(endpoint->socket, NNG_PIPE_EV_REM_POST, on_pipe_lost, endpoint);
    }
    return rv;
}

static int dial(struct endpoint *endpoint)
{
    nng_dialer dialer;
    int rv = nng_dialer_create(&dialer, endpoint->socket, endpoint->url);
    if (rv == 0 && endpoint->config != NULL) {
        rv = nng_dialer_set_ptr(dialer, NNG_OPT_TLS_CONFIG, endpoint->config);
    }
    return rv != 0 ? rv : nng_dialer_start(dialer, NNG_FLAG_NONBLOCK);
}

static enum err_code endpoint_open(struct endpoint *endpoint, struct err *err)
{
    int rv = nng_aio_alloc(&endpoint->aio, NULL, NULL);
    if (rv == 0) {
        rv = nng_req0_open(&endpoint->socket);
    }
    if (rv != 0) {
        return fail_setup(err, endpoint->url, rv);
    }
    endpoint->open = true;
    rv = set_options(endpoint);
    if (rv == 0) {
        rv = dial(endpoint);
    }
    return rv == 0 ? ERR_OK : fail_setup(err, endpoint->url, rv);
}

enum err_code endpoint_new(const char *url, nng_tls_config *config, struct endpoint **out,
                           struct err *err)
{
    AUTO(endpoint_free) struct endpoint *endpoint = NULL;
    enum err_code code = endpoint_check_url(url, err);
    if (code != ERR_OK) {
        return code;
    }
    endpoint = calloc(1, sizeof(*endpoint));
    if (endpoint == NULL || (endpoint->url = strdup(url)) == NULL) {
        return err_memory(err);
    }
    if (endpoint_url_is_tls(url)) {
        if (config == NULL) {
            return err_set(err, ERR_INVALID, "there are no TLS files for %s", url);
        }
        nng_tls_config_hold(config);
        endpoint->config = config;
    }
    code = endpoint_open(endpoint, err);
    if (code == ERR_OK) {
        *out = STEAL(endpoint);
    }
    return code;
}

/* What a close that hangs may still touch is left to the end of the process. */
void endpoint_free(struct endpoint *endpoint)
{
    if (endpoint == NULL || (endpoint->open && !bounded_close(endpoint->socket))) {
        return;
    }
    if (endpoint->aio != NULL) {
        nng_aio_free(endpoint->aio);
    }
    if (endpoint->config != NULL) {
        nng_tls_config_free(endpoint->config);
    }
    free(endpoint->url);
    free(endpoint);
}

const char *endpoint_url(const struct endpoint *endpoint)
{
    return endpoint->url;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* One try to hand the message to a connection; the message stays ours unless it works. */
static int send_within(struct endpoint *endpoint, nng_ctx ctx, nng_msg *message, int64_t wait_ms)
{
    nng_aio_set_timeout(endpoint->aio, (nng_duration)(wait_ms > 0 ? wait_ms : 1));
    nng_aio_set_msg(endpoint->aio, message);
    nng_ctx_send(ctx, endpoint->aio);
    nng_aio_wait(endpoint->aio);
    return nng_aio_result(endpoint->aio);
}

static enum err_code fail_send(const struct endpoint *endpoint, int rv, struct err *err)
{
    (void)err_set(err, ERR_UNAVAILABLE, "could not connect to %s", endpoint->url);
    (void)err_hint(err, "Is the server up? `fremgang health` asks all of them.");
    return err_detail(err, "%s", nng_strerror(rv));
}

/* Waits a little; then asks the address itself why, and waits on only if it answers. */
static enum err_code connect_and_send(struct endpoint *endpoint, nng_ctx ctx, nng_msg *message,
                                      int64_t deadline_ms, struct err *err)
{
    int64_t limit_ms = smaller(deadline_ms, clock_monotonic_ms() + CONNECT_MS_MAX);
    int64_t left_ms = limit_ms - clock_monotonic_ms();
    int rv = send_within(endpoint, ctx, message, smaller(left_ms, CONNECT_MS_PATIENT));
    if (rv == NNG_ETIMEDOUT) {
        enum err_code code = probe_address(endpoint->url, endpoint->config, limit_ms, err);
        if (code != ERR_OK) {
            return code;
        }
        rv = send_within(endpoint, ctx, message, limit_ms - clock_monotonic_ms());
    }
    return rv == 0 ? ERR_OK : fail_send(endpoint, rv, err);
}

static enum err_code fail_receive(const struct endpoint *endpoint, int rv, struct err *err)
{
    switch (rv) {
    case NNG_ETIMEDOUT:
        return err_set(err, ERR_TIMEOUT, "no answer from %s before the deadline", endpoint->url);
    case NNG_EMSGSIZE:
        return err_set(err, ERR_LIMIT, "the answer of %s is too large", endpoint->url);
    default:
        (void)err_set(err, ERR_UNAVAILABLE, "the connection to %s closed before the answer",
                      endpoint->url);
        return err_detail(err, "%s", nng_strerror(rv));
    }
}

static enum err_code receive(struct endpoint *endpoint, nng_ctx ctx, int64_t deadline_ms,
                             struct buf *response, struct err *err)
{
    int64_t wait_ms = deadline_ms - clock_monotonic_ms();
    nng_aio_set_timeout(endpoint->aio, (nng_duration)(wait_ms > 0 ? wait_ms : 1));
    nng_ctx_recv(ctx, endpoint->aio);
    nng_aio_wait(endpoint->aio);
    int rv = nng_aio_result(endpoint->aio);
    if (rv != 0) {
        return fail_receive(endpoint, rv, err);
    }
    nng_msg *message = nng_aio_get_msg(endpoint->aio);
    buf_reset(response);
    buf_append(response, nng_msg_body(message), nng_msg_len(message));
    nng_msg_free(message);
    return buf_check(response, err);
}

enum err_code endpoint_exchange(struct endpoint *endpoint, const struct buf *request,
                                int64_t deadline_ms, struct buf *response, struct err *err)
{
    nng_ctx ctx;
    nng_msg *message = NULL;
    if (nng_msg_alloc(&message, request->len) != 0) {
        return err_memory(err);
    }
    memcpy(nng_msg_body(message), request->data, request->len);
    int rv = nng_ctx_open(&ctx, endpoint->socket);
    if (rv != 0) {
        nng_msg_free(message);
        return fail_setup(err, endpoint->url, rv);
    }
    enum err_code code = connect_and_send(endpoint, ctx, message, deadline_ms, err);
    if (code == ERR_OK) {
        code = receive(endpoint, ctx, deadline_ms, response, err);
    } else {
        nng_msg_free(message);
    }
    (void)nng_ctx_close(ctx);
    return code;
}
