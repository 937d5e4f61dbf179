/*
 * Goal: a push is stored whole, by version, for its own municipality only; batches come in
 * order; an interrupted push leaves nothing. Method: batches through push_store as intake's
 * log-in, then counts as the owner.
 */
#include "support.h"

#include "base/limits.h"
#include "store/case/push_store.h"
#include "support/case_db.h"

#include <stdio.h>
#include <string.h>

static struct case_db db;

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

/* A case with two interventions, two follow-ups and two measurements. */
static void build_full_case(struct case_build *build, unsigned child)
{
    case_build_start(build, child, "2014-01-01");
    case_build_intervention(build, 10, "SEL-52-3-7", "FOSTER_GENERAL", "2014-01-15", NULL);
    case_build_intervention(build, 11, "SEL-52-3-3", NULL, "2014-02-01", "2014-06-01");
    case_build_follow_up(build, 20, "2014-04-10", 10);
    case_build_follow_up(build, 21, "2014-04-30", 11);
    case_build_measurement(build, 30, "2014-01-20", 44);
    case_build_measurement(build, 31, "2014-05-20", 60);
}

static int64_t count_rows(const char *table, unsigned child)
{
    char sql[160];
    (void)snprintf(sql, sizeof(sql),
                   "SELECT count(*) FROM cases.%s WHERE case_key = '\\x%04x%028d'::bytea", table,
                   child, 0);
    return case_db_number(&db, sql);
}

static void assert_rows(unsigned child, const int64_t expected[6])
{
    static const char *const TABLES[] = {
        "case_file",  "enrolment", "intervention", "follow_up", "follow_up_intervention",
        "measurement"};
    for (size_t i = 0; i < ARRAY_COUNT(TABLES); i++) {
        assert_int_equal(expected[i], count_rows(TABLES[i], child));
    }
}

static void test_push_store__keeps_every_row_and_value(void **state)
{
    (void)state;
    struct case_build build;
    build_full_case(&build, 1);
    struct record *row = &build.rows[RECORD_CASE][0];
    record_set_number(row, FIELD_CASE_acting_municipality, 101);
    record_set_key(row, FIELD_CASE_worker_key, case_key_of(77));
    row = &build.rows[RECORD_ENROLMENT][0];
    record_set_text(row, FIELD_ENROLMENT_cohort, "BEFORE");
    record_set_text(row, FIELD_ENROLMENT_practice, "p");
    record_set_text(row, FIELD_ENROLMENT_site, "s");
    record_set_text(row, FIELD_ENROLMENT_team, "t");
    record_set_number(&build.rows[RECORD_FOLLOW_UP][0], FIELD_FOLLOW_UP_decided_interval_days, 90);
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 1));
    assert_rows(1, (const int64_t[]){1, 1, 2, 2, 2, 2});
    assert_int_equal(
        1, case_db_number(&db, "SELECT count(*) FROM cases.case_file WHERE birth_year = 2006"
                               " AND sex = 'M' AND opened_date = '2014-01-01'"
                               " AND closed_date IS NULL AND target_group = 'OTHER'"
                               " AND acting_municipality = 101 AND municipality_code = 657"
                               " AND partnership_id = 1"
                               " AND worker_key = '\\x004d0000000000000000000000000000'"));
    assert_int_equal(1,
                     case_db_number(&db, "SELECT count(*) FROM cases.enrolment WHERE from_date ="
                                         " '2014-01-01' AND to_date IS NULL AND cohort = 'BEFORE'"
                                         " AND practice = 'p' AND site = 's' AND team = 't'"));
    assert_int_equal(
        1, case_db_number(&db, "SELECT count(*) FROM cases.intervention WHERE paragraph ="
                               " 'SEL-52-3-3' AND place_type IS NULL AND decision_date IS NULL"
                               " AND start_date = '2014-02-01' AND end_date = '2014-06-01'"
                               " AND intervention_key = '\\x000b0000000000000000000000000000'"));
    assert_int_equal(
        1, case_db_number(&db, "SELECT count(*) FROM cases.follow_up AS f"
                               " JOIN cases.follow_up_intervention AS l USING (followup_key)"
                               " WHERE f.followup_date = '2014-04-10'"
                               " AND f.decided_interval_days = 90 AND l.intervention_key ="
                               " '\\x000a0000000000000000000000000000'"));
    assert_int_equal(
        1, case_db_number(&db, "SELECT count(*) FROM cases.measurement WHERE instrument = 'WHO5'"
                               " AND instrument_version = '1998' AND informant = 'CHILD'"
                               " AND measured_date = '2014-05-20' AND score_hundredths = 6000"));
}

static void test_push_store__replaces_all_rows_of_a_case(void **state)
{
    (void)state;
    struct case_build build;
    build_full_case(&build, 2);
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 5));
    case_build_start(&build, 2, "2014-03-01");
    case_build_measurement(&build, 33, "2014-03-20", 50);
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 6));
    assert_rows(2, (const int64_t[]){1, 1, 0, 0, 0, 1});
}

static void test_push_store__ignores_a_version_that_is_not_newer(void **state)
{
    (void)state;
    struct case_build build;
    build_full_case(&build, 3);
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 5));
    case_build_start(&build, 3, "2014-03-01");
    assert_int_equal(PUSH_UNCHANGED, case_db_push(&db, 657, 1, &build, 5));
    assert_int_equal(PUSH_UNCHANGED, case_db_push(&db, 657, 1, &build, 4));
    assert_rows(3, (const int64_t[]){1, 1, 2, 2, 2, 2});
}

static enum push_outcome push_one(int municipality, const struct push_unit *unit)
{
    struct err err = ERR_INIT;
    struct push_batch batch = {municipality, 1, unit, 1};
    enum push_outcome outcome = PUSH_UNCHANGED;
    struct db *transaction = case_db_begin(&db, municipality);
    ASSERT_OK(push_store(transaction, &batch, &outcome, &err), err);
    case_db_commit(transaction);
    return outcome;
}

static void test_push_store__tombstone_stays_dead_to_older_versions(void **state)
{
    (void)state;
    struct case_build build;
    uint8_t key[RECORD_KEY_BYTES];
    memcpy(key, case_key_of(4), sizeof(key));
    build_full_case(&build, 4);
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 5));
    struct push_unit remove = {.kind = PUSH_REMOVE_CASE, .version = 6, .key = key};
    assert_int_equal(PUSH_REMOVED, push_one(657, &remove));
    assert_rows(4, (const int64_t[]){0, 0, 0, 0, 0, 0});
    assert_int_equal(PUSH_UNCHANGED, push_one(657, &remove));
    assert_int_equal(PUSH_UNCHANGED, case_db_push(&db, 657, 1, &build, 5));
    assert_rows(4, (const int64_t[]){0, 0, 0, 0, 0, 0});
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 7));
    assert_rows(4, (const int64_t[]){1, 1, 2, 2, 2, 2});
}

static void test_push_store__worker_months_come_change_and_go(void **state)
{
    (void)state;
    struct record month = {.type = RECORD_WORKER_MONTH};
    uint8_t key[RECORD_KEY_BYTES];
    memcpy(key, case_key_of(70), sizeof(key));
    record_set_key(&month, FIELD_WORKER_MONTH_worker_key, key);
    record_set_number(&month, FIELD_WORKER_MONTH_month, case_date("2014-03-01"));
    record_set_number(&month, FIELD_WORKER_MONTH_fte_hundredths, 80);
    record_set_text(&month, FIELD_WORKER_MONTH_leave, "NONE");
    struct push_unit store = {.kind = PUSH_WORKER_MONTH, .version = 1, .record = &month};
    assert_int_equal(PUSH_STORED, push_one(657, &store));
    record_set_number(&month, FIELD_WORKER_MONTH_fte_hundredths, 100);
    store.version = 2;
    assert_int_equal(PUSH_STORED, push_one(657, &store));
    assert_int_equal(1, case_db_number(&db, "SELECT count(*) FROM cases.worker_month WHERE"
                                            " fte_hundredths = 100 AND leave = 'NONE'"
                                            " AND team IS NULL AND month = '2014-03-01'"));
    struct push_unit remove = {.kind = PUSH_REMOVE_WORKER_MONTH,
                               .version = 3,
                               .key = key,
                               .month = case_date("2014-03-01")};
    assert_int_equal(PUSH_REMOVED, push_one(657, &remove));
    assert_int_equal(0, case_db_number(&db, "SELECT count(*) FROM cases.worker_month"));
}

static void test_push_store__tells_each_unit_of_a_batch_its_outcome(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_build builds[3];
    uint8_t unknown[RECORD_KEY_BYTES];
    memcpy(unknown, case_key_of(59), sizeof(unknown));
    build_full_case(&builds[0], 51);
    build_full_case(&builds[1], 50);
    case_build_start(&builds[2], 50, "2014-05-01");
    const struct push_unit units[] = {
        {.kind = PUSH_CASE, .version = 3, .bundle = &builds[1].bundle},
        {.kind = PUSH_REMOVE_CASE, .version = 1, .key = unknown},
        {.kind = PUSH_CASE, .version = 9, .bundle = &builds[2].bundle},
        {.kind = PUSH_CASE, .version = 1, .bundle = &builds[0].bundle},
    };
    enum push_outcome outcomes[4];
    struct push_batch batch = {657, 1, units, ARRAY_COUNT(units)};
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_OK(push_store(transaction, &batch, outcomes, &err), err);
    case_db_commit(transaction);
    assert_int_equal(PUSH_UNCHANGED, outcomes[0]); // unit 2 holds the newer version
    assert_int_equal(PUSH_REMOVED, outcomes[1]);
    assert_int_equal(PUSH_STORED, outcomes[2]);
    assert_int_equal(PUSH_STORED, outcomes[3]);
    assert_rows(50, (const int64_t[]){1, 1, 0, 0, 0, 0});
    assert_rows(51, (const int64_t[]){1, 1, 2, 2, 2, 2});
}

static void test_push_store__refuses_another_municipalitys_rows(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_build build;
    build_full_case(&build, 60);
    struct push_unit unit = {.kind = PUSH_CASE, .version = 1, .bundle = &build.bundle};
    struct push_batch batch = {101, 1, &unit, 1};
    enum push_outcome outcome;
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_ERR(ERR_DENIED, push_store(transaction, &batch, &outcome, &err));
    db_rollback(transaction);
    assert_rows(60, (const int64_t[]){0, 0, 0, 0, 0, 0});
}

static void test_push_store__same_child_of_two_municipalities_and_partnerships(void **state)
{
    (void)state;
    struct case_build build;
    build_full_case(&build, 61);
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 1));
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 2, &build, 1));
    assert_int_equal(PUSH_STORED, case_db_push(&db, 510, 1, &build, 1));
    assert_rows(61, (const int64_t[]){3, 3, 6, 6, 6, 6});
}

static void test_push_store__an_undone_push_leaves_nothing(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_build build;
    build_full_case(&build, 62);
    struct push_unit unit = {.kind = PUSH_CASE, .version = 1, .bundle = &build.bundle};
    struct push_batch batch = {657, 1, &unit, 1};
    enum push_outcome outcome;
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_OK(push_store(transaction, &batch, &outcome, &err), err);
    db_rollback(transaction);
    assert_rows(62, (const int64_t[]){0, 0, 0, 0, 0, 0});
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 1));
}

static void test_push_store__a_broken_rule_names_the_constraint_alone(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_build build;
    build_full_case(&build, 63);
    record_set_number(&build.rows[RECORD_CASE][0], FIELD_CASE_birth_year, 1066);
    struct push_unit unit = {.kind = PUSH_CASE, .version = 1, .bundle = &build.bundle};
    struct push_batch batch = {657, 1, &unit, 1};
    enum push_outcome outcome;
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_ERR(ERR_INVALID, push_store(transaction, &batch, &outcome, &err));
    db_rollback(transaction);
    assert_non_null(strstr(err.detail, "birth_year"));
    assert_null(strstr(err.detail, "1066"));
}

static void test_push_store__an_empty_enrolment_gives_way_to_one_from_the_same_day(void **state)
{
    (void)state;
    struct case_build build;
    case_build_start(&build, 64, "2014-01-01");
    build.rows[RECORD_ENROLMENT][1] = build.rows[RECORD_ENROLMENT][0];
    record_set_number(&build.rows[RECORD_ENROLMENT][1], FIELD_ENROLMENT_to_date,
                      case_date("2014-01-01"));
    build.bundle.lists[RECORD_ENROLMENT].count = 2;
    assert_int_equal(PUSH_STORED, case_db_push(&db, 657, 1, &build, 1));
    assert_rows(64, (const int64_t[]){1, 1, 0, 0, 0, 0});
    assert_int_equal(1, case_db_number(&db, "SELECT count(*) FROM cases.enrolment WHERE case_key"
                                            " = '\\x00400000000000000000000000000000'"
                                            " AND to_date IS NULL"));
}

static void test_push_store__takes_a_full_batch_and_no_more(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    static uint8_t keys[BATCH_UNITS_MAX + 1][RECORD_KEY_BYTES];
    static struct push_unit units[BATCH_UNITS_MAX + 1];
    static enum push_outcome outcomes[BATCH_UNITS_MAX + 1];
    for (unsigned i = 0; i <= BATCH_UNITS_MAX; i++) {
        memcpy(keys[i], case_key_of(1000 + i), RECORD_KEY_BYTES);
        units[i] = (struct push_unit){.kind = PUSH_REMOVE_CASE, .version = 1, .key = keys[i]};
    }
    struct push_batch batch = {657, 9, units, BATCH_UNITS_MAX + 1};
    struct db *transaction = case_db_begin(&db, 657);
    ASSERT_ERR(ERR_LIMIT, push_store(transaction, &batch, outcomes, &err));
    batch.count = BATCH_UNITS_MAX;
    ASSERT_OK(push_store(transaction, &batch, outcomes, &err), err);
    case_db_commit(transaction);
    assert_int_equal(PUSH_REMOVED, outcomes[BATCH_UNITS_MAX - 1]);
}

static void test_push_sequence_take__takes_batches_in_order_only(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    uint32_t next = 0;
    struct push_sequence at = {657, 1, (const uint8_t *)"0123456789abcdef", 0};
    static const struct {
        uint32_t sequence;
        enum err_code code;
        uint32_t next;
    } CASES[] = {
        {2, ERR_CONFLICT, 1}, {1, ERR_OK, 2},       {1, ERR_CONFLICT, 2}, {3, ERR_CONFLICT, 2},
        {2, ERR_OK, 3},       {0, ERR_CONFLICT, 3}, {3, ERR_OK, 4},
    };
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct db *transaction = case_db_begin(&db, 657);
        at.sequence = CASES[i].sequence;
        assert_int_equal(CASES[i].code, push_sequence_take(transaction, &at, &next, &err));
        ASSERT_OK(push_sequence_next(transaction, &at, &next, &err), err);
        assert_int_equal(CASES[i].next, next);
        case_db_commit(transaction);
    }
}

struct held_seen {
    unsigned cases;
    unsigned worker_months;
    uint8_t last_key[RECORD_KEY_BYTES];
};

static enum err_code see_held(void *ctx, const struct push_held *held, struct err *err)
{
    (void)err;
    struct held_seen *seen = ctx;
    assert_int_equal(RECORD_KEY_BYTES, held->key.len);
    if (held->is_case) {
        assert_int_equal(0, seen->worker_months); // cases come first
        assert_true(seen->cases == 0 ||
                    memcmp(seen->last_key, held->key.data, RECORD_KEY_BYTES) < 0);
        seen->cases++;
    } else {
        seen->worker_months++;
    }
    memcpy(seen->last_key, held->key.data, RECORD_KEY_BYTES);
    return ERR_OK;
}

static void test_push_status_read__counts_what_is_held_by_the_caller(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct case_build build;
    struct push_status status;
    struct held_seen seen = {0};
    uint8_t key[RECORD_KEY_BYTES];
    memcpy(key, case_key_of(83), sizeof(key));
    for (unsigned child = 83; child >= 80; child--) {
        case_build_start(&build, child, "2014-01-01");
        assert_int_equal(PUSH_STORED, case_db_push(&db, 163, 8, &build, 1));
    }
    struct push_unit remove = {.kind = PUSH_REMOVE_CASE, .version = 2, .key = key};
    struct push_batch batch = {163, 8, &remove, 1};
    enum push_outcome outcome;
    struct db *transaction = case_db_begin(&db, 163);
    ASSERT_OK(push_store(transaction, &batch, &outcome, &err), err);
    ASSERT_OK(push_status_read(transaction, 163, 8, &status, &err), err);
    assert_int_equal(3, status.cases);
    assert_int_equal(0, status.worker_months);
    assert_int_equal(0, status.last_received_at_us);
    struct push_held_query query = {163, 8, see_held, &seen};
    ASSERT_OK(push_held_read(transaction, &query, &err), err);
    assert_int_equal(3, seen.cases);
    ASSERT_OK(push_status_read(transaction, 657, 1, &status, &err), err);
    assert_int_equal(0, status.cases); // another's rows are not there to be counted
    db_rollback(transaction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_push_store__keeps_every_row_and_value),
        cmocka_unit_test(test_push_store__replaces_all_rows_of_a_case),
        cmocka_unit_test(test_push_store__ignores_a_version_that_is_not_newer),
        cmocka_unit_test(test_push_store__tombstone_stays_dead_to_older_versions),
        cmocka_unit_test(test_push_store__worker_months_come_change_and_go),
        cmocka_unit_test(test_push_store__tells_each_unit_of_a_batch_its_outcome),
        cmocka_unit_test(test_push_store__refuses_another_municipalitys_rows),
        cmocka_unit_test(test_push_store__same_child_of_two_municipalities_and_partnerships),
        cmocka_unit_test(test_push_store__an_undone_push_leaves_nothing),
        cmocka_unit_test(test_push_store__a_broken_rule_names_the_constraint_alone),
        cmocka_unit_test(test_push_store__an_empty_enrolment_gives_way_to_one_from_the_same_day),
        cmocka_unit_test(test_push_store__takes_a_full_batch_and_no_more),
        cmocka_unit_test(test_push_sequence_take__takes_batches_in_order_only),
        cmocka_unit_test(test_push_status_read__counts_what_is_held_by_the_caller),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
