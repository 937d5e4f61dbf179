/*
 * Goal: a database gets to the schema once, whole and in order, or not at all; what was
 * applied cannot be changed behind its back. Method: small migration lists on one throw-away
 * server, a fresh ledger for each test; then the real ones.
 */
#include "support.h"

#include "store/migrate/migrate.h"
#include "support/cluster.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { STEPS_MAX = 32, STEP_BYTES = 64 };

static struct cluster cluster;
static struct db_pool *pool;

struct steps {
    char text[STEPS_MAX][STEP_BYTES];
    size_t n;
};

static void note(void *ctx, const char *step)
{
    struct steps *steps = ctx;
    assert_true(steps->n < STEPS_MAX);
    (void)snprintf(steps->text[steps->n], STEP_BYTES, "%s", step);
    steps->n++;
}

static void run(const char *sql)
{
    struct err err = ERR_INIT;
    struct db_begin_options options = {.read_only = false};
    struct db *db = NULL;
    ASSERT_OK(db_begin(pool, &options, &db, &err), err);
    ASSERT_OK(db_exec_script(db, (struct db_statement){"test", sql}, &err), err);
    ASSERT_OK(db_commit(db, &err), err);
}

static enum err_code read_number(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(int64_t *)ctx = db_row_int(row, 0);
    return ERR_OK;
}

static int64_t number(const char *sql)
{
    struct err err = ERR_INIT;
    struct db_begin_options options = {.read_only = true};
    AUTO(db_rollback) struct db *db = NULL;
    int64_t value = -1;
    ASSERT_OK(db_begin(pool, &options, &db, &err), err);
    ASSERT_OK(db_query_one(db, (struct db_statement){"test", sql}, DB_NO_PARAMS,
                           (struct db_reader){read_number, &value}, &err),
              err);
    return value;
}

static int start_server(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    cluster_start(&cluster);
    ASSERT_OK(db_pool_open(cluster.conninfo, 8, &pool, &err), err);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    db_pool_free(pool);
    cluster_stop(&cluster);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    run("DROP SCHEMA IF EXISTS ledger CASCADE; DROP SCHEMA IF EXISTS t CASCADE");
    return 0;
}

static const struct migration TWO[] = {
    {"001_schema", "CREATE SCHEMA t; CREATE TABLE t.a (n integer);"},
    {"002_row", "INSERT INTO t.a VALUES (1);"},
    {NULL, NULL},
};

static void test_migrate_apply__applies_each_once(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct steps steps = {.n = 0};
    struct migrate_options options = {.report = note, .ctx = &steps};
    ASSERT_OK(migrate_apply(pool, "test", TWO, &options, &err), err);
    assert_int_equal(2, steps.n);
    assert_string_equal("test 001_schema", steps.text[0]);
    assert_string_equal("test 002_row", steps.text[1]);
    ASSERT_OK(migrate_apply(pool, "test", TWO, &options, &err), err);
    assert_int_equal(2, steps.n);
    assert_int_equal(1, number("SELECT count(*) FROM t.a"));
    assert_int_equal(2, number("SELECT count(*) FROM ledger.migration WHERE"
                               " octet_length(sha256) = 32"));
}

static void test_migrate_apply__dry_run_changes_nothing(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct steps steps = {.n = 0};
    struct migrate_options options = {.dry_run = true, .report = note, .ctx = &steps};
    ASSERT_OK(migrate_apply(pool, "test", TWO, &options, &err), err);
    assert_int_equal(2, steps.n);
    assert_int_equal(0, number("SELECT count(*) FROM pg_namespace"
                               " WHERE nspname IN ('t', 'ledger')"));
}

static void test_migrate_apply__a_failing_migration_leaves_no_trace(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct steps steps = {.n = 0};
    struct migrate_options options = {.report = note, .ctx = &steps};
    const struct migration broken[] = {
        TWO[0],
        {"002_broken", "CREATE TABLE t.b (n integer); SELECT 1/0;"},
        {NULL, NULL},
    };
    assert_int_not_equal(ERR_OK, migrate_apply(pool, "test", broken, &options, &err));
    assert_non_null(strstr(err.detail, "002_broken"));
    assert_int_equal(1, steps.n);
    assert_int_equal(1, number("SELECT count(*) FROM ledger.migration"));
    assert_int_equal(0, number("SELECT count(*) FROM pg_tables WHERE tablename = 'b'"));
    ASSERT_OK(migrate_apply(pool, "test", TWO, &options, &err), err); // mended
    assert_int_equal(2, steps.n);
}

static void test_migrate_apply__refuses_what_does_not_fit_the_ledger(void **state)
{
    (void)state;
    static const struct {
        struct migration list[4];
        const char *message; /* part of it */
    } CASES[] = {
        {{{"001_schema", "CREATE SCHEMA t;"}, {"002_row", "INSERT INTO t.a VALUES (1);"}},
         "was changed"},
        {{{"001_schema", "CREATE SCHEMA t; CREATE TABLE t.a (n integer);"}}, "does not"},
        {{{"001_schema", "CREATE SCHEMA t; CREATE TABLE t.a (n integer);"},
          {"002_other", "INSERT INTO t.a VALUES (1);"}},
         "belongs"},
    };
    struct err err = ERR_INIT;
    struct migrate_options options = {.dry_run = false};
    ASSERT_OK(migrate_apply(pool, "test", TWO, &options, &err), err);
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        for (int dry_run = 0; dry_run <= 1; dry_run++) {
            options.dry_run = dry_run == 1;
            ASSERT_ERR(ERR_CORRUPT, migrate_apply(pool, "test", CASES[i].list, &options, &err));
            assert_non_null(strstr(err.message, CASES[i].message));
        }
    }
    run("DELETE FROM ledger.migration WHERE number = 1");
    options.dry_run = false;
    ASSERT_ERR(ERR_CORRUPT, migrate_apply(pool, "test", TWO, &options, &err));
}

static void test_migrate_apply__refuses_a_gap_in_the_numbers(void **state)
{
    (void)state;
    static const struct migration LISTS[][3] = {
        {{"001_a", "SELECT 1;"}, {"003_b", "SELECT 1;"}},
        {{"002_a", "SELECT 1;"}},
        {{"001_a", "SELECT 1;"}, {"001_b", "SELECT 1;"}},
        {{"1_a", "SELECT 1;"}},
        {{"first", "SELECT 1;"}},
    };
    struct migrate_options options = {.dry_run = false};
    for (size_t i = 0; i < ARRAY_COUNT(LISTS); i++) {
        struct err err = ERR_INIT;
        ASSERT_ERR(ERR_INVALID, migrate_apply(pool, "test", LISTS[i], &options, &err));
    }
    assert_int_equal(0, number("SELECT count(*) FROM pg_namespace WHERE nspname = 'ledger'"));
}

static void *apply_two(void *ctx)
{
    struct err err = ERR_INIT;
    struct migrate_options options = {.dry_run = false};
    *(enum err_code *)ctx = migrate_apply(pool, "test", TWO, &options, &err);
    return NULL;
}

static void test_migrate_apply__two_at_once_do_each_step_once(void **state)
{
    (void)state;
    pthread_t threads[4];
    enum err_code results[4];
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++) {
        assert_int_equal(0, pthread_create(&threads[i], NULL, apply_two, &results[i]));
    }
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++) {
        assert_int_equal(0, pthread_join(threads[i], NULL));
        assert_int_equal(ERR_OK, results[i]);
    }
    assert_int_equal(1, number("SELECT count(*) FROM t.a"));
    assert_int_equal(2, number("SELECT count(*) FROM ledger.migration"));
}

static void test_migrate_case__loads_reference_tables_when_they_are_new(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct steps steps = {.n = 0};
    struct migrate_options options = {.report = note, .ctx = &steps};
    ASSERT_OK(migrate_case(pool, &options, &err), err);
    assert_string_equal("case reference tables", steps.text[steps.n - 1]);
    assert_int_equal(98, number("SELECT count(*) FROM ref.municipality"));
    size_t done = steps.n;
    ASSERT_OK(migrate_case(pool, &options, &err), err);
    assert_int_equal(done, steps.n);
    run("UPDATE ledger.reference SET sha256 = sha256('x'::bytea) WHERE name = 'municipality';"
        "UPDATE ref.municipality SET name = 'x' WHERE code = 657;"
        "INSERT INTO ref.municipality VALUES (411, 'not one', 'x')");
    ASSERT_OK(migrate_case(pool, &options, &err), err);
    assert_int_equal(done + 1, steps.n);
    assert_int_equal(98, number("SELECT count(*) FROM ref.municipality"));
    assert_int_equal(1, number("SELECT count(*) FROM ref.municipality"
                               " WHERE code = 657 AND name = 'Herning'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_migrate_apply__applies_each_once, forget),
        cmocka_unit_test_setup(test_migrate_apply__dry_run_changes_nothing, forget),
        cmocka_unit_test_setup(test_migrate_apply__a_failing_migration_leaves_no_trace, forget),
        cmocka_unit_test_setup(test_migrate_apply__refuses_what_does_not_fit_the_ledger, forget),
        cmocka_unit_test_setup(test_migrate_apply__refuses_a_gap_in_the_numbers, forget),
        cmocka_unit_test_setup(test_migrate_apply__two_at_once_do_each_step_once, forget),
        cmocka_unit_test_setup(test_migrate_case__loads_reference_tables_when_they_are_new, forget),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
