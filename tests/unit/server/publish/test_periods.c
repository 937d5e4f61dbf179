/* Goal: a period goes out once, when all its members have closed it, or with the others left
 * out by name. Method: one partnership of three over a year; tables of what is closed. */
#include "support.h"

#include "publish/periods.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_FROM = 2014 };

static date_t day(int year, int month, int number)
{
    return date_from_parts((struct date_parts){year, month, number});
}

/* 167 and 657 all year; 510 only in the second half. */
static struct periods_input year_input(const struct query_member members[3])
{
    return (struct periods_input){.members = members,
                                  .member_count = 3,
                                  .from_date = day(YEAR_FROM, 1, 1),
                                  .to_date = day(YEAR_FROM + 1, 1, 1)};
}

static void members_fill(struct query_member members[3])
{
    members[0] = (struct query_member){657, day(YEAR_FROM, 1, 1), day(YEAR_FROM + 1, 1, 1)};
    members[1] = (struct query_member){167, day(YEAR_FROM, 1, 1), day(YEAR_FROM + 1, 1, 1)};
    members[2] = (struct query_member){510, day(YEAR_FROM, 7, 1), day(YEAR_FROM + 1, 1, 1)};
}

static void chosen_text(const struct periods *periods, char out[256])
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < periods->count; i++) {
        at += (size_t)snprintf(out + at, 256 - at, "%s%s:%zu", i == 0 ? "" : " ",
                               periods->chosen[i].text, periods->chosen[i].member_count);
    }
}

static void test_periods_choose__takes_what_all_have_closed(void **state)
{
    (void)state;
    static const struct {
        const char *expected; /* period:members, in order */
        struct period_mark closed[8];
        size_t closed_count;
        const char *released;
        bool without_open;
        size_t left_out;
        size_t waiting;
    } cases[] = {
        {"", {{{0}, 0}}, 0, "", false, 0, 0},
        {"", {{"2014-Q1", 657}}, 1, "", false, 0, 1},
        {"2014-Q1:2", {{"2014-Q1", 657}, {"2014-Q1", 167}}, 2, "", false, 0, 0},
        {"", {{"2014-Q1", 657}, {"2014-Q1", 167}}, 2, "2014-Q1", false, 0, 0},
        {"2014-Q1:1", {{"2014-Q1", 657}}, 1, "", true, 1, 0},
        {"", {{{0}, 0}}, 0, "", true, 0, 0},
        {"2014-Q1:2 2014-Q2:2 2014-H1:2",
         {{"2014-Q1", 657}, {"2014-Q1", 167}, {"2014-Q2", 657}, {"2014-Q2", 167}},
         4,
         "",
         false,
         0,
         0},
        /* one quarter of the half-year is open */
        {"2014-Q1:2", {{"2014-Q1", 657}, {"2014-Q1", 167}, {"2014-Q2", 657}}, 3, "", false, 0, 2},
        /* the third member counts from July on */
        {"", {{"2014-Q3", 657}, {"2014-Q3", 167}}, 2, "", false, 0, 1},
        {"2014-Q3:3", {{"2014-Q3", 657}, {"2014-Q3", 167}, {"2014-Q3", 510}}, 3, "", false, 0, 0},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct err err = ERR_INIT;
        struct query_member members[3];
        members_fill(members);
        struct periods_input input = year_input(members);
        struct period_mark released = {.municipality_code = 0};
        (void)snprintf(released.period, sizeof released.period, "%s", cases[i].released);
        input.closed = cases[i].closed;
        input.closed_count = cases[i].closed_count;
        input.released = &released;
        input.released_count = cases[i].released[0] == '\0' ? 0 : 1;
        input.without_open = cases[i].without_open;
        AUTO(periods_free) struct periods *periods = NULL;
        ASSERT_OK(periods_choose(&input, &periods, &err), err);
        char text[256];
        chosen_text(periods, text);
        assert_string_equal(text, cases[i].expected);
        assert_int_equal(periods->left_out_count, cases[i].left_out);
        assert_int_equal(periods->waiting_count, cases[i].waiting);
    }
}

static void test_periods_choose__leaves_out_whom_it_is_told_to(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct query_member members[3];
    members_fill(members);
    struct periods_input input = year_input(members);
    static const struct period_mark closed[] = {{"2014-Q1", 657}, {"2014-Q1", 167}};
    static const struct period_mark out[] = {{"2014-Q1", 167}};
    input.closed = closed;
    input.closed_count = 2;
    input.leave_out = out;
    input.leave_out_count = 1;
    AUTO(periods_free) struct periods *periods = NULL;
    ASSERT_OK(periods_choose(&input, &periods, &err), err);
    assert_int_equal(periods->count, 1);
    assert_int_equal(periods->chosen[0].member_count, 1);
    assert_int_equal(periods->chosen[0].members[0], 657);
    assert_int_equal(periods->left_out[0].municipality_code, 167);
}

static void test_periods_choose__refuses_strangers_and_wrong_periods(void **state)
{
    (void)state;
    static const struct period_mark wrong[] = {
        {"2014-Q1", 101}, {"2014-Q1", 510}, {"2016-Q1", 657}, {"2014-Q5", 657}};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct err err = ERR_INIT;
        struct query_member members[3];
        members_fill(members);
        struct periods_input input = year_input(members);
        input.leave_out = &wrong[i];
        input.leave_out_count = 1;
        struct periods *periods = NULL;
        ASSERT_ERR(ERR_INVALID, periods_choose(&input, &periods, &err));
        assert_null(periods);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_periods_choose__takes_what_all_have_closed),
        cmocka_unit_test(test_periods_choose__leaves_out_whom_it_is_told_to),
        cmocka_unit_test(test_periods_choose__refuses_strangers_and_wrong_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
