/*
 * Goal: one event is one line, whatever a caller puts into it, and a line cannot be forged
 * from outside. Method: stderr into a pipe, hostile values, and the whole line compared.
 */
#include "support.h"

#include "base/log.h"

#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 4096 };

/* stderr while it goes to the test. */
struct capture {
    int read_end;
    int saved;
};

static struct capture capture_start(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct capture capture = {.read_end = ends[0], .saved = dup(STDERR_FILENO)};
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    assert_int_equal(close(ends[1]), 0);
    return capture;
}

/* What was written, without the time that leads it. */
static const char *capture_end(struct capture capture, char out[LINE_BYTES])
{
    assert_true(dup2(capture.saved, STDERR_FILENO) >= 0);
    assert_int_equal(close(capture.saved), 0);
    ssize_t len = read(capture.read_end, out, LINE_BYTES - 1);
    assert_int_equal(close(capture.read_end), 0);
    out[len < 0 ? 0 : len] = '\0';
    const char *space = strchr(out, ' ');
    return space == NULL ? out : space + 1;
}

static void test_log_event__writes_pairs_and_quotes_what_is_not_plain(void **state)
{
    char text[LINE_BYTES];
    (void)state;
    log_set_process("test");
    struct capture capture = capture_start();
    log_info("batch accepted", "plain", "a-Z.0/1:2", "none", NULL, "empty", "", "spaced", "a b",
             "forged", "x\n2026 info test: owned=\"1\\\x7f", NULL);
    assert_string_equal(capture_end(capture, text),
                        "info test: batch accepted plain=a-Z.0/1:2 none=- empty=\"\" "
                        "spaced=\"a b\" forged=\"x\\x0a2026 info test: owned=\\x221\\x5c\\x7f\"\n");
}

static void test_log_err__adds_the_detail_that_no_peer_sees(void **state)
{
    char text[LINE_BYTES];
    struct err err = ERR_INIT;
    (void)state;
    (void)err_set(&err, ERR_INTERNAL, "it failed");
    (void)err_detail(&err, "SQLSTATE %s", "XX000");
    (void)err_hint(&err, "Never logged.");
    struct capture capture = capture_start();
    log_err(LOG_WARN, "call refused", &err, "request", "r-1", NULL);
    assert_string_equal(capture_end(capture, text), "warn test: call refused error=\"it failed\" "
                                                    "detail=\"SQLSTATE XX000\" request=r-1\n");
}

static void test_log_set_level__drops_what_is_below(void **state)
{
    char text[LINE_BYTES];
    (void)state;
    log_set_level(LOG_WARN);
    struct capture capture = capture_start();
    log_info("dropped", NULL);
    log_warn("kept", NULL);
    assert_string_equal(capture_end(capture, text), "warn test: kept\n");
    log_set_level(LOG_INFO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_event__writes_pairs_and_quotes_what_is_not_plain),
        cmocka_unit_test(test_log_err__adds_the_detail_that_no_peer_sees),
        cmocka_unit_test(test_log_set_level__drops_what_is_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
