/* Goal: every verb explains itself, wrong words are met with usage (exit 2) and a hint, and
 * options reach the verb. Method: run the parser on memory streams and read what it says. */
#include "support.h"

#include "base/auto.h"
#include "command.h"

#include <stdlib.h>
#include <string.h>

/* One run of the client with its two streams kept. */
struct run {
    char *out;
    char *talk;
    int code;
};

static void run_clear(struct run *run)
{
    free(run->out);
    free(run->talk);
}

#define AUTO_RUN __attribute__((cleanup(run_clear)))

enum { WORDS_MAX = 140 };

static struct run run_words(const char *const *words, size_t count)
{
    struct run run = {.code = -1};
    size_t sizes[2];
    FILE *out = open_memstream(&run.out, &sizes[0]);
    FILE *talk = open_memstream(&run.talk, &sizes[1]);
    char *argv[WORDS_MAX + 2] = {strdup("fremgang")};
    struct cli cli;
    assert_true(count <= WORDS_MAX);
    for (size_t i = 0; i < count; i++) {
        argv[i + 1] = strdup(words[i]);
    }
    char *kept[WORDS_MAX + 2];
    memcpy(kept, argv, sizeof(kept));
    cli_init(&cli, out, talk);
    run.code = cli_run(&cli, (int)count + 1, argv);
    (void)fclose(out);
    (void)fclose(talk);
    for (size_t i = 0; i <= count; i++) {
        free(kept[i]);
    }
    return run;
}

#define RUN(...)                                                                                   \
    run_words((const char *const[]){__VA_ARGS__}, ARRAY_COUNT(((const char *const[]){__VA_ARGS__})))

static void test_command_table__every_row_is_complete(void **state)
{
    (void)state;
    assert_true(command_count() > 0);
    for (size_t i = 0; i < command_count(); i++) {
        const struct command *command = command_at(i);
        assert_non_null(command->run);
        assert_true(strlen(command->summary) > 10 && strlen(command->summary) <= 70);
        assert_true(command->summary[strlen(command->summary) - 1] != '.');
        assert_true(strlen(command->help) > 20);
        assert_ptr_equal(command_find(command->verb), command);
        for (const struct command_option *option = command->options; option->name != NULL;
             option++) {
            assert_true(strlen(option->text) > 3);
            for (const struct command_option *global = command_global_options();
                 global->name != NULL; global++) {
                assert_string_not_equal(option->name, global->name);
            }
        }
    }
}

static void test_cli_run__helps_for_every_verb(void **state)
{
    (void)state;
    AUTO_RUN struct run all = RUN("--help");
    assert_int_equal(all.code, CLI_EXIT_OK);
    for (size_t i = 0; i < command_count(); i++) {
        const struct command *command = command_at(i);
        AUTO_RUN struct run one = RUN(command->verb, "--help");
        AUTO_RUN struct run brief = RUN(command->verb, "-h");
        assert_int_equal(one.code, CLI_EXIT_OK);
        assert_string_equal(one.out, brief.out);
        assert_string_equal(one.talk, "");
        assert_non_null(strstr(one.out, command->help));
        assert_non_null(strstr(all.out, command->summary));
        for (const struct command_option *option = command->options; option->name != NULL;
             option++) {
            assert_non_null(strstr(one.out, option->text));
        }
    }
}

static void test_cli_run__refuses_wrong_words(void **state)
{
    (void)state;
    static const struct {
        const char *words[3];
        const char *said;
    } cases[] = {
        {{"complete"}, "unrecognized verb \"complete\""},
        {{"completoin"}, "Did you mean \"completion\"?"},
        {{"zzzzzz"}, "`fremgang --help` lists the verbs."},
        {{"--nonsense"}, "unrecognized option \"--nonsense\""},
        {{"-x", "completion"}, "unrecognized option \"-x\""},
        {{"--format"}, "option \"--format\" needs a value"},
        {{"--format", "xml", "completion"}, "--format must be table, csv or json, not \"xml\""},
        {{"completion", "--format", ""}, "--format must be table, csv or json, not \"\""},
        {{"completion", "--lang", "sv"}, "--lang must be da or en, not \"sv\""},
        {{"completion", "--nonsense"}, "`fremgang completion --help` tells how to use it."},
        {{"completion", "fish"}, "the shell must be bash"},
        {{"completion"}, "the shell must be bash"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        size_t count = 0;
        while (count < 3 && cases[i].words[count] != NULL) {
            count++;
        }
        AUTO_RUN struct run run = run_words(cases[i].words, count);
        assert_int_equal(run.code, CLI_EXIT_USAGE);
        assert_string_equal(run.out, "");
        if (strstr(run.talk, cases[i].said) == NULL) {
            fail_msg("case %zu: \"%s\" is not in \"%s\"", i, cases[i].said, run.talk);
        }
    }
}

static void test_cli_run__without_words_shows_the_verbs(void **state)
{
    (void)state;
    AUTO_RUN struct run run = run_words(NULL, 0);
    assert_int_equal(run.code, CLI_EXIT_USAGE);
    assert_non_null(strstr(run.talk, "Verbs:"));
    assert_string_equal(run.out, "");
}

static void test_cli_run__takes_global_options_on_both_sides(void **state)
{
    (void)state;
    AUTO_RUN struct run before = RUN("--format", "csv", "completion", "bash");
    AUTO_RUN struct run after = RUN("completion", "bash", "--format=csv");
    assert_int_equal(before.code, CLI_EXIT_OK);
    assert_string_equal(before.out, after.out);
}

static void test_cli_run__tells_its_version(void **state)
{
    (void)state;
    AUTO_RUN struct run run = RUN("--version");
    assert_int_equal(run.code, CLI_EXIT_OK);
    assert_string_equal(run.out, "fremgang " FREMGANG_VERSION "\n");
}

static void test_command_nearest__knows_two_slips_and_no_more(void **state)
{
    (void)state;
    assert_string_equal(command_nearest("complet1on")->verb, "completion");
    assert_string_equal(command_nearest("copletin")->verb, "completion");
    assert_null(command_nearest("cmpltin"));
    assert_null(command_nearest(""));
    assert_null(command_nearest("a"));
    assert_null(command_nearest("completioncompletioncompletioncompletion"));
}

static void test_command_print_man__names_every_verb_and_escapes(void **state)
{
    (void)state;
    AUTO_RUN struct run run = RUN("--help-man");
    assert_int_equal(run.code, CLI_EXIT_OK);
    assert_int_equal(strncmp(run.out, ".TH FREMGANG 1", 14), 0);
    for (size_t i = 0; i < command_count(); i++) {
        char title[64];
        (void)snprintf(title, sizeof(title), "\n.SS %s\n", command_at(i)->verb);
        assert_non_null(strstr(run.out, title));
    }
    assert_null(strstr(run.out, " --"));
}

static void test_command_print_completion__is_valid_bash(void **state)
{
    (void)state;
    AUTO_RUN struct run run = RUN("completion", "bash");
    FILE *bash = popen("bash -n", "w");
    assert_non_null(bash);
    fputs(run.out, bash);
    assert_int_equal(pclose(bash), 0);
    for (size_t i = 0; i < command_count(); i++) {
        assert_non_null(strstr(run.out, command_at(i)->verb));
    }
}

static void test_cli_exit_of__separates_unavailable_from_refused(void **state)
{
    (void)state;
    assert_int_equal(cli_exit_of(ERR_OK), 0);
    assert_int_equal(cli_exit_of(ERR_UNAVAILABLE), 3);
    assert_int_equal(cli_exit_of(ERR_TIMEOUT), 3);
    assert_int_equal(cli_exit_of(ERR_DENIED), 1);
    assert_int_equal(cli_exit_of(ERR_INVALID), 1);
    assert_int_equal(cli_exit_of(ERR_INTERNAL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_table__every_row_is_complete),
        cmocka_unit_test(test_cli_run__helps_for_every_verb),
        cmocka_unit_test(test_cli_run__refuses_wrong_words),
        cmocka_unit_test(test_cli_run__without_words_shows_the_verbs),
        cmocka_unit_test(test_cli_run__takes_global_options_on_both_sides),
        cmocka_unit_test(test_cli_run__tells_its_version),
        cmocka_unit_test(test_command_nearest__knows_two_slips_and_no_more),
        cmocka_unit_test(test_command_print_man__names_every_verb_and_escapes),
        cmocka_unit_test(test_command_print_completion__is_valid_bash),
        cmocka_unit_test(test_cli_exit_of__separates_unavailable_from_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
