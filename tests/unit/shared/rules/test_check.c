/*
 * Goal: every row rule is broken by exactly what should break it, and by nothing beside it.
 * Method: a good case is edited as tests/cases/rules.cases says, and the set of broken rules
 * is compared with the expected one; a further test sees that the table names every rule.
 */
#include "support.h"

#include "base/buf.h"
#include "base/limits.h"
#include "rules/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 4, KEYS_MAX = 4, TEXT_BYTES = 64, TEXTS_MAX = 8 };

static const date_t today = 16982; /* 2016-06-30 */

/* A case small enough to be edited in place. */
struct workbench {
    struct record rows[RECORD_TYPE_COUNT][ROWS_MAX];
    size_t counts[RECORD_TYPE_COUNT];
    uint8_t keys[KEYS_MAX][RECORD_KEY_BYTES];
    char texts[TEXTS_MAX][TEXT_BYTES];
    size_t text_count;
};

static const char *const good_case[] = {
    "set case 1 case_key c",
    "set case 1 birth_year 2004",
    "set case 1 sex F",
    "set case 1 opened_date 2015-01-01",
    "set case 1 target_group OTHER",
    "set case 1 worker_key w",
    "set enrolment 1 case_key c",
    "set enrolment 1 from_date 2015-02-01",
    "set intervention 1 intervention_key i",
    "set intervention 1 case_key c",
    "set intervention 1 paragraph SEL-52-3-7",
    "set intervention 1 place_type INSTITUTION",
    "set intervention 1 start_date 2015-03-01",
    "set intervention 1 end_date 2016-03-01",
    "set intervention 1 end_reason PLANNED_HOME",
    "set intervention 2 intervention_key j",
    "set intervention 2 case_key c",
    "set intervention 2 paragraph SEL-52-3-2",
    "set intervention 2 start_date 2015-02-01",
    "set follow_up 1 followup_key f",
    "set follow_up 1 case_key c",
    "set follow_up 1 followup_date 2015-06-01",
    "set follow_up 1 intervention_keys i",
    "set measurement 1 measurement_key m",
    "set measurement 1 case_key c",
    "set measurement 1 instrument WHO5",
    "set measurement 1 instrument_version 1998",
    "set measurement 1 informant CHILD",
    "set measurement 1 measured_date 2015-04-01",
    "set measurement 1 score_hundredths 4800",
    "set worker_month 1 worker_key w",
    "set worker_month 1 month 2016-01-01",
    "set worker_month 1 fte_hundredths 100",
    "set worker_month 1 leave NONE",
};

static const char *text_keep(struct workbench *bench, const char *text)
{
    for (size_t i = 0; i < bench->text_count; i++) {
        if (strcmp(bench->texts[i], text) == 0) {
            return bench->texts[i];
        }
    }
    static const char *const stock[] = {"F",          "OTHER",        "SEL-52-3-7", "INSTITUTION",
                                        "SEL-52-3-2", "PLANNED_HOME", "WHO5",       "1998",
                                        "CHILD",      "NONE"};
    for (size_t i = 0; i < ARRAY_COUNT(stock); i++) {
        if (strcmp(stock[i], text) == 0) {
            return stock[i];
        }
    }
    assert_true(bench->text_count < TEXTS_MAX);
    (void)snprintf(bench->texts[bench->text_count], TEXT_BYTES, "%s", text);
    return bench->texts[bench->text_count++];
}

static struct value keys_value(struct workbench *bench, const char *text)
{
    size_t count = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '|') {
            assert_true(count < KEYS_MAX);
            memset(bench->keys[count++], *at, RECORD_KEY_BYTES);
        }
    }
    const uint8_t(*items)[RECORD_KEY_BYTES] = (const uint8_t(*)[RECORD_KEY_BYTES])bench->keys;
    return (struct value){.state = VALUE_PRESENT, .as.keys = {items, count}};
}

static struct value value_of(struct workbench *bench, enum field_kind kind, const char *text)
{
    struct value value = {.state = VALUE_PRESENT};
    if (strcmp(text, "-") == 0 || strcmp(text, "?") == 0) {
        value.state = *text == '-' ? VALUE_ABSENT : VALUE_MALFORMED;
        return value;
    }
    switch (kind) {
    case FIELD_KIND_CHILD_KEY:
    case FIELD_KIND_WORKER_KEY:
    case FIELD_KIND_ROW_KEY:
        memset(value.as.key, *text, RECORD_KEY_BYTES);
        break;
    case FIELD_KIND_ROW_KEYS:
        return keys_value(bench, text);
    case FIELD_KIND_DATE:
    case FIELD_KIND_MONTH:
        assert_true(date_parse(text, strlen(text), &value.as.number));
        break;
    case FIELD_KIND_CODE:
    case FIELD_KIND_NAME:
        value.as.text = text_keep(bench, text);
        break;
    default:
        value.as.number = (int32_t)strtol(text, NULL, 10);
    }
    return value;
}

static void edit(struct workbench *bench, const char *line)
{
    char verb[8] = "";
    char name[32] = "";
    char field_name[32] = "";
    char text[TEXT_BYTES] = "";
    unsigned row = 0;
    int words = sscanf(line, " %7s %31s %u %31s %63[^;\n ]", verb, name, &row, field_name, text);
    enum record_type type;
    assert_true(words >= 3 && row >= 1 && row <= ROWS_MAX && record_type_find(name, &type));
    if (strcmp(verb, "set") == 0) {
        int field = record_field_find(type, field_name);
        assert_true(words == 5 && field >= 0);
        enum field_kind kind = record_def_get(type)->fields[field].kind;
        bench->rows[type][row - 1].type = type;
        bench->rows[type][row - 1].values[field] = value_of(bench, kind, text);
        bench->counts[type] = row > bench->counts[type] ? row : bench->counts[type];
    } else if (strcmp(verb, "copy") == 0) {
        assert_true(bench->counts[type] < ROWS_MAX);
        bench->rows[type][bench->counts[type]++] = bench->rows[type][row - 1];
    } else {
        assert_string_equal(verb, "drop");
        memmove(&bench->rows[type][row - 1], &bench->rows[type][row],
                (ROWS_MAX - row) * sizeof(struct record));
        bench->counts[type]--;
    }
}

static void bench_fill(struct workbench *bench)
{
    memset(bench, 0, sizeof(*bench));
    for (size_t i = 0; i < ARRAY_COUNT(good_case); i++) {
        edit(bench, good_case[i]);
    }
}

static void bench_check(const struct workbench *bench, const struct check_options *options,
                        struct violation_list *out)
{
    struct err err = ERR_INIT;
    struct case_bundle bundle = {.lists = {{NULL, 0}}};
    for (int type = 0; type < RECORD_WORKER_MONTH; type++) {
        bundle.lists[type] = (struct record_list){bench->rows[type], bench->counts[type]};
    }
    ASSERT_OK(case_check(&bundle, options, out, &err), err);
    ASSERT_OK(worker_month_check(&bench->rows[RECORD_WORKER_MONTH][0], 1, options, out, &err), err);
}

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word)) {
        bool starts = at == words || strchr(", \n", at[-1]) != NULL;
        if (starts && strchr(", :\n", at[len]) != NULL) {
            return true;
        }
    }
    return false;
}

/* The expected words must all be broken, and every broken rule must be expected. */
static void verdict_assert(const char *line, const char *expected,
                           const struct violation_list *found)
{
    size_t wanted = 0;
    char words[256];
    (void)snprintf(words, sizeof(words), "%s", expected);
    for (char *word = strtok(words, ", "); word != NULL; word = strtok(NULL, ", ")) {
        bool is_found = strcmp(word, "ok") == 0 && found->count == 0;
        for (size_t i = 0; i < found->count; i++) {
            is_found = is_found || strcmp(rule_get(found->items[i].rule)->id, word) == 0;
        }
        if (!is_found) {
            fail_msg("%s: %s was not found", line, word);
        }
        wanted++;
    }
    assert_true(wanted > 0);
    for (size_t i = 0; i < found->count; i++) {
        const struct rule_def *rule = rule_get(found->items[i].rule);
        if (!has_word(expected, rule->id)) {
            fail_msg("%s: also breaks %s", line, rule->id);
        }
    }
}

static char *cases_read(void)
{
    FILE *file = fopen(TEST_SOURCE_DIR "/tests/cases/rules.cases", "r");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) < 65535);
    fclose(file);
    return text;
}

static struct check_options options_load(struct code_lists **lists)
{
    struct err err = ERR_INIT;
    ASSERT_OK(code_lists_load(lists, &err), err);
    return (struct check_options){.lists = *lists, .today = today};
}

static void test_case_check__gives_the_verdicts_of_the_table(void **state)
{
    (void)state;
    AUTO(code_lists_free) struct code_lists *lists = NULL;
    struct check_options options = options_load(&lists);
    AUTO_HEAP char *text = cases_read();
    size_t cases = 0;
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (*line == '#') {
            continue;
        }
        char *edits = strchr(line, ':');
        assert_non_null(edits);
        char expected[256];
        (void)snprintf(expected, sizeof(expected), "%.*s", (int)(edits - line), line);
        struct workbench bench;
        bench_fill(&bench);
        for (char *at = edits + 1; at != NULL && strpbrk(at, "scd") != NULL;) {
            at += strspn(at, "; ");
            edit(&bench, at);
            at = strstr(at, " ; ");
        }
        AUTO_VIOLATIONS struct violation_list found = VIOLATION_LIST_INIT;
        bench_check(&bench, &options, &found);
        verdict_assert(line, expected, &found);
        cases++;
    }
    assert_true(cases > 80);
}

static void test_case_check__has_a_verdict_for_every_rule(void **state)
{
    (void)state;
    /* Rules of single cells and of whole files are the importer's; the limit has its own test. */
    static const char *const elsewhere[] = {"cpr.",
                                            "row.",
                                            "column.",
                                            "file.",
                                            "enrolment.unknown_partnership",
                                            "worker_month.duplicate",
                                            "case.rows_limit"};
    AUTO_HEAP char *text = cases_read();
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        const char *id = rule_get((enum rule)rule)->id;
        bool is_elsewhere = false;
        for (size_t i = 0; i < ARRAY_COUNT(elsewhere); i++) {
            is_elsewhere = is_elsewhere || strncmp(id, elsewhere[i], strlen(elsewhere[i])) == 0;
        }
        if (!is_elsewhere && !has_word(text, id)) {
            fail_msg("no verdict for %s", id);
        }
    }
}

static void test_rule_get__every_rule_says_what_and_how(void **state)
{
    (void)state;
    for (int i = 0; i < RULE_COUNT; i++) {
        const struct rule_def *rule = rule_get((enum rule)i);
        assert_true(*rule->text_en != '\0' && *rule->text_da != '\0');
        assert_true(*rule->fix_en != '\0' && *rule->fix_da != '\0');
        assert_string_not_equal(rule->text_en, rule->text_da);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(rule->id, rule_get((enum rule)j)->id);
        }
    }
}

static void rows_limit_check(size_t rows, bool is_over)
{
    struct err err = ERR_INIT;
    AUTO(code_lists_free) struct code_lists *lists = NULL;
    struct check_options options = options_load(&lists);
    struct record *items = calloc(rows, sizeof(*items));
    assert_non_null(items);
    for (size_t i = 0; i < rows; i++) {
        items[i].type = RECORD_MEASUREMENT;
    }
    struct workbench bench;
    bench_fill(&bench);
    struct case_bundle bundle = {.lists = {{NULL, 0}}};
    bundle.lists[RECORD_CASE] = (struct record_list){bench.rows[RECORD_CASE], 1};
    bundle.lists[RECORD_ENROLMENT] = (struct record_list){bench.rows[RECORD_ENROLMENT], 1};
    bundle.lists[RECORD_MEASUREMENT] = (struct record_list){items, rows};
    AUTO_VIOLATIONS struct violation_list found = VIOLATION_LIST_INIT;
    ASSERT_OK(case_check(&bundle, &options, &found, &err), err);
    assert_true(violation_list_blocks(&found));
    assert_int_equal(is_over, found.items[0].rule == RULE_CASE_ROWS_LIMIT);
    assert_int_equal(is_over ? 1 : VIOLATIONS_MAX, found.count);
    assert_int_equal(!is_over, found.is_truncated);
    free(items);
}

static void test_case_check__refuses_one_row_past_the_limit(void **state)
{
    (void)state;
    rows_limit_check(CASE_ROWS_MAX, false);
    rows_limit_check(CASE_ROWS_MAX + 1, true);
}

static void test_case_check__lets_a_client_ask_without_enrolment(void **state)
{
    (void)state;
    AUTO(code_lists_free) struct code_lists *lists = NULL;
    struct check_options options = options_load(&lists);
    options.allow_no_enrolment = true;
    struct workbench bench;
    bench_fill(&bench);
    edit(&bench, "drop enrolment 1");
    AUTO_VIOLATIONS struct violation_list found = VIOLATION_LIST_INIT;
    bench_check(&bench, &options, &found);
    assert_int_equal(found.count, 0);
}

static void test_case_check__names_row_and_field(void **state)
{
    (void)state;
    AUTO(code_lists_free) struct code_lists *lists = NULL;
    struct check_options options = options_load(&lists);
    struct workbench bench;
    bench_fill(&bench);
    edit(&bench, "set intervention 2 end_date 2015-01-31");
    AUTO_VIOLATIONS struct violation_list found = VIOLATION_LIST_INIT;
    bench_check(&bench, &options, &found);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].type, RECORD_INTERVENTION);
    assert_int_equal(found.items[0].row, 2);
    assert_int_equal(found.items[0].field, FIELD_INTERVENTION_end_date);
    assert_string_equal(found.items[0].expected, ">= 2015-02-01");
    assert_string_equal(received_name(found.items[0].received, true), "en tidligere dato");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_case_check__gives_the_verdicts_of_the_table),
        cmocka_unit_test(test_case_check__has_a_verdict_for_every_rule),
        cmocka_unit_test(test_rule_get__every_rule_says_what_and_how),
        cmocka_unit_test(test_case_check__refuses_one_row_past_the_limit),
        cmocka_unit_test(test_case_check__lets_a_client_ask_without_enrolment),
        cmocka_unit_test(test_case_check__names_row_and_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
