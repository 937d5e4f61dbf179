/*
 * Goal: what an operator writes is what a process gets, and a slip of the pen stops it.
 * Method: command lines and files in tables, good and bad, with the order of precedence.
 */
#include "support.h"

#include "base/auto.h"
#include "options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct target {
    char *name;
    char *data_dir;
    int workers;
    bool is_demo;
};

static const struct option_row ROWS[] = {
    {.name = "name",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct target, name),
     .fallback = "default",
     .value = "NAME",
     .help = "a name"},
    {.name = "name-dir",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct target, data_dir),
     .value = "DIR",
     .help = "a directory",
     .is_hidden = true},
    {.name = "workers",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct target, workers),
     .fallback = "8",
     .min = 1,
     .max = 64,
     .value = "N",
     .help = "threads"},
    {.name = "demo",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct target, is_demo),
     .fallback = "no",
     .help = "synthetic data"},
};

static const char *const PROCESSES[] = {"intake", "pool", NULL};

static const struct option_set SET = {.process = "pool",
                                      .processes = PROCESSES,
                                      .summary = "Usage: x\n",
                                      .example = "Example: x\n",
                                      .rows = ROWS,
                                      .row_count = ARRAY_COUNT(ROWS)};

enum { ARGS_MAX = 8 };

static enum err_code read_args(const char *const *words, struct target *target,
                               enum option_action *action, struct err *err)
{
    char *args[ARGS_MAX + 1] = {NULL};
    for (size_t i = 0; i < ARGS_MAX && words[i] != NULL; i++) {
        args[i] = strdup(words[i]);
    }
    enum err_code code = options_read(&SET, args, target, action, err);
    for (size_t i = 0; i < ARGS_MAX; i++) {
        free(args[i]);
    }
    return code;
}

static void test_options_read__takes_each_form(void **state)
{
    static const struct {
        const char *words[ARGS_MAX];
        const char *name;
        int workers;
        bool is_demo;
    } CASES[] = {
        {{NULL}, "default", 8, false},
        {{"--name", "x", "--workers", "1", "--demo"}, "x", 1, true},
        {{"--name=x=y", "--workers=64", "--demo=yes"}, "x=y", 64, true},
        {{"--name", "a", "--name", "b"}, "b", 8, false},
        {{"--name", ""}, "", 8, false},
        {{"--name", "--demo"}, "--demo", 8, false},
        {{"--demo", "--demo=no"}, "default", 8, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct target target = {.name = NULL};
        enum option_action action = OPTIONS_HELP;
        struct err err = ERR_INIT;
        ASSERT_OK(read_args(CASES[i].words, &target, &action, &err), err);
        assert_int_equal(action, OPTIONS_RUN);
        assert_string_equal(target.name, CASES[i].name);
        assert_int_equal(target.workers, CASES[i].workers);
        assert_int_equal(target.is_demo, CASES[i].is_demo);
        options_clear(&SET, &target);
    }
}

static void test_options_read__refuses_slips(void **state)
{
    static const char *const CASES[][ARGS_MAX] = {
        {"--nam", "x"},
        {"--names", "x"},
        {"name"},
        {"-n", "x"},
        {"--name"},
        {"--workers", "0"},
        {"--workers", "65"},
        {"--workers", "8x"},
        {"--workers", ""},
        {"--workers"},
        {"--demo=maybe"},
        {"--demo", "yes"},
        {"--"},
        {""},
        {"--=x"},
        {"--workers", "99999999999999"},
        {"--config"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct target target = {.name = NULL};
        enum option_action action = OPTIONS_RUN;
        struct err err = ERR_INIT;
        ASSERT_ERR(ERR_INVALID, read_args(CASES[i], &target, &action, &err));
        assert_string_equal(err.reason, "USAGE");
        assert_true(err.hint[0] != '\0');
        options_clear(&SET, &target);
    }
}

static void test_options_read__finds_help_before_anything_else(void **state)
{
    static const struct {
        const char *words[ARGS_MAX];
        enum option_action action;
    } CASES[] = {
        {{"--help"}, OPTIONS_HELP},
        {{"-h"}, OPTIONS_HELP},
        {{"--workers", "0", "--help"}, OPTIONS_HELP},
        {{"--config", "/nowhere", "--help"}, OPTIONS_HELP},
        {{"--version"}, OPTIONS_VERSION},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct target target = {.name = NULL};
        enum option_action action = OPTIONS_RUN;
        struct err err = ERR_INIT;
        ASSERT_OK(read_args(CASES[i].words, &target, &action, &err), err);
        assert_int_equal(action, CASES[i].action);
        options_clear(&SET, &target);
    }
}

/* Reads a file with `text`, then the words. */
static enum err_code read_with_file(const char *text, const char *word, struct target *target,
                                    struct err *err)
{
    char path[] = "/tmp/fremgang-options-XXXXXX";
    enum option_action action = OPTIONS_RUN;
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    assert_int_equal(close(file), 0);
    const char *words[ARGS_MAX] = {word, "--config", path};
    enum err_code code = word == NULL ? read_args(words + 1, target, &action, err)
                                      : read_args(words, target, &action, err);
    assert_int_equal(unlink(path), 0);
    return code;
}

static void test_options_read__puts_command_line_over_file_over_default(void **state)
{
    static const struct {
        const char *text;
        const char *word;
        const char *name;
        const char *dir;
        int workers;
        bool is_demo;
    } CASES[] = {
        {"", NULL, "default", "", 8, false},
        {"; a comment\nname = file\ndemo = yes\n", NULL, "file", "", 8, true},
        {"name = file\n", "--name=line", "line", "", 8, false},
        {"name-pool = own\nname = common\n", NULL, "own", "", 8, false},
        {"name-intake = other\nname = common\n", NULL, "common", "", 8, false},
        {"name-dir = /d\nname-dir-pool = /p\n", NULL, "default", "/p", 8, false},
        {"workers-pool = 3\n", "--workers=4", "default", "", 4, false},
        {"name = host=/run dbname=x\n", NULL, "host=/run dbname=x", "", 8, false},
        {"demo = 1\n", "--demo=no", "default", "", 8, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct target target = {.name = NULL};
        struct err err = ERR_INIT;
        ASSERT_OK(read_with_file(CASES[i].text, CASES[i].word, &target, &err), err);
        assert_string_equal(target.name, CASES[i].name);
        assert_string_equal(target.data_dir, CASES[i].dir);
        assert_int_equal(target.workers, CASES[i].workers);
        assert_int_equal(target.is_demo, CASES[i].is_demo);
        options_clear(&SET, &target);
    }
}

static void test_options_read__names_the_line_that_is_wrong(void **state)
{
    static const struct {
        const char *text;
        const char *line;
    } CASES[] = {
        {"name = x\nnmae = y\n", "line 2"}, {"workers = 0\n", "line 1"},
        {"[pool]\nname = x\n", "line 2"},   {"name = x\n\nworkers-pool = x\n", "line 3"},
        {"demo = perhaps\n", "line 1"},     {"name x\n", "line 1"},
        {"config = other\n", "line 1"},     {"name-intak = x\n", "line 1"},
        {"name-dir-pools = x\n", "line 1"}, {"-pool = x\n", "line 1"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct target target = {.name = NULL};
        struct err err = ERR_INIT;
        ASSERT_ERR(ERR_INVALID, read_with_file(CASES[i].text, NULL, &target, &err));
        assert_non_null(strstr(err.message, CASES[i].line));
        options_clear(&SET, &target);
    }
}

static void test_options_read__says_when_the_file_is_not_there(void **state)
{
    static const char *const WORDS[ARGS_MAX] = {"--config", "/nowhere/at/all.ini"};
    struct target target = {.name = NULL};
    enum option_action action = OPTIONS_RUN;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_ERR(ERR_NOT_FOUND, read_args(WORDS, &target, &action, &err));
    assert_non_null(strstr(err.message, "/nowhere/at/all.ini"));
    options_clear(&SET, &target);
}

static void test_options_help__shows_what_is_not_hidden(void **state)
{
    AUTO_HEAP char *text = NULL;
    size_t size = 0;
    (void)state;
    FILE *out = open_memstream(&text, &size);
    options_help(&SET, out);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "--workers N"));
    assert_non_null(strstr(text, "threads [8]"));
    assert_non_null(strstr(text, "--demo "));
    assert_null(strstr(text, "--name-dir"));
    assert_non_null(strstr(text, "Example: x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_read__takes_each_form),
        cmocka_unit_test(test_options_read__refuses_slips),
        cmocka_unit_test(test_options_read__finds_help_before_anything_else),
        cmocka_unit_test(test_options_read__puts_command_line_over_file_over_default),
        cmocka_unit_test(test_options_read__names_the_line_that_is_wrong),
        cmocka_unit_test(test_options_read__says_when_the_file_is_not_there),
        cmocka_unit_test(test_options_help__shows_what_is_not_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
