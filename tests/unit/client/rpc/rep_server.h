/* rep_server - a real nng REP server on loopback for the tests of client/rpc: one thread, and
 * a function of the test that answers. */
#ifndef FREMGANG_TESTS_UNIT_CLIENT_RPC_REP_SERVER_H
#define FREMGANG_TESTS_UNIT_CLIENT_RPC_REP_SERVER_H

#include "support.h"

#include "base/buf.h"

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/supplemental/tls/tls.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { REP_URL_BYTES = 64 };

/* What the server does with a request. */
enum rep_deed {
    REP_ANSWER, /* sends what the function wrote */
    REP_SILENT, /* never answers, as a hung server */
    REP_DROP,   /* closes the connection without an answer */
};

struct rep_server {
    nng_socket socket;
    nng_listener listener;
    pthread_t thread;
    char url[REP_URL_BYTES];
    enum rep_deed (*answer)(void *ctx, const struct buf *request, struct buf *response);
    void *ctx;
    unsigned requests; /* read only after rep_server_stop, or from the thread */
};

static void *rep_server_run(void *ctx)
{
    struct rep_server *server = ctx;
    nng_msg *message;
    while (nng_recvmsg(server->socket, &message, 0) == 0) {
        AUTO_BUF struct buf request = BUF_INIT;
        AUTO_BUF struct buf response = BUF_INIT;
        buf_append(&request, nng_msg_body(message), nng_msg_len(message));
        server->requests++;
        enum rep_deed deed = server->answer(server->ctx, &request, &response);
        nng_pipe pipe = nng_msg_get_pipe(message);
        nng_msg_free(message);
        if (deed == REP_DROP) {
            (void)nng_pipe_close(pipe);
        }
        if (deed == REP_ANSWER) {
            (void)nng_send(server->socket, response.data, response.len, 0);
        }
    }
    return NULL;
}

/* Listens on a free port; `config` NULL: without TLS. */
static inline void rep_server_start(struct rep_server *server, nng_tls_config *config)
{
    int port = 0;
    const char *scheme = config == NULL ? "tcp" : "tls+tcp";
    char url[REP_URL_BYTES];
    (void)snprintf(url, sizeof(url), "%s://127.0.0.1:0", scheme);
    assert_int_equal(nng_rep0_open(&server->socket), 0);
    assert_int_equal(nng_listener_create(&server->listener, server->socket, url), 0);
    if (config != NULL) {
        assert_int_equal(nng_listener_set_ptr(server->listener, NNG_OPT_TLS_CONFIG, config), 0);
    }
    assert_int_equal(nng_listener_start(server->listener, 0), 0);
    assert_int_equal(nng_listener_get_int(server->listener, NNG_OPT_TCP_BOUND_PORT, &port), 0);
    (void)snprintf(server->url, sizeof(server->url), "%s://127.0.0.1:%d", scheme, port);
    server->requests = 0;
    assert_int_equal(pthread_create(&server->thread, NULL, rep_server_run, server), 0);
}

static inline void rep_server_stop(struct rep_server *server)
{
    (void)nng_close(server->socket);
    assert_int_equal(pthread_join(server->thread, NULL), 0);
}

#endif
