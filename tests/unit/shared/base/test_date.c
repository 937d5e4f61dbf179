/* Goal: dates round-trip, months clamp as the law clocks need, and wrong text is refused.
 * Method: tables of the published examples, then every day of four centuries. */
#include "support.h"

#include "base/auto.h"
#include "base/date.h"

#include <string.h>

static date_t date_of(const char *text)
{
    date_t date;
    assert_true(date_parse(text, strlen(text), &date));
    return date;
}

static void test_date_add_months__clamps_to_last_day(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        int months;
        const char *expected;
    } cases[] = {
        {"2016-11-30", 3, "2017-02-28"},  {"2015-11-30", 3, "2016-02-29"},
        {"2024-01-31", 3, "2024-04-30"},  {"2019-08-31", 6, "2020-02-29"},
        {"2024-02-29", 12, "2025-02-28"}, {"2025-10-31", 4, "2026-02-28"},
        {"2016-03-31", -1, "2016-02-29"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char text[DATE_TEXT_BYTES];
        date_format(date_add_months(date_of(cases[i].start), cases[i].months), text);
        assert_string_equal(text, cases[i].expected);
    }
}

static void test_date_parse__reads_iso_and_danish(void **state)
{
    (void)state;
    assert_int_equal(date_of("1970-01-01"), 0);
    assert_int_equal(date_of("2016-11-30"), date_of("30-11-2016"));
    assert_int_equal(date_of("2016-11-30"), date_of("30.11.2016"));
    assert_int_equal(date_of("2016-11-30"), date_of("30/11/2016"));
}

static void test_date_parse__refuses_wrong_text(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "2016",       "2016-13-01", "2016-00-10", "2015-02-29", "2016-11-31",
        "30-11/2016", "2016.11.30", "3O-11-2016", "1799-01-01", "2200-01-01", "2016-11-3x",
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        date_t date = 42;
        assert_false(date_parse(wrong[i], strlen(wrong[i]), &date));
        assert_int_equal(date, 42);
    }
}

static void test_date_parts__round_trip_every_day(void **state)
{
    (void)state;
    date_t last = date_from_parts((struct date_parts){2199, 12, 31});
    for (date_t date = date_from_parts((struct date_parts){1800, 1, 1}); date <= last; date++) {
        struct date_parts parts = date_to_parts(date);
        assert_true(date_is_valid(parts));
        assert_int_equal(date_from_parts(parts), date);
    }
}

/* Dates come over the wire as any number of days. */
static void test_date_to_parts__takes_every_number_of_days(void **state)
{
    (void)state;
    static const struct {
        date_t date;
        struct date_parts parts;
    } cases[] = {
        {INT32_MAX, {5881580, 7, 11}},
        {INT32_MAX - 719468, {5879610, 9, 9}},
        {INT32_MIN, {-5877641, 6, 23}},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct date_parts parts = date_to_parts(cases[i].date);
        assert_int_equal(parts.year, cases[i].parts.year);
        assert_int_equal(parts.month, cases[i].parts.month);
        assert_int_equal(parts.day, cases[i].parts.day);
    }
}

static void test_date_age_years__turns_on_the_birthday(void **state)
{
    (void)state;
    date_t birth = date_of("2000-02-29");
    assert_int_equal(date_age_years(birth, date_of("2018-02-28")), 17);
    assert_int_equal(date_age_years(birth, date_of("2018-03-01")), 18);
    assert_int_equal(date_age_years(birth, date_of("2016-02-29")), 16);
}

static void test_date_quarter_start__is_first_of_quarter(void **state)
{
    (void)state;
    assert_int_equal(date_quarter_start(date_of("2016-12-31")), date_of("2016-10-01"));
    assert_int_equal(date_quarter_start(date_of("2016-01-01")), date_of("2016-01-01"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date_add_months__clamps_to_last_day),
        cmocka_unit_test(test_date_parse__reads_iso_and_danish),
        cmocka_unit_test(test_date_parse__refuses_wrong_text),
        cmocka_unit_test(test_date_parts__round_trip_every_day),
        cmocka_unit_test(test_date_to_parts__takes_every_number_of_days),
        cmocka_unit_test(test_date_age_years__turns_on_the_birthday),
        cmocka_unit_test(test_date_quarter_start__is_first_of_quarter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
