/*
 * Goal: facts come out of pushed cases as publish and as the owner read them, and nobody else
 * reads any. Method: a few cases through push_store, then fact_read as each log-in. What the
 * facts mean is tested in tests/sql.
 */
#include "support.h"

#include "store/case/fact_store.h"
#include "support/case_db.h"

#include <string.h>

static struct case_db db;

static void push_child(int municipality, int partnership, unsigned child, const char *place_type)
{
    struct case_build build;
    case_build_start(&build, child, "2014-01-01");
    case_build_intervention(&build, 10, "SEL-52-3-7", place_type, "2014-01-15", NULL);
    case_build_follow_up(&build, 20, "2014-04-10", 10);
    case_build_measurement(&build, 30, "2014-01-20", 44);
    case_build_measurement(&build, 31, "2014-05-20", 60);
    assert_int_equal(PUSH_STORED, case_db_push(&db, municipality, partnership, &build, 1));
}

static int set_up(void **state)
{
    (void)state;
    case_db_start(&db);
    push_child(657, 1, 1, "INSTITUTION");
    push_child(657, 1, 2, "FOSTER_GENERAL");
    push_child(510, 1, 3, "NETWORK");
    push_child(657, 2, 4, "INSTITUTION");
    push_child(167, 1, 5, "INSTITUTION");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    case_db_stop(&db);
    return 0;
}

struct seen {
    size_t n;
    size_t institution;
    size_t on_time;
    int municipalities[8];
};

static enum err_code see(void *ctx, const struct fact_row *row, struct err *err)
{
    (void)err;
    struct seen *seen = ctx;
    assert_true(seen->n < ARRAY_COUNT(seen->municipalities));
    seen->municipalities[seen->n] = row->municipality_code;
    seen->n++;
    seen->institution += strcmp(row->placement_type, "INSTITUTION") == 0 ? 1 : 0;
    seen->on_time += strcmp(row->outcome, "ON_TIME") == 0 ? 1 : 0;
    assert_int_equal(0, row->subject[2]); // keys are made of two bytes
    assert_int_equal(1, row->units);
    return ERR_OK;
}

static struct db *begin_publish(void)
{
    struct err err = ERR_INIT;
    struct db *transaction = NULL;
    struct db_begin_options options = {.read_only = true, .snapshot = true};
    ASSERT_OK(db_begin(db.publish, &options, &transaction, &err), err);
    return transaction;
}

static const int MEMBERS[] = {510, 657};

static struct fact_query query_of(const char *fact, const char *from, const char *to)
{
    return (struct fact_query){.fact = fact,
                               .partnership_id = 1,
                               .municipalities = MEMBERS,
                               .municipality_count = ARRAY_COUNT(MEMBERS),
                               .period_from = from,
                               .period_to = to};
}

static void test_fact_read__gives_publish_the_members_and_periods_asked(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct seen seen = {0};
    AUTO(db_rollback) struct db *transaction = begin_publish();
    struct fact_query query = query_of("child_at_date", "2014-Q1", "2014-Q2");
    ASSERT_OK(fact_read(transaction, &query, (struct fact_reader){see, &seen}, &err), err);
    assert_int_equal(6, seen.n); // three children, two quarters; 167 is no member
    assert_int_equal(2, seen.institution);
    assert_int_equal(510, seen.municipalities[0]);
    assert_int_equal(657, seen.municipalities[5]);
}

static void test_fact_read__narrows_to_a_rule(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        size_t rows;
    } CASES[] = {{"LOCAL_FU_3M", 3}, {"FU_FIRST", 3}, {NULL, 6}, {"", 6}, {"NO_RULE", 0}};
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct err err = ERR_INIT;
        struct seen seen = {0};
        AUTO(db_rollback) struct db *transaction = begin_publish();
        struct fact_query query = query_of("obligation", "2014-Q2", "2014-Q2");
        query.rule = CASES[i].rule;
        ASSERT_OK(fact_read(transaction, &query, (struct fact_reader){see, &seen}, &err), err);
        assert_int_equal(CASES[i].rows, seen.n);
        assert_int_equal(CASES[i].rows, seen.on_time);
    }
}

static void test_fact_read__knows_every_fact_of_the_catalogue(void **state)
{
    (void)state;
    static const struct {
        const char *fact;
        const char *period;
        size_t rows;
    } CASES[] = {
        {"child_at_date", "2014-Q2", 3},      {"child_move", "2014-Q2", 3},
        {"obligation", "2014-Q2", 6},         {"followup_interval", "2014-Q2", 3},
        {"worker_at_date", "2014-Q2", 0},     {"measurement_pair", "2014-H1", 3},
        {"measurement_change", "2014-H1", 3},
    };
    assert_int_equal(ARRAY_COUNT(CASES),
                     case_db_number(&db, "SELECT count(DISTINCT fact) FROM ref.indicator"));
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct err err = ERR_INIT;
        struct seen seen = {0};
        AUTO(db_rollback) struct db *transaction = begin_publish();
        struct fact_query query = query_of(CASES[i].fact, CASES[i].period, CASES[i].period);
        assert_true(fact_exists(CASES[i].fact));
        ASSERT_OK(fact_read(transaction, &query, (struct fact_reader){see, &seen}, &err), err);
        assert_int_equal(CASES[i].rows, seen.n);
    }
}

static void test_fact_read__refuses_an_unknown_fact(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct seen seen = {0};
    AUTO(db_rollback) struct db *transaction = begin_publish();
    struct fact_query query = query_of("spell; DROP TABLE x", "2014-Q1", "2014-Q1");
    ASSERT_ERR(ERR_NOT_FOUND,
               fact_read(transaction, &query, (struct fact_reader){see, &seen}, &err));
    assert_false(fact_exists("spell"));
}

static enum err_code refuse(void *ctx, const struct fact_row *row, struct err *err)
{
    (void)row;
    (*(int *)ctx)++;
    return err_set(err, ERR_LIMIT, "one is enough");
}

static void test_fact_read__ends_when_the_reader_fails(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    int calls = 0;
    AUTO(db_rollback) struct db *transaction = begin_publish();
    struct fact_query query = query_of("child_at_date", "2014-Q1", "2014-Q4");
    ASSERT_ERR(ERR_LIMIT,
               fact_read(transaction, &query, (struct fact_reader){refuse, &calls}, &err));
    assert_int_equal(1, calls);
}

static void test_fact_read__shows_a_municipality_its_own_alone(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct seen seen = {0};
    struct db *transaction = case_db_begin(&db, 510);
    struct fact_query query = query_of("child_at_date", "2014-Q1", "2014-Q1");
    ASSERT_OK(fact_read(transaction, &query, (struct fact_reader){see, &seen}, &err), err);
    db_rollback(transaction);
    assert_int_equal(1, seen.n); // 657 was asked for too
    assert_int_equal(510, seen.municipalities[0]);
}

static void test_fact_read__shows_intake_itself_nothing(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct seen seen = {0};
    struct db *transaction = NULL;
    struct db_begin_options options = {.read_only = true};
    ASSERT_OK(db_begin(db.intake, &options, &transaction, &err), err);
    struct fact_query query = query_of("child_at_date", "2014-Q1", "2014-Q1");
    ASSERT_ERR(ERR_DENIED, fact_read(transaction, &query, (struct fact_reader){see, &seen}, &err));
    db_rollback(transaction);
}

static void test_db_begin__gives_publish_no_municipalitys_role(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *transaction = NULL;
    struct db_begin_options options = {.role = "muni_657"};
    ASSERT_ERR(ERR_DENIED, db_begin(db.publish, &options, &transaction, &err));
    options.role = "postgres";
    ASSERT_ERR(ERR_DENIED, db_begin(db.intake, &options, &transaction, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fact_read__gives_publish_the_members_and_periods_asked),
        cmocka_unit_test(test_fact_read__narrows_to_a_rule),
        cmocka_unit_test(test_fact_read__knows_every_fact_of_the_catalogue),
        cmocka_unit_test(test_fact_read__refuses_an_unknown_fact),
        cmocka_unit_test(test_fact_read__ends_when_the_reader_fails),
        cmocka_unit_test(test_fact_read__shows_a_municipality_its_own_alone),
        cmocka_unit_test(test_fact_read__shows_intake_itself_nothing),
        cmocka_unit_test(test_db_begin__gives_publish_no_municipalitys_role),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
