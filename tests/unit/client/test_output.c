/* Goal: lists align by characters, not bytes; CSV follows RFC 4180; JSON has null for empty
 * and numbers for numbers. Method: golden texts. */
#include "support.h"

#include "base/auto.h"
#include "output.h"

#include <stdlib.h>
#include <string.h>

static const struct output_column COLUMNS[] = {
    {"name", "Name", "Navn", OUTPUT_TEXT},
    {"cells", "Cells", "Celler", OUTPUT_NUMBER},
};

static char *print_list(enum cli_format format, enum cli_lang lang)
{
    struct err err = ERR_INIT;
    char *out = NULL;
    size_t size;
    struct cli cli = {.format = format, .lang = lang, .out = open_memstream(&out, &size)};
    AUTO(output_free) struct output *output = output_new(COLUMNS, ARRAY_COUNT(COLUMNS));
    output_add(output, (const char *const[]){"Brønderslev", "7"});
    output_add(output, (const char *const[]){"a,\"b\"\n", "x1"});
    output_add(output, (const char *const[]){NULL, NULL});
    assert_int_equal(output_row_count(output), 3);
    ASSERT_OK(output_print(output, &cli, &err), err);
    (void)fclose(cli.out);
    return out;
}

static void test_output_print__aligns_by_characters(void **state)
{
    (void)state;
    AUTO_HEAP char *out = print_list(CLI_FORMAT_TABLE, CLI_LANG_DA);
    assert_non_null(strstr(out, "Navn         Celler\nBrønderslev       7\n"));
}

static void test_output_print__quotes_csv(void **state)
{
    (void)state;
    AUTO_HEAP char *out = print_list(CLI_FORMAT_CSV, CLI_LANG_DA);
    assert_string_equal(out, "name,cells\r\nBrønderslev,7\r\n\"a,\"\"b\"\"\n\",x1\r\n,\r\n");
}

static void test_output_print__types_json(void **state)
{
    (void)state;
    AUTO_HEAP char *out = print_list(CLI_FORMAT_JSON, CLI_LANG_EN);
    assert_non_null(strstr(out, "\"name\": \"Brønderslev\",\n    \"cells\": 7\n"));
    assert_non_null(strstr(out, "\"cells\": \"x1\""));
    assert_non_null(strstr(out, "\"name\": null,\n    \"cells\": null"));
}

static void test_output_print__is_an_empty_list_when_there_is_nothing(void **state)
{
    (void)state;
    static const char *const expected[] = {"Name  Cells\n", "name,cells\r\n", "[]\n"};
    for (int format = CLI_FORMAT_TABLE; format <= CLI_FORMAT_JSON; format++) {
        struct err err = ERR_INIT;
        char *out = NULL;
        size_t size;
        struct cli cli = {.format = (enum cli_format)format, .out = open_memstream(&out, &size)};
        AUTO(output_free) struct output *output = output_new(COLUMNS, ARRAY_COUNT(COLUMNS));
        ASSERT_OK(output_print(output, &cli, &err), err);
        (void)fclose(cli.out);
        assert_string_equal(out, expected[format]);
        free(out);
    }
}

static void test_output_print__reports_a_full_disk(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct cli cli = {.format = CLI_FORMAT_CSV, .out = fopen("/dev/full", "w")};
    assert_non_null(cli.out);
    (void)setvbuf(cli.out, NULL, _IONBF, 0);
    AUTO(output_free) struct output *output = output_new(COLUMNS, ARRAY_COUNT(COLUMNS));
    ASSERT_ERR(ERR_UNAVAILABLE, output_print(output, &cli, &err));
    (void)fclose(cli.out);
}

static void test_output_print__reports_that_memory_was_out(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct cli cli = {.out = stdout};
    output_add(NULL, (const char *const[]){"a", "b"});
    assert_int_equal(output_row_count(NULL), 0);
    ASSERT_ERR(ERR_INTERNAL, output_print(NULL, &cli, &err));
}

static void test_output_text_width__counts_what_is_seen(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"æøå", 3},
        {"a\xCC\x8A", 1},
        {"±", 1},
        {"日", 1},
        {"\xF0\x9F\x98\x80", 1},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(output_text_width(cases[i].text), cases[i].width);
    }
}

static void test_output_format_time__is_empty_for_never(void **state)
{
    (void)state;
    char text[OUTPUT_TIME_BYTES] = "before";
    output_format_time(0, text);
    assert_string_equal(text, "");
    output_format_time(1456826531 * 1000000LL, text);
    assert_string_equal(text, "2016-03-01T10:02:11Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output_print__aligns_by_characters),
        cmocka_unit_test(test_output_print__quotes_csv),
        cmocka_unit_test(test_output_print__types_json),
        cmocka_unit_test(test_output_print__is_an_empty_list_when_there_is_nothing),
        cmocka_unit_test(test_output_print__reports_a_full_disk),
        cmocka_unit_test(test_output_print__reports_that_memory_was_out),
        cmocka_unit_test(test_output_text_width__counts_what_is_seen),
        cmocka_unit_test(test_output_format_time__is_empty_for_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
