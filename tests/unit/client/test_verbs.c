/* Goal: a verb told wrong words says what it wanted and exits 2 before it dials or writes
 * anything; without a profile it exits 1 and says how to get one. Method: run the whole
 * client on memory streams with an empty $FREMGANG_HOME. */
#include "support.h"

#include "base/auto.h"
#include "command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 12 };

struct verb_case {
    const char *words[WORDS_MAX];
    int code;
    const char *said;
};

static int home_open(void **state)
{
    char template[] = "/tmp/fremgang-verbs-XXXXXX";
    if (mkdtemp(template) == NULL) {
        return -1;
    }
    *state = strdup(template);
    return setenv("FREMGANG_HOME", template, 1);
}

/* Also the proof that nothing was written. */
static int home_close(void **state)
{
    int rc = rmdir(*state);
    free(*state);
    return rc;
}

static int run(const char *const *words, char **talk)
{
    char *argv[WORDS_MAX + 2] = {(char *)(uintptr_t) "fremgang"};
    char *out = NULL;
    size_t sizes[2];
    struct cli cli;
    int argc = 1;
    FILE *out_stream = open_memstream(&out, &sizes[0]);
    FILE *talk_stream = open_memstream(talk, &sizes[1]);
    for (; words[argc - 1] != NULL; argc++) {
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
    }
    cli_init(&cli, out_stream, talk_stream);
    int code = cli_run(&cli, argc, argv);
    (void)fclose(out_stream);
    (void)fclose(talk_stream);
    if (code != CLI_EXIT_OK) {
        assert_string_equal(out, "");
    }
    free(out);
    return code;
}

static void assert_cases(const struct verb_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        AUTO_HEAP char *talk = NULL;
        int code = run(cases[i].words, &talk);
        if (code != cases[i].code || strstr(talk, cases[i].said) == NULL) {
            fail_msg("case %zu: exit %d: %s", i, code, talk);
        }
    }
}

static void test_verbs__refuse_wrong_words(void **state)
{
    (void)state;
    static const struct verb_case cases[] = {
        {{"enrol"}, 2, "--code is missing"},
        {{"enrol", "x"}, 2, "unexpected word \"x\""},
        {{"enrol", "--code", "X"}, 2, "--pool is missing"},
        {{"table"}, 2, "no measure is named"},
        {{"table", "a", "b"}, 2, "more than one measure"},
        {{"table", "a", "--where", "sex"}, 2, "--where needs DIMENSION=CODE"},
        {{"own"}, 2, "no measure is named"},
        {{"indicators", "x"}, 2, "unexpected word"},
        {{"releases", "x"}, 2, "unexpected word"},
        {{"health", "x"}, 2, "unexpected word"},
        {{"publish"}, 2, "list show approve withdraw close"},
        {{"publish", "burn"}, 2, "\"burn\" is none of: list show"},
        {{"publish", "list", "x"}, 2, "\"list\" takes no words, not 1"},
        {{"publish", "approve"}, 2, "\"approve\" takes 1 word, not 0"},
        {{"publish", "withdraw", "r1"}, 2, "--reason is missing"},
        {{"publish", "withdraw", "r1", "--reason", ""}, 2, "--reason is missing"},
        {{"admin", "revoke"}, 2, "\"revoke\" takes 1 word"},
        {{"admin", "code-create", "steward"}, 2, "--name is missing"},
        {{"admin", "code-create", "municipality", "--name", "x", "--municipality", "65"},
         2,
         "\"65\" is not a municipality's code"},
        {{"admin", "permit-grant", "p", "--partnership", "a", "--purpose", "b"},
         2,
         "--until is missing"},
        {{"admin", "permit-grant", "p", "--partnership", "a", "--purpose", "b", "--until", "soon"},
         2,
         "--until needs a date like 2026-03-01, not \"soon\""},
        {{"admin", "partnership-create", "p", "--name", "P", "--members", "657,,510"},
         2,
         "\"\" is not a municipality's code"},
        {{"admin", "partnership-create", "p", "--name", "P", "--members", "657", "--from",
          "2015-02-29"},
         2,
         "--from needs a date"},
        {{"rpc"}, 2, "list describe call"},
        {{"rpc", "call"}, 2, "\"call\" takes 1 word, not 0"},
    };
    assert_cases(cases, ARRAY_COUNT(cases));
}

static void test_verbs__say_how_to_get_a_profile(void **state)
{
    (void)state;
    static const struct verb_case cases[] = {
        {{"table", "institution_share"}, 1, "there is no profile \"default\""},
        {{"own", "institution_share", "--profile", "herning"},
         1,
         "fremgang enrol --profile herning"},
        {{"indicators"}, 1, "there is no profile"},
        {{"releases"}, 1, "there is no profile"},
        {{"health"}, 1, "there is no profile"},
        {{"publish", "list"}, 1, "there is no profile"},
        {{"publish", "close", "2015-Q4"}, 1, "there is no profile"},
        {{"admin", "revoke", "p-1"}, 1, "there is no profile"},
        {{"table", "x", "--profile", "../x"}, 1, "\"../x\" is not a profile name"},
        {{"enrol", "--new-partnership-key", "p4"}, 1, "there is no profile"},
    };
    assert_cases(cases, ARRAY_COUNT(cases));
}

static void test_cmd_rpc__works_without_a_profile(void **state)
{
    (void)state;
    static const struct verb_case cases[] = {
        {{"rpc", "list"}, 0, ""},
        {{"rpc", "list", "--format", "json"}, 0, ""},
        {{"rpc", "describe", "TableService.Get"}, 0, ""},
        {{"rpc", "describe", "NoService"}, 1, "there is no service, method or message"},
        {{"rpc", "call", "NoService.Get"}, 1, "there is no method \"NoService.Get\""},
        {{"rpc", "call", "Health.Check"}, 1, "several processes serve"},
        {{"rpc", "call", "TableService.Get", "--process", "intake"}, 1, "is not served by"},
        {{"rpc", "call", "TableService.Get", "--process", "disk"}, 1, "is not served by \"disk\""},
        {{"rpc", "call", "TableService.Get", "--data", "/nonexistent"}, 1, "could not open file"},
    };
    assert_cases(cases, ARRAY_COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verbs__refuse_wrong_words),
        cmocka_unit_test(test_verbs__say_how_to_get_a_profile),
        cmocka_unit_test(test_cmd_rpc__works_without_a_profile),
    };
    return cmocka_run_group_tests(tests, home_open, home_close);
}
