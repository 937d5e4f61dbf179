/* Goal: single cells are withheld by the rules and by nothing else. Method: the verdict table
 * tests/cases/protect_primary.cases with the default policy; the threshold at T-1, T and T+1;
 * and sensitivity as sdcTable computed it (tests/data/oracles). */
#include "support.h"

#include "protect/primary.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS_MAX = 8, LINE_BYTES = 256, CONTRIBUTIONS_MAX = 128 };

struct verdict_case {
    bool withhold;
    bool pooled;
    bool zero_discloses;
    size_t members;
    int64_t cell[MEMBERS_MAX];
    int64_t whole[MEMBERS_MAX];
};

static size_t numbers_read(const char *text, int64_t out[MEMBERS_MAX])
{
    size_t count = 0;
    char *end = NULL;
    for (const char *at = text; count < MEMBERS_MAX; at = end + 1) {
        out[count++] = strtol(at, &end, 10);
        if (*end != '+') {
            break;
        }
    }
    return count;
}

/* The cell is number 1, the whole number 0; the rest of the whole lies in the whole alone. */
static struct block *case_block(const struct verdict_case *one)
{
    struct err err = ERR_INIT;
    static const struct block_table table = {.name = "T", .indicator = "I01"};
    static const struct block_quantity units = {"UNITS", 1, 1};
    const struct block_spec spec = {.unit = "child",
                                    .period = "2014-Q1",
                                    .member_count = one->members,
                                    .tables = &table,
                                    .table_count = 1,
                                    .quantities = &units,
                                    .quantity_count = 1};
    struct block *block = NULL;
    ASSERT_OK(block_new(&spec, &block, &err), err);
    for (size_t i = 0; i < 2; i++) {
        const struct block_cell cell = {.outcome = i == 0 ? "TOTAL" : "X",
                                        .quantities = 1,
                                        .whole = i == 0 ? BLOCK_NONE : 0,
                                        .zero_discloses = one->zero_discloses};
        size_t number;
        uint32_t subjects[MEMBERS_MAX];
        uint32_t all = 0;
        for (size_t m = 0; m < one->members; m++) {
            subjects[m] = (uint32_t)(i == 0 ? one->whole[m] : one->cell[m]);
            all += subjects[m];
        }
        ASSERT_OK(block_add_cell(block, &cell, &number, &err), err);
        ASSERT_OK(block_set_subjects(block, number, all, subjects, &err), err);
    }
    for (size_t m = 0; m < one->members; m++) {
        int64_t rest = one->whole[m] - one->cell[m];
        ASSERT_OK(block_add_joint(block, m, &one->cell[m], &err), err);
        ASSERT_OK(block_link(block, 0, &err), err);
        ASSERT_OK(block_link(block, 1, &err), err);
        ASSERT_OK(block_add_joint(block, m, &rest, &err), err);
        ASSERT_OK(block_link(block, 0, &err), err);
    }
    ASSERT_OK(block_seal(block, &err), err);
    return block;
}

static bool is_withheld(const struct verdict_case *one, const struct policy *policy)
{
    AUTO(block_free) struct block *block = case_block(one);
    return primary_is_sensitive(block, policy, 1) ||
           (one->pooled && primary_is_municipal(block, policy, 1));
}

static bool line_read(const char *line, struct verdict_case *out)
{
    char words[5][64];
    if (line[0] == '#' || sscanf(line, "%63s %63s %63s %63s %63s", words[0], words[1], words[2],
                                 words[3], words[4]) != 5) {
        return false;
    }
    out->withhold = strcmp(words[0], "withhold") == 0;
    out->pooled = strcmp(words[1], "pooled") == 0;
    out->zero_discloses = strcmp(words[2], "discloses") == 0;
    out->members = numbers_read(words[3], out->cell);
    assert_int_equal(numbers_read(words[4], out->whole), out->members);
    return true;
}

static void test_primary__gives_the_verdicts_of_the_table(void **state)
{
    (void)state;
    static const struct policy policy = POLICY_DEFAULT;
    FILE *file = fopen(TEST_SOURCE_DIR "/tests/cases/protect_primary.cases", "r");
    assert_non_null(file);
    char line[LINE_BYTES];
    size_t cases = 0;
    size_t withheld = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        struct verdict_case one = {.members = 0};
        if (!line_read(line, &one)) {
            continue;
        }
        cases++;
        withheld += one.withhold ? 1 : 0;
        if (is_withheld(&one, &policy) != one.withhold) {
            fail_msg("other verdict than: %s", line);
        }
    }
    (void)fclose(file);
    assert_true(cases > 30 && withheld * 2 >= cases);
}

static void test_primary_is_sensitive__turns_at_the_threshold(void **state)
{
    (void)state;
    for (uint32_t threshold = 2; threshold <= 12; threshold++) {
        struct policy policy = POLICY_DEFAULT;
        policy.threshold = threshold;
        for (int64_t subjects = 1; subjects <= 14; subjects++) {
            struct verdict_case one = {.members = 1, .cell = {subjects}, .whole = {40}};
            assert_int_equal(is_withheld(&one, &policy), subjects < (int64_t)threshold);
        }
    }
}

/* A contribution of a microdata row counts in a cell when it agrees with its two codes. */
static size_t contributions_read(const json_t *root, const json_t *cell,
                                 int64_t out[CONTRIBUTIONS_MAX])
{
    static const char *const keys[] = {"region", "gender"};
    const json_t *rows = json_object_get(root, "microdata");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        bool in = true;
        for (size_t k = 0; k < 2; k++) {
            const char *code = json_string_value(json_object_get(cell, keys[k]));
            in = in && (strcmp(code, "total") == 0 ||
                        strcmp(code, json_string_value(json_object_get(row, keys[k]))) == 0);
        }
        if (in) {
            out[count++] = json_integer_value(json_object_get(row, "val"));
        }
    }
    return count;
}

static void test_primary__agrees_with_sdctable(void **state)
{
    (void)state;
    json_error_t error;
    json_t *file = json_load_file(TEST_DATA_DIR "/oracles/sdctable-primary.json", 0, &error);
    assert_non_null(file);
    const json_t *root = json_object_get(file, "micro1");
    const char *by_count = json_string_value(json_object_get(root, "freq2"));
    const char *by_dominance = json_string_value(json_object_get(root, "nk2_75"));
    const json_t *cells = json_object_get(root, "cells");
    struct policy policy = POLICY_DEFAULT;
    policy.threshold = 3; /* sdcTable's maxN is the largest sensitive count: 2 */
    for (size_t i = 0; i < json_array_size(cells); i++) {
        const json_t *cell = json_array_get(cells, i);
        int64_t count = json_integer_value(json_object_get(cell, "freq"));
        struct verdict_case one = {.members = 1, .cell = {count}, .whole = {count}};
        assert_int_equal(is_withheld(&one, &policy), by_count[i] == 'u');
        int64_t values[CONTRIBUTIONS_MAX];
        size_t n = contributions_read(root, cell, values);
        assert_int_equal(n, count);
        assert_int_equal(contribution_dominates(values, n, 2, 75), by_dominance[i] == 'u');
    }
    json_decref(file);
}

static void test_contribution_is_close__uses_largest_and_second(void **state)
{
    (void)state;
    static const struct {
        bool close;
        int64_t values[4];
        size_t count;
    } cases[] = {
        {true, {100}, 1},          {true, {100, 50}, 2},      {true, {100, 50, 9}, 3},
        {false, {100, 50, 10}, 3}, {false, {10, 100, 50}, 3}, {true, {4, 50, 100, 5}, 4},
        {false, {0, 0, 0}, 3},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int64_t values[4];
        memcpy(values, cases[i].values, sizeof values);
        assert_int_equal(contribution_is_close(values, cases[i].count, 10), cases[i].close);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_primary__gives_the_verdicts_of_the_table),
        cmocka_unit_test(test_primary_is_sensitive__turns_at_the_threshold),
        cmocka_unit_test(test_primary__agrees_with_sdctable),
        cmocka_unit_test(test_contribution_is_close__uses_largest_and_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
