/* Goal: no number of the generator can be a living person's, none comes twice, and each decodes
 * to its birth date and sex. Method: the rules of real numbers applied backwards, over every
 * number of some days. */
#include "support.h"

#include "base/auto.h"
#include "data/person_number.h"

#include <stdio.h>
#include <string.h>

enum { PER_DAY_AND_SEX = 3000 };

static struct person_numbers *register_make(void)
{
    struct err err = ERR_INIT;
    struct person_numbers *numbers = NULL;
    ASSERT_OK(person_numbers_new(&numbers, &err), err);
    return numbers;
}

/* The century of a number, by year and seventh digit (CPR office). */
static int century_of(int year, int digit)
{
    if (digit <= 3) {
        return 1900;
    }
    if (digit == 4 || digit == 9) {
        return year <= 36 ? 2000 : 1900;
    }
    return year <= 57 ? 2000 : 1800;
}

static void assert_decodes(const char *cpr, date_t birth, bool is_boy)
{
    int day;
    int month;
    int year;
    int serial;
    assert_int_equal(strlen(cpr), CPR_TEXT_BYTES - 1);
    assert_int_equal(sscanf(cpr, "%2d%2d%2d-%4d", &day, &month, &year, &serial), 4);
    assert_in_range(day, 61, 91);
    struct date_parts parts = {century_of(year, serial / 1000) + year, month, day - 60};
    assert_true(date_is_valid(parts));
    assert_int_equal(date_from_parts(parts), birth);
    assert_int_equal(serial % 2, is_boy ? 1 : 0);
}

static void test_person_numbers_draw__decodes_to_birth_and_sex(void **state)
{
    (void)state;
    AUTO(person_numbers_free) struct person_numbers *numbers = register_make();
    static const struct date_parts births[] = {
        {1990, 1, 1}, {1999, 12, 31}, {2000, 1, 1}, {2000, 2, 29}, {2004, 6, 15}, {2019, 12, 31},
    };
    for (size_t i = 0; i < ARRAY_COUNT(births); i++) {
        date_t birth = date_from_parts(births[i]);
        for (int n = 0; n < 200; n++) {
            struct err err = ERR_INIT;
            char cpr[CPR_TEXT_BYTES];
            ASSERT_OK(person_numbers_draw(numbers, birth, n % 2 == 0, cpr, &err), err);
            assert_decodes(cpr, birth, n % 2 == 0);
        }
    }
}

static void test_person_numbers_draw__gives_each_number_once(void **state)
{
    (void)state;
    AUTO(person_numbers_free) struct person_numbers *numbers = register_make();
    date_t birth = date_from_parts((struct date_parts){2005, 3, 7});
    static bool seen[10000];
    memset(seen, 0, sizeof(seen));
    for (int n = 0; n < 2 * PER_DAY_AND_SEX; n++) {
        struct err err = ERR_INIT;
        char cpr[CPR_TEXT_BYTES];
        ASSERT_OK(person_numbers_draw(numbers, birth, n % 2 == 0, cpr, &err), err);
        int serial = atoi(cpr + 7);
        assert_false(seen[serial]);
        seen[serial] = true;
    }
}

static void test_person_numbers_draw__refuses_when_the_day_is_used_up(void **state)
{
    (void)state;
    AUTO(person_numbers_free) struct person_numbers *numbers = register_make();
    date_t birth = date_from_parts((struct date_parts){2005, 3, 7});
    struct err err = ERR_INIT;
    char cpr[CPR_TEXT_BYTES] = "untouched";
    for (int n = 0; n < PER_DAY_AND_SEX; n++) {
        ASSERT_OK(person_numbers_draw(numbers, birth, true, cpr, &err), err);
    }
    memcpy(cpr, "untouched", sizeof("untouched"));
    ASSERT_ERR(ERR_LIMIT, person_numbers_draw(numbers, birth, true, cpr, &err));
    assert_string_equal(cpr, "untouched");
    // Girls of that day and boys of the next have numbers of their own.
    ASSERT_OK(person_numbers_draw(numbers, birth, false, cpr, &err), err);
    ASSERT_OK(person_numbers_draw(numbers, birth + 1, true, cpr, &err), err);
}

static void test_person_numbers_draw__refuses_births_outside_its_years(void **state)
{
    (void)state;
    AUTO(person_numbers_free) struct person_numbers *numbers = register_make();
    static const struct date_parts births[] = {{1989, 12, 31}, {2020, 1, 1}, {1890, 5, 5}};
    for (size_t i = 0; i < ARRAY_COUNT(births); i++) {
        struct err err = ERR_INIT;
        char cpr[CPR_TEXT_BYTES] = "untouched";
        ASSERT_ERR(ERR_INVALID,
                   person_numbers_draw(numbers, date_from_parts(births[i]), true, cpr, &err));
        assert_string_equal(cpr, "untouched");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_person_numbers_draw__decodes_to_birth_and_sex),
        cmocka_unit_test(test_person_numbers_draw__gives_each_number_once),
        cmocka_unit_test(test_person_numbers_draw__refuses_when_the_day_is_used_up),
        cmocka_unit_test(test_person_numbers_draw__refuses_births_outside_its_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
