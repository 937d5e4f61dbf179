/* Goal: every rendering of a table shows exact numbers as they are, a withheld cell never as
 * a number, and says that synthetic data are. Method: golden texts of one table in three
 * formats and two languages. */
#include "support.h"

#include "base/auto.h"
#include "cli.h"
#include "output_table.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const BY[] = {"quarter", "municipality"};
static const char *const HERNING[] = {"2014-Q1", "657"};
static const char *const POOL[] = {"2014-Q1", "pool"};
static const char *const LATER[] = {"2014-Q2", "756"};
static const char *const RELEASES[] = {"sverigesprogrammet-2014-Q2-1"};
static const char *const CAVEATS[] = {"2014-Q2: 756 left out"};
static const char *const CAVEATS_DA[] = {"2014-Q2: 756 udeladt"};

static const struct table_row ROWS[] = {
    {HERNING,
     {.state = TABLE_CELL_EXACT, .exact = 15},
     {.state = TABLE_CELL_EXACT, .exact = 60},
     true,
     0.25},
    {POOL, {.state = TABLE_CELL_WITHHELD}, {.state = TABLE_CELL_EXACT, .exact = 75}, false, 0},
    {LATER, {.state = TABLE_CELL_TOO_FEW_CONTRIBUTORS}, {.state = TABLE_CELL_WITHHELD}, false, 0},
};

static struct table share_table(void)
{
    return (struct table){
        .measure = "institution_share",
        .indicator = "I01",
        .name_da = "Andel anbragt på institution",
        .name_en = "Share placed in institutions",
        .statistic = "share",
        .unit = "child",
        .partnership = "sverigesprogrammet",
        .by = BY,
        .by_count = ARRAY_COUNT(BY),
        .release_ids = RELEASES,
        .release_count = 1,
        .policy = "suppress-t5-w5",
        .audience = "named",
        .canonical_query = "q",
        .sha256 = "ab",
        .citation = "Sverigesprogrammet, release 1",
        .caveats = CAVEATS,
        .caveat_count = 1,
        .caveats_da = CAVEATS_DA,
        .caveat_da_count = 1,
        .synthetic = true,
        .rows = ROWS,
        .row_count = ARRAY_COUNT(ROWS),
    };
}

struct printed {
    char *out;
    char *talk;
};

static void printed_clear(struct printed *printed)
{
    free(printed->out);
    free(printed->talk);
}

#define AUTO_PRINTED __attribute__((cleanup(printed_clear)))

static struct printed print(const struct table *table, enum cli_format format, enum cli_lang lang)
{
    struct err err = ERR_INIT;
    struct printed printed = {NULL, NULL};
    size_t sizes[2];
    struct cli cli = {
        .format = format,
        .lang = lang,
        .out = open_memstream(&printed.out, &sizes[0]),
        .talk = open_memstream(&printed.talk, &sizes[1]),
    };
    enum err_code code = output_table_print(table, &cli, &err);
    (void)fclose(cli.out);
    (void)fclose(cli.talk);
    assert_int_equal(code, ERR_OK);
    return printed;
}

static void test_output_table_print__writes_a_table_in_english(void **state)
{
    (void)state;
    struct table table = share_table();
    AUTO_PRINTED struct printed printed = print(&table, CLI_FORMAT_TABLE, CLI_LANG_EN);
    assert_string_equal(
        printed.out,
        "Share placed in institutions (I01, institution_share)\n"
        "sverigesprogrammet, audience: named\n"
        "\n"
        "Quarter  Municipality                       Share                                n\n"
        "2014-Q1  Herning (657)                     25.0 %                          15 / 60\n"
        "2014-Q1  All together                    withheld                    withheld / 75\n"
        "2014-Q2  Ikast-Brande (756)  too few contributors  too few contributors / withheld\n"
        "\n"
        "withheld: not shown, to protect children, workers or municipalities\n"
        "Note: 2014-Q2: 756 left out\n"
        "Cite as: Sverigesprogrammet, release 1\n"
        "SYNTHETIC DATA: generated, no real child.\n");
}

static void test_output_table_print__writes_a_table_in_danish(void **state)
{
    (void)state;
    struct table table = share_table();
    table.row_count = 2;
    AUTO_PRINTED struct printed printed = print(&table, CLI_FORMAT_TABLE, CLI_LANG_DA);
    assert_string_equal(
        printed.out, "Andel anbragt på institution (I01, institution_share)\n"
                     "sverigesprogrammet, visning: navngivne kommuner\n"
                     "\n"
                     "Kvartal  Kommune                Andel                  n\n"
                     "2014-Q1  Herning (657)         25,0 %            15 / 60\n"
                     "2014-Q1  Alle tilsammen  tilbageholdt  tilbageholdt / 75\n"
                     "\n"
                     "tilbageholdt: vises ikke, for at beskytte børn, medarbejdere eller kommuner\n"
                     "Bemærk: 2014-Q2: 756 udeladt\n"
                     "Citér som: Sverigesprogrammet, release 1\n"
                     "SYNTETISKE DATA: genererede, ingen virkelige børn.\n");
}

static void test_output_table_print__writes_csv_with_states_apart(void **state)
{
    (void)state;
    struct table table = share_table();
    AUTO_PRINTED struct printed printed = print(&table, CLI_FORMAT_CSV, CLI_LANG_DA);
    assert_string_equal(
        printed.out,
        "partnership,measure,quarter,municipality,municipality_name,statistic,value,"
        "numerator_state,numerator,numerator_margin95,denominator_state,denominator,"
        "denominator_margin95,releases,synthetic\r\n"
        "sverigesprogrammet,institution_share,2014-Q1,657,Herning,share,0.25,exact,15,,exact,60,,"
        "sverigesprogrammet-2014-Q2-1,true\r\n"
        "sverigesprogrammet,institution_share,2014-Q1,pool,,share,,withheld,,,exact,75,,"
        "sverigesprogrammet-2014-Q2-1,true\r\n"
        "sverigesprogrammet,institution_share,2014-Q2,756,Ikast-Brande,share,,"
        "too_few_contributors,,,withheld,,,sverigesprogrammet-2014-Q2-1,true\r\n");
    assert_non_null(strstr(printed.talk, "Syntetiske data"));
    assert_non_null(strstr(printed.talk, "756 udeladt"));
    assert_null(strstr(printed.talk, "left out"));
}

static void test_output_table_print__writes_json_without_numbers_for_withheld(void **state)
{
    (void)state;
    struct table table = share_table();
    AUTO_PRINTED struct printed printed = print(&table, CLI_FORMAT_JSON, CLI_LANG_EN);
    json_t *root = json_loads(printed.out, 0, NULL);
    assert_non_null(root);
    assert_true(json_is_true(json_object_get(root, "synthetic")));
    json_t *first = json_array_get(json_object_get(root, "rows"), 0);
    json_t *second = json_array_get(json_object_get(root, "rows"), 1);
    json_t *numerator = json_object_get(second, "numerator");
    assert_string_equal(json_string_value(json_object_get(first, "municipality_name")), "Herning");
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(first, "numerator"), "value")), 15);
    assert_true(json_real_value(json_object_get(first, "value")) == 0.25);
    assert_int_equal(json_object_size(numerator), 1);
    assert_string_equal(json_string_value(json_object_get(numerator, "state")), "withheld");
    assert_true(json_is_null(json_object_get(second, "value")));
    assert_true(json_is_null(json_object_get(second, "municipality_name")));
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "releases"), 0)),
                        RELEASES[0]);
    json_decref(root);
}

static void assert_json_caveat(const struct table *table, enum cli_lang lang, const char *expected)
{
    AUTO_PRINTED struct printed printed = print(table, CLI_FORMAT_JSON, lang);
    json_t *root = json_loads(printed.out, 0, NULL);
    const json_t *caveats = json_object_get(root, "caveats");
    assert_int_equal(json_array_size(caveats), 1);
    assert_string_equal(json_string_value(json_array_get(caveats, 0)), expected);
    json_decref(root);
}

static void test_output_table_print__tells_caveats_in_one_language(void **state)
{
    (void)state;
    struct table table = share_table();
    assert_json_caveat(&table, CLI_LANG_DA, CAVEATS_DA[0]);
    assert_json_caveat(&table, CLI_LANG_EN, CAVEATS[0]);
    table.caveat_da_count = 0; // an older server
    assert_json_caveat(&table, CLI_LANG_DA, CAVEATS[0]);
}

static void test_output_table_print__never_shows_the_number_behind_a_state(void **state)
{
    (void)state;
    static const enum table_cell_state hidden[] = {
        TABLE_CELL_WITHHELD,
        TABLE_CELL_TOO_FEW_CONTRIBUTORS,
        TABLE_CELL_STRUCTURAL_ZERO,
        TABLE_CELL_NOT_APPLICABLE,
    };
    for (size_t i = 0; i < ARRAY_COUNT(hidden); i++) {
        struct table_cell cell = {hidden[i], 7654321, 7654321.5, 7654321.5};
        struct table_row row = {HERNING, cell, cell, false, 7654321};
        struct table table = share_table();
        table.rows = &row;
        table.row_count = 1;
        for (int format = CLI_FORMAT_TABLE; format <= CLI_FORMAT_JSON; format++) {
            AUTO_PRINTED struct printed printed =
                print(&table, (enum cli_format)format, CLI_LANG_EN);
            assert_null(strstr(printed.out, "765432"));
        }
    }
}

/* The line of the only row. */
static void assert_row(const struct table *table, enum cli_lang lang, const char *expected)
{
    AUTO_PRINTED struct printed printed = print(table, CLI_FORMAT_TABLE, lang);
    if (strstr(printed.out, expected) == NULL) {
        fail_msg("\"%s\" is not in:\n%s", expected, printed.out);
    }
}

static void test_output_table_print__suits_the_statistic(void **state)
{
    (void)state;
    static const struct table_row ratio[] = {{HERNING,
                                              {.state = TABLE_CELL_EXACT, .exact = 4800},
                                              {.state = TABLE_CELL_EXACT, .exact = 210},
                                              true,
                                              22.857}};
    static const struct table_row median[] = {{HERNING,
                                               {.state = TABLE_CELL_ABSENT},
                                               {.state = TABLE_CELL_EXACT, .exact = 40},
                                               true,
                                               88}};
    static const struct table_row hidden[] = {{HERNING,
                                               {.state = TABLE_CELL_WITHHELD},
                                               {.state = TABLE_CELL_EXACT, .exact = 40},
                                               false,
                                               0}};
    static const struct table_row count[] = {{HERNING,
                                              {.state = TABLE_CELL_EXACT, .exact = 40},
                                              {.state = TABLE_CELL_ABSENT},
                                              true,
                                              40}};
    static const struct table_row nobody[] = {{HERNING,
                                               {.state = TABLE_CELL_EXACT, .exact = 0},
                                               {.state = TABLE_CELL_EXACT, .exact = 0},
                                               false,
                                               0}};
    static const struct table_row noisy[] = {{HERNING,
                                              {TABLE_CELL_NOISY, 0, 14.5, 3},
                                              {.state = TABLE_CELL_EXACT, .exact = 60},
                                              true,
                                              0.2417}};
    struct table table = share_table();
    table.row_count = 1;
    table.rows = nobody;
    assert_row(&table, CLI_LANG_EN, "-  0 / 0\n");
    table.rows = noisy;
    assert_row(&table, CLI_LANG_EN, "24.2 %  14.5 ± 3 / 60\n");
    table.statistic = "ratio";
    table.rows = ratio;
    assert_row(&table, CLI_LANG_EN, "22.9  48 / 2.1\n");
    assert_row(&table, CLI_LANG_DA, "22,9  48 / 2,1\n");
    table.statistic = "median";
    table.rows = median;
    assert_row(&table, CLI_LANG_EN, "88.0  40\n");
    table.rows = hidden;
    assert_row(&table, CLI_LANG_EN, "withheld  40\n");
    table.statistic = "count";
    table.rows = count;
    assert_row(&table, CLI_LANG_EN, "Herning (657)  40\n");
}

static void test_output_table_print__names_outcomes(void **state)
{
    (void)state;
    static const char *const by[] = {"placement_type"};
    static const char *const foster[] = {"FOSTER"};
    static const char *const unheard[] = {"UNHEARD_OF"};
    struct table_row row = {foster,
                            {.state = TABLE_CELL_EXACT, .exact = 15},
                            {.state = TABLE_CELL_EXACT, .exact = 60},
                            true,
                            0.25};
    struct table table = share_table();
    table.by = by;
    table.by_count = 1;
    table.rows = &row;
    table.row_count = 1;
    assert_row(&table, CLI_LANG_EN, "\nFoster family (FOSTER)  25.0 %");
    assert_row(&table, CLI_LANG_DA, "\nPlejefamilie (FOSTER)  25,0 %");
    row.keys = unheard;
    assert_row(&table, CLI_LANG_EN, "\nUNHEARD_OF  25.0 %");
}

static void test_output_table_print__refuses_more_dimensions_than_it_can_show(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    char *out = NULL;
    size_t size;
    struct cli cli = {.out = open_memstream(&out, &size), .talk = stderr};
    struct table table = share_table();
    table.by_count = 15;
    table.row_count = 0;
    enum err_code code = output_table_print(&table, &cli, &err);
    (void)fclose(cli.out);
    assert_string_equal(out, "");
    free(out);
    assert_int_equal(code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output_table_print__writes_a_table_in_english),
        cmocka_unit_test(test_output_table_print__writes_a_table_in_danish),
        cmocka_unit_test(test_output_table_print__writes_csv_with_states_apart),
        cmocka_unit_test(test_output_table_print__writes_json_without_numbers_for_withheld),
        cmocka_unit_test(test_output_table_print__tells_caveats_in_one_language),
        cmocka_unit_test(test_output_table_print__never_shows_the_number_behind_a_state),
        cmocka_unit_test(test_output_table_print__suits_the_statistic),
        cmocka_unit_test(test_output_table_print__names_outcomes),
        cmocka_unit_test(test_output_table_print__refuses_more_dimensions_than_it_can_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
