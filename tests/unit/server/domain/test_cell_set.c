/*
 * Goal: a sum of cells is exact only when each is; codes are bounded; equal cells are one.
 * Method: every pair of states; a set past its first growth.
 */
#include "support.h"

#include "domain/cell_set.h"

#include <stdio.h>
#include <string.h>

static void test_cell_add__absence_wins(void **state)
{
    (void)state;
    for (int a = CELL_EXACT; a <= CELL_NOT_APPLICABLE; a++) {
        for (int b = CELL_EXACT; b <= CELL_NOT_APPLICABLE; b++) {
            struct cell_value x = {(enum cell_state)a, a == CELL_EXACT ? 7 : 0};
            struct cell_value y = {(enum cell_state)b, b == CELL_EXACT ? 5 : 0};
            struct cell_value sum = cell_add(x, y);
            assert_int_equal(cell_add(y, x).state, sum.state);
            if (a == CELL_WITHHELD || b == CELL_WITHHELD) {
                assert_int_equal(CELL_WITHHELD, sum.state);
            }
            if (sum.state != CELL_EXACT) {
                assert_int_equal(0, sum.exact);
            }
        }
    }
    assert_int_equal(12, cell_add(cell_exact(7), cell_exact(5)).exact);
    assert_int_equal(7, cell_add(cell_absent(CELL_STRUCTURAL_ZERO), cell_exact(7)).exact);
}

static void test_cell_code_set__bounds_a_code(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    char code[CELL_CODE_BYTES] = "old";
    char longest[CELL_CODE_BYTES + 1];
    memset(longest, 'A', sizeof(longest));
    longest[CELL_CODE_BYTES] = '\0';
    ASSERT_ERR(ERR_LIMIT, cell_code_set(code, longest, &err));
    assert_string_equal("old", code);
    longest[CELL_CODE_BYTES - 1] = '\0';
    ASSERT_OK(cell_code_set(code, longest, &err), err);
}

static void test_cell_set_add__adds_equal_cells_up(void **state)
{
    (void)state;
    enum { CELLS = 1000, ROUNDS = 3 };
    struct err err = ERR_INIT;
    AUTO(cell_set_free) struct cell_set *set = NULL;
    ASSERT_OK(cell_set_new(CELLS_EXACT, &set, &err), err);
    for (int i = 0; i < CELLS * ROUNDS; i++) {
        struct cell cell = {.period = "2014-Q1", .outcome = "A", .value = cell_exact(i % CELLS)};
        snprintf(cell.keys[0], sizeof(cell.keys[0]), "%d", i % CELLS);
        ASSERT_OK(cell_set_add(set, &cell, &err), err);
    }
    assert_int_equal(CELLS, cell_set_count(set));
    for (size_t i = 0; i < CELLS; i++) {
        assert_int_equal(ROUNDS * (int)i, cell_set_at(set, i)->value.exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cell_add__absence_wins),
        cmocka_unit_test(test_cell_code_set__bounds_a_code),
        cmocka_unit_test(test_cell_set_add__adds_equal_cells_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
