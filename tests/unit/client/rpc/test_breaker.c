/* Goal: an endpoint rests only after failures in a row, for a doubling and bounded time.
 * Method: turn the time by hand. */
#include "support.h"

#include "rpc/breaker.h"

static struct breaker breaker_failed(uint32_t times, int64_t now_ms)
{
    struct breaker breaker = BREAKER_INIT;
    for (uint32_t i = 0; i < times; i++) {
        breaker_report(&breaker, false, now_ms);
    }
    return breaker;
}

static void test_breaker_admits__until_failures_in_a_row(void **state)
{
    (void)state;
    struct breaker fresh = BREAKER_INIT;
    struct breaker before = breaker_failed(BREAKER_FAILURES_MAX - 1, 500);
    struct breaker at = breaker_failed(BREAKER_FAILURES_MAX, 500);
    assert_true(breaker_admits(&fresh, 0));
    assert_true(breaker_admits(&before, 500));
    assert_false(breaker_admits(&at, 500));
}

static void test_breaker_admits__again_when_the_rest_ends(void **state)
{
    (void)state;
    struct breaker breaker = breaker_failed(BREAKER_FAILURES_MAX, 500);
    assert_false(breaker_admits(&breaker, 500 + BREAKER_REST_MS_MIN - 1));
    assert_true(breaker_admits(&breaker, 500 + BREAKER_REST_MS_MIN));
}

static void test_breaker_report__doubles_the_rest_up_to_its_limit(void **state)
{
    (void)state;
    int64_t rest = BREAKER_REST_MS_MIN;
    for (uint32_t failures = BREAKER_FAILURES_MAX; failures < 80; failures++) {
        struct breaker breaker = breaker_failed(failures, 0);
        assert_false(breaker_admits(&breaker, rest - 1));
        assert_true(breaker_admits(&breaker, rest));
        rest = rest * 2 < BREAKER_REST_MS_MAX ? rest * 2 : BREAKER_REST_MS_MAX;
    }
}

static void test_breaker_report__success_forgets_the_failures(void **state)
{
    (void)state;
    struct breaker breaker = breaker_failed(10, 0);
    breaker_report(&breaker, true, 1);
    assert_true(breaker_admits(&breaker, 1));
    breaker_report(&breaker, false, 2);
    assert_true(breaker_admits(&breaker, 2));
}

static void test_breaker_report__one_failure_after_a_rest_rests_again(void **state)
{
    (void)state;
    struct breaker breaker = breaker_failed(BREAKER_FAILURES_MAX, 0);
    assert_true(breaker_admits(&breaker, BREAKER_REST_MS_MIN));
    breaker_report(&breaker, false, BREAKER_REST_MS_MIN);
    assert_false(breaker_admits(&breaker, BREAKER_REST_MS_MIN + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_breaker_admits__until_failures_in_a_row),
        cmocka_unit_test(test_breaker_admits__again_when_the_rest_ends),
        cmocka_unit_test(test_breaker_report__doubles_the_rest_up_to_its_limit),
        cmocka_unit_test(test_breaker_report__success_forgets_the_failures),
        cmocka_unit_test(test_breaker_report__one_failure_after_a_rest_rests_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
