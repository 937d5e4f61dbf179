/*
 * Goal: a repeated call finds its first answer, also when both come at once or the first died;
 * the audit takes only what a role may say. Method: transactions as intake's log-in, the
 * second caller in a thread of its own.
 */
#include "support.h"

#include "base/clock.h"
#include "store/case/case_audit.h"
#include "store/case/case_replay.h"
#include "support/case_db.h"

#include <pthread.h>
#include <string.h>

static struct case_db db;
static const uint8_t DIGEST[CASE_REPLAY_DIGEST_BYTES] = {1, 2, 3};

static int set_up(void **state)
{
    (void)state;
    case_db_start(&db);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    case_db_stop(&db);
    return 0;
}

static struct case_replay_key key_of(const char *name)
{
    return (struct case_replay_key){657, "p-1", name, "/x/Push", DIGEST};
}

/* Claims the key, answers, commits. */
static void answer(const struct case_replay_key *key, const char *response)
{
    struct err err = ERR_INIT;
    struct case_replay found = {.response = BUF_INIT};
    struct db *transaction = case_db_begin(&db, key->municipality_code);
    ASSERT_OK(case_replay_find(transaction, key, &found, &err), err);
    assert_false(found.is_found);
    struct db_bytes bytes = {(const uint8_t *)response, strlen(response)};
    ASSERT_OK(case_replay_store(transaction, key, bytes, &err), err);
    case_db_commit(transaction);
    buf_clear(&found.response);
}

static void assert_answer(const struct case_replay_key *key, const char *response)
{
    struct err err = ERR_INIT;
    struct case_replay found = {.response = BUF_INIT};
    struct db *transaction = case_db_begin(&db, key->municipality_code);
    ASSERT_OK(case_replay_find(transaction, key, &found, &err), err);
    db_rollback(transaction);
    assert_int_equal(response != NULL, found.is_found);
    if (response != NULL) {
        assert_string_equal(response, buf_text(&found.response));
        assert_memory_equal(DIGEST, found.request_sha256, sizeof(DIGEST));
    }
    buf_clear(&found.response);
}

static void test_case_replay_find__gives_the_first_answer_again(void **state)
{
    (void)state;
    struct case_replay_key key = key_of("again");
    answer(&key, "one");
    assert_answer(&key, "one");
    assert_answer(&key, "one");
}

static void test_case_replay_find__keeps_principals_and_municipalities_apart(void **state)
{
    (void)state;
    struct case_replay_key key = key_of("apart");
    answer(&key, "one");
    key.principal_id = "p-2";
    assert_answer(&key, NULL);
    key = key_of("apart");
    key.municipality_code = 101;
    assert_answer(&key, NULL);
}

static void test_case_replay_find__an_undone_call_frees_its_key(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_replay found = {.response = BUF_INIT};
    struct case_replay_key key = key_of("undone");
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_OK(case_replay_find(transaction, &key, &found, &err), err);
    db_rollback(transaction);
    answer(&key, "second try");
    assert_answer(&key, "second try");
}

static void test_case_replay_store__refuses_an_unclaimed_or_answered_key(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_replay_key key = key_of("unclaimed");
    struct db_bytes bytes = {(const uint8_t *)"x", 1};
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_ERR(ERR_INTERNAL, case_replay_store(transaction, &key, bytes, &err));
    db_rollback(transaction);
    answer(&key, "kept");
    transaction = case_db_begin(&db, 657);
    ASSERT_ERR(ERR_INTERNAL, case_replay_store(transaction, &key, bytes, &err));
    db_rollback(transaction);
    assert_answer(&key, "kept");
}

static void *ask_at_once(void *ctx)
{
    struct err err = ERR_INIT;
    struct case_replay *found = ctx;
    struct case_replay_key key = key_of("at once");
    struct db_begin_options options = {.role = "muni_657"};
    struct db *transaction = NULL;
    if (db_begin(db.intake, &options, &transaction, &err) != ERR_OK ||
        case_replay_find(transaction, &key, found, &err) != ERR_OK) {
        found->is_found = false;
    }
    db_rollback(transaction);
    return NULL;
}

static void test_case_replay_find__a_second_call_waits_for_the_first(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_replay first = {.response = BUF_INIT};
    struct case_replay second = {.response = BUF_INIT};
    struct case_replay_key key = key_of("at once");
    pthread_t thread;
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_OK(case_replay_find(transaction, &key, &first, &err), err);
    assert_int_equal(0, pthread_create(&thread, NULL, ask_at_once, &second));
    int64_t deadline_ms = clock_monotonic_ms() + 30000;
    while (case_db_number(&db, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
        assert_true(clock_monotonic_ms() < deadline_ms); // until the second call waits
    }
    struct db_bytes bytes = {(const uint8_t *)"one", 3};
    ASSERT_OK(case_replay_store(transaction, &key, bytes, &err), err);
    case_db_commit(transaction);
    assert_int_equal(0, pthread_join(thread, NULL));
    assert_true(second.is_found);
    assert_string_equal("one", buf_text(&second.response));
    buf_clear(&second.response);
}

static void test_case_replay_prune__forgets_after_thirty_days_its_own_alone(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_replay_key key = key_of("old");
    struct case_replay_key other = key_of("old");
    other.municipality_code = 101;
    answer(&key, "old");
    answer(&other, "old");
    struct db *owner = NULL;
    struct db_begin_options options = {.read_only = false};
    ASSERT_OK(db_begin(db.owner, &options, &owner, &err), err);
    ASSERT_OK(
        db_exec_script(owner,
                       (struct db_statement){"age", "UPDATE cases.push_result SET created_at ="
                                                    " now() - interval '30 days 1 minute'"
                                                    " WHERE idempotency_key = 'old'"},
                       &err),
        err);
    ASSERT_OK(db_commit(owner, &err), err);
    struct case_replay_key young = key_of("young");
    answer(&young, "young");
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_OK(case_replay_prune(transaction, 657, &err), err);
    ASSERT_OK(case_replay_prune(transaction, 101, &err), err);
    case_db_commit(transaction);
    assert_answer(&key, NULL);
    assert_answer(&other, "old");
    assert_answer(&young, "young");
}

static enum err_code append(struct db *transaction, int municipality, struct err *err)
{
    struct case_audit_entry entry = {.process = "intake",
                                     .method = "/x/Push",
                                     .principal_id = "p-1",
                                     .role = "municipality",
                                     .municipality_code = municipality,
                                     .request_id = "r",
                                     .verdict = "OK",
                                     .subject = ""};
    return case_audit_append(transaction, &entry, err);
}

static void test_case_audit_append__a_role_speaks_for_itself(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_OK(append(transaction, 657, &err), err);
    case_db_commit(transaction);
    transaction = case_db_begin(&db, 657);
    ASSERT_ERR(ERR_DENIED, append(transaction, 101, &err));
    db_rollback(transaction);
    struct db_begin_options options = {.read_only = false};
    ASSERT_OK(db_begin(db.intake, &options, &transaction, &err), err);
    ASSERT_OK(append(transaction, 0, &err), err);
    case_db_commit(transaction);
    ASSERT_OK(db_begin(db.intake, &options, &transaction, &err), err);
    ASSERT_ERR(ERR_DENIED, append(transaction, 657, &err));
    db_rollback(transaction);
    assert_int_equal(2, case_db_number(&db, "SELECT count(*) FROM audit.entry"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_case_replay_find__gives_the_first_answer_again),
        cmocka_unit_test(test_case_replay_find__keeps_principals_and_municipalities_apart),
        cmocka_unit_test(test_case_replay_find__an_undone_call_frees_its_key),
        cmocka_unit_test(test_case_replay_store__refuses_an_unclaimed_or_answered_key),
        cmocka_unit_test(test_case_replay_find__a_second_call_waits_for_the_first),
        cmocka_unit_test(test_case_replay_prune__forgets_after_thirty_days_its_own_alone),
        cmocka_unit_test(test_case_audit_append__a_role_speaks_for_itself),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
