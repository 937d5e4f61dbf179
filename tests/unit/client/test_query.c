/* Goal: the words of `table` and `own` become the query meant, and wrong ones are refused
 * with what was wanted. Method: tables of options. */
#include "support.h"

#include "base/auto.h"
#include "query.h"

#include <string.h>

static struct cli cli_with(const char *name, const char *value)
{
    struct cli cli = {.talk = stderr};
    if (name != NULL) {
        cli.values[cli.value_count++] = (struct cli_value){name, value};
    }
    return cli;
}

static char *words[] = {"table", "institution_share", "more", NULL};

static void test_query_parse__reads_every_option(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(query_free) struct query *query = NULL;
    struct cli cli = cli_with("by", "quarter,municipality");
    cli.values[1] = (struct cli_value){"where", "sex=F"};
    cli.values[2] = (struct cli_value){"where", "municipality=657,756"};
    cli.values[3] = (struct cli_value){"from", "2014-Q1"};
    cli.values[4] = (struct cli_value){"to", "2014-Q4"};
    cli.value_count = 5;
    ASSERT_OK(query_parse(&cli, 2, words, &query, &err), err);
    const struct table_query *table = query_table(query, "p4");
    assert_string_equal(table->partnership, "p4");
    assert_string_equal(table->measure, "institution_share");
    assert_int_equal(table->by_count, 2);
    assert_string_equal(table->by[1], "municipality");
    assert_int_equal(table->filter_count, 2);
    assert_string_equal(table->filters[1].dimension, "municipality");
    assert_int_equal(table->filters[1].code_count, 2);
    assert_string_equal(table->filters[1].codes[1], "756");
    assert_string_equal(table->period_from, "2014-Q1");
    assert_string_equal(table->period_to, "2014-Q4");
}

static void test_query_parse__leaves_the_period_to_the_server(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(query_free) struct query *query = NULL;
    struct cli cli = cli_with(NULL, NULL);
    ASSERT_OK(query_parse(&cli, 2, words, &query, &err), err);
    assert_int_equal(query_table(query, "p4")->by_count, 0);
    assert_null(query_table(query, "p4")->period_from);
}

static void test_query_parse__refuses_wrong_words(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *value;
        int argc;
        const char *said;
    } cases[] = {
        {NULL, NULL, 1, "no measure is named"},
        {NULL, NULL, 3, "more than one measure"},
        {"by", "", 2, "\"\" is not a list like a,b,c"},
        {"by", "quarter,", 2, "\"quarter,\" is not a list like a,b,c"},
        {"by", ",quarter", 2, "\",quarter\" is not a list like a,b,c"},
        {"where", "sex", 2, "--where needs DIMENSION=CODE, not \"sex\""},
        {"where", "=F", 2, "--where needs DIMENSION=CODE, not \"=F\""},
        {"where", "sex=", 2, "\"\" is not a list like a,b,c"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct err err = ERR_INIT;
        struct query *query = NULL;
        struct cli cli = cli_with(cases[i].name, cases[i].value);
        ASSERT_ERR(ERR_INVALID, query_parse(&cli, cases[i].argc, words, &query, &err));
        assert_string_equal(err.message, cases[i].said);
        assert_null(query);
    }
}

static void test_query_parse__stops_at_its_limits(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct query *query = NULL;
    char list[2 * 257 + 1] = "";
    struct cli cli = cli_with("by", list);
    for (size_t i = 0; i < sizeof(list); i++) {
        list[i] = i % 2 == 0 ? 'a' : ',';
    }
    list[2 * 257 - 1] = '\0'; // 257 items
    ASSERT_ERR(ERR_INVALID, query_parse(&cli, 2, words, &query, &err));
    list[2 * 256 - 1] = '\0'; // 256
    ASSERT_OK(query_parse(&cli, 2, words, &query, &err), err);
    query_free(query);
    query = NULL;
    struct cli many = cli_with(NULL, NULL);
    for (many.value_count = 0; many.value_count < 17; many.value_count++) {
        many.values[many.value_count] = (struct cli_value){"where", "sex=F"};
    }
    ASSERT_ERR(ERR_INVALID, query_parse(&many, 2, words, &query, &err));
    many.value_count = 16;
    ASSERT_OK(query_parse(&many, 2, words, &query, &err), err);
    query_free(query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_parse__reads_every_option),
        cmocka_unit_test(test_query_parse__leaves_the_period_to_the_server),
        cmocka_unit_test(test_query_parse__refuses_wrong_words),
        cmocka_unit_test(test_query_parse__stops_at_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
