/*
 * Goal: every published number is read as its authority says, and nothing else passes.
 * Method: tables of published and replacement numbers (CPR office; python-stdnum and npm
 * danish-ssn doc tests), and of the century rule by year and seventh digit.
 */
#include "support.h"

#include "identity/cpr.h"

#include <stdio.h>
#include <string.h>

static date_t day(int year, int month, int number)
{
    return date_from_parts((struct date_parts){year, month, number});
}

static void test_cpr_parse__reads_published_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum cpr_result result;
        int year, month, day;
        bool is_female;
    } rows[] = {
        {"070761-4285", CPR_OK, 1961, 7, 7, false},
        {"0707614285", CPR_OK, 1961, 7, 7, false},
        {" 070761 4285 ", CPR_OK, 1961, 7, 7, false},
        {"211062-5629", CPR_OK, 1862, 10, 21, false},
        {"061093-7438", CPR_OK, 1893, 10, 6, true},
        {"111111-1118", CPR_OK, 1911, 11, 11, true},
        {"010165-0001", CPR_OK_NO_MOD11, 1965, 1, 1, false},
        {"710761-4285", CPR_REPLACEMENT, 1961, 7, 11, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cpr cpr;
        assert_int_equal(cpr_parse(rows[i].text, strlen(rows[i].text), day(2024, 1, 1), &cpr),
                         rows[i].result);
        assert_int_equal(cpr.birth_date, day(rows[i].year, rows[i].month, rows[i].day));
        assert_int_equal(cpr.is_female, rows[i].is_female);
        cpr_wipe(&cpr);
    }
}

static void test_cpr_parse__century_follows_the_seventh_digit(void **state)
{
    (void)state;
    static const struct {
        int two_digits;
        char seventh;
        int year;
    } rows[] = {
        {0, '0', 1900},  {99, '3', 1999}, {36, '4', 2036}, {37, '4', 1937}, {36, '9', 2036},
        {37, '9', 1937}, {99, '9', 1999}, {57, '5', 2057}, {58, '5', 1858}, {57, '8', 2057},
        {58, '8', 1858}, {0, '5', 2000},  {99, '8', 1899}, {0, '4', 2000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        /* A replacement number of 1 March: days 61. */
        char text[16];
        (void)snprintf(text, sizeof(text), "6103%02d-%c000", rows[i].two_digits, rows[i].seventh);
        struct cpr cpr;
        assert_int_equal(cpr_parse(text, strlen(text), day(2199, 1, 1), &cpr), CPR_REPLACEMENT);
        assert_int_equal(cpr.birth_date, day(rows[i].year, 3, 1));
    }
}

static void test_cpr_parse__refuses_what_is_no_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum cpr_result result;
    } rows[] = {
        {"", CPR_BAD_FORMAT},
        {"-", CPR_BAD_FORMAT},
        {"710761428", CPR_BAD_FORMAT},
        {"71076142855", CPR_BAD_FORMAT},
        {"710761-428A", CPR_BAD_FORMAT},
        {"710761.4285", CPR_BAD_FORMAT},
        {"\xef\xbc\x97"
         "10761-4285",
         CPR_BAD_FORMAT},
        {"511062-5629", CPR_BAD_DATE},
        {"000761-4285", CPR_BAD_DATE},
        {"600761-4285", CPR_BAD_DATE},
        {"920761-4285", CPR_BAD_DATE},
        {"711361-4285", CPR_BAD_DATE},
        {"710061-4285", CPR_BAD_DATE},
        {"890261-4285", CPR_BAD_DATE}, /* 29 February 1961 */
        {"910461-4285", CPR_BAD_DATE}, /* 31 April */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cpr cpr;
        assert_int_equal(cpr_parse(rows[i].text, strlen(rows[i].text), day(2024, 1, 1), &cpr),
                         rows[i].result);
        assert_string_equal(cpr.digits, "");
        assert_int_equal(cpr.birth_date, DATE_NONE);
    }
}

static void test_cpr_parse__reads_a_leap_day(void **state)
{
    (void)state;
    struct cpr cpr;
    assert_int_equal(cpr_parse("890260-4285", 11, day(2024, 1, 1), &cpr), CPR_REPLACEMENT);
    assert_int_equal(cpr.birth_date, day(1960, 2, 29));
}

static void test_cpr_parse__a_child_is_born_by_today(void **state)
{
    (void)state;
    struct cpr cpr;
    assert_int_equal(cpr_parse("710716-4285", 11, day(2016, 7, 11), &cpr), CPR_REPLACEMENT);
    assert_int_equal(cpr_parse("710716-4285", 11, day(2016, 7, 10), &cpr), CPR_FUTURE_DATE);
    assert_string_equal(cpr.digits, "");
}

static void test_cpr_wipe__leaves_nothing(void **state)
{
    (void)state;
    struct cpr cpr;
    assert_int_equal(cpr_parse("710761-4285", 11, day(2024, 1, 1), &cpr), CPR_REPLACEMENT);
    cpr_wipe(&cpr);
    for (size_t i = 0; i < sizeof(cpr.digits); i++) {
        assert_int_equal(cpr.digits[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpr_parse__reads_published_numbers),
        cmocka_unit_test(test_cpr_parse__century_follows_the_seventh_digit),
        cmocka_unit_test(test_cpr_parse__refuses_what_is_no_number),
        cmocka_unit_test(test_cpr_parse__reads_a_leap_day),
        cmocka_unit_test(test_cpr_parse__a_child_is_born_by_today),
        cmocka_unit_test(test_cpr_wipe__leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
