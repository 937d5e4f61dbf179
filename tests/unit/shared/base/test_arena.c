/*
 * Goal: an arena never takes more memory than its cap, whatever is asked for in which order.
 * Method: the cap and one byte past it, sizes that would wrap, small blocks until it is full.
 */
#include "support.h"

#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

enum { CAP = 64 * 1024 };

static void test_arena_alloc__gives_zeroed_aligned_blocks_of_their_own(void **state)
{
    static const size_t SIZES[] = {1, 7, 16, 17, 4096, 0, 20000};
    AUTO(arena_free) struct arena *arena = arena_new(CAP);
    uint8_t *blocks[ARRAY_COUNT(SIZES)];
    (void)state;
    assert_non_null(arena);
    for (size_t i = 0; i < ARRAY_COUNT(SIZES); i++) {
        blocks[i] = arena_alloc(arena, SIZES[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        for (size_t j = 0; j < SIZES[i]; j++) {
            assert_int_equal(blocks[i][j], 0);
        }
        memset(blocks[i], (int)i + 1, SIZES[i]);
    }
    for (size_t i = 0; i < ARRAY_COUNT(SIZES); i++) {
        for (size_t j = 0; j < SIZES[i]; j++) {
            assert_int_equal(blocks[i][j], i + 1);
        }
    }
    assert_false(arena_is_exhausted(arena));
}

static void test_arena_alloc__takes_the_cap_and_no_byte_more(void **state)
{
    AUTO(arena_free) struct arena *whole = arena_new(CAP);
    AUTO(arena_free) struct arena *over = arena_new(CAP);
    (void)state;
    assert_non_null(arena_alloc(whole, CAP));
    assert_false(arena_is_exhausted(whole));
    assert_null(arena_alloc(whole, 1));
    assert_true(arena_is_exhausted(whole));
    assert_null(arena_alloc(over, CAP + 1));
    assert_true(arena_is_exhausted(over));
    assert_non_null(arena_alloc(over, 1)); // refusing one block spoils no other
}

static void test_arena_alloc__refuses_sizes_that_would_wrap(void **state)
{
    static const size_t SIZES[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - alignof(max_align_t),
                                   SIZE_MAX / 2};
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(SIZES); i++) {
        AUTO(arena_free) struct arena *arena = arena_new(CAP);
        assert_null(arena_alloc(arena, SIZES[i]));
        assert_null(arena_copy(arena, "x", SIZES[i]));
        assert_true(arena_is_exhausted(arena));
    }
}

/* Large blocks between small ones leave chunks half empty; they count all the same. */
static void test_arena_alloc__counts_what_it_wastes(void **state)
{
    AUTO(arena_free) struct arena *arena = arena_new(CAP);
    size_t given = 0;
    (void)state;
    for (size_t i = 0; i < CAP; i++) {
        size_t size = i % 2 == 0 ? 16 : 9000;
        given += arena_alloc(arena, size) == NULL ? 0 : size;
    }
    assert_true(arena_is_exhausted(arena));
    assert_in_range(given, 9000, CAP);
}

static void test_arena_copy__ends_the_bytes_with_a_nul(void **state)
{
    AUTO(arena_free) struct arena *arena = arena_new(CAP);
    (void)state;
    assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy(arena, NULL, 0), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_alloc__gives_zeroed_aligned_blocks_of_their_own),
        cmocka_unit_test(test_arena_alloc__takes_the_cap_and_no_byte_more),
        cmocka_unit_test(test_arena_alloc__refuses_sizes_that_would_wrap),
        cmocka_unit_test(test_arena_alloc__counts_what_it_wastes),
        cmocka_unit_test(test_arena_copy__ends_the_bytes_with_a_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
