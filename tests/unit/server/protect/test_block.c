/* Goal: a block adds up, merges what nobody can tell apart, and refuses what does not fit
 * whole, naming the table to drop. Method: toy blocks, and each limit at and past it. */
#include "toy_block.h"

#include <string.h>

static const struct block_quantity UNITS = {"UNITS", 1, 1};
static const struct block_quantity CASES = {"NUMERATOR", 100, 100};

static struct block *empty_block(const struct block_quantity *quantity)
{
    struct err err = ERR_INIT;
    static const struct block_table tables[] = {{.name = "small", .indicator = "I01"},
                                                {.name = "large", .indicator = "I03"}};
    const struct block_spec spec = {.unit = "child",
                                    .period = "2014-Q1",
                                    .member_count = 2,
                                    .tables = tables,
                                    .table_count = 2,
                                    .quantities = quantity,
                                    .quantity_count = 1};
    struct block *block = NULL;
    ASSERT_OK(block_new(&spec, &block, &err), err);
    return block;
}

static size_t cell_add(struct block *block, size_t table)
{
    struct err err = ERR_INIT;
    const struct block_cell cell = {
        .table = table, .outcome = "TOTAL", .quantities = 1, .whole = BLOCK_NONE};
    size_t number;
    ASSERT_OK(block_add_cell(block, &cell, &number, &err), err);
    return number;
}

static void joint_add(struct block *block, size_t member, int64_t value, size_t cell)
{
    struct err err = ERR_INIT;
    ASSERT_OK(block_add_joint(block, member, &value, &err), err);
    ASSERT_OK(block_link(block, cell, &err), err);
}

static void test_block_seal__merges_what_lies_in_the_same_cells(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(block_free) struct block *block = empty_block(&UNITS);
    size_t one = cell_add(block, 0);
    size_t other = cell_add(block, 0);
    size_t never = cell_add(block, 1);
    joint_add(block, 0, 3, one);
    joint_add(block, 0, 4, one);
    joint_add(block, 1, 5, one);
    joint_add(block, 0, 6, other);
    ASSERT_OK(block_seal(block, &err), err);
    assert_int_equal(block_columns(block).count, 3);
    assert_int_equal(block_cell_value(block, one, 0), 12);
    assert_int_equal(block_member_value(block, one, 0, 0), 7);
    assert_int_equal(block_member_value(block, one, 0, 1), 5);
    assert_true(block_member_can_occur(block, one, 1));
    assert_false(block_member_can_occur(block, other, 1));
    assert_false(block_cell_can_occur(block, never));
}

static void test_block_cell_twin__finds_one_figure_in_two_tables(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(block_free) struct block *block = empty_block(&UNITS);
    size_t one = cell_add(block, 0);
    size_t other = cell_add(block, 1);
    joint_add(block, 0, 3, one);
    ASSERT_OK(block_link(block, other, &err), err);
    ASSERT_OK(block_seal(block, &err), err);
    assert_int_equal(block_cell_twin(block, one), one);
    assert_int_equal(block_cell_twin(block, other), one);
}

static void test_block_new__refuses_what_passes_its_limits(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    static const struct block_table table = {.name = "T", .indicator = "I01"};
    const struct block_spec good = {.unit = "child",
                                    .period = "2014-Q1",
                                    .member_count = BLOCK_MEMBERS_MAX,
                                    .tables = &table,
                                    .table_count = 1,
                                    .quantities = &UNITS,
                                    .quantity_count = 1};
    struct block *block = NULL;
    ASSERT_OK(block_new(&good, &block, &err), err);
    block_free(block);
    struct block_spec bad[] = {good, good, good, good};
    bad[0].member_count = BLOCK_MEMBERS_MAX + 1;
    bad[1].member_count = 0;
    bad[2].table_count = BLOCK_TABLES_MAX + 1;
    bad[3].quantity_count = BLOCK_QUANTITIES_MAX + 1;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        block = NULL;
        ASSERT_ERR(ERR_INVALID, block_new(&bad[i], &block, &err));
        assert_null(block);
    }
}

static void test_block_add_cell__names_the_table_to_drop(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(block_free) struct block *block = empty_block(&UNITS);
    (void)cell_add(block, 0);
    for (size_t i = 1; i < BLOCK_CELLS_MAX; i++) {
        (void)cell_add(block, 1);
    }
    const struct block_cell cell = {.outcome = "TOTAL", .quantities = 1, .whole = BLOCK_NONE};
    size_t number = 42;
    ASSERT_ERR(ERR_LIMIT, block_add_cell(block, &cell, &number, &err));
    assert_int_equal(number, 42);
    assert_non_null(strstr(err.hint, "\"large\""));
    assert_string_equal(err.reason, "BLOCK_TOO_LARGE");
}

static void test_block_add_joint__refuses_one_past_the_limit(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(block_free) struct block *block = empty_block(&UNITS);
    size_t cell = cell_add(block, 0);
    for (size_t i = 0; i < BLOCK_JOINT_CELLS_MAX; i++) {
        joint_add(block, i % 2, 1, cell);
    }
    const int64_t one = 1;
    ASSERT_ERR(ERR_LIMIT, block_add_joint(block, 0, &one, &err));
    ASSERT_OK(block_seal(block, &err), err);
    assert_int_equal(block_columns(block).count, 2);
    assert_int_equal(block_cell_value(block, cell, 0), BLOCK_JOINT_CELLS_MAX);
}

static void test_block__refuses_values_and_links_that_do_not_fit(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(block_free) struct block *block = empty_block(&CASES);
    size_t cell = cell_add(block, 0);
    const int64_t negative = -100;
    const int64_t broken = 150;
    const int64_t whole = 200;
    const struct block_cell stranger = {
        .table = 2, .outcome = "TOTAL", .quantities = 1, .whole = BLOCK_NONE};
    const struct block_cell unknown = {.outcome = "TOTAL", .quantities = 2, .whole = BLOCK_NONE};
    size_t number;
    ASSERT_ERR(ERR_INVALID, block_add_cell(block, &stranger, &number, &err));
    ASSERT_ERR(ERR_INVALID, block_add_cell(block, &unknown, &number, &err));
    ASSERT_ERR(ERR_INVALID, block_link(block, cell, &err)); // no joint cell yet
    ASSERT_ERR(ERR_INVALID, block_add_joint(block, 0, &negative, &err));
    ASSERT_ERR(ERR_INVALID, block_add_joint(block, 0, &broken, &err));
    ASSERT_ERR(ERR_INVALID, block_add_joint(block, 2, &whole, &err));
    ASSERT_OK(block_add_joint(block, 0, &whole, &err), err);
    ASSERT_ERR(ERR_INVALID, block_link(block, cell + 1, &err));
    ASSERT_OK(block_seal(block, &err), err);
    ASSERT_ERR(ERR_INVALID, block_add_joint(block, 0, &whole, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block_seal__merges_what_lies_in_the_same_cells),
        cmocka_unit_test(test_block_cell_twin__finds_one_figure_in_two_tables),
        cmocka_unit_test(test_block_new__refuses_what_passes_its_limits),
        cmocka_unit_test(test_block_add_cell__names_the_table_to_drop),
        cmocka_unit_test(test_block_add_joint__refuses_one_past_the_limit),
        cmocka_unit_test(test_block__refuses_values_and_links_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
