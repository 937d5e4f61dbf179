/*
 * Goal: a slip of the finger finds the name that was meant, and another word finds none.
 * Method: known Levenshtein distances, and the longest text that is compared, plus one letter.
 */
#include "support.h"

#include "base/auto.h"
#include "base/nearest.h"

#include <string.h>

static void test_nearest_edits__counts_inserted_lost_and_changed_letters(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        size_t edits;
    } CASES[] = {
        {"", "", 0},      {"", "abc", 3},           {"abc", "abc", 0},
        {"abc", "ab", 1}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2},
        {"ab", "ba", 2},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        assert_int_equal(nearest_edits(CASES[i].a, CASES[i].b), CASES[i].edits);
        assert_int_equal(nearest_edits(CASES[i].b, CASES[i].a), CASES[i].edits);
    }
}

static void test_nearest_edits__compares_up_to_the_limit(void **state)
{
    char text[NEAREST_BYTES_MAX + 2];
    (void)state;
    memset(text, 'x', sizeof(text));
    text[NEAREST_BYTES_MAX] = '\0';
    assert_int_equal(nearest_edits(text, ""), NEAREST_BYTES_MAX);
    text[NEAREST_BYTES_MAX] = 'x';
    text[NEAREST_BYTES_MAX + 1] = '\0';
    assert_true(nearest_edits(text, "") == SIZE_MAX);
    assert_true(nearest_edits("", text) == SIZE_MAX);
}

static void test_nearest_name__gives_the_first_of_the_closest_or_none(void **state)
{
    static const char *const NAMES[] = {"abcd", "abce", "institution_share", "x"};
    (void)state;
    assert_string_equal(nearest_name("abcf", NAMES, 4), "abcd");
    assert_string_equal(nearest_name("institusion_share", NAMES, 4), "institution_share");
    assert_string_equal(nearest_name("ab", NAMES, 4), "abcd"); // half of its letters
    assert_null(nearest_name("a", NAMES, 4));
    assert_null(nearest_name("", NAMES, 4));
    assert_null(nearest_name("abcd", NAMES, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest_edits__counts_inserted_lost_and_changed_letters),
        cmocka_unit_test(test_nearest_edits__compares_up_to_the_limit),
        cmocka_unit_test(test_nearest_name__gives_the_first_of_the_closest_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
