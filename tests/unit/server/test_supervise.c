/*
 * Goal: a process that ends is started again, one that keeps ending waits longer and longer,
 * and stopping leaves none behind. Method: the pauses as a table; then real children of a
 * forked supervisor, seen through files that they touch.
 */
#include "support.h"

#include "base/auto.h"
#include "base/clock.h"
#include "supervise.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 10000 };

static void test_supervise_backoff__doubles_up_to_its_limit(void **state)
{
    static const struct {
        int64_t backoff_ms;
        int64_t ran_ms;
        int64_t expected_ms;
    } CASES[] = {
        {0, 0, SUPERVISE_BACKOFF_MS_MIN},
        {0, 999999, SUPERVISE_BACKOFF_MS_MIN},
        {SUPERVISE_BACKOFF_MS_MIN, 0, 2 * SUPERVISE_BACKOFF_MS_MIN},
        {8000, SUPERVISE_STEADY_MS - 1, SUPERVISE_BACKOFF_MS_MAX},
        {SUPERVISE_BACKOFF_MS_MAX, 0, SUPERVISE_BACKOFF_MS_MAX},
        {SUPERVISE_BACKOFF_MS_MAX, SUPERVISE_STEADY_MS, SUPERVISE_BACKOFF_MS_MIN},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        assert_int_equal(supervise_backoff(CASES[i].backoff_ms, CASES[i].ran_ms),
                         CASES[i].expected_ms);
    }
}

/* Lines in the file; 0 while it is not there. */
static int line_count(const char *path)
{
    FILE *file = fopen(path, "re");
    int lines = 0;
    for (int c = file == NULL ? EOF : fgetc(file); c != EOF; c = fgetc(file)) {
        lines += c == '\n';
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return lines;
}

static void wait_for_lines(const char *path, int lines)
{
    int64_t until_ms = clock_monotonic_ms() + WAIT_MS;
    const struct timespec pause = {.tv_nsec = 5000000};
    while (line_count(path) < lines) {
        assert_true(clock_monotonic_ms() < until_ms);
        (void)nanosleep(&pause, NULL);
    }
}

/* A supervisor in a process of its own: one child that ends at once, one that stays until it
 * is told, and writes a line when it starts, on SIGUSR1, and on SIGTERM. */
static pid_t fork_supervisor(char *ending, char *staying)
{
    static char shell[] = "/bin/sh";
    static char option[] = "-c";
    char *ending_argv[] = {shell, option, ending, NULL};
    char *staying_argv[] = {shell, option, staying, NULL};
    pid_t pid = fork();
    if (pid == 0) {
        struct child children[] = {
            {.name = "ending", .argv = ending_argv},
            {.name = "staying", .argv = staying_argv, .reload_signal = SIGUSR1, .stop_stage = 1},
        };
        (void)!freopen("/dev/null", "w", stderr);
        supervise_block_signals();
        supervise(children, ARRAY_COUNT(children));
        _exit(0);
    }
    return pid;
}

static void test_supervise__starts_again_reloads_and_stops_all(void **state)
{
    char folder[] = "/tmp/fremgang-supervise-XXXXXX";
    AUTO_HEAP char *ending = NULL;
    AUTO_HEAP char *staying = NULL;
    AUTO_HEAP char *ended = NULL;
    AUTO_HEAP char *stayed = NULL;
    int status = -1;
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_true(asprintf(&ended, "%s/ended", folder) > 0);
    assert_true(asprintf(&stayed, "%s/stayed", folder) > 0);
    assert_true(asprintf(&ending, "echo x >>%s; exit 1", ended) > 0);
    assert_true(asprintf(&staying,
                         "trap 'echo r >>%s' USR1; trap 'echo t >>%s; exit 0' TERM;"
                         "echo s >>%s; while :; do sleep 0.01; done",
                         stayed, stayed, stayed) > 0);
    pid_t supervisor = fork_supervisor(ending, staying);
    wait_for_lines(ended, 2);  // started again after it ended
    wait_for_lines(stayed, 1); // started
    assert_int_equal(kill(supervisor, SIGHUP), 0);
    wait_for_lines(stayed, 2); // reloaded
    assert_int_equal(kill(supervisor, SIGTERM), 0);
    assert_int_equal(waitpid(supervisor, &status, 0), supervisor);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(line_count(stayed), 3); // told to stop, and awaited
    assert_int_equal(unlink(ended), 0);
    assert_int_equal(unlink(stayed), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* A killed supervisor takes its children along. */
static void test_supervise__leaves_no_child_behind_when_killed(void **state)
{
    char folder[] = "/tmp/fremgang-supervise-XXXXXX";
    AUTO_HEAP char *staying = NULL;
    AUTO_HEAP char *stayed = NULL;
    static char ending[] = "exec sleep 1000";
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_true(asprintf(&stayed, "%s/stayed", folder) > 0);
    assert_true(asprintf(&staying,
                         "trap 'echo t >>%s; exit 0' TERM; echo s >>%s;"
                         "while :; do sleep 0.01; done",
                         stayed, stayed) > 0);
    pid_t supervisor = fork_supervisor(ending, staying);
    wait_for_lines(stayed, 1);
    assert_int_equal(kill(supervisor, SIGKILL), 0);
    assert_int_equal(waitpid(supervisor, NULL, 0), supervisor);
    wait_for_lines(stayed, 2);
    assert_int_equal(unlink(stayed), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_supervise_backoff__doubles_up_to_its_limit),
        cmocka_unit_test(test_supervise__starts_again_reloads_and_stops_all),
        cmocka_unit_test(test_supervise__leaves_no_child_behind_when_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
