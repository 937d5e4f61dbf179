/*
 * Goal: `fremgangd all` keeps one door, which opens to certificates of the partnership's
 * authority alone, comes back after any death, takes revocations without a restart, and
 * leaves nothing behind. Method: the built programs with HAProxy in front of `keys`, which
 * needs no database (intake and pool find none and are tried again); certificates by openssl;
 * calls by nngcat.
 */
#include "support.h"

#include "base/auto.h"
#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 20000, COMMAND_BYTES = 2048 };

struct stack {
    char dir[64];
    int base_port;
    pid_t supervisor;
};

/* Runs a shell command in the stack's folder; true when it exits 0. */
static bool sh(const struct stack *stack, const char *format, ...) PRINTF_LIKE(2, 3);
static bool sh(const struct stack *stack, const char *format, ...)
{
    char command[COMMAND_BYTES];
    int used = snprintf(command, sizeof(command), "cd %s && ", stack->dir);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(command + used, sizeof(command) - (size_t)used, format, args);
    va_end(args);
    assert_true(more >= 0 && (size_t)(used + more) < sizeof(command));
    return system(command) == 0;
}

/* An authority, and certificates of it: server, good, and the one to be revoked. */
static void make_certificates(const struct stack *stack)
{
    static const char *const AUTHORITIES[] = {"ca", "other-ca"};
    static const char *const NAMES[][2] = {
        {"server", "ca"}, {"good", "ca"}, {"revoked", "ca"}, {"stranger", "other-ca"}};
    for (size_t i = 0; i < ARRAY_COUNT(AUTHORITIES); i++) {
        assert_true(sh(stack,
                       "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                       "-days 2 -keyout %s.key -out %s.crt -subj /CN=%s 2>/dev/null",
                       AUTHORITIES[i], AUTHORITIES[i], AUTHORITIES[i]));
    }
    for (size_t i = 0; i < ARRAY_COUNT(NAMES); i++) {
        const char *name = NAMES[i][0];
        assert_true(sh(stack,
                       "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                       "-keyout %s.key -out %s.csr -subj /CN=%s 2>/dev/null && "
                       "echo 'subjectAltName=DNS:localhost' >%s.ext && "
                       "openssl x509 -req -in %s.csr -CA %s.crt -CAkey %s.key -CAcreateserial "
                       "-days 2 -extfile %s.ext -out %s.crt 2>/dev/null",
                       name, name, name, name, name, NAMES[i][1], NAMES[i][1], name, name));
    }
    assert_true(sh(stack, "cat server.crt server.key >server.pem"));
}

/* Health.Check for the keys process, with a request id. */
static void make_call(const struct stack *stack)
{
    assert_true(
        sh(stack, "printf '\\012\\034/grpc.health.v1.Health/Check\\022\\003\\012\\001r' >call"));
}

/* Whether the door answers SERVING to the certificate. */
static bool is_served(const struct stack *stack, const char *certificate)
{
    return sh(stack,
              "nngcat --req --dial tls+tcp://localhost:%d --cacert ca.crt --cert %s.crt --key "
              "%s.key --file call --hex --send-timeout 2 --recv-timeout 2 2>/dev/null "
              "| grep -q '7a.x02.x08.x01'",
              stack->base_port + 3, certificate, certificate);
}

static void wait_until_served(const struct stack *stack, const char *certificate, bool expected)
{
    int64_t until_ms = clock_monotonic_ms() + WAIT_MS;
    const struct timespec pause = {.tv_nsec = 50000000};
    while (is_served(stack, certificate) != expected) {
        assert_true(clock_monotonic_ms() < until_ms);
        (void)nanosleep(&pause, NULL);
    }
}

static int open_stack(void **state)
{
    struct stack *stack = calloc(1, sizeof(*stack));
    assert_non_null(stack);
    (void)snprintf(stack->dir, sizeof(stack->dir), "/tmp/fremgang-all-XXXXXX");
    assert_non_null(mkdtemp(stack->dir));
    stack->base_port = 20000 + (int)(getpid() % 1000) * 20;
    make_certificates(stack);
    make_call(stack);
    stack->supervisor = fork();
    if (stack->supervisor == 0) {
        char port[16];
        (void)snprintf(port, sizeof(port), "%d", stack->base_port);
        if (chdir(stack->dir) != 0 || freopen("log", "w", stderr) == NULL) {
            _exit(1);
        }
        (void)execl(TEST_BINARY_DIR "/fremgangd", "fremgangd", "all", "--data-dir", stack->dir,
                    "--base-port", port, "--pid-file", "pid", (char *)NULL);
        _exit(127);
    }
    *state = stack;
    return 0;
}

static int close_stack(void **state)
{
    struct stack *stack = *state;
    if (stack->supervisor > 0) {
        (void)kill(stack->supervisor, SIGTERM);
        (void)waitpid(stack->supervisor, NULL, 0);
    }
    (void)sh(stack, "rm -rf %s", stack->dir);
    free(stack);
    return 0;
}

/* The pid that the supervisor last gave a child. */
static pid_t child_pid(const struct stack *stack, const char *name)
{
    char path[128];
    char text[16] = "";
    assert_true(sh(stack, "sed -n 's/.*started child=%s pid=//p' log | tail -n 1 >child", name));
    (void)snprintf(path, sizeof(path), "%s/child", stack->dir);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof(text), file));
    assert_int_equal(fclose(file), 0);
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    assert_true(pid > 1);
    return pid;
}

static void test_all__opens_to_its_authoritys_certificates_only(void **state)
{
    const struct stack *stack = *state;
    wait_until_served(stack, "good", true);
    assert_false(is_served(stack, "stranger"));
    assert_false(sh(stack,
                    "nngcat --req --dial tls+tcp://localhost:%d --cacert ca.crt --file call "
                    "--recv-timeout 2 >/dev/null 2>&1",
                    stack->base_port + 3));
    assert_false(sh(stack,
                    "nngcat --req --dial tcp://localhost:%d --file call --recv-timeout 1 "
                    ">/dev/null 2>&1",
                    stack->base_port + 3));
}

static void test_all__refuses_old_tls(void **state)
{
    const struct stack *stack = *state;
    static const char *const VERSIONS[] = {"tls1", "tls1_1"};
    wait_until_served(stack, "good", true);
    for (size_t i = 0; i < ARRAY_COUNT(VERSIONS); i++) {
        assert_false(sh(stack,
                        "openssl s_client -connect localhost:%d -CAfile ca.crt -cert good.crt "
                        "-key good.key -%s -cipher 'ALL:@SECLEVEL=0' </dev/null >/dev/null 2>&1",
                        stack->base_port + 3, VERSIONS[i]));
    }
}

static void test_all__brings_killed_processes_back(void **state)
{
    static const char *const CHILDREN[] = {"keys", "haproxy"};
    const struct stack *stack = *state;
    for (size_t i = 0; i < ARRAY_COUNT(CHILDREN); i++) {
        wait_until_served(stack, "good", true);
        pid_t first = child_pid(stack, CHILDREN[i]);
        assert_int_equal(kill(first, SIGKILL), 0);
        int64_t until_ms = clock_monotonic_ms() + WAIT_MS;
        while (child_pid(stack, CHILDREN[i]) == first) {
            assert_true(clock_monotonic_ms() < until_ms);
        }
        wait_until_served(stack, "good", true);
    }
}

static void test_all__takes_a_revocation_list_that_appears(void **state)
{
    const struct stack *stack = *state;
    wait_until_served(stack, "revoked", true);
    assert_true(sh(stack,
                   "touch index && echo 01 >crlnumber && "
                   "printf '[ca]\\ndefault_ca=x\\n[x]\\ndatabase=index\\ncrlnumber=crlnumber\\n"
                   "default_md=sha256\\ndefault_crl_days=2\\n' >ca.cnf && "
                   "openssl ca -config ca.cnf -cert ca.crt -keyfile ca.key -revoke revoked.crt "
                   "2>/dev/null && "
                   "openssl ca -config ca.cnf -cert ca.crt -keyfile ca.key -gencrl -out crl.pem "
                   "2>/dev/null"));
    assert_int_equal(kill(stack->supervisor, SIGHUP), 0);
    wait_until_served(stack, "revoked", false);
    wait_until_served(stack, "good", true);
}

static void test_all__stops_and_leaves_nothing_behind(void **state)
{
    struct stack *stack = *state;
    int status = -1;
    wait_until_served(stack, "good", true);
    pid_t keys = child_pid(stack, "keys");
    pid_t haproxy = child_pid(stack, "haproxy");
    assert_true(sh(stack, "test \"$(cat pid)\" = %d", (int)stack->supervisor));
    assert_int_equal(kill(stack->supervisor, SIGTERM), 0);
    assert_int_equal(waitpid(stack->supervisor, &status, 0), stack->supervisor);
    stack->supervisor = 0;
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(kill(keys, 0) != 0 && errno == ESRCH);
    assert_true(kill(haproxy, 0) != 0 && errno == ESRCH);
    assert_false(sh(stack, "test -e pid"));
    assert_false(is_served(stack, "good"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all__opens_to_its_authoritys_certificates_only),
        cmocka_unit_test(test_all__refuses_old_tls),
        cmocka_unit_test(test_all__brings_killed_processes_back),
        cmocka_unit_test(test_all__takes_a_revocation_list_that_appears),
        cmocka_unit_test(test_all__stops_and_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, open_stack, close_stack);
}
