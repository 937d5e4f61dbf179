/*
 * Goal: the libpq fence holds on a real server: values go in and come out unchanged, every
 * failure maps to its code, no text of PostgreSQL leaves, deadlines cancel, and broken
 * connections are replaced. Method: one throw-away cluster, statements written here.
 */
#include "support.h"

#include "base/clock.h"
#include "store/db.h"
#include "support/cluster.h"

#include <string.h>

static struct cluster cluster;
static struct db_pool *pool;

static struct db_statement statement(const char *sql)
{
    return (struct db_statement){"test_statement", sql};
}

static struct db *begin(struct db_begin_options options)
{
    struct err err = ERR_INIT;
    struct db *db = NULL;
    ASSERT_OK(db_begin(pool, &options, &db, &err), err);
    return db;
}

static void run(struct db *db, const char *sql)
{
    struct err err = ERR_INIT;
    ASSERT_OK(db_exec_script(db, statement(sql), &err), err);
}

static int set_up(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    cluster_start(&cluster);
    ASSERT_OK(db_pool_open(cluster.conninfo, 2, &pool, &err), err);
    struct db *db = begin((struct db_begin_options){0});
    run(db, "CREATE SCHEMA t; CREATE ROLE reader NOLOGIN; GRANT USAGE ON SCHEMA t TO reader;"
            "CREATE TABLE t.item (id int PRIMARY KEY, small smallint, big bigint, real8 float8,"
            " day date, word text CONSTRAINT item_word_length CHECK (length(word) < 9),"
            " raw bytea, yes bool);");
    ASSERT_OK(db_commit(db, &err), err);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    db_pool_free(pool);
    cluster_stop(&cluster);
    return 0;
}

static enum err_code read_values(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    assert_int_equal(-7, db_row_int(row, 0));
    assert_true(db_row_int(row, 1) == INT64_MIN);
    assert_true(db_row_double(row, 2) == 0.1);
    assert_int_equal(date_from_parts((struct date_parts){2016, 2, 29}), db_row_date(row, 3));
    assert_string_equal("æ\"\\ø", db_row_text(row, 4));
    struct db_bytes raw = db_row_bytes(row, 5);
    assert_int_equal(3, raw.len);
    assert_memory_equal("\0\xff\x27", raw.data, 3);
    assert_true(db_row_bool(row, 6));
    assert_true(db_row_is_null(row, 7));
    assert_int_equal(DATE_NONE, db_row_date(row, 7));
    (*(int *)ctx)++;
    return ERR_OK;
}

static void test_db_query__gives_back_every_kind_of_value(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    int rows = 0;
    AUTO(db_rollback) struct db *db = begin((struct db_begin_options){.read_only = true});
    date_t leap_day = date_from_parts((struct date_parts){2016, 2, 29});
    ASSERT_OK(db_query(db,
                       statement("SELECT $1::smallint, $2::bigint, $3::float8, $4::date,"
                                 " $5::text, $6::bytea, $7::bool, $8::date"),
                       DB_PARAMS(db_smallint(-7), db_bigint(INT64_MIN), db_double(0.1),
                                 db_date(leap_day), db_text("æ\"\\ø"), db_bytes("\0\xff\x27", 3),
                                 db_bool(true), db_date(DATE_NONE)),
                       (struct db_reader){read_values, &rows}, &err),
              err);
    assert_int_equal(1, rows);
}

static enum err_code read_number(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(int64_t *)ctx = db_row_int(row, 0);
    return ERR_OK;
}

static int64_t number(struct db *db, const char *sql, struct db_params params)
{
    struct err err = ERR_INIT;
    int64_t value = -1;
    ASSERT_OK(
        db_query_one(db, statement(sql), params, (struct db_reader){read_number, &value}, &err),
        err);
    return value;
}

static void test_db_query__takes_arrays(void **state)
{
    (void)state;
    AUTO(db_rollback) struct db *db = begin((struct db_begin_options){.read_only = true});
    const int64_t codes[] = {657, 101};
    const char *const words[] = {"a,b", "c\"d", "e\\f", ""};
    const struct db_bytes runs[] = {{(const uint8_t *)"\x01\xff", 2}, {NULL, 0}};
    const char *sql = "SELECT count(*) FROM unnest($1::smallint[]) AS c, unnest($2::text[]) AS w,"
                      " unnest($3::bytea[]) AS b WHERE c IN (657, 101)"
                      " AND w IN ('a,b', 'c\"d', E'e\\\\f', '')"
                      " AND b IN ('\\x01ff'::bytea, ''::bytea)";
    assert_int_equal(16, number(db, sql,
                                DB_PARAMS(db_int_array(codes, 2), db_text_array(words, 4),
                                          db_bytes_array(runs, 2))));
    assert_int_equal(0, number(db, sql,
                               DB_PARAMS(db_int_array(NULL, 0), db_text_array(words, 4),
                                         db_bytes_array(runs, 2))));
}

static void test_db_exec__maps_each_failure_without_quoting_values(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum err_code code;
        const char *reason;
    } CASES[] = {
        {"INSERT INTO t.item (id) VALUES (90), (90)", ERR_CONFLICT, "DB_DUPLICATE"},
        {"INSERT INTO t.item (id, word) VALUES (1, 'topsecret')", ERR_INVALID, "DB_CONSTRAINT"},
        {"INSERT INTO t.item (id) VALUES (NULL)", ERR_INVALID, "DB_CONSTRAINT"},
        {"SELECT 'topsecret'::int", ERR_INVALID, "DB_VALUE"},
        {"SELECT 1/0", ERR_INVALID, "DB_VALUE"},
        {"SELECT topsecret FROM t.item", ERR_INTERNAL, ""},
        {"SET LOCAL ROLE reader; SELECT id FROM t.item", ERR_DENIED, ""},
        {"DO $$ BEGIN RAISE EXCEPTION 'topsecret' USING ERRCODE = '40001'; END $$", ERR_UNAVAILABLE,
         "DB_RETRY"},
        {"DO $$ BEGIN RAISE EXCEPTION 'topsecret' USING ERRCODE = '40P01'; END $$", ERR_UNAVAILABLE,
         "DB_RETRY"},
        {"DO $$ BEGIN RAISE EXCEPTION 'topsecret' USING ERRCODE = 'XX001'; END $$", ERR_CORRUPT,
         ""},
        {"DO $$ BEGIN RAISE EXCEPTION 'topsecret' USING ERRCODE = '53100'; END $$", ERR_UNAVAILABLE,
         ""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct err err = ERR_INIT;
        AUTO(db_rollback) struct db *db = begin((struct db_begin_options){0});
        assert_int_equal(CASES[i].code, db_exec_script(db, statement(CASES[i].sql), &err));
        assert_string_equal(CASES[i].reason, err.reason);
        assert_null(strstr(err.message, "topsecret"));
        assert_null(strstr(err.detail, "topsecret"));
        assert_non_null(strstr(err.detail, "test_statement"));
    }
}

static void test_db_begin__read_only_refuses_writes(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(db_rollback) struct db *db = begin((struct db_begin_options){.read_only = true});
    ASSERT_ERR(ERR_DENIED, db_exec(db, statement("INSERT INTO t.item (id) VALUES (2)"),
                                   DB_NO_PARAMS, NULL, &err));
}

static void test_db_begin__snapshot_does_not_see_later_commits(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    const char *count = "SELECT count(*) FROM t.item WHERE id = 3";
    AUTO(db_rollback)
    struct db *reader = begin((struct db_begin_options){.read_only = true, .snapshot = true});
    assert_int_equal(0, number(reader, count, DB_NO_PARAMS));
    struct db *writer = begin((struct db_begin_options){0});
    run(writer, "INSERT INTO t.item (id) VALUES (3)");
    ASSERT_OK(db_commit(writer, &err), err);
    assert_int_equal(0, number(reader, count, DB_NO_PARAMS));
}

static void test_db_begin__sets_role_and_search_path_for_one_transaction(void **state)
{
    (void)state;
    const char *sql = "SELECT count(*) FROM (SELECT current_user AS u) AS x"
                      " WHERE u = $1 AND current_setting('search_path') = 'pg_catalog, pg_temp'";
    struct db *db = begin((struct db_begin_options){.role = "reader"});
    assert_int_equal(1, number(db, sql, DB_PARAMS(db_text("reader"))));
    db_rollback(db);
    db = begin((struct db_begin_options){0});
    assert_int_equal(1, number(db, sql, DB_PARAMS(db_text("postgres"))));
    db_rollback(db);
}

static void test_db_begin__refuses_an_unknown_role(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *db = NULL;
    struct db_begin_options options = {.role = "nobody_here; DROP TABLE t.item"};
    assert_int_not_equal(ERR_OK, db_begin(pool, &options, &db, &err));
    assert_null(db);
    assert_null(strstr(err.message, "nobody"));
}

static void test_db_query__is_cancelled_at_the_deadline(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    int64_t started_ms = clock_monotonic_ms();
    struct db *db = begin((struct db_begin_options){.timeout_ms = 150});
    ASSERT_ERR(ERR_TIMEOUT,
               db_exec(db, statement("SELECT pg_sleep(30)"), DB_NO_PARAMS, NULL, &err));
    db_rollback(db);
    assert_true(clock_monotonic_ms() - started_ms < 5000);
    db = begin((struct db_begin_options){0});
    assert_int_equal(0, number(db,
                               "SELECT count(*) FROM pg_stat_activity"
                               " WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'",
                               DB_NO_PARAMS));
    db_rollback(db);
}

static void test_db_begin__times_out_when_every_connection_is_lent(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *first = begin((struct db_begin_options){0});
    struct db *second = begin((struct db_begin_options){0});
    struct db *third = NULL;
    struct db_begin_options options = {.timeout_ms = 50};
    ASSERT_ERR(ERR_TIMEOUT, db_begin(pool, &options, &third, &err));
    db_rollback(second);
    ASSERT_OK(db_begin(pool, &options, &third, &err), err);
    db_rollback(third);
    db_rollback(first);
}

static void test_db_query_one__reports_no_row(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    int64_t value = 5;
    AUTO(db_rollback) struct db *db = begin((struct db_begin_options){.read_only = true});
    ASSERT_ERR(ERR_NOT_FOUND, db_query_one(db, statement("SELECT 1 WHERE false"), DB_NO_PARAMS,
                                           (struct db_reader){read_number, &value}, &err));
    assert_int_equal(5, value);
}

static enum err_code stop_at_third(const struct db_row *row, void *ctx, struct err *err)
{
    (void)row;
    int *n = ctx;
    (*n)++;
    return *n == 3 ? err_set(err, ERR_LIMIT, "three are enough") : ERR_OK;
}

static void test_db_query__ends_early_when_the_reader_fails(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    int n = 0;
    struct db *db = begin((struct db_begin_options){.read_only = true});
    ASSERT_ERR(ERR_LIMIT, db_query(db, statement("SELECT generate_series(1, 100000000)"),
                                   DB_NO_PARAMS, (struct db_reader){stop_at_third, &n}, &err));
    assert_int_equal(3, n);
    assert_string_equal("three are enough", err.message);
    db_rollback(db);
}

static void test_db_copy_row__stores_every_kind(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(db_rollback) struct db *db = begin((struct db_begin_options){0});
    ASSERT_OK(db_copy_begin(db, statement("COPY t.item FROM STDIN (FORMAT binary)"), &err), err);
    for (int i = 0; i < 5000; i++) {
        const struct db_value row[] = {db_int(1000 + i),     db_smallint(-3),
                                       db_bigint(INT64_MAX), db_double(-0.5),
                                       db_date(-1),          i == 7 ? db_null() : db_text("ord"),
                                       db_bytes("\0\1", 2),  db_bool(true)};
        ASSERT_OK(db_copy_row(db, row, ARRAY_COUNT(row), &err), err);
    }
    ASSERT_OK(db_copy_end(db, &err), err);
    assert_int_equal(
        4999, number(db,
                     "SELECT count(*) FROM t.item WHERE id >= 1000 AND small = -3 AND word = 'ord'"
                     " AND big = 9223372036854775807 AND real8 = -0.5 AND yes"
                     " AND day = '1969-12-31' AND raw = '\\x0001'",
                     DB_NO_PARAMS));
}

static void test_db_copy_end__reports_a_broken_rule(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *db = begin((struct db_begin_options){0});
    ASSERT_OK(
        db_copy_begin(db, statement("COPY t.item (id, word) FROM STDIN (FORMAT binary)"), &err),
        err);
    const struct db_value row[] = {db_int(7000), db_text("topsecret")};
    ASSERT_OK(db_copy_row(db, row, 2, &err), err);
    ASSERT_ERR(ERR_INVALID, db_copy_end(db, &err));
    assert_non_null(strstr(err.detail, "item_word_length"));
    assert_null(strstr(err.detail, "topsecret"));
    db_rollback(db);
}

static void test_db_rollback__drops_a_half_sent_copy(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *db = begin((struct db_begin_options){0});
    ASSERT_OK(db_copy_begin(db, statement("COPY t.item (id) FROM STDIN (FORMAT binary)"), &err),
              err);
    db_rollback(db);
    db = begin((struct db_begin_options){0});
    assert_int_equal(1, number(db, "SELECT 1", DB_NO_PARAMS));
    db_rollback(db);
}

static void test_db_copy_begin__refuses_an_unknown_table(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *db = begin((struct db_begin_options){0});
    ASSERT_ERR(ERR_INTERNAL,
               db_copy_begin(db, statement("COPY t.nothing FROM STDIN (FORMAT binary)"), &err));
    db_rollback(db);
}

static void test_db_commit__fails_after_a_failed_statement(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *db = begin((struct db_begin_options){0});
    assert_int_not_equal(ERR_OK, db_exec(db, statement("SELECT 1/0"), DB_NO_PARAMS, NULL, &err));
    ASSERT_ERR(ERR_INTERNAL, db_commit(db, &err));
}

static void test_db_exec__tells_the_rows_it_touched(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    uint64_t affected = 99;
    AUTO(db_rollback) struct db *db = begin((struct db_begin_options){0});
    ASSERT_OK(db_exec(db, statement("INSERT INTO t.item (id) SELECT generate_series(50, 59)"),
                      DB_NO_PARAMS, &affected, &err),
              err);
    assert_int_equal(10, affected);
    ASSERT_OK(
        db_exec(db, statement("DELETE FROM t.item WHERE id = -1"), DB_NO_PARAMS, &affected, &err),
        err);
    assert_int_equal(0, affected);
}

static void test_db_encode__refuses_one_parameter_too_many(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db_value values[33];
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        values[i] = db_int(1);
    }
    AUTO(db_rollback) struct db *db = begin((struct db_begin_options){0});
    const char *sql = "SELECT $1::int+$2::int+$3::int+$4::int+$5::int+$6::int+$7::int+$8::int"
                      "+$9::int+$10::int+$11::int+$12::int+$13::int+$14::int+$15::int+$16::int"
                      "+$17::int+$18::int+$19::int+$20::int+$21::int+$22::int+$23::int+$24::int"
                      "+$25::int+$26::int+$27::int+$28::int+$29::int+$30::int+$31::int+$32::int";
    assert_int_equal(32, number(db, sql, (struct db_params){values, 32}));
    ASSERT_ERR(ERR_LIMIT, db_exec(db, statement(sql), (struct db_params){values, 33}, NULL, &err));
}

static void test_db_pool_open__refuses_a_wrong_size_and_a_missing_server(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db_pool *other = NULL;
    ASSERT_ERR(ERR_LIMIT, db_pool_open(cluster.conninfo, 0, &other, &err));
    ASSERT_ERR(ERR_LIMIT, db_pool_open(cluster.conninfo, 65, &other, &err));
    ASSERT_ERR(ERR_UNAVAILABLE, db_pool_open("host=/nowhere dbname=topsecret", 1, &other, &err));
    assert_null(strstr(err.message, "topsecret"));
    assert_null(other);
}

static void test_db_begin__replaces_connections_that_a_crash_broke(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *held = begin((struct db_begin_options){0});
    cluster_crash(&cluster);
    ASSERT_ERR(ERR_UNAVAILABLE, db_exec(held, statement("SELECT 1"), DB_NO_PARAMS, NULL, &err));
    db_rollback(held);
    for (int i = 0; i < 4; i++) {
        struct db *db = begin((struct db_begin_options){0});
        assert_int_equal(1, number(db, "SELECT 1", DB_NO_PARAMS));
        db_rollback(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_db_query__gives_back_every_kind_of_value),
        cmocka_unit_test(test_db_query__takes_arrays),
        cmocka_unit_test(test_db_exec__maps_each_failure_without_quoting_values),
        cmocka_unit_test(test_db_begin__read_only_refuses_writes),
        cmocka_unit_test(test_db_begin__snapshot_does_not_see_later_commits),
        cmocka_unit_test(test_db_begin__sets_role_and_search_path_for_one_transaction),
        cmocka_unit_test(test_db_begin__refuses_an_unknown_role),
        cmocka_unit_test(test_db_query__is_cancelled_at_the_deadline),
        cmocka_unit_test(test_db_begin__times_out_when_every_connection_is_lent),
        cmocka_unit_test(test_db_query_one__reports_no_row),
        cmocka_unit_test(test_db_query__ends_early_when_the_reader_fails),
        cmocka_unit_test(test_db_copy_row__stores_every_kind),
        cmocka_unit_test(test_db_copy_end__reports_a_broken_rule),
        cmocka_unit_test(test_db_rollback__drops_a_half_sent_copy),
        cmocka_unit_test(test_db_copy_begin__refuses_an_unknown_table),
        cmocka_unit_test(test_db_commit__fails_after_a_failed_statement),
        cmocka_unit_test(test_db_exec__tells_the_rows_it_touched),
        cmocka_unit_test(test_db_encode__refuses_one_parameter_too_many),
        cmocka_unit_test(test_db_pool_open__refuses_a_wrong_size_and_a_missing_server),
        cmocka_unit_test(test_db_begin__replaces_connections_that_a_crash_broke),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
