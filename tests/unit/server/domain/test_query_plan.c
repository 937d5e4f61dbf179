/*
 * Goal: a question is checked against the catalogue and the publication plan, and equal
 * questions have equal names.
 * Method: the shipped catalogue; a table of faulty questions.
 */
#include "query_support.h"

static void test_query_plan__refuses(void **state)
{
    (void)state;
    static const char *const SEX_TWICE[] = {"sex", "sex"};
    static const char *const HALF[] = {"half_year"};
    static const char *const WEATHER[] = {"quarter", "weather"};
    static const char *const SEX_AGE[] = {"sex", "age_band"};
    static const char *const THREE_DIMENSIONS[] = {"sex", "age_band", "target_group"};
    static const char *const NONE[] = {NULL};
    static const char *const CODE[] = {"F"};
    static const struct query_filter TWICE[] = {{"sex", CODE, 1}, {"sex", CODE, 1}};
    static const struct query_filter EMPTY[] = {{"sex", NONE, 0}};
    static const struct query_filter UNKNOWN[] = {{"weather", CODE, 1}};
    static const struct query_filter OUTCOME[] = {{"placement_type", CODE, 1}};
    static const char *const HERNING[] = {"657"};
    static const struct query_filter MEMBER[] = {{"municipality", HERNING, 1}};
    static const char *const BY_MEMBER[] = {"municipality"};
    const struct {
        enum err_code code;
        struct query_words words;
        const char *hint; /* part of the hint, or NULL */
    } CASES[] = {
        {ERR_NOT_FOUND, {.measure = "institution"}, "fremgang indicators"},
        {ERR_INVALID, {.measure = "foster_share", .by = SEX_TWICE, .by_count = 2}, NULL},
        {ERR_INVALID, {.measure = "foster_share", .by = HALF, .by_count = 1}, "quarter"},
        {ERR_NOT_FOUND, {.measure = "foster_share", .by = WEATHER, .by_count = 2}, "dimensions"},
        {ERR_INVALID,
         {.measure = "foster_share", .by = SEX_AGE, .by_count = 2},
         "quarter,municipality"},
        {ERR_INVALID, {.measure = "foster_share", .by = THREE_DIMENSIONS, .by_count = 3}, NULL},
        {ERR_INVALID, {.measure = "foster_share", .filters = TWICE, .filter_count = 2}, NULL},
        {ERR_INVALID, {.measure = "foster_share", .filters = EMPTY, .filter_count = 1}, NULL},
        {ERR_NOT_FOUND, {.measure = "foster_share", .filters = UNKNOWN, .filter_count = 1}, NULL},
        {ERR_NOT_FOUND, {.measure = "foster_share", .filters = OUTCOME, .filter_count = 1}, NULL},
        {ERR_INVALID,
         {.measure = "foster_share",
          .filters = MEMBER,
          .filter_count = 1,
          .audience = AUDIENCE_POOLED},
         "Leave"},
        {ERR_INVALID,
         {.measure = "foster_share", .by = BY_MEMBER, .by_count = 1, .audience = AUDIENCE_OWN},
         NULL},
        {ERR_INVALID, {.measure = "foster_share", .period_from = "2014-H1"}, "2014-Q1"},
        {ERR_INVALID, {.measure = "foster_share", .period_to = "2014"}, "2014-Q1"},
        {ERR_INVALID,
         {.measure = "recovered_or_improved_share", .period_to = "2014-Q1"},
         "2014-H1"},
        {ERR_INVALID,
         {.measure = "foster_share", .period_from = "2014-Q2", .period_to = "2014-Q1"},
         NULL},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct query_words words = CASES[i].words;
        struct err err = ERR_INIT;
        struct query query = {.by_count = 99};
        words.partnership = "p";
        words.period_from = words.period_from == NULL ? "" : words.period_from;
        words.period_to = words.period_to == NULL ? "" : words.period_to;
        enum err_code rc = query_plan(catalogue, &words, &query, &err);
        if (rc != CASES[i].code) {
            fail_msg("case %zu gave %d \"%s\"", i, (int)rc, err.message);
        }
        assert_int_equal(99, query.by_count);
        if (CASES[i].hint != NULL && strstr(err.hint, CASES[i].hint) == NULL) {
            fail_msg("case %zu hints \"%s\"", i, err.hint);
        }
    }
}

static void test_query_plan__refuses_unknown_codes(void **state)
{
    (void)state;
    static const char *const X[] = {"F", "X"};
    static const char *const MISTYPED[] = {"DISABLITY"};
    static const char *const NOWHERE[] = {"99999"};
    static const char *const HALF_2014[] = {"2014-H1"};
    static const struct query_filter NO_SEX[] = {{"sex", X, 2}};
    static const struct query_filter NO_GROUP[] = {{"target_group", MISTYPED, 1}};
    static const struct query_filter NO_MEMBER[] = {{"municipality", NOWHERE, 1}};
    static const struct query_filter NO_OUTCOME[] = {{"placement_type", X, 1}};
    static const struct query_filter NO_QUARTER[] = {{"quarter", HALF_2014, 1}};
    const struct {
        enum err_code code;
        struct query_words words;
        const char *hint; /* part of the hint, or NULL */
    } CASES[] = {
        {ERR_INVALID, {.measure = "foster_share", .filters = NO_SEX, .filter_count = 1}, "F, M"},
        {ERR_INVALID,
         {.measure = "foster_share", .filters = NO_GROUP, .filter_count = 1},
         "DISABILITY"},
        {ERR_INVALID, {.measure = "foster_share", .filters = NO_MEMBER, .filter_count = 1}, NULL},
        {ERR_INVALID,
         {.measure = "placement_type_share", .filters = NO_OUTCOME, .filter_count = 1},
         "FOSTER"},
        {ERR_INVALID,
         {.measure = "foster_share", .filters = NO_QUARTER, .filter_count = 1},
         "2014-Q1"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct query_words words = CASES[i].words;
        struct err err = ERR_INIT;
        struct query query = {.by_count = 99};
        words.partnership = "p";
        words.period_from = words.period_from == NULL ? "" : words.period_from;
        words.period_to = words.period_to == NULL ? "" : words.period_to;
        enum err_code rc = query_plan(catalogue, &words, &query, &err);
        if (rc != CASES[i].code) {
            fail_msg("case %zu gave %d \"%s\"", i, (int)rc, err.message);
        }
        assert_int_equal(99, query.by_count);
        if (CASES[i].hint != NULL && strstr(err.hint, CASES[i].hint) == NULL) {
            fail_msg("case %zu hints \"%s\"", i, err.hint);
        }
    }
}

static void test_query_plan__finds_the_table_and_the_pool(void **state)
{
    (void)state;
    static const char *const BY[] = {"municipality", "quarter"};
    struct query query = planned((struct query_words){.measure = "I01", .by = BY, .by_count = 2});
    assert_int_equal(2, query.source_count);
    assert_int_equal(1, query.sources[0].dimension_count);
    assert_false(query.sources[0].is_pool);
    assert_int_equal(0, query.sources[1].dimension_count);
    assert_true(query.sources[1].is_pool);
    // The measure of I01 is a distribution: its outcome is the last key.
    assert_int_equal(3, query.by_count);
    assert_string_equal("quarter", query.by[0]);
    assert_string_equal("municipality", query.by[1]);
    assert_string_equal("placement_type", query.by[2]);
}

static void test_query_table__equal_questions_have_equal_names(void **state)
{
    (void)state;
    static const char *const FM[] = {"F", "M"};
    static const char *const MF[] = {"M", "F"};
    static const struct query_filter A[] = {{"sex", FM, 2}};
    static const struct query_filter B[] = {{"sex", MF, 2}};
    static const char *const BY[] = {"quarter"};
    static const struct given ONE[] = {{"2014-Q1", {"F"}, "TOTAL", 30, CELL_EXACT}};
    static const struct given OTHER[] = {{"2014-Q1", {"F"}, "TOTAL", 31, CELL_EXACT}};
    struct query first = planned((struct query_words){
        .measure = "foster_share", .filters = A, .filter_count = 1, .by = BY, .by_count = 1});
    struct query second =
        planned((struct query_words){.measure = "foster_share", .filters = B, .filter_count = 1});
    AUTO(query_table_free)
    struct query_table *a = computed(&first, NULL, CELLS(CELLS_PROTECTED, ONE), NULL);
    AUTO(query_table_free)
    struct query_table *b = computed(&second, NULL, CELLS(CELLS_PROTECTED, ONE), NULL);
    AUTO(query_table_free)
    struct query_table *c = computed(&second, NULL, CELLS(CELLS_PROTECTED, OTHER), NULL);
    assert_string_equal("partnership=p&measure=foster_share&by=quarter&where.sex=F|M&from=&to=&"
                        "audience=named",
                        query_table_canonical(a));
    assert_string_equal(query_table_canonical(a), query_table_canonical(b));
    assert_memory_equal(query_table_sha256(a), query_table_sha256(b), QUERY_DIGEST_BYTES);
    assert_memory_not_equal(query_table_sha256(b), query_table_sha256(c), QUERY_DIGEST_BYTES);
    assert_non_null(strstr(query_table_citation(a), "release p-2014-Q2-1"));
}

static void test_query_table__says_that_data_are_synthetic(void **state)
{
    (void)state;
    static const struct given GIVEN[] = {{"2014-Q1", {NULL}, "TOTAL", 30, CELL_EXACT}};
    static const char *const LEFT[] = {"2014-Q1: 510 is left out"};
    static const char *const LEFT_DA[] = {"2014-Q1: 510 er udeladt"};
    const struct query_scope scope = {
        .policy = "", .synthetic = true, .caveats = LEFT, .caveats_da = LEFT_DA, .caveat_count = 1};
    struct query query =
        planned((struct query_words){.measure = "foster_share", .audience = AUDIENCE_OWN});
    AUTO(query_table_free)
    struct query_table *table = computed(&query, &scope, CELLS(CELLS_EXACT, GIVEN), NULL);
    assert_non_null(strstr(query_table_citation(table), "synthetic data"));
    size_t count = 0;
    const char *const *caveats = query_table_caveats(table, &count);
    assert_int_equal(2, count); // the indicator's and the scope's, each once
    assert_string_equal(LEFT[0], caveats[1]);
    assert_null(strstr(caveats[0], "fødselsår"));
    caveats = query_table_caveats_da(table, &count);
    assert_int_equal(2, count);
    assert_non_null(strstr(caveats[0], "fødselsår"));
    assert_string_equal(LEFT_DA[0], caveats[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_plan__refuses),
        cmocka_unit_test(test_query_plan__refuses_unknown_codes),
        cmocka_unit_test(test_query_plan__finds_the_table_and_the_pool),
        cmocka_unit_test(test_query_table__equal_questions_have_equal_names),
        cmocka_unit_test(test_query_table__says_that_data_are_synthetic),
    };
    return cmocka_run_group_tests(tests, catalogue_open, catalogue_close);
}
