/* Goal: a session has the profile's keys and servers, and a receipt key learnt in it is
 * pinned for the next. Method: a profile on disk and a process behind a socket. */
#include "client/rpc/fake_process.h"

#include "session.h"

#include <stdlib.h>
#include <unistd.h>

static int home_open(void **state)
{
    char template[] = "/tmp/fremgang-session-XXXXXX";
    if (mkdtemp(template) == NULL) {
        return -1;
    }
    *state = strdup(template);
    return setenv("FREMGANG_HOME", template, 1);
}

static int home_close(void **state)
{
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
    free(*state);
    return system(command);
}

static void answer_empty(struct fake_process *process, const struct wire_request *request,
                         struct wire_response *response, struct buf *payload)
{
    (void)process;
    (void)request;
    (void)response;
    (void)payload;
}

/* Writes a profile "p" for the process; the process knows its key. */
static void write_profile(struct fake_process *process)
{
    struct err err = ERR_INIT;
    AUTO(profile_free) struct profile *profile = NULL;
    AUTO(secret_free) struct secret *identity = NULL;
    ASSERT_OK(profile_create("p", &profile, &err), err);
    ASSERT_OK(profile_make_identity(profile, &identity, &err), err);
    ASSERT_OK(profile_add_url(profile, PROFILE_INTAKE, process->server.url, &err), err);
    (void)strcpy(profile->principal_id, "p-1");
    (void)strcpy(profile->partnership, "p4");
    ASSERT_OK(profile_save(profile, &err), err);
    sign_public_key(identity, process->public_key);
}

static enum err_code call_once(struct cli *cli, struct err *err)
{
    AUTO(session_close) struct session *session = NULL;
    AUTO_BUF struct buf response = BUF_INIT;
    struct caller_request request = {.method = METHOD_OWN_TABLE};
    ASSERT_OK(session_open(cli, &session, err), *err);
    return caller_call(session->caller, &request, &response, err);
}

static void test_session_close__pins_a_learnt_receipt_key(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct cli cli = {.profile = "p", .talk = stderr};
    AUTO(profile_free) struct profile *pinned = NULL;
    struct fake_process process = {.kind = "intake", .answer = answer_empty};
    uint8_t receipt_key[SIGN_PUBLIC_KEY_BYTES];
    ASSERT_OK(sign_key_new(&process.receipt_key, &err), err);
    sign_public_key(process.receipt_key, receipt_key);
    process.server.answer = fake_answer;
    process.server.ctx = &process;
    rep_server_start(&process.server, NULL);
    write_profile(&process);
    ASSERT_OK(call_once(&cli, &err), err);
    ASSERT_OK(profile_load("p", &pinned, &err), err);
    assert_true(pinned->receipt_key_pinned);
    assert_memory_equal(pinned->receipt_key, receipt_key, sizeof(receipt_key));
    secret_free(process.receipt_key);
    ASSERT_OK(sign_key_new(&process.receipt_key, &err), err);
    ASSERT_ERR(ERR_CORRUPT, call_once(&cli, &err));
    assert_string_equal(err.reason, "RECEIPT_KEY_CHANGED");
    rep_server_stop(&process.server);
    secret_free(process.receipt_key);
}

static void test_session_open__needs_the_identity_key(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct cli cli = {.profile = "p", .talk = stderr};
    struct session *session = NULL;
    struct fake_process process = {.server.url = "tcp://127.0.0.1:1"};
    char path[PROFILE_PATH_BYTES];
    AUTO(profile_free) struct profile *profile = NULL;
    write_profile(&process);
    ASSERT_OK(profile_load("p", &profile, &err), err);
    ASSERT_OK(profile_path(profile, "identity.key", path, &err), err);
    assert_int_equal(unlink(path), 0);
    ASSERT_ERR(ERR_NOT_FOUND, session_open(&cli, &session, &err));
    assert_null(session);
}

static void test_session_partnership__takes_the_option_then_the_profile(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct cli cli = {.profile = "p", .talk = stderr};
    const char *partnership = NULL;
    AUTO(session_close) struct session *session = NULL;
    struct fake_process process = {.server.url = "tcp://127.0.0.1:1"};
    write_profile(&process);
    ASSERT_OK(session_open(&cli, &session, &err), err);
    ASSERT_OK(session_partnership(&cli, session, &partnership, &err), err);
    assert_string_equal(partnership, "p4");
    cli.values[cli.value_count++] = (struct cli_value){"partnership", "p0"};
    ASSERT_OK(session_partnership(&cli, session, &partnership, &err), err);
    assert_string_equal(partnership, "p0");
    cli.value_count = 0;
    session->profile->partnership[0] = '\0';
    ASSERT_ERR(ERR_INVALID, session_partnership(&cli, session, &partnership, &err));
    assert_string_equal(err.hint, "Add --partnership SLUG.");
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_open, home_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(test_session_close__pins_a_learnt_receipt_key),
        IN_HOME(test_session_open__needs_the_identity_key),
        IN_HOME(test_session_partnership__takes_the_option_then_the_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
