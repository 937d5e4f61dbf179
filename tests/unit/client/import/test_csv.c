/*
 * Goal: every dialect a case system writes gives the same rows, and every broken file is
 * refused at its line. Method: tables of bytes and the rows they must give, each fed whole
 * and byte by byte; big cells are fed in pieces.
 */
#include "support.h"

#include "base/buf.h"
#include "base/limits.h"
#include "import/csv.h"

#include <stdlib.h>
#include <string.h>

/* Rows as text: cells in brackets, rows ended by a slash, stray quotes marked by "!". */
static enum err_code row_came(void *ctx, const struct csv_row *row, struct err *err)
{
    struct buf *out = ctx;
    for (size_t i = 0; i < row->count; i++) {
        buf_append_format(out, "[%s]", row->cells[i]);
    }
    buf_append_text(out, row->has_stray_quote ? "!/" : "/");
    return buf_check(out, err);
}

static enum err_code parse(const void *bytes, size_t len, size_t step, struct buf *out,
                           struct err *err)
{
    AUTO(csv_free) struct csv *csv = NULL;
    enum err_code rc = csv_new(&(struct csv_handler){row_came, out}, 0, &csv, err);
    for (size_t at = 0; rc == ERR_OK && at < len; at += step) {
        rc = csv_feed(csv, (const uint8_t *)bytes + at, len - at < step ? len - at : step, err);
    }
    return rc == ERR_OK ? csv_finish(csv, err) : rc;
}

static void test_csv_feed__reads_every_dialect(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *rows;
    } rows[] = {
        {"a;b\n1;2\n", "[a][b]/[1][2]/"},
        {"a,b\r\n1,2\r\n", "[a][b]/[1][2]/"},
        {"a\tb\r1\t2\r", "[a][b]/[1][2]/"},
        {"a;b\n1;2", "[a][b]/[1][2]/"},
        {"a;b\n", "[a][b]/"},
        {"a;b", "[a][b]/"},
        {"a", "[a]/"},
        {"a;b\n1;2\r\n3;4\r5;6\n", "[a][b]/[1][2]/[3][4]/[5][6]/"},
        {"\xef\xbb\xbf"
         "a;b\n\xc3\xa6;2\n",
         "[a][b]/[\xc3\xa6][2]/"},
        {"a;b\n\xe6\xf8\xe5;\x80\n", "[a][b]/[\xc3\xa6\xc3\xb8\xc3\xa5][\xe2\x82\xac]/"},
        {"M\xe5lgruppe;b\n", "[M\xc3\xa5lgruppe][b]/"},
        {"a;b\n\n\n1;2\n\n", "[a][b]/[1][2]/"},
        {"a;b\n;\n", "[a][b]/[][]/"},
        {"a;b\n1;\n", "[a][b]/[1][]/"},
        {"a;b\n1\n1;2;3\n", "[a][b]/[1]/[1][2][3]/"},
        {"a;b\n \t1 ; 2\t\n", "[a][b]/[1][2]/"},
        {"a;b\n\"1;2\";\"3\n4\"\n", "[a][b]/[1;2][3\n4]/"},
        {"a;b\n\"say \"\"x\"\"\";\"\"\n", "[a][b]/[say \"x\"][]/"},
        {"a;b\n\"\"\"\";1\n", "[a][b]/[\"][1]/"},
        {"a;b\n\"1\"2;3\n", "[a][b]/[12][3]!/"},
        {"a;b\n\"1\" ;3\n", "[a][b]/[1][3]/"},
        {"a;b\n5\" pipe;3\n", "[a][b]/[5\" pipe][3]/"},
        {"\"x;y\",\"b\"\n1,2\n", "[x;y][b]/[1][2]/"},
        {"sep=,\na,b;c\n", "[a][b;c]/"},
        {"\"a\nb\";c\n1;2\n", "[a\nb][c]/[1][2]/"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t step = 1; step < 5; step++) {
            struct err err = ERR_INIT;
            AUTO_BUF struct buf out = BUF_INIT;
            ASSERT_OK(parse(rows[i].bytes, strlen(rows[i].bytes), step, &out, &err), err);
            assert_string_equal(buf_text(&out), rows[i].rows);
        }
    }
}

static void test_csv_feed__refuses_broken_files_at_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *message;
    } rows[] = {
        {"", 0, "empty"},
        {"\n\n", 2, "empty"},
        {"\xef\xbb\xbf", 3, "empty"},
        {"a;b\n1;\0\n", 8, "line 2: there is a NUL byte"},
        {"\xff\xfe"
         "a\0;\0b\0",
         8, "NUL byte"},
        {"\xff\xfe"
         "ab\n",
         5, "UTF-16"},
        {"a;b\n1;\"2\n3;4\n", 13, "line 2: a quote is opened"},
        {"a;b\n\"", 5, "line 2: a quote is opened"},
        {"\"a;b\n", 5, "a quote is opened"},
        {"a;b\n\xc3\xa6;1\n2;\xe6\n", 12, "line 3: the text is not UTF-8"},
        {"\xef\xbb\xbf"
         "a;b\n\xe6;1\n",
         11, "line 2: the text is not UTF-8"},
        {"a;b\n\xe6;1\n\x81;2\n", 12, "line 3: the text is neither"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t step = 1; step < 4; step++) {
            struct err err = ERR_INIT;
            AUTO_BUF struct buf out = BUF_INIT;
            ASSERT_ERR(ERR_INVALID, parse(rows[i].bytes, rows[i].len, step, &out, &err));
            if (strstr(err.message, rows[i].message) == NULL) {
                fail_msg("%zu: \"%s\" does not say \"%s\"", i, err.message, rows[i].message);
            }
            assert_true(*err.hint != '\0' || err.code == ERR_INVALID);
        }
    }
}

static enum err_code parse_cell(size_t cell_len, bool is_quoted, struct err *err)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    AUTO_BUF struct buf out = BUF_INIT;
    buf_append_text(&bytes, is_quoted ? "a;b\n1;\"" : "a;b\n1;");
    for (size_t i = 0; i < cell_len; i++) {
        buf_append_byte(&bytes, 'x');
    }
    buf_append_text(&bytes, is_quoted ? "\"\n" : "\n");
    return parse(bytes.data, bytes.len, 4096, &out, err);
}

static void test_csv_feed__limits_a_cell(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    for (int is_quoted = 0; is_quoted < 2; is_quoted++) {
        ASSERT_OK(parse_cell(CSV_CELL_BYTES_MAX, is_quoted, &err), err);
        ASSERT_ERR(ERR_LIMIT, parse_cell(CSV_CELL_BYTES_MAX + 1, is_quoted, &err));
        ASSERT_ERR(ERR_LIMIT, parse_cell(10 * 1024 * 1024, is_quoted, &err));
        assert_non_null(strstr(err.message, "line 2"));
        assert_null(strstr(err.message, "xx"));
    }
}

static void test_csv_feed__limits_the_header_line(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_BUF struct buf out = BUF_INIT;
    char *bytes = malloc(CSV_CELL_BYTES_MAX + 1);
    assert_non_null(bytes);
    memset(bytes, 'x', CSV_CELL_BYTES_MAX + 1);
    ASSERT_OK(parse(bytes, CSV_CELL_BYTES_MAX, 4096, &out, &err), err);
    ASSERT_ERR(ERR_LIMIT, parse(bytes, CSV_CELL_BYTES_MAX + 1, 4096, &out, &err));
    free(bytes);
}

static enum err_code parse_columns(size_t columns, struct err *err)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    AUTO_BUF struct buf out = BUF_INIT;
    buf_append_text(&bytes, "a;b\n");
    for (size_t i = 1; i < columns; i++) {
        buf_append_text(&bytes, "1;");
    }
    buf_append_text(&bytes, "1\n");
    return parse(bytes.data, bytes.len, 4096, &out, err);
}

static void test_csv_feed__limits_the_columns(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    ASSERT_OK(parse_columns(CSV_COLUMNS_MAX, &err), err);
    ASSERT_ERR(ERR_LIMIT, parse_columns(CSV_COLUMNS_MAX + 1, &err));
}

static enum err_code line_came(void *ctx, const struct csv_row *row, struct err *err)
{
    (void)err;
    *(size_t *)ctx = row->line;
    return ERR_OK;
}

static void test_csv_feed__counts_lines_as_an_editor_does(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    static const char bytes[] = "a;b\r\n\r\n\"1\r\n2\";3\r\n4;5\r\n";
    size_t line = 0;
    AUTO(csv_free) struct csv *csv = NULL;
    ASSERT_OK(csv_new(&(struct csv_handler){line_came, &line}, 0, &csv, &err), err);
    ASSERT_OK(csv_feed(csv, bytes, sizeof(bytes) - 1, &err), err);
    ASSERT_OK(csv_finish(csv, &err), err);
    assert_int_equal(line, 5);
}

static enum err_code row_refused(void *ctx, const struct csv_row *row, struct err *err)
{
    (void)ctx;
    return row->line == 2 ? err_set(err, ERR_CONFLICT, "no more") : ERR_OK;
}

static void test_csv_feed__passes_the_handlers_error_on(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(csv_free) struct csv *csv = NULL;
    ASSERT_OK(csv_new(&(struct csv_handler){row_refused, NULL}, 0, &csv, &err), err);
    ASSERT_ERR(ERR_CONFLICT, csv_feed(csv, "a\n1\n2\n", 6, &err));
    assert_string_equal(err.message, "no more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_feed__reads_every_dialect),
        cmocka_unit_test(test_csv_feed__refuses_broken_files_at_their_line),
        cmocka_unit_test(test_csv_feed__limits_a_cell),
        cmocka_unit_test(test_csv_feed__limits_the_header_line),
        cmocka_unit_test(test_csv_feed__limits_the_columns),
        cmocka_unit_test(test_csv_feed__counts_lines_as_an_editor_does),
        cmocka_unit_test(test_csv_feed__passes_the_handlers_error_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
