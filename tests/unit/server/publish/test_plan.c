/* Goal: the embedded plan becomes the blocks it must be, and only combinations that the
 * definitions rule out are missing from them. Method: the real reference files. */
#include "support.h"

#include "publish/plan.h"
#include "publish/structure.h"

#include <string.h>

static struct plan *plan_of(void)
{
    struct err err = ERR_INIT;
    struct plan *plan = NULL;
    ASSERT_OK(plan_load(&plan, &err), err);
    return plan;
}

static const struct plan_block *block_of(const struct plan *plan, const char *unit)
{
    for (size_t i = 0; i < plan->block_count; i++) {
        if (strcmp(plan->blocks[i].unit, unit) == 0) {
            return &plan->blocks[i];
        }
    }
    fail_msg("no block of %s", unit);
    return NULL;
}

static void test_plan_load__puts_the_same_children_in_one_block(void **state)
{
    (void)state;
    AUTO(plan_free) struct plan *plan = plan_of();
    static const struct {
        const char *unit;
        enum period_kind kind;
        size_t facts;
        const char *indicators[PLAN_AXES_MAX];
    } cases[] = {
        {"child", PERIOD_QUARTER, 2, {"I01", "I03", "I05"}},
        {"obligation", PERIOD_QUARTER, 1, {"I07", "I09"}},
        {"interval", PERIOD_QUARTER, 1, {"I10"}},
        {"worker", PERIOD_QUARTER, 1, {"I23", "I25"}},
        {"measurement", PERIOD_HALF_YEAR, 2, {"I26", "I27"}},
    };
    assert_int_equal(plan->block_count, ARRAY_COUNT(cases));
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct plan_block *block = block_of(plan, cases[i].unit);
        assert_int_equal(block->period_kind, cases[i].kind);
        assert_int_equal(block->fact_count, cases[i].facts);
        for (size_t axis = 0; axis < PLAN_AXES_MAX && cases[i].indicators[axis] != NULL; axis++) {
            assert_string_equal(block->axes[axis].indicator, cases[i].indicators[axis]);
        }
    }
    assert_int_equal(strlen(plan->plan_version), PLAN_VERSION_BYTES - 1);
}

static void test_plan_load__reads_shares_and_ratios(void **state)
{
    (void)state;
    AUTO(plan_free) struct plan *plan = plan_of();
    const struct plan_block *worker = block_of(plan, "worker");
    assert_null(worker->axes[0].outcomes); // cases per worker has none
    assert_int_equal(worker->axes[1].outcomes->count, 2);
    const struct plan_axis *change = &block_of(plan, "measurement")->axes[1];
    assert_true(change->zero_discloses);
    assert_int_equal(change->share_count, 2);
    assert_int_equal(change->shares[0], 0x3); // recovered or improved
    assert_false(block_of(plan, "child")->axes[0].zero_discloses);
}

/* The combination of outcome names, axis by axis. */
static bool possible(const struct plan *plan, const char *unit, const char *const *names)
{
    const struct plan_block *block = block_of(plan, unit);
    uint8_t outcomes[PLAN_AXES_MAX] = {0};
    for (size_t axis = 0; axis < block->axis_count; axis++) {
        const struct code_run *run = block->axes[axis].outcomes;
        for (size_t i = 0; run != NULL && i < run->count; i++) {
            if (strcmp(run->codes[i], names[axis]) == 0) {
                outcomes[axis] = (uint8_t)(i + 1);
            }
        }
        assert_true(run == NULL || outcomes[axis] != 0 || strcmp(names[axis], "NONE") == 0);
    }
    return structure_is_possible(block, plan->codes, outcomes);
}

static void test_structure_is_possible__follows_the_definitions(void **state)
{
    (void)state;
    AUTO(plan_free) struct plan *plan = plan_of();
    static const struct {
        bool possible;
        const char *unit;
        const char *names[PLAN_AXES_MAX];
    } cases[] = {
        {true, "child", {"NONE", "1", "NONE"}},
        {true, "child", {"FOSTER", "5", "SAME"}},
        {true, "child", {"FOSTER", "6", "UP"}},
        {true, "child", {"NETWORK", "4", "DOWN"}},
        {false, "child", {"FOSTER", "4", "SAME"}},
        {false, "child", {"INSTITUTION", "5", "SAME"}},
        {false, "child", {"FOSTER", "NONE", "SAME"}},
        {false, "child", {"NONE", "NONE", "NONE"}},
        {false, "child", {"NONE", "1", "UP"}},
        {false, "child", {"INSTITUTION", "6", "DOWN"}},
        {true, "obligation", {"ON_TIME", "NONE"}},
        {true, "obligation", {"NONE", "LATE"}},
        {false, "obligation", {"ON_TIME", "ON_TIME"}},
        {false, "obligation", {"NONE", "NONE"}},
        {true, "interval", {"31-61"}},
        {false, "interval", {"NONE"}},
        {true, "worker", {"NONE", "OVER"}},
        {false, "worker", {"NONE", "NONE"}},
        {true, "measurement", {"BETTER_C", "IMPROVED"}},
        {true, "measurement", {"BETTER_2C", "RECOVERED"}},
        {true, "measurement", {"SAME", "UNCHANGED"}},
        {true, "measurement", {"WORSE_2C", "DETERIORATED"}},
        {false, "measurement", {"BETTER_C", "UNCHANGED"}},
        {false, "measurement", {"SAME", "IMPROVED"}},
        {false, "measurement", {"WORSE_C", "RECOVERED"}},
        {false, "measurement", {"SAME", "DETERIORATED"}},
        {false, "measurement", {"NONE", "UNCHANGED"}},
        {false, "measurement", {"SAME", "NONE"}},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        if (possible(plan, cases[i].unit, cases[i].names) != cases[i].possible) {
            fail_msg("case %zu of %s: %s %s", i, cases[i].unit, cases[i].names[0],
                     cases[i].names[1]);
        }
    }
}

static void test_codes_find__knows_every_dimension_and_no_other(void **state)
{
    (void)state;
    AUTO(plan_free) struct plan *plan = plan_of();
    static const struct {
        const char *name;
        size_t count;
    } cases[] = {
        {"sex", 2},         {"age_band", 4},     {"target_group", 6},     {"placement_type", 5},
        {"ladder_step", 6}, {"measure_kind", 4}, {"followup_interval", 7}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(codes_find(plan->codes, cases[i].name)->count, cases[i].count);
    }
    assert_null(codes_find(plan->codes, "cpr"));
    assert_int_equal(codes_step_min(plan->codes, "NETWORK"), 4);
    assert_int_equal(codes_step_min(plan->codes, "TENT"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_load__puts_the_same_children_in_one_block),
        cmocka_unit_test(test_plan_load__reads_shares_and_ratios),
        cmocka_unit_test(test_structure_is_possible__follows_the_definitions),
        cmocka_unit_test(test_codes_find__knows_every_dimension_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
