/* Goal: a released table holds the numbers that are shown and no other, under the names of
 * the plan. Method: protected toy blocks of two periods, and sources that do not belong
 * together. */
#include "toy_block.h"

#include "protect/released_table.h"
#include "protect/suppress.h"

#include <string.h>

static const struct policy POLICY = POLICY_DEFAULT;
static const size_t SIZES[] = {1, 4};
static const unsigned TABLES[] = {0x0, 0x2};

static struct block *line_block(const int64_t counts[4])
{
    return toy_block(&(struct toy){.sizes = SIZES,
                                   .attribute_count = 2,
                                   .tables = TABLES,
                                   .table_count = 2,
                                   .counts = counts});
}

static struct suppression *named_of(const struct block *block)
{
    struct err err = ERR_INIT;
    struct suppression *named = NULL;
    ASSERT_OK(suppress_named(block, &POLICY, &named, &err), err);
    return named;
}

static void test_released_table__has_no_number_where_one_is_withheld(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(block_free) struct block *block = line_block((const int64_t[]){4, 7, 20, 30});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    AUTO(released_table_free) struct released_table *table = NULL;
    const struct suppression *const periods[] = {named, named};
    const struct released_table_source source = {periods, 2, 1};
    ASSERT_OK(released_table_new(&source, &table, &err), err);
    static const enum released_state states[] = {RELEASED_WITHHELD, RELEASED_WITHHELD,
                                                 RELEASED_EXACT, RELEASED_EXACT};
    static const int64_t values[] = {-1, -1, 20, 30};
    assert_int_equal(released_table_cell_count(table), 8);
    for (size_t i = 0; i < 8; i++) {
        int64_t value = -1;
        struct released_cell cell = released_table_cell(table, i);
        assert_int_equal(cell.state, states[i % 4]);
        assert_int_equal(released_table_value(table, i, &value), cell.state == RELEASED_EXACT);
        assert_int_equal(value, values[i % 4]);
        assert_string_equal(cell.period, "2014-Q1");
        assert_string_equal(cell.outcome, RELEASED_OUTCOME_TOTAL);
    }
    assert_string_equal(released_table_name(table), "T");
    assert_string_equal(released_table_indicator(table), "I01");
    assert_int_equal(released_table_dimension_count(table), 1);
    assert_string_equal(released_table_dimension(table, 0), "key");
    assert_int_equal(released_table_audience(table), RELEASED_NAMED);
}

static void test_released_table_new__refuses_what_does_not_belong_together(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(block_free) struct block *block = line_block((const int64_t[]){4, 7, 20, 30});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    AUTO(suppression_free) struct suppression *pooled = NULL;
    ASSERT_OK(suppress_pooled(named, &pooled, &err), err);
    const struct suppression *const mixed[] = {named, pooled};
    const struct released_table_source wrong[] = {{mixed, 2, 0}, {mixed, 0, 0}, {mixed, 1, 2}};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct released_table *table = NULL;
        ASSERT_ERR(ERR_INVALID, released_table_new(&wrong[i], &table, &err));
        assert_null(table);
    }
}

static void test_released_state_name__is_what_the_store_keeps(void **state)
{
    (void)state;
    assert_string_equal(released_state_name(RELEASED_EXACT), "exact");
    assert_string_equal(released_state_name(RELEASED_WITHHELD), "withheld");
    assert_string_equal(released_state_name(RELEASED_TOO_FEW_CONTRIBUTORS), "too_few_contributors");
    assert_string_equal(released_state_name(RELEASED_STRUCTURAL_ZERO), "structural_zero");
    assert_string_equal(released_state_name(RELEASED_NOT_APPLICABLE), "not_applicable");
    assert_string_equal(released_audience_name(RELEASED_NAMED), "named");
    assert_string_equal(released_audience_name(RELEASED_POOLED), "pooled");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_released_table__has_no_number_where_one_is_withheld),
        cmocka_unit_test(test_released_table_new__refuses_what_does_not_belong_together),
        cmocka_unit_test(test_released_state_name__is_what_the_store_keeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
