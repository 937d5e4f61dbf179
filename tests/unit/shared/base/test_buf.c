/*
 * Goal: a buffer holds up to BUF_BYTES_MAX and not one byte more, and a failure in a run of
 * appends is seen at its end. Method: the limit and one past it, by every way in.
 */
#include "support.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static void test_buf_append__keeps_bytes_and_a_nul_behind_them(void **state)
{
    AUTO_BUF struct buf buf = BUF_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_string_equal(buf_text(&buf), "");
    buf_append(&buf, NULL, 0);
    buf_append(&buf, "a\0b", 3);
    buf_append_byte(&buf, 'c');
    buf_append_text(&buf, "");
    buf_append_format(&buf, "-%d-%s", 42, "text");
    ASSERT_OK(buf_check(&buf, &err), err);
    assert_int_equal(buf.len, 12);
    assert_memory_equal(buf.data, "a\0bc-42-text", 13);
}

static void test_buf_append__takes_the_limit_and_no_byte_more(void **state)
{
    AUTO_BUF struct buf buf = BUF_INIT;
    struct err err = ERR_INIT;
    AUTO_HEAP char *most = calloc(1, BUF_BYTES_MAX);
    (void)state;
    assert_non_null(most);
    buf_append(&buf, most, BUF_BYTES_MAX);
    ASSERT_OK(buf_check(&buf, &err), err);
    assert_int_equal(buf.len, BUF_BYTES_MAX);
    assert_int_equal(buf.data[BUF_BYTES_MAX], 0);
    buf_append_byte(&buf, 'x');
    ASSERT_ERR(ERR_LIMIT, buf_check(&buf, &err));
    assert_int_equal(buf.len, BUF_BYTES_MAX);
}

static void test_buf_append__remembers_the_first_failure(void **state)
{
    static const size_t TOO_MUCH[] = {(size_t)BUF_BYTES_MAX + 1, SIZE_MAX, SIZE_MAX - 1};
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(TOO_MUCH); i++) {
        AUTO_BUF struct buf buf = BUF_INIT;
        struct err err = ERR_INIT;
        buf_append_text(&buf, "before");
        buf_reserve(&buf, TOO_MUCH[i]);
        buf_append_text(&buf, "after");
        buf_append_byte(&buf, '!');
        buf_append_format(&buf, "%d", 1);
        ASSERT_ERR(ERR_LIMIT, buf_check(&buf, &err));
        assert_string_equal(buf_text(&buf), "before");
        assert_null(buf_steal_text(&buf));
        buf_reset(&buf);
        buf_append_text(&buf, "again");
        ASSERT_OK(buf_check(&buf, &err), err);
        assert_string_equal(buf_text(&buf), "again");
    }
}

static void test_buf_steal_text__gives_the_bytes_and_leaves_nothing(void **state)
{
    AUTO_BUF struct buf buf = BUF_INIT;
    (void)state;
    buf_append_text(&buf, "mine");
    AUTO_HEAP char *text = buf_steal_text(&buf);
    assert_string_equal(text, "mine");
    assert_null(buf.data);
    assert_int_equal(buf.len, 0);
    AUTO_HEAP char *empty = buf_steal_text(&buf);
    assert_string_equal(empty, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buf_append__keeps_bytes_and_a_nul_behind_them),
        cmocka_unit_test(test_buf_append__takes_the_limit_and_no_byte_more),
        cmocka_unit_test(test_buf_append__remembers_the_first_failure),
        cmocka_unit_test(test_buf_steal_text__gives_the_bytes_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
