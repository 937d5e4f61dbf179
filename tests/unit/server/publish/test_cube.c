/* Goal: fact rows become exactly the cells they should, with subjects counted once and rows
 * of other periods, members and rules left out. Method: the real plan, rows made by hand. */
#include "support.h"

#include "publish/cube.h"
#include "publish/manifest.h"
#include "publish/protect_run.h"

#include <string.h>

static const struct period_chosen QUARTER = {.period = {PERIOD_QUARTER, 2014, 1},
                                             .text = "2014-Q1",
                                             .members = {167, 510, 657},
                                             .member_count = 3};
static const struct period_chosen *const QUARTERS[] = {&QUARTER};

static struct plan *plan_of(void)
{
    struct err err = ERR_INIT;
    struct plan *plan = NULL;
    ASSERT_OK(plan_load(&plan, &err), err);
    return plan;
}

static struct cube *cube_of(const struct plan *plan, const char *unit)
{
    struct err err = ERR_INIT;
    for (size_t i = 0; i < plan->block_count; i++) {
        if (strcmp(plan->blocks[i].unit, unit) == 0) {
            const struct cube_spec spec = {&plan->blocks[i], plan->codes, QUARTERS, 1};
            struct cube *cube = NULL;
            ASSERT_OK(cube_new(&spec, &cube, &err), err);
            return cube;
        }
    }
    fail_msg("no block of %s", unit);
    return NULL;
}

static struct fact_row row_of(int code, const uint8_t *subject)
{
    return (struct fact_row){.municipality_code = code,
                             .period_kind = "quarter",
                             .period = "2014-Q1",
                             .subject = subject,
                             .sex = "F",
                             .age_band = "6-11",
                             .target_group = "OTHER",
                             .placement_type = "NONE",
                             .ladder_step = "NONE",
                             .measure_kind = "PLACEMENT",
                             .rule = "",
                             .outcome = "",
                             .units = 1};
}

static void add(struct cube *cube, const char *fact, const struct fact_row *row)
{
    struct err err = ERR_INIT;
    ASSERT_OK(cube_add(cube, fact, row, &err), err);
}

/* The cell of a table by its key and outcome; shown or guard. */
static size_t cell_find(const struct block *block, const char *table, const char *key,
                        const char *outcome)
{
    for (size_t i = 0; i < block_cell_count(block); i++) {
        const struct block_cell *cell = block_cell(block, i);
        if (strcmp(block_table(block, cell->table)->name, table) == 0 &&
            strcmp(cell->outcome, outcome) == 0 &&
            (key == NULL || strcmp(cell->keys[0], key) == 0)) {
            return i;
        }
    }
    fail_msg("no cell %s %s %s", table, key == NULL ? "" : key, outcome);
    return 0;
}

static void assert_cell(const struct block *block, size_t cell, int64_t value, uint32_t subjects)
{
    assert_int_equal(block_cell_value(block, cell, 0), value);
    assert_int_equal(block_subjects(block, cell), subjects);
}

static void test_cube_block__counts_twelve_follow_ups_of_one_child_as_one(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    static const uint8_t one[FACT_SUBJECT_BYTES] = {1};
    static const uint8_t other[FACT_SUBJECT_BYTES] = {2};
    AUTO(plan_free) struct plan *plan = plan_of();
    AUTO(cube_free) struct cube *cube = cube_of(plan, "obligation");
    struct fact_row row = row_of(657, one);
    row.rule = "LOCAL_FU_3M";
    row.outcome = "ON_TIME";
    for (size_t i = 0; i < 12; i++) {
        add(cube, "obligation", &row);
    }
    row.subject = other;
    row.outcome = "LATE";
    add(cube, "obligation", &row);
    row.rule = "FU_FIRST";
    add(cube, "obligation", &row);
    cube_close(cube);
    AUTO(block_free) struct block *block = NULL;
    ASSERT_OK(cube_block(cube, 0, &block, &err), err);
    assert_cell(block, cell_find(block, "I09", NULL, "ON_TIME"), 12, 1);
    assert_cell(block, cell_find(block, "I09", NULL, "TOTAL"), 13, 2);
    assert_cell(block, cell_find(block, "I07", NULL, "TOTAL"), 1, 1);
    assert_cell(block, cell_find(block, "I09.municipality", "657", "TOTAL"), 13, 2);
    assert_cell(block, cell_find(block, "I09.municipality", "510", "TOTAL"), 0, 0);
    assert_int_equal(block_member_subjects(block, cell_find(block, "I09", NULL, "TOTAL"), 2), 2);
}

static void test_cube_block__counts_a_child_of_two_members_once_in_the_pool(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    static const uint8_t child[FACT_SUBJECT_BYTES] = {7};
    AUTO(plan_free) struct plan *plan = plan_of();
    AUTO(cube_free) struct cube *cube = cube_of(plan, "child");
    static const int codes[] = {167, 657};
    for (size_t i = 0; i < 2; i++) {
        struct fact_row row = row_of(codes[i], child);
        row.placement_type = "FOSTER";
        row.ladder_step = "5";
        add(cube, "child_at_date", &row);
        row.outcome = "SAME";
        row.placement_type = row.ladder_step = "NONE";
        add(cube, "child_move", &row);
    }
    cube_close(cube);
    assert_int_equal(cube_unit_count(cube), 2); // the two facts of a child are one unit
    AUTO(block_free) struct block *block = NULL;
    ASSERT_OK(cube_block(cube, 0, &block, &err), err);
    assert_cell(block, cell_find(block, "I01", NULL, "FOSTER"), 2, 1);
    assert_cell(block, cell_find(block, "I03", NULL, "5"), 2, 1);
    assert_cell(block, cell_find(block, "I05", NULL, "SAME"), 2, 1);
    size_t cell = cell_find(block, "I05", NULL, "SAME");
    assert_int_equal(block_member_subjects(block, cell, 0), 1);
    assert_int_equal(block_member_subjects(block, cell, 2), 1);
    assert_true(block_cell(block, cell_find(block, "I01", NULL, "COMPLEMENT"))->guard);
}

static void test_cube_add__leaves_out_what_is_not_in_the_release(void **state)
{
    (void)state;
    static const uint8_t child[FACT_SUBJECT_BYTES] = {7};
    AUTO(plan_free) struct plan *plan = plan_of();
    AUTO(cube_free) struct cube *cube = cube_of(plan, "obligation");
    struct fact_row rows[3];
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        rows[i] = row_of(657, child);
        rows[i].rule = "LOCAL_FU_3M";
        rows[i].outcome = "LATE";
    }
    rows[0].period = "2014-Q2";
    rows[1].municipality_code = 101;
    rows[2].rule = "FU_6M";
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        add(cube, "obligation", &rows[i]);
    }
    assert_int_equal(cube_unit_count(cube), 0);
}

static void test_cube_add__refuses_a_code_that_has_no_cell(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    static const uint8_t child[FACT_SUBJECT_BYTES] = {7};
    AUTO(plan_free) struct plan *plan = plan_of();
    AUTO(cube_free) struct cube *cube = cube_of(plan, "child");
    struct fact_row row = row_of(657, child);
    row.ladder_step = "7";
    ASSERT_ERR(ERR_CORRUPT, cube_add(cube, "child_at_date", &row, &err));
    assert_null(strchr(err.message, '7')); // the code is a child's
    row.ladder_step = "1";
    row.age_band = "18-22";
    ASSERT_ERR(ERR_CORRUPT, cube_add(cube, "child_at_date", &row, &err));
}

static void test_cube_block__keeps_a_ratio_in_hundredths(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(plan_free) struct plan *plan = plan_of();
    AUTO(cube_free) struct cube *cube = cube_of(plan, "worker");
    for (uint8_t worker = 1; worker <= 6; worker++) {
        uint8_t subject[FACT_SUBJECT_BYTES] = {worker};
        struct fact_row row = row_of(657, subject);
        row.outcome = "WITHIN";
        row.numerator_hundredths = 2400;
        row.denominator_hundredths = 80;
        add(cube, "worker_at_date", &row);
    }
    cube_close(cube);
    AUTO(block_free) struct block *block = NULL;
    ASSERT_OK(cube_block(cube, 0, &block, &err), err);
    size_t ratio = cell_find(block, "I23", NULL, "RATIO");
    assert_int_equal(block_cell_value(block, ratio, 1), 14400);
    assert_int_equal(block_cell_value(block, ratio, 2), 480);
    assert_cell(block, cell_find(block, "I25", NULL, "WITHIN"), 6, 6);
}

static struct protect_run *run_of(const struct plan *plan)
{
    struct err err = ERR_INIT;
    static const struct policy policy = POLICY_DEFAULT;
    AUTO(cube_free) struct cube *cube = cube_of(plan, "obligation");
    struct protect_run *run = NULL;
    for (uint8_t child = 1; child <= 90; child++) {
        uint8_t subject[FACT_SUBJECT_BYTES] = {child};
        struct fact_row row = row_of(QUARTER.members[child % 3], subject);
        row.rule = "LOCAL_FU_3M";
        row.outcome = child % 4 == 0 ? "LATE" : "ON_TIME";
        add(cube, "obligation", &row);
    }
    cube_close(cube);
    ASSERT_OK(protect_run_new(&policy, &run, &err), err);
    ASSERT_OK(protect_run_block(run, cube, 0, &err), err);
    ASSERT_OK(protect_run_tables(run, &err), err);
    return run;
}

static void test_protect_run__gives_the_same_tables_every_time(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(plan_free) struct plan *plan = plan_of();
    AUTO(protect_run_free) struct protect_run *one = run_of(plan);
    AUTO(protect_run_free) struct protect_run *other = run_of(plan);
    size_t count = 0;
    const struct released_table *const *ones = protect_run_table_list(one, &count);
    const struct released_table *const *others = protect_run_table_list(other, &count);
    assert_int_equal(count, 16); // eight tables, two audiences
    for (size_t i = 0; i < count; i++) {
        uint8_t digest[MANIFEST_SHA256_BYTES];
        uint8_t again[MANIFEST_SHA256_BYTES];
        ASSERT_OK(manifest_table_digest(ones[i], digest, &err), err);
        ASSERT_OK(manifest_table_digest(others[i], again, &err), err);
        assert_memory_equal(digest, again, sizeof digest);
        for (size_t k = 0; k < i; k++) {
            ASSERT_OK(manifest_table_digest(ones[k], again, &err), err);
            assert_memory_not_equal(digest, again, sizeof digest);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cube_block__counts_twelve_follow_ups_of_one_child_as_one),
        cmocka_unit_test(test_cube_block__counts_a_child_of_two_members_once_in_the_pool),
        cmocka_unit_test(test_cube_add__leaves_out_what_is_not_in_the_release),
        cmocka_unit_test(test_cube_add__refuses_a_code_that_has_no_cell),
        cmocka_unit_test(test_cube_block__keeps_a_ratio_in_hundredths),
        cmocka_unit_test(test_protect_run__gives_the_same_tables_every_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
