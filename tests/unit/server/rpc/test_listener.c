/*
 * Goal: calls over a real loopback socket are answered by the workers, hostile peers cost
 * their own connection only, and stopping answers what was received. Method: nng REQ clients
 * against a listener with a gate over the fake store.
 */
#include "gate_fixture.h"

#include "rpc/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENT_WAIT_MS = 5000 };

struct served {
    struct gate_fixture fixture;
    struct listener *listener;
    char url[64];
};

static void served_open(struct served *served, int workers)
{
    struct err err = ERR_INIT;
    fixture_open(&served->fixture, PROCESS_POOL);
    struct listener_options options = {served->fixture.gate, "tcp://127.0.0.1:0", workers};
    ASSERT_OK(listener_start(&options, &served->listener, &err), err);
    (void)snprintf(served->url, sizeof(served->url), "tcp://127.0.0.1:%d",
                   listener_port(served->listener));
}

static void served_close(struct served *served)
{
    assert_true(listener_drain(served->listener, CLIENT_WAIT_MS));
    listener_free(served->listener);
    fixture_close(&served->fixture);
}

static nng_socket client_open(const struct served *served)
{
    nng_socket client;
    assert_int_equal(nng_req0_open(&client), 0);
    assert_int_equal(nng_socket_set_ms(client, NNG_OPT_RECVTIMEO, CLIENT_WAIT_MS), 0);
    assert_int_equal(nng_socket_set_ms(client, NNG_OPT_SENDTIMEO, CLIENT_WAIT_MS), 0);
    assert_int_equal(nng_socket_set_ms(client, NNG_OPT_REQ_RESENDTIME, NNG_DURATION_INFINITE), 0);
    assert_int_equal(nng_dial(client, served->url, NULL, 0), 0);
    return client;
}

static void client_send(struct served *served, nng_socket client, enum method_id id)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    struct ask ask = fixture_ask(&served->fixture, id, ROLE_COORDINATOR);
    ask_pack(&served->fixture, &ask, &bytes);
    assert_int_equal(nng_send(client, bytes.data, bytes.len, 0), 0);
}

static struct wire_status client_receive(struct arena *arena, nng_socket client)
{
    struct wire_response response;
    struct err err = ERR_INIT;
    uint8_t *data = NULL;
    size_t len = 0;
    assert_int_equal(nng_recv(client, &data, &len, NNG_FLAG_ALLOC), 0);
    ASSERT_OK(wire_response_decode((struct wire_bytes){data, len}, arena, &response, &err), err);
    nng_free(data, len);
    return response.status;
}

static void test_listener_check_url__takes_loopback_tcp_only(void **state)
{
    static const struct {
        const char *url;
        bool is_loopback;
    } CASES[] = {
        {"tcp://127.0.0.1:7711", true},
        {"tcp://[::1]:7711", true},
        {"tcp://0.0.0.0:7711", false},
        {"tcp://*:7711", false},
        {"tcp://:7711", false},
        {"tcp://10.0.0.5:7711", false},
        {"tcp://localhost:7711", false},
        {"tcp://127.0.0.1.example.org:7711", false},
        {"tls+tcp://127.0.0.1:7711", false},
        {"ipc:///run/x", false},
        {"ws://127.0.0.1:7711", false},
        {"", false},
        {"127.0.0.1:7711", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct err err = ERR_INIT;
        ASSERT_ERR(CASES[i].is_loopback ? ERR_OK : ERR_INVALID,
                   listener_check_url(CASES[i].url, &err));
    }
}

static void test_listener_start__refuses_bad_options(void **state)
{
    struct served served;
    struct listener *second = NULL;
    struct err err = ERR_INIT;
    (void)state;
    served_open(&served, 1);
    ASSERT_ERR(ERR_UNAVAILABLE,
               listener_start(&(struct listener_options){served.fixture.gate, served.url, 1},
                              &second, &err));
    static const int WORKERS[] = {0, -1, SERVER_WORKERS_MAX + 1};
    for (size_t i = 0; i < 3; i++) {
        struct listener_options options = {served.fixture.gate, "tcp://127.0.0.1:0", WORKERS[i]};
        ASSERT_ERR(ERR_INVALID, listener_start(&options, &second, &err));
    }
    assert_null(second);
    served_close(&served);
}

static void test_listener__answers_many_clients(void **state)
{
    enum { CLIENTS = 20, ROUNDS = 10 };
    struct served served;
    nng_socket clients[CLIENTS];
    (void)state;
    served_open(&served, 1);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = client_open(&served);
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CLIENTS; i++) {
            client_send(&served, clients[i], i % 2 ? METHOD_TABLE_GET : METHOD_ADMIN_REVOKE);
        }
        for (int i = 0; i < CLIENTS; i++) {
            struct wire_status status = client_receive(served.fixture.arena, clients[i]);
            assert_int_equal(status.code, i % 2 ? WIRE_OK : WIRE_PERMISSION_DENIED);
        }
    }
    assert_int_equal(served.fixture.handled, CLIENTS / 2 * ROUNDS);
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(nng_close(clients[i]), 0);
    }
    served_close(&served);
}

static void test_listener__answers_garbage_and_goes_on(void **state)
{
    static const char *const GARBAGE[] = {"", "x", "\xFF\xFF\xFF\xFF", "GET / HTTP/1.1"};
    struct served served;
    (void)state;
    served_open(&served, 2);
    nng_socket client = client_open(&served);
    for (size_t i = 0; i < sizeof(GARBAGE) / sizeof(GARBAGE[0]); i++) {
        char copy[32];
        (void)snprintf(copy, sizeof(copy), "%s", GARBAGE[i]);
        assert_int_equal(nng_send(client, copy, strlen(copy), 0), 0);
        assert_int_equal(client_receive(served.fixture.arena, client).code, WIRE_INVALID_ARGUMENT);
    }
    client_send(&served, client, METHOD_TABLE_GET);
    assert_int_equal(client_receive(served.fixture.arena, client).code, WIRE_OK);
    assert_int_equal(nng_close(client), 0);
    served_close(&served);
}

static int raw_connect(const struct served *served)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)listener_port(served->listener)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval wait = {.tv_sec = CLIENT_WAIT_MS / 1000};
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)), 0);
    assert_int_equal(connect(peer, (struct sockaddr *)&address, sizeof(address)), 0);
    return peer;
}

/* SP's greeting as REQ (protocol 0x30), then the head of a message of `size` bytes. */
static void raw_send_head(int peer, uint64_t size)
{
    uint8_t bytes[16] = {0, 'S', 'P', 0, 0, 0x30, 0, 0};
    for (size_t i = 0; i < 8; i++) {
        bytes[8 + i] = (uint8_t)(size >> (56 - 8 * i));
    }
    assert_int_equal(send(peer, bytes, sizeof(bytes), MSG_NOSIGNAL), sizeof(bytes));
}

/* One byte over the limit, or far over: nng closes the connection before it takes a byte of
 * the message; another client is not disturbed. */
static void test_listener__drops_a_peer_that_sends_too_much(void **state)
{
    static const uint64_t SIZES[] = {WIRE_MESSAGE_BYTES_MAX + 1, UINT64_C(1) << 40, UINT64_MAX};
    struct served served;
    (void)state;
    served_open(&served, 1);
    nng_socket other = client_open(&served);
    for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
        uint8_t greeting[8];
        int peer = raw_connect(&served);
        raw_send_head(peer, SIZES[i]);
        assert_int_equal(recv(peer, greeting, sizeof(greeting), MSG_WAITALL), sizeof(greeting));
        // Closed by the server, not merely silent.
        assert_true(recv(peer, greeting, 1, 0) == 0 || errno == ECONNRESET);
        assert_int_equal(close(peer), 0);
    }
    client_send(&served, other, METHOD_TABLE_GET);
    assert_int_equal(client_receive(served.fixture.arena, other).code, WIRE_OK);
    assert_int_equal(nng_close(other), 0);
    served_close(&served);
}

static void test_listener__outlives_peers_that_do_not_speak_nng(void **state)
{
    static const char *const WORDS[] = {"", "GET / HTTP/1.0\r\n\r\n", "\x16\x03\x01", "\x00SP"};
    struct served served;
    (void)state;
    served_open(&served, 1);
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
        int peer = raw_connect(&served);
        assert_int_equal(send(peer, WORDS[i], strlen(WORDS[i]), MSG_NOSIGNAL), strlen(WORDS[i]));
        assert_int_equal(close(peer), 0);
    }
    nng_socket client = client_open(&served);
    client_send(&served, client, METHOD_TABLE_GET);
    assert_int_equal(client_receive(served.fixture.arena, client).code, WIRE_OK);
    assert_int_equal(nng_close(client), 0);
    served_close(&served);
}

/* The handler waits until the test lets it go on. */
static sem_t handler_entered;
static sem_t handler_released;

static enum err_code wait_in_handler(struct call *call, struct err *err)
{
    (void)call;
    (void)err;
    (void)sem_post(&handler_entered);
    (void)sem_wait(&handler_released);
    return ERR_OK;
}

static void *drain_main(void *listener)
{
    return listener_drain(listener, CLIENT_WAIT_MS) ? listener : NULL;
}

static void test_listener_drain__answers_what_it_has_and_refuses_the_rest(void **state)
{
    struct served served;
    pthread_t drain;
    void *drained = NULL;
    (void)state;
    assert_int_equal(sem_init(&handler_entered, 0, 0), 0);
    assert_int_equal(sem_init(&handler_released, 0, 0), 0);
    served_open(&served, 2);
    served.fixture.handle = wait_in_handler;
    nng_socket early = client_open(&served);
    nng_socket late = client_open(&served);
    client_send(&served, early, METHOD_TABLE_GET);
    (void)sem_wait(&handler_entered);
    assert_false(listener_drain(served.listener, 0)); // draining began, one call is left
    assert_int_equal(pthread_create(&drain, NULL, drain_main, served.listener), 0);
    client_send(&served, late, METHOD_TABLE_GET);
    assert_string_equal(client_receive(served.fixture.arena, late).reason, "SERVER_STOPPING");
    (void)sem_post(&handler_released);
    assert_int_equal(client_receive(served.fixture.arena, early).code, WIRE_OK);
    assert_int_equal(pthread_join(drain, &drained), 0);
    assert_ptr_equal(drained, served.listener);
    assert_int_equal(served.fixture.handled, 1);
    assert_int_equal(nng_close(early), 0);
    assert_int_equal(nng_close(late), 0);
    served_close(&served);
}

static void wait_until_active(struct listener *listener, int count)
{
    int64_t until_ms = clock_monotonic_ms() + CLIENT_WAIT_MS;
    while (listener_active(listener) != count) {
        assert_true(clock_monotonic_ms() < until_ms);
        (void)sched_yield();
    }
}

/* One worker, held: the second call waits past its deadline and is not run. */
static void test_listener__does_not_run_a_call_whose_time_is_up(void **state)
{
    struct served served;
    AUTO_BUF struct buf bytes = BUF_INIT;
    (void)state;
    assert_int_equal(sem_init(&handler_entered, 0, 0), 0);
    assert_int_equal(sem_init(&handler_released, 0, 0), 0);
    served_open(&served, 1);
    served.fixture.handle = wait_in_handler;
    nng_socket first = client_open(&served);
    nng_socket second = client_open(&served);
    client_send(&served, first, METHOD_TABLE_GET);
    (void)sem_wait(&handler_entered);
    struct ask ask = fixture_ask(&served.fixture, METHOD_TABLE_GET, ROLE_COORDINATOR);
    ask.request.deadline_ms = 1;
    ask_pack(&served.fixture, &ask, &bytes);
    assert_int_equal(nng_send(second, bytes.data, bytes.len, 0), 0);
    wait_until_active(served.listener, 2);
    // The deadline is 1 ms after the message came, which is now at the latest.
    for (int64_t now_ms = clock_monotonic_ms(); clock_monotonic_ms() <= now_ms + 1;) {
        (void)sched_yield();
    }
    (void)sem_post(&handler_released);
    assert_int_equal(client_receive(served.fixture.arena, first).code, WIRE_OK);
    assert_string_equal(client_receive(served.fixture.arena, second).reason, "DEADLINE_PASSED");
    assert_int_equal(served.fixture.handled, 1);
    assert_int_equal(nng_close(first), 0);
    assert_int_equal(nng_close(second), 0);
    served_close(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listener_check_url__takes_loopback_tcp_only),
        cmocka_unit_test(test_listener_start__refuses_bad_options),
        cmocka_unit_test(test_listener__answers_many_clients),
        cmocka_unit_test(test_listener__answers_garbage_and_goes_on),
        cmocka_unit_test(test_listener__drops_a_peer_that_sends_too_much),
        cmocka_unit_test(test_listener__outlives_peers_that_do_not_speak_nng),
        cmocka_unit_test(test_listener_drain__answers_what_it_has_and_refuses_the_rest),
        cmocka_unit_test(test_listener__does_not_run_a_call_whose_time_is_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
