/*
 * Goal: what only one may do is done by one, when two try at the same time; what needs two is
 * not lost when they come together.
 * Method: two transactions of a real cluster on two threads. The second is known to wait for
 * the first by pg_stat_activity, not by time.
 */
#include "support.h"

#include "base/clock.h"
#include "store/migrate/migrate.h"
#include "store/release/call_store.h"
#include "store/release/gov_store.h"
#include "store/release/release_store.h"
#include "support/cluster.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

enum { WAIT_MS = 20000 };

static struct cluster cluster;
static struct db_pool *pool;

static struct db *begin(void)
{
    struct err err = ERR_INIT;
    struct db *db = NULL;
    ASSERT_OK(db_begin(pool, &(struct db_begin_options){.timeout_ms = WAIT_MS}, &db, &err), err);
    return db;
}

static void script(const char *sql)
{
    struct err err = ERR_INIT;
    struct db *db = begin();
    ASSERT_OK(db_exec_script(db, (struct db_statement){"test_script", sql}, &err), err);
    ASSERT_OK(db_commit(db, &err), err);
}

static enum err_code number_read(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(int64_t *)ctx = db_row_int(row, 0);
    return ERR_OK;
}

static int64_t number(const char *sql)
{
    struct err err = ERR_INIT;
    int64_t out = -1;
    struct db *db = begin();
    ASSERT_OK(db_query_one(db, (struct db_statement){"test_number", sql}, DB_NO_PARAMS,
                           (struct db_reader){number_read, &out}, &err),
              err);
    db_rollback(db);
    return out;
}

static int set_up(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    cluster_start(&cluster);
    ASSERT_OK(db_pool_open(cluster_conninfo_for(&cluster, "postgres"), 4, &pool, &err), err);
    ASSERT_OK(migrate_release(pool, &(struct migrate_options){.dry_run = false}, &err), err);
    script("INSERT INTO gov.partnership (slug, name, from_date, to_date, synthetic)"
           " VALUES ('pulje', 'Pulje', '2014-01-01', '2018-01-01', true);"
           "INSERT INTO gov.enrolment_code (code_sha256, role, name, expires_at)"
           " VALUES (sha256('code'), 'steward', 'x', now() + interval '1 day');"
           "INSERT INTO gov.principal (principal_id, role, name, public_key)"
           " SELECT 'p-' || repeat(n::text, 24), 'steward', 'x', sha256(n::text::bytea)"
           " FROM generate_series(1, 2) AS n;"
           "INSERT INTO release.release (release_id, partnership_id, policy, manifest,"
           " manifest_sha256, manifest_signature, synthetic, cells_shown, cells_withheld)"
           " VALUES ('pulje-2014-Q1-1', 1, 'p', 'm', sha256('m'), decode(repeat('00', 64), 'hex'),"
           " true, 0, 0);");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    db_pool_free(pool);
    cluster_stop(&cluster);
    return 0;
}

/** One of two: what it does in its transaction, and how that ended. */
struct racer {
    enum err_code (*act)(struct db *db, int which, struct err *err);
    int which;
    enum err_code rc;
    struct err err;
};

static void *race(void *argument)
{
    struct racer *racer = argument;
    struct db *db = NULL;
    struct db_begin_options options = {.timeout_ms = WAIT_MS};
    racer->rc = db_begin(pool, &options, &db, &racer->err);
    if (racer->rc == ERR_OK) {
        racer->rc = racer->act(db, racer->which, &racer->err);
    }
    if (racer->rc == ERR_OK) {
        racer->rc = db_commit(db, &racer->err);
    } else {
        db_rollback(db);
    }
    return NULL;
}

/** The first acts and holds its transaction until the second waits for it; then commits.
 * Gives how the second ended. */
static enum err_code second_of(enum err_code (*act)(struct db *, int, struct err *))
{
    struct err err = ERR_INIT;
    struct racer second = {.act = act, .which = 2};
    pthread_t thread;
    struct db *first = begin();
    ASSERT_OK(act(first, 1, &err), err);
    assert_int_equal(0, pthread_create(&thread, NULL, race, &second));
    const int64_t until_ms = clock_monotonic_ms() + WAIT_MS;
    while (number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 0) {
        assert_true(clock_monotonic_ms() < until_ms);
        (void)sched_yield();
    }
    ASSERT_OK(db_commit(first, &err), err);
    assert_int_equal(0, pthread_join(thread, NULL));
    return second.rc;
}

static enum err_code code_spend(struct db *db, int which, struct err *err)
{
    uint8_t key[GOV_KEY_BYTES] = {(uint8_t)(which + 100)};
    struct clock clock = clock_system();
    struct gov_principal made;
    // SHA-256 of "code"
    static const uint8_t CODE[GOV_DIGEST_BYTES] = {0x56, 0x94, 0xd0, 0x8a, 0x2e, 0x53, 0xff, 0xca,
                                                   0xe0, 0xc3, 0x10, 0x3e, 0x5a, 0xd6, 0xf6, 0x07,
                                                   0x6a, 0xbd, 0x96, 0x0e, 0xb1, 0xf8, 0xa5, 0x65,
                                                   0x77, 0x04, 0x0b, 0xc1, 0x02, 0x8f, 0x70, 0x2b};
    const struct gov_spend spend = {CODE, key, clock_now_us(&clock)};
    return gov_code_spend(db, &spend, &made, err);
}

static void test_gov_code_spend__two_at_once_make_one_principal(void **state)
{
    (void)state;
    int64_t before = number("SELECT count(*) FROM gov.principal");
    assert_int_equal(ERR_NOT_FOUND, second_of(code_spend));
    assert_int_equal(before + 1, number("SELECT count(*) FROM gov.principal"));
}

static enum err_code approve(struct db *db, int which, struct err *err)
{
    char id[GOV_PRINCIPAL_ID_BYTES];
    // SHA-256 of "m"
    static const uint8_t MANIFEST[32] = {0x62, 0xc6, 0x6a, 0x7a, 0x5d, 0xd7, 0x0c, 0x31,
                                         0x46, 0x61, 0x80, 0x63, 0xc3, 0x44, 0xe5, 0x31,
                                         0xe6, 0xd4, 0xb5, 0x9e, 0x37, 0x98, 0x08, 0x44,
                                         0x3c, 0xe9, 0x62, 0xb3, 0xab, 0xd6, 0x3c, 0x5a};
    static const uint8_t SIGNATURE[64];
    struct release_outcome outcome;
    memset(id, '0' + which, sizeof(id) - 1);
    memcpy(id, "p-", 2);
    id[sizeof(id) - 1] = '\0';
    const struct release_approval approval = {
        .release_id = "pulje-2014-Q1-1",
        .principal_id = id,
        .manifest_sha256 = MANIFEST,
        .request_id = "r",
        .idempotency_key = "k",
        .request = {MANIFEST, sizeof(MANIFEST)},
        .signature = SIGNATURE,
    };
    return release_approve(db, &approval, &outcome, err);
}

static void test_release_approve__two_at_once_make_it_visible(void **state)
{
    (void)state;
    assert_int_equal(ERR_OK, second_of(approve));
    assert_int_equal(1, number("SELECT count(*) FROM release.release WHERE state = 'visible'"));
}

static enum err_code answer_once(struct db *db, int which, struct err *err)
{
    static const uint8_t DIGEST[CALL_REPLAY_DIGEST_BYTES];
    const struct call_replay_key key = {"p-1", "key", "/m", DIGEST};
    struct call_replay found = {.response = BUF_INIT};
    enum err_code rc = call_replay_find(db, &key, &found, err);
    if (rc == ERR_OK && found.is_found) {
        rc = err_set(err, ERR_CONFLICT, "found by %d: %zu bytes", which, found.response.len);
    } else if (rc == ERR_OK) {
        rc = call_replay_store(db, &key, (struct db_bytes){DIGEST, 3}, err);
    }
    buf_clear(&found.response);
    return rc;
}

static void test_call_replay_find__the_second_finds_the_firsts_answer(void **state)
{
    (void)state;
    assert_int_equal(ERR_CONFLICT, second_of(answer_once));
    assert_int_equal(1, number("SELECT count(*) FROM gov.idempotency"));
}

static void test_call_replay_find__forgets_after_thirty_days(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    script("UPDATE gov.idempotency SET created_at = now() - interval '31 days'");
    struct db *db = begin();
    ASSERT_OK(answer_once(db, 3, &err), err); // stored anew in its place
    ASSERT_OK(db_commit(db, &err), err);
    assert_int_equal(1, number("SELECT count(*) FROM gov.idempotency"
                               " WHERE created_at > now() - interval '1 day'"));
    script("UPDATE gov.idempotency SET created_at = now() - interval '31 days'");
    db = begin();
    ASSERT_OK(call_replay_expire(db, &err), err);
    ASSERT_OK(db_commit(db, &err), err);
    assert_int_equal(0, number("SELECT count(*) FROM gov.idempotency"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gov_code_spend__two_at_once_make_one_principal),
        cmocka_unit_test(test_release_approve__two_at_once_make_it_visible),
        cmocka_unit_test(test_call_replay_find__the_second_finds_the_firsts_answer),
        cmocka_unit_test(test_call_replay_find__forgets_after_thirty_days),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
