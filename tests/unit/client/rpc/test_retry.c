/* Goal: only failures that may pass are tried again, with jitter between 0 and a doubling
 * bound, never before the server's retry_after and never past the deadline. Method: tables
 * of failures, with the time and the random number given. */
#include "support.h"

#include "base/auto.h"
#include "rpc/retry.h"

enum { FAR_MS = 1000 * 1000 };

static void test_retry_wait__gives_up_on_final_failures(void **state)
{
    (void)state;
    static const enum err_code final_codes[] = {
        ERR_INVALID, ERR_NOT_FOUND, ERR_DENIED, ERR_CONFLICT, ERR_LIMIT, ERR_CORRUPT, ERR_INTERNAL,
    };
    for (size_t i = 0; i < ARRAY_COUNT(final_codes); i++) {
        struct retry retry = retry_until(FAR_MS);
        uint32_t wait_ms = 7;
        assert_false(
            retry_wait(&retry, &(struct retry_failure){final_codes[i], 0}, 0, 0, &wait_ms));
        assert_int_equal(wait_ms, 7);
    }
}

static void test_retry_wait__tries_again_what_may_pass(void **state)
{
    (void)state;
    static const struct retry_failure failures[] = {
        {ERR_UNAVAILABLE, 0}, {ERR_TIMEOUT, 0}, {ERR_LIMIT, 50}};
    for (size_t i = 0; i < ARRAY_COUNT(failures); i++) {
        struct retry retry = retry_until(FAR_MS);
        uint32_t wait_ms = 0;
        assert_true(retry_wait(&retry, &failures[i], 0, 0, &wait_ms));
        assert_int_equal(wait_ms, failures[i].retry_after_ms);
    }
}

static void test_retry_wait__jitter_reaches_from_zero_to_a_doubling_bound(void **state)
{
    (void)state;
    const struct retry_failure failure = {ERR_UNAVAILABLE, 0};
    uint32_t bound = RETRY_DELAY_MS_FIRST;
    for (uint32_t attempt = 1; attempt < RETRY_ATTEMPTS_MAX; attempt++) {
        uint32_t shortest;
        uint32_t longest;
        uint32_t wrapped;
        struct retry retry = {.attempts = attempt - 1, .deadline_ms = FAR_MS};
        struct retry same = retry;
        struct retry third = retry;
        assert_true(retry_wait(&retry, &failure, 0, 0, &shortest));
        assert_true(retry_wait(&same, &failure, bound, 0, &longest));
        assert_true(retry_wait(&third, &failure, bound + 1, 0, &wrapped));
        assert_int_equal(shortest, 0);
        assert_int_equal(longest, bound);
        assert_int_equal(wrapped, 0);
        bound = bound * 2 < RETRY_DELAY_MS_MAX ? bound * 2 : RETRY_DELAY_MS_MAX;
    }
}

static void test_retry_wait__stops_after_the_last_attempt(void **state)
{
    (void)state;
    struct retry retry = retry_until(FAR_MS);
    uint32_t wait_ms;
    for (uint32_t failed = 1; failed < RETRY_ATTEMPTS_MAX; failed++) {
        assert_true(
            retry_wait(&retry, &(struct retry_failure){ERR_UNAVAILABLE, 0}, 0, 0, &wait_ms));
    }
    assert_false(retry_wait(&retry, &(struct retry_failure){ERR_UNAVAILABLE, 0}, 0, 0, &wait_ms));
}

static void test_retry_wait__never_waits_past_the_deadline(void **state)
{
    (void)state;
    uint32_t wait_ms;
    struct retry early = retry_until(1000);
    struct retry late = retry_until(1000);
    assert_true(retry_wait(&early, &(struct retry_failure){ERR_UNAVAILABLE, 99}, 0, 900, &wait_ms));
    assert_false(
        retry_wait(&late, &(struct retry_failure){ERR_UNAVAILABLE, 100}, 0, 900, &wait_ms));
}

static void test_retry_wait__waits_at_least_as_long_as_the_server_asks(void **state)
{
    (void)state;
    struct retry retry = retry_until(FAR_MS);
    uint32_t wait_ms;
    assert_true(
        retry_wait(&retry, &(struct retry_failure){ERR_UNAVAILABLE, 9000}, 30, 0, &wait_ms));
    assert_int_equal(wait_ms, 9030);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retry_wait__gives_up_on_final_failures),
        cmocka_unit_test(test_retry_wait__tries_again_what_may_pass),
        cmocka_unit_test(test_retry_wait__jitter_reaches_from_zero_to_a_doubling_bound),
        cmocka_unit_test(test_retry_wait__stops_after_the_last_attempt),
        cmocka_unit_test(test_retry_wait__never_waits_past_the_deadline),
        cmocka_unit_test(test_retry_wait__waits_at_least_as_long_as_the_server_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
