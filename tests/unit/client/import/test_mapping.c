/*
 * Goal: Danish headers and words need no mapping file, what differs can be said in one, and
 * a wrong line of it is refused with the nearest right name. Method: tables.
 */
#include "support.h"

#include "import/columns.h"
#include "import/mapping.h"
#include "import/words.h"

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

static struct mapping *mapping_make(const struct code_lists *lists, const char *text)
{
    struct err err = ERR_INIT;
    struct mapping *mapping = NULL;
    ASSERT_OK(mapping_parse(text, lists, &mapping, &err), err);
    return mapping;
}

static void test_mapping_field_of_header__knows_danish_and_english(void **state)
{
    static const struct {
        enum record_type type;
        const char *header;
        int field;
    } rows[] = {
        {RECORD_CASE, "CPR-nummer", FIELD_CASE_case_key},
        {RECORD_CASE, "cpr nummer", FIELD_CASE_case_key},
        {RECORD_CASE, "Personnummer", FIELD_CASE_case_key},
        {RECORD_CASE, "case_key", FIELD_CASE_case_key},
        {RECORD_CASE, "Målgruppe", FIELD_CASE_target_group},
        {RECORD_CASE, "MÅLGRUPPE", FIELD_CASE_target_group},
        {RECORD_CASE, "Maalgruppe", FIELD_CASE_target_group},
        {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date},
        {RECORD_CASE, "opened_date", FIELD_CASE_opened_date},
        {RECORD_CASE, "Køn", -1}, /* comes from the CPR number, never from a column */
        {RECORD_CASE, "sex", -1},
        {RECORD_CASE, "Partnerskab", -1},
        {RECORD_CASE, "", -1},
        {RECORD_CASE, "---", -1},
        {RECORD_ENROLMENT, "Partnerskab", MAPPING_PARTNERSHIP},
        {RECORD_FOLLOW_UP, "Foranstaltnings-id", FIELD_FOLLOW_UP_intervention_keys},
        {RECORD_INTERVENTION, "Foranstaltnings-ID", FIELD_INTERVENTION_intervention_key},
        {RECORD_FOLLOW_UP, "Besluttet interval (dage)", FIELD_FOLLOW_UP_decided_interval_days},
    };
    AUTO(mapping_free) struct mapping *mapping = mapping_make(*state, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        int field = mapping_field_of_header(mapping, rows[i].type, rows[i].header);
        if (field != rows[i].field) {
            fail_msg("\"%s\": wanted field %d, got %d", rows[i].header, rows[i].field, field);
        }
    }
}

static void test_mapping_parse__takes_their_names(void **state)
{
    AUTO(mapping_free)
    struct mapping *mapping = mapping_make(*state, "[files]\n"
                                                   "case = A.csv | B.csv\n"
                                                   "[columns case]\n"
                                                   "opened_date = Oprettet den|Startet\n"
                                                   "ignore = Titel\n"
                                                   "[columns enrolment]\n"
                                                   "partnership = Projekt\n"
                                                   "ignore = *\n"
                                                   "[values measurement]\n"
                                                   "instrument_version = P4-17\n"
                                                   "[codes place_type]\n"
                                                   "INSTITUTION = Huset på bakken\n");
    enum record_type type = RECORD_MEASUREMENT;
    assert_true(mapping_type_of_file(mapping, "B.csv", &type));
    assert_int_equal(type, RECORD_CASE);
    assert_false(mapping_type_of_file(mapping, "C.csv", &type));
    assert_int_equal(mapping_field_of_header(mapping, RECORD_CASE, "startet"),
                     FIELD_CASE_opened_date);
    assert_int_equal(mapping_field_of_header(mapping, RECORD_CASE, "Sag oprettet"),
                     FIELD_CASE_opened_date);
    assert_int_equal(mapping_field_of_header(mapping, RECORD_ENROLMENT, "Projekt"),
                     MAPPING_PARTNERSHIP);
    assert_true(mapping_ignores(mapping, RECORD_CASE, "titel"));
    assert_false(mapping_ignores(mapping, RECORD_CASE, "andet"));
    assert_true(mapping_ignores(mapping, RECORD_ENROLMENT, "andet"));
    assert_string_equal(
        mapping_value(mapping, RECORD_MEASUREMENT, FIELD_MEASUREMENT_instrument_version), "P4-17");
    assert_null(mapping_value(mapping, RECORD_MEASUREMENT, FIELD_MEASUREMENT_informant));
    const struct code *code = mapping_code(mapping, "place_type", "huset PÅ bakken", DATE_NONE);
    assert_non_null(code);
    assert_string_equal(code->code, "INSTITUTION");
    assert_non_null(mapping_code(mapping, "place_type", "Netværkspleje", DATE_NONE));
    assert_null(mapping_code(mapping, "place_type", "Hotel", DATE_NONE));
}

static void test_mapping_parse__refuses_with_the_nearest_name(void **state)
{
    static const struct {
        const char *text;
        const char *message;
        const char *hint;
    } rows[] = {
        {"[colums case]\nopened_date = x\n", "section", ""},
        {"[columns]\nopened_date = x\n", "section", ""},
        {"[columns cases]\nopened_date = x\n", "record type \"cases\"", "\"case\""},
        {"[columns case]\nopend_date = x\n", "field \"opend_date\"", "\"opened_date\""},
        {"[columns case]\nsex = Køn\n", "field \"sex\"", ""},
        {"[columns case]\npartnership = P\n", "field \"partnership\"", ""},
        {"[values case]\nignore = x\n", "field \"ignore\"", ""},
        {"[codes place_types]\nX = y\n", "code list \"place_types\"", ""},
        {"[codes place_type]\nINSTITUTON = y\n", "code \"INSTITUTON\"", "\"INSTITUTION\""},
        {"[files]\nsag2 = x.csv\n", "record type \"sag2\"", ""},
        {"[columns case]\nopened_date =\n", "empty word", ""},
        {"[columns case]\nopened_date = a||b\n", "empty word", ""},
        {"[columns case\nopened_date = a\n", "section", ""},
        {"[columns case]\nopened_date\n", "line 2", ""},
        {"opened_date = a\n", "section", ""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct err err = ERR_INIT;
        struct mapping *mapping = NULL;
        ASSERT_ERR(ERR_INVALID, mapping_parse(rows[i].text, *state, &mapping, &err));
        assert_null(mapping);
        if (strstr(err.message, rows[i].message) == NULL ||
            strstr(err.hint, rows[i].hint) == NULL) {
            fail_msg("%zu: \"%s\" / \"%s\"", i, err.message, err.hint);
        }
    }
}

static struct column_problems resolve(const struct code_lists *lists, enum record_type type,
                                      const char *const *headers, size_t count)
{
    AUTO(mapping_free) struct mapping *mapping = mapping_make(lists, NULL);
    const struct csv_row row = {.line = 1, .cells = headers, .count = count};
    struct columns columns;
    struct column_problems problems;
    columns_resolve(mapping, type, &row, &columns, &problems);
    return problems;
}

static void test_columns_resolve__names_what_is_unknown_missing_or_double(void **state)
{
    static const char *const right[] = {"CPR-nummer", "Sag oprettet", "Målgruppe"};
    assert_int_equal(resolve(*state, RECORD_CASE, right, 3).count, 0);

    static const char *const wrong[] = {"CPR-nummer", "Sag opretet", "Målgruppe", "CPR", "Telefon"};
    struct column_problems problems = resolve(*state, RECORD_CASE, wrong, 5);
    assert_int_equal(problems.count, 4);
    assert_int_equal(problems.items[0].rule, RULE_COLUMN_UNKNOWN);
    assert_string_equal(problems.items[0].column, "Sag opretet");
    assert_string_equal(problems.items[0].expected, "Sag oprettet");
    assert_int_equal(problems.items[1].rule, RULE_COLUMN_DOUBLE);
    assert_int_equal(problems.items[2].rule, RULE_COLUMN_UNKNOWN);
    assert_string_equal(problems.items[2].expected, "");
    assert_int_equal(problems.items[3].rule, RULE_COLUMN_MISSING);
    assert_string_equal(problems.items[3].column, "Sag oprettet");
}

static void test_columns_guess_type__needs_more_than_the_child(void **state)
{
    static const struct {
        const char *headers[4];
        size_t count;
        bool is_known;
        enum record_type type;
    } rows[] = {
        {{"CPR-nummer", "Sag oprettet", "Målgruppe"}, 3, true, RECORD_CASE},
        {{"CPR-nummer", "Fra", "Til"}, 3, true, RECORD_ENROLMENT},
        {{"Opfølgnings-id", "CPR-nummer", "Opfølgningsdato", "Foranstaltnings-id"},
         4,
         true,
         RECORD_FOLLOW_UP},
        {{"Sagsbehandler", "Måned", "Årsværk", "Orlov"}, 4, true, RECORD_WORKER_MONTH},
        {{"CPR-nummer", "Navn", "Adresse"}, 3, false, RECORD_CASE},
        {{"a", "b", "c", "d"}, 4, false, RECORD_CASE},
    };
    AUTO(mapping_free) struct mapping *mapping = mapping_make(*state, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct csv_row row = {.cells = rows[i].headers, .count = rows[i].count};
        enum record_type type = RECORD_CASE;
        assert_int_equal(columns_guess_type(mapping, &row, &type), rows[i].is_known);
        if (rows[i].is_known) {
            assert_int_equal(type, rows[i].type);
        }
    }
}

static void test_words_distance__counts_edits(void **state)
{
    (void)state;
    assert_int_equal(words_distance("", ""), 0);
    assert_int_equal(words_distance("abc", ""), 3);
    assert_int_equal(words_distance("", "abc"), 3);
    assert_int_equal(words_distance("kitten", "sitting"), 3);
    assert_int_equal(words_distance("Å-R", "aar"), 0);
    assert_false(words_equal("--", "--")); /* no letters: no word */
    char long_word[400];
    memset(long_word, 'x', sizeof(long_word) - 1);
    long_word[sizeof(long_word) - 1] = '\0';
    assert_true(words_distance(long_word, "x") < WORDS_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mapping_field_of_header__knows_danish_and_english),
        cmocka_unit_test(test_mapping_parse__takes_their_names),
        cmocka_unit_test(test_mapping_parse__refuses_with_the_nearest_name),
        cmocka_unit_test(test_columns_resolve__names_what_is_unknown_missing_or_double),
        cmocka_unit_test(test_columns_guess_type__needs_more_than_the_child),
        cmocka_unit_test(test_words_distance__counts_edits),
    };
    return cmocka_run_group_tests(tests, lists_load, lists_free);
}
