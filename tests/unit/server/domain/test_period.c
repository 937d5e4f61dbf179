/*
 * Goal: quarters and half-years are read, written and stepped as the calendar has them.
 * Method: tables of texts; refusals outnumber what is taken.
 */
#include "support.h"

#include "domain/period.h"

#include <string.h>

static void test_period_parse__refuses_what_is_no_period(void **state)
{
    (void)state;
    static const char *const WRONG[] = {
        "",        "2014",     "2014-Q0",  "2014-Q5", "2014-H3", "2014-H0",  "2014-Q",
        "2014Q1",  "14-Q1",    "2014-q1",  "2014-M1", "201a-Q1", "2014-Q11", "1899-Q1",
        "2200-Q1", " 2014-Q1", "2014-Q1 ", "2014/Q1", "-014-Q1", "2014-W1",  "9999-H1",
    };
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        struct period period = {PERIOD_QUARTER, 1, 1};
        if (period_parse(WRONG[i], &period)) {
            fail_msg("took \"%s\"", WRONG[i]);
        }
        assert_int_equal(1, period.year);
    }
}

static void test_period_format__gives_the_text_back(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {"2014-Q1", "2014-Q4", "1900-H1", "2199-H2"};
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        struct period period;
        char text[PERIOD_TEXT_BYTES];
        assert_true(period_parse(TEXTS[i], &period));
        period_format(period, text);
        assert_string_equal(TEXTS[i], text);
    }
}

static void test_period_days__are_those_of_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct date_parts first;
        struct date_parts last;
        const char *next;
    } CASES[] = {
        {"2016-Q1", {2016, 1, 1}, {2016, 3, 31}, "2016-Q2"},
        {"2016-Q4", {2016, 10, 1}, {2016, 12, 31}, "2017-Q1"},
        {"2015-H1", {2015, 1, 1}, {2015, 6, 30}, "2015-H2"},
        {"2015-H2", {2015, 7, 1}, {2015, 12, 31}, "2016-H1"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct period period;
        char next[PERIOD_TEXT_BYTES];
        assert_true(period_parse(CASES[i].text, &period));
        assert_int_equal(date_from_parts(CASES[i].first), period_first_day(period));
        assert_int_equal(date_from_parts(CASES[i].last), period_last_day(period));
        period_format(period_next(period), next);
        assert_string_equal(CASES[i].next, next);
        period_format(period_of(period.kind, date_from_parts(CASES[i].last)), next);
        assert_string_equal(CASES[i].text, next);
    }
}

static void test_period_kind_find__knows_two_names(void **state)
{
    (void)state;
    enum period_kind kind = PERIOD_QUARTER;
    assert_true(period_kind_find("half_year", &kind));
    assert_int_equal(PERIOD_HALF_YEAR, kind);
    assert_true(period_kind_find(period_kind_name(PERIOD_QUARTER), &kind));
    assert_int_equal(PERIOD_QUARTER, kind);
    assert_false(period_kind_find("year", &kind));
    assert_false(period_kind_find("", &kind));
    assert_false(period_kind_find("Quarter", &kind));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_period_parse__refuses_what_is_no_period),
        cmocka_unit_test(test_period_format__gives_the_text_back),
        cmocka_unit_test(test_period_days__are_those_of_the_calendar),
        cmocka_unit_test(test_period_kind_find__knows_two_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
