/*
 * Goal: the reference files load, codes have validity, and a municipality's words find them.
 * Method: tables of words and codes against the embedded lists.
 */
#include "support.h"

#include "rules/code_list.h"
#include "rules/record.h"

#include <string.h>

static int lists_load(void **state)
{
    struct err err = ERR_INIT;
    struct code_lists *lists = NULL;
    ASSERT_OK(code_lists_load(&lists, &err), err);
    *state = lists;
    return 0;
}

static int lists_free(void **state)
{
    code_lists_free(*state);
    return 0;
}

static date_t day(const char *text)
{
    date_t date = DATE_NONE;
    assert_true(date_parse(text, strlen(text), &date));
    return date;
}

static void test_code_match__understands_danish_words(void **state)
{
    static const struct {
        const char *list;
        const char *word;
        const char *code; /* NULL: nothing must fit */
    } rows[] = {
        {"paragraph", "SEL-52-3-7", "SEL-52-3-7"},
        {"paragraph", "sel-52-3-7", "SEL-52-3-7"},
        {"paragraph", "SEL § 52, stk. 3, nr. 7", "SEL-52-3-7"},
        {"paragraph", "Serviceloven § 52 stk. 3 nr. 7", "SEL-52-3-7"},
        {"paragraph", "§ 52.3.7", "SEL-52-3-7"},
        {"paragraph", "§ 52 a", "SEL-52A"},
        {"paragraph", "§ 57b", "SEL-57B"},
        {"paragraph", "Barnets lov § 32, stk. 1, nr. 5", "BL-32-1-5"},
        {"paragraph", "BL § 46", "BL-46"},
        {"paragraph", "BL § 75", "BL-75"},
        {"paragraph", "SEL § 75", "SEL-75"},
        {"paragraph", "§ 75", NULL}, /* stands for different things in the two laws */
        {"paragraph", "§ 52 stk. 3 nr. 10", NULL},
        {"paragraph", "", NULL},
        {"paragraph", "§", NULL},
        {"paragraph", "stk nr", NULL},
        {"municipality", "Århus", "751"},
        {"municipality", "AARHUS", "751"},
        {"municipality", "657", "657"},
        {"municipality", "Herning", "657"},
        {"municipality", "Christiansø", NULL},
        {"place_type", "døgninstitution", "INSTITUTION"},
        {"place_type", "DØGNINSTITUTION", "INSTITUTION"},
        {"place_type", "Netværkspleje", "NETWORK"},
        {"place_type", "Hotel", NULL},
        {"sex", "Dreng", "M"},
        {"end_reason", "sammenbrud", "BREAKDOWN"},
        {"instrument", "WHO-5", "WHO5"},
        {"leave", "nej", "NONE"},
        {"no_such_list", "x", NULL},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct code *code = code_match(*state, rows[i].list, rows[i].word, DATE_NONE);
        const char *got = code == NULL ? "nothing" : code->code;
        const char *want = rows[i].code == NULL ? "nothing" : rows[i].code;
        if (strcmp(got, want) != 0) {
            fail_msg("%s \"%s\": wanted %s, got %s", rows[i].list, rows[i].word, want, got);
        }
    }
}

static void test_code_match__survives_long_and_foreign_words(void **state)
{
    char word[4096];
    memset(word, 'a', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    assert_null(code_match(*state, "paragraph", word, DATE_NONE));
    assert_null(code_match(*state, "paragraph", "\xff\xfe\xc3", DATE_NONE));
}

static void test_code_is_valid__ends_before_valid_to(void **state)
{
    const struct code *sel = code_find(*state, "paragraph", "SEL-52-3-2");
    const struct code *bl = code_find(*state, "paragraph", "BL-32-1-2");
    assert_non_null(sel);
    assert_non_null(bl);
    assert_true(code_is_valid(sel, day("2023-12-31")));
    assert_false(code_is_valid(sel, day("2024-01-01")));
    assert_false(code_is_valid(bl, day("2023-12-31")));
    assert_true(code_is_valid(bl, day("2024-01-01")));
}

static void test_code_lists_load__every_list_of_the_records_exists(void **state)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct record_def *def = record_def_get((enum record_type)type);
        for (size_t i = 0; i < def->field_count; i++) {
            size_t count = 0;
            if (*def->fields[i].code_list != '\0') {
                assert_non_null(code_lists_get(*state, def->fields[i].code_list, &count));
                assert_true(count > 0);
            }
        }
    }
    size_t count = 0;
    (void)code_lists_get(*state, "municipality", &count);
    assert_int_equal(count, 98);
}

static void test_code_lists_load__steps_and_kinds_are_known(void **state)
{
    size_t count = 0;
    const struct code *codes = code_lists_get(*state, "paragraph", &count);
    assert_true(count > 50);
    for (size_t i = 0; i < count; i++) {
        const char *kind = code_attribute(&codes[i], "kind");
        const char *step = code_attribute(&codes[i], "step");
        assert_true(code_set_has("PREVENTIVE|HOME|FAMILY_STAY|RELIEF|ECONOMIC|ACCESSORY|ORDER|"
                                 "PLACEMENT|AFTERCARE|YOUTH_CRIME",
                                 kind));
        assert_true(*step == '\0' || code_set_has("1|2|3|PLACE|PLACE_OR_3", step));
        assert_true(codes[i].valid_from != DATE_NONE);
    }
    codes = code_lists_get(*state, "place_type", &count);
    for (size_t i = 0; i < count; i++) {
        assert_true(code_set_has("NETWORK|FOSTER|INSTITUTION|OWN_ROOM|BOARDING_SCHOOL",
                                 code_attribute(&codes[i], "share_type")));
        assert_true(code_set_has("4|5|6", code_attribute(&codes[i], "step")));
    }
}

static void test_code_lists_load__no_word_means_two_codes_at_once(void **state)
{
    static const char *const lists[] = {"sex",   "target_group", "cohort",     "end_reason",
                                        "leave", "informant",    "place_type", "instrument"};
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        size_t count = 0;
        const struct code *codes = code_lists_get(*state, lists[i], &count);
        for (size_t j = 0; j < count; j++) {
            const char *name = codes[j].name_da;
            assert_string_equal(code_match(*state, lists[i], name, DATE_NONE)->code, codes[j].code);
        }
    }
}

static void test_code_find_instrument__needs_version_and_informant(void **state)
{
    assert_non_null(code_find_instrument(*state, "WHO5", "1998", "CHILD"));
    assert_null(code_find_instrument(*state, "WHO5", "1999", "CHILD"));
    assert_null(code_find_instrument(*state, "SDQ_TOTAL", "P4-17", "CHILD"));
    const struct code *child = code_find_instrument(*state, "CORS", "2003", "CHILD");
    const struct code *parent = code_find_instrument(*state, "CORS", "2003", "PARENT");
    assert_int_equal(code_hundredths(child, "cutoff", 0), 3200);
    assert_int_equal(code_hundredths(parent, "cutoff", 0), 2800);
    assert_int_equal(code_hundredths(child, "sd", -1), -1);
}

static void test_code_set_has__compares_whole_words(void **state)
{
    (void)state;
    assert_true(code_set_has("A|BC|D", "BC"));
    assert_false(code_set_has("A|BC|D", "B"));
    assert_false(code_set_has("A|BC|D", "C|D"));
    assert_false(code_set_has("", "A"));
    assert_false(code_set_has("A|BC", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_match__understands_danish_words),
        cmocka_unit_test(test_code_match__survives_long_and_foreign_words),
        cmocka_unit_test(test_code_is_valid__ends_before_valid_to),
        cmocka_unit_test(test_code_lists_load__every_list_of_the_records_exists),
        cmocka_unit_test(test_code_lists_load__steps_and_kinds_are_known),
        cmocka_unit_test(test_code_lists_load__no_word_means_two_codes_at_once),
        cmocka_unit_test(test_code_find_instrument__needs_version_and_informant),
        cmocka_unit_test(test_code_set_has__compares_whole_words),
    };
    return cmocka_run_group_tests(tests, lists_load, lists_free);
}
