/* Goal: an exchange gets its answer or ends in time with the right reason, whatever the
 * server does; a bad endpoint does not stand in a good one's way; nothing leaves the machine
 * without TLS. Method: real nng sockets on loopback. */
#include "rep_server.h"

#include "base/auto.h"
#include "base/clock.h"
#include "rpc/channel.h"
#include "rpc/endpoint.h"

static enum rep_deed answer_echo(void *ctx, const struct buf *request, struct buf *response)
{
    (void)ctx;
    buf_append(response, request->data, request->len);
    return REP_ANSWER;
}

static enum rep_deed answer_never(void *ctx, const struct buf *request, struct buf *response)
{
    (void)ctx;
    (void)request;
    (void)response;
    return REP_SILENT;
}

static enum rep_deed answer_by_dropping(void *ctx, const struct buf *request, struct buf *response)
{
    (void)ctx;
    (void)request;
    (void)response;
    return REP_DROP;
}

static struct channel *channel_to(const char *first, const char *second)
{
    struct err err = ERR_INIT;
    struct channel *channel = NULL;
    struct channel_settings settings = {
        .urls = {first, second},
        .url_count = second == NULL ? 1 : 2,
    };
    ASSERT_OK(channel_new(&settings, &channel, &err), err);
    return channel;
}

static enum err_code ask(struct channel *channel, int64_t within_ms, struct err *err)
{
    AUTO_BUF struct buf request = BUF_INIT;
    AUTO_BUF struct buf response = BUF_INIT;
    buf_append_text(&request, "how many?");
    enum err_code code =
        channel_exchange(channel, &request, clock_monotonic_ms() + within_ms, &response, err);
    if (code == ERR_OK) {
        assert_string_equal(buf_text(&response), "how many?");
    }
    return code;
}

static void test_endpoint_check_url__takes_tls_and_loopback_alone(void **state)
{
    (void)state;
    static const char *const good[] = {
        "tls+tcp://pool.example:7702",
        "tls+tcp://[2001:db8::1]:7702",
        "tcp://127.0.0.1:7712",
        "tcp://[::1]:1",
    };
    static const char *const bad[] = {
        "",
        "tcp://10.0.0.1:7712",
        "tcp://localhost:7712",
        "tcp://127.0.0.1.example:80",
        "tcp://127.0.0.1:1@example:80",
        "tcp://127.0.0.1:",
        "tcp://127.0.0.1:77123456",
        "tcp://127.0.0.2:7712",
        "ws://127.0.0.1:80",
        "ipc:///tmp/x",
        "inproc://x",
        "tls+tcp://pool.example",
        "tls+tcp://:7702",
        "tls+tcp://pool.example:7702/path",
        "tls+tcp://user@pool.example:7702",
        "tls+tcp://pool.example:http",
    };
    struct err err = ERR_INIT;
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        ASSERT_OK(endpoint_check_url(good[i], &err), err);
    }
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        if (endpoint_check_url(bad[i], &err) != ERR_INVALID) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
        assert_non_null(strstr(err.hint, "127.0.0.1"));
    }
}

static void test_channel_new__refuses_what_cannot_work(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct channel *channel = NULL;
    struct channel_settings none = {.url_count = 0};
    struct channel_settings many = {.url_count = CHANNEL_URLS_MAX + 1};
    struct channel_settings outside = {.urls = {"tcp://192.0.2.1:80"}, .url_count = 1};
    struct channel_settings no_tls = {.urls = {"tls+tcp://192.0.2.1:80"}, .url_count = 1};
    ASSERT_ERR(ERR_INVALID, channel_new(&none, &channel, &err));
    ASSERT_ERR(ERR_LIMIT, channel_new(&many, &channel, &err));
    ASSERT_ERR(ERR_INVALID, channel_new(&outside, &channel, &err));
    ASSERT_ERR(ERR_INVALID, channel_new(&no_tls, &channel, &err));
    assert_string_equal(err.message, "the profile names no CA file");
    assert_null(channel);
}

static void test_channel_exchange__gives_the_answer(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct rep_server server = {.answer = answer_echo};
    rep_server_start(&server, NULL);
    AUTO(channel_free) struct channel *channel = channel_to(server.url, NULL);
    for (int i = 0; i < 20; i++) {
        ASSERT_OK(ask(channel, 5000, &err), err);
    }
    rep_server_stop(&server);
    assert_int_equal(server.requests, 20);
}

static void test_channel_exchange__says_soon_that_nothing_listens(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct rep_server server = {.answer = answer_echo};
    rep_server_start(&server, NULL); // takes a port, and gives it back
    rep_server_stop(&server);
    AUTO(channel_free) struct channel *channel = channel_to(server.url, NULL);
    int64_t start_ms = clock_monotonic_ms();
    ASSERT_ERR(ERR_UNAVAILABLE, ask(channel, 30000, &err));
    assert_true(clock_monotonic_ms() - start_ms < 5000);
    assert_non_null(strstr(err.message, "nothing listens at tcp://127.0.0.1:"));
}

static void test_channel_exchange__ends_at_the_deadline_of_a_hung_server(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct rep_server server = {.answer = answer_never};
    rep_server_start(&server, NULL);
    AUTO(channel_free) struct channel *channel = channel_to(server.url, NULL);
    int64_t start_ms = clock_monotonic_ms();
    ASSERT_ERR(ERR_TIMEOUT, ask(channel, 300, &err));
    assert_in_range(clock_monotonic_ms() - start_ms, 250, 5000);
    rep_server_stop(&server);
}

static void test_channel_exchange__ends_when_the_connection_is_lost(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct rep_server server = {.answer = answer_by_dropping};
    rep_server_start(&server, NULL);
    AUTO(channel_free) struct channel *channel = channel_to(server.url, NULL);
    int64_t start_ms = clock_monotonic_ms();
    ASSERT_ERR(ERR_UNAVAILABLE, ask(channel, 30000, &err));
    assert_true(clock_monotonic_ms() - start_ms < 5000);
    rep_server_stop(&server);
}

static void test_channel_exchange__goes_round_a_hung_server(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct rep_server hung = {.answer = answer_never};
    struct rep_server healthy = {.answer = answer_echo};
    rep_server_start(&hung, NULL);
    rep_server_start(&healthy, NULL);
    AUTO(channel_free) struct channel *channel = channel_to(hung.url, healthy.url);
    ASSERT_ERR(ERR_TIMEOUT, ask(channel, 400, &err)); // half of it: there is another
    for (int i = 0; i < 10; i++) {
        ASSERT_OK(ask(channel, 5000, &err), err);
    }
    rep_server_stop(&hung);
    rep_server_stop(&healthy);
    assert_int_equal(hung.requests, 1);
    assert_int_equal(healthy.requests, 10);
}

static void test_channel_exchange__lets_failing_endpoints_rest(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct rep_server server = {.answer = answer_by_dropping};
    rep_server_start(&server, NULL);
    AUTO(channel_free) struct channel *channel = channel_to(server.url, NULL);
    ASSERT_ERR(ERR_UNAVAILABLE, ask(channel, 5000, &err));
    ASSERT_ERR(ERR_UNAVAILABLE, ask(channel, 5000, &err));
    int64_t start_ms = clock_monotonic_ms();
    ASSERT_ERR(ERR_UNAVAILABLE, ask(channel, 5000, &err));
    assert_true(clock_monotonic_ms() - start_ms < 100);
    assert_non_null(strstr(err.message, "no server answers"));
    rep_server_stop(&server);
}

static void test_channel_free__is_bounded_while_a_server_hangs(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct rep_server server = {.answer = answer_never};
    rep_server_start(&server, NULL);
    struct channel *channel = channel_to(server.url, NULL);
    ASSERT_ERR(ERR_TIMEOUT, ask(channel, 100, &err));
    int64_t start_ms = clock_monotonic_ms();
    channel_free(channel);
    assert_true(clock_monotonic_ms() - start_ms < 3000);
    rep_server_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endpoint_check_url__takes_tls_and_loopback_alone),
        cmocka_unit_test(test_channel_new__refuses_what_cannot_work),
        cmocka_unit_test(test_channel_exchange__gives_the_answer),
        cmocka_unit_test(test_channel_exchange__says_soon_that_nothing_listens),
        cmocka_unit_test(test_channel_exchange__ends_at_the_deadline_of_a_hung_server),
        cmocka_unit_test(test_channel_exchange__ends_when_the_connection_is_lost),
        cmocka_unit_test(test_channel_exchange__goes_round_a_hung_server),
        cmocka_unit_test(test_channel_exchange__lets_failing_endpoints_rest),
        cmocka_unit_test(test_channel_free__is_bounded_while_a_server_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
