/* Goal: no pattern lets anybody work a hidden cell out, and the shortcuts that are known to
 * fail do fail here. Method: toy blocks whose right answer can be seen by eye; for each
 * shortcut, a case that the shortcut passes and the joint audit refuses. */
#include "toy_block.h"

#include "protect/audit.h"
#include "protect/suppress.h"

static const struct policy POLICY = POLICY_DEFAULT;

static struct suppression *named_of(const struct block *block)
{
    struct err err = ERR_INIT;
    struct suppression *named = NULL;
    ASSERT_OK(suppress_named(block, &POLICY, &named, &err), err);
    return named;
}

static struct suppression *pooled_of(const struct suppression *named)
{
    struct err err = ERR_INIT;
    struct suppression *pooled = NULL;
    ASSERT_OK(suppress_pooled(named, &pooled, &err), err);
    return pooled;
}

static bool pattern_is_safe(const struct block *block, const bool *hidden)
{
    struct err err = ERR_INIT;
    struct audit_verdict verdict = {false, 0};
    ASSERT_OK(audit_pattern(block, &POLICY, hidden, &verdict, &err), err);
    return verdict.safe;
}

static void assert_withheld(const struct suppression *suppression, size_t cell)
{
    assert_int_equal(suppression_state(suppression, cell), RELEASED_WITHHELD);
}

static void assert_exact(const struct suppression *suppression, size_t cell)
{
    assert_int_equal(suppression_state(suppression, cell), RELEASED_EXACT);
}

/* One member, one attribute of four codes, and their sum: cells 0 (sum), 1..4. */
static const size_t LINE_SIZES[] = {1, 4};
static const unsigned LINE_TABLES[] = {0x0, 0x2};

static struct block *line_block(const int64_t counts[4], const uint32_t *subjects)
{
    return toy_block(&(struct toy){.sizes = LINE_SIZES,
                                   .attribute_count = 2,
                                   .tables = LINE_TABLES,
                                   .table_count = 2,
                                   .counts = counts,
                                   .subjects = subjects});
}

static void test_suppress_named__shows_all_at_the_threshold(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = line_block((const int64_t[]){5, 5, 6, 30}, NULL);
    AUTO(suppression_free) struct suppression *named = named_of(block);
    for (size_t cell = 0; cell < 5; cell++) {
        assert_exact(named, cell);
    }
}

static void test_suppress_named__hides_one_below_the_threshold_and_a_partner(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = line_block((const int64_t[]){4, 7, 20, 30}, NULL);
    AUTO(suppression_free) struct suppression *named = named_of(block);
    assert_exact(named, 0);
    assert_withheld(named, 1);
    assert_withheld(named, 2); // the cheapest that is large enough
    assert_exact(named, 3);
    assert_exact(named, 4);
}

static void test_suppress_named__is_the_same_every_time(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = line_block((const int64_t[]){4, 7, 3, 30}, NULL);
    AUTO(suppression_free) struct suppression *one = named_of(block);
    AUTO(suppression_free) struct suppression *other = named_of(block);
    for (size_t cell = 0; cell < 5; cell++) {
        assert_int_equal(suppression_state(one, cell), suppression_state(other, cell));
    }
}

/* Twelve follow-ups of one child are one child. */
static void test_suppress_named__counts_subjects_not_rows(void **state)
{
    (void)state;
    AUTO(block_free)
    struct block *block =
        line_block((const int64_t[]){12, 20, 20, 30}, (const uint32_t[]){1, 20, 20, 30});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    assert_withheld(named, 1);
    const bool by_rows[5] = {false}; // what a threshold on rows would publish
    assert_false(pattern_is_safe(block, by_rows));
}

static void test_audit_pattern__refuses_a_hidden_cell_beside_its_margin(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = line_block((const int64_t[]){4, 7, 20, 30}, NULL);
    const bool alone[5] = {[1] = true}; // 61 - 7 - 20 - 30 = 4
    assert_false(pattern_is_safe(block, alone));
    const bool narrow[5] = {[1] = true, [2] = true}; // 0..11: wide
    assert_true(pattern_is_safe(block, narrow));
}

static void test_audit_pattern__refuses_an_interval_below_the_width(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = line_block((const int64_t[]){2, 2, 20, 30}, NULL);
    const bool both[5] = {[1] = true, [2] = true}; // each 0..4
    assert_false(pattern_is_safe(block, both));
    AUTO(block_free) struct block *wider = line_block((const int64_t[]){2, 3, 20, 30}, NULL);
    assert_true(pattern_is_safe(wider, both)); // each 0..5
}

/* One member, three attributes of two codes, all two-way tables. Each table alone leaves its
 * four hidden cells an interval of 6; together, the published x-total pins them. */
static void test_audit_pattern__refuses_what_single_tables_pass(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 2};
    static const unsigned joint_tables[] = {0x6, 0x2, 0x4, 0x0};
    static const int64_t counts[] = {3, 9, 9, 12};
    AUTO(block_free)
    struct block *margins_only = toy_block(&(struct toy){.sizes = sizes,
                                                         .attribute_count = 3,
                                                         .tables = joint_tables,
                                                         .table_count = 4,
                                                         .counts = counts});
    const bool inner[9] = {true, true, true, true};
    assert_true(pattern_is_safe(margins_only, inner));

    /* the second table of the block: the same children by (a + b): it gives the diagonal */
    static const size_t finer_sizes[] = {1, 2, 2, 2};
    static const unsigned finer_tables[] = {0x6, 0x2, 0x4, 0x0, 0xa, 0xc};
    static const int64_t finer_counts[] = {3, 0, 0, 9, 0, 9, 12, 0};
    AUTO(block_free)
    struct block *joint = toy_block(&(struct toy){.sizes = finer_sizes,
                                                  .attribute_count = 4,
                                                  .tables = finer_tables,
                                                  .table_count = 6,
                                                  .counts = finer_counts});
    const bool same[17] = {true, true, true, true};
    assert_false(pattern_is_safe(joint, same));
}

/* Two members; only the pool is published. */
static const size_t PAIR_SIZES[] = {2, 2};
static const unsigned PAIR_TABLES[] = {0x0, 0x2};

static struct block *pair_block(const int64_t counts[4])
{
    return toy_block(&(struct toy){.sizes = PAIR_SIZES,
                                   .attribute_count = 2,
                                   .tables = PAIR_TABLES,
                                   .table_count = 2,
                                   .counts = counts});
}

/* The pool's 21 look safe, until the member with 20 of them subtracts its own. */
static void test_suppress_named__hides_what_a_partner_can_subtract(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = pair_block((const int64_t[]){20, 30, 1, 40});
    const bool outsider_only[3] = {false};
    assert_false(pattern_is_safe(block, outsider_only));
    AUTO(suppression_free) struct suppression *named = named_of(block);
    assert_withheld(named, 1);
    assert_withheld(named, 2);
}

static void test_suppress_named__keeps_a_pool_of_enough_on_either_side(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = pair_block((const int64_t[]){20, 30, 5, 40});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    assert_exact(named, 1);
    assert_exact(named, 2);
}

static void test_suppress_pooled__shows_nothing_of_two_members(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = pair_block((const int64_t[]){20, 30, 25, 40});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    AUTO(suppression_free) struct suppression *pooled = pooled_of(named);
    for (size_t cell = 0; cell < 3; cell++) {
        assert_int_equal(suppression_state(pooled, cell), RELEASED_TOO_FEW_CONTRIBUTORS);
    }
    assert_int_equal(suppression_figures(pooled).shown, 0);
}

/* Three members and two outcomes: member x outcome, member, outcome, sum. */
static const size_t TRIO_SIZES[] = {3, 2};
static const unsigned TRIO_TABLES[] = {0x0, 0x2, 0x1, 0x3};

static struct block *trio_block(const int64_t counts[6])
{
    return toy_block(&(struct toy){.sizes = TRIO_SIZES,
                                   .attribute_count = 2,
                                   .tables = TRIO_TABLES,
                                   .table_count = 4,
                                   .counts = counts});
}

static void test_suppress_pooled__withholds_members_and_shows_the_pool(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = trio_block((const int64_t[]){20, 30, 25, 35, 22, 31});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    AUTO(suppression_free) struct suppression *pooled = pooled_of(named);
    for (size_t cell = 0; cell < block_cell_count(block); cell++) {
        assert_exact(named, cell);
        assert_int_equal(suppression_state(pooled, cell),
                         cell < 3 ? RELEASED_EXACT : RELEASED_WITHHELD);
    }
}

static void test_suppress_pooled__shows_no_more_than_named(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = trio_block((const int64_t[]){2, 30, 25, 35, 22, 31});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    AUTO(suppression_free) struct suppression *pooled = pooled_of(named);
    assert_withheld(named, 6); // member 0, outcome 0
    for (size_t cell = 0; cell < block_cell_count(block); cell++) {
        if (suppression_state(named, cell) != RELEASED_EXACT) {
            assert_withheld(pooled, cell);
        }
    }
}

/* 2 + 2 + 20 children of three municipalities: without the third, 4 are left. */
static void test_suppress_pooled__needs_five_without_any_one_member(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = trio_block((const int64_t[]){5, 30, 0, 35, 22, 31});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    AUTO(suppression_free) struct suppression *pooled = pooled_of(named);
    assert_withheld(pooled, 1); // two contributors
    assert_withheld(pooled, 2); // or the sum gives it away
}

/* None of a group having the outcome says it of each of them, when that discloses. */
static void test_suppress_named__hides_none_and_all_where_they_disclose(void **state)
{
    (void)state;
    struct toy toy = {.sizes = LINE_SIZES,
                      .attribute_count = 2,
                      .tables = LINE_TABLES,
                      .table_count = 2,
                      .counts = (const int64_t[]){0, 20, 20, 30},
                      .zero_discloses = true};
    AUTO(block_free) struct block *none = toy_block(&toy);
    AUTO(suppression_free) struct suppression *hidden = named_of(none);
    assert_withheld(hidden, 1);
    toy.zero_discloses = false;
    AUTO(block_free) struct block *harmless = toy_block(&toy);
    AUTO(suppression_free) struct suppression *shown = named_of(harmless);
    assert_exact(shown, 1);
    toy.counts = (const int64_t[]){0, 0, 0, 30};
    toy.zero_discloses = true;
    AUTO(block_free) struct block *all = toy_block(&toy);
    AUTO(suppression_free) struct suppression *full = named_of(all);
    assert_withheld(full, 4);
}

/* Two members by three codes: the pool, the members, and the fine table of the codes. */
static const size_t FINE_SIZES[] = {2, 3};
static const unsigned FINE_TABLES[] = {0x0, 0x1, 0x2};

static struct block *fine_block(const int64_t counts[6])
{
    return toy_block(&(struct toy){.sizes = FINE_SIZES,
                                   .attribute_count = 2,
                                   .tables = FINE_TABLES,
                                   .table_count = 3,
                                   .counts = counts,
                                   .fine = 0x4});
}

/* Whatever the codes hold, the pool and the members stay when their own numbers are large:
 * the fine table takes it all, though its cells hold more units than the members do. */
static void test_suppress_named__takes_a_fine_table_before_a_coarse_figure(void **state)
{
    (void)state;
    static const int64_t cases[][6] = {
        {2, 40, 30, 2, 50, 20}, {1, 0, 30, 1, 90, 20}, {3, 3, 6, 3, 3, 6}, {0, 1, 20, 1, 0, 20}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        AUTO(block_free) struct block *block = fine_block(cases[i]);
        AUTO(suppression_free) struct suppression *named = named_of(block);
        bool hidden[6];
        for (size_t cell = 0; cell < 6; cell++) {
            hidden[cell] = suppression_state(named, cell) != RELEASED_EXACT;
        }
        assert_true(pattern_is_safe(block, hidden));
        for (size_t cell = 0; cell < 3; cell++) {
            assert_exact(named, cell);
        }
        assert_withheld(named, 3);
        struct suppression_figures figures = suppression_figures(named);
        assert_int_equal(figures.rank_withheld[BLOCK_RANK_POOL], 0);
        assert_int_equal(figures.rank_withheld[BLOCK_RANK_MUNICIPALITY], 0);
        assert_int_equal(figures.rank_shown[BLOCK_RANK_MUNICIPALITY], 2);
        assert_true(figures.rank_withheld[BLOCK_RANK_FINE] >= 2);
    }
}

/* The members alone give their small one away: no fine table can take that. */
static void test_suppress_named__hides_a_coarse_figure_that_is_sensitive(void **state)
{
    (void)state;
    AUTO(block_free) struct block *block = fine_block((const int64_t[]){1, 1, 1, 30, 40, 50});
    AUTO(suppression_free) struct suppression *named = named_of(block);
    assert_withheld(named, 1);
    assert_true(suppression_figures(named).rank_withheld[BLOCK_RANK_MUNICIPALITY] >= 1);
}

/* An outcome that nobody has is shown as zero in the pool: its fine cells are zeros that
 * everybody knows, and stay. Cells: 0 the sum, 1..2 the outcomes, 3..5 the codes, then each
 * code by outcome. */
static void test_suppress_named__withholds_no_zero_that_the_pool_tells(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 3, 2};
    static const unsigned tables[] = {0x0, 0x4, 0x2, 0x6};
    struct toy toy = {.sizes = sizes,
                      .attribute_count = 3,
                      .tables = tables,
                      .table_count = 4,
                      .counts = (const int64_t[]){2, 0, 60, 0, 80, 0},
                      .fine = 0xc};
    AUTO(block_free) struct block *block = toy_block(&toy);
    AUTO(suppression_free) struct suppression *named = named_of(block);
    assert_withheld(named, 6); // the two children of the first code
    for (size_t cell = 0; cell < 3; cell++) {
        assert_exact(named, cell);
    }
    for (size_t cell = 7; cell < 12; cell += 2) {
        assert_exact(named, cell);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suppress_named__shows_all_at_the_threshold),
        cmocka_unit_test(test_suppress_named__hides_one_below_the_threshold_and_a_partner),
        cmocka_unit_test(test_suppress_named__is_the_same_every_time),
        cmocka_unit_test(test_suppress_named__counts_subjects_not_rows),
        cmocka_unit_test(test_audit_pattern__refuses_a_hidden_cell_beside_its_margin),
        cmocka_unit_test(test_audit_pattern__refuses_an_interval_below_the_width),
        cmocka_unit_test(test_audit_pattern__refuses_what_single_tables_pass),
        cmocka_unit_test(test_suppress_named__hides_what_a_partner_can_subtract),
        cmocka_unit_test(test_suppress_named__keeps_a_pool_of_enough_on_either_side),
        cmocka_unit_test(test_suppress_pooled__shows_nothing_of_two_members),
        cmocka_unit_test(test_suppress_pooled__withholds_members_and_shows_the_pool),
        cmocka_unit_test(test_suppress_pooled__shows_no_more_than_named),
        cmocka_unit_test(test_suppress_pooled__needs_five_without_any_one_member),
        cmocka_unit_test(test_suppress_named__hides_none_and_all_where_they_disclose),
        cmocka_unit_test(test_suppress_named__takes_a_fine_table_before_a_coarse_figure),
        cmocka_unit_test(test_suppress_named__hides_a_coarse_figure_that_is_sensitive),
        cmocka_unit_test(test_suppress_named__withholds_no_zero_that_the_pool_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
