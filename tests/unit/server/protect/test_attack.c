/* Goal: the attacker's intervals are those that an outside program finds, and what it calls
 * safe a complete enumeration cannot narrow. Method: tables protected by sdcTable 0.34 with
 * its own bounds (tests/data/oracles), to 1e-6; then thousands of small random blocks, each
 * protected and attacked by trying every whole-number population there is. */
#include "toy_block.h"

#include "protect/attack.h"
#include "protect/suppress.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AXES_MAX = 3, CODES_MAX = 16, ORACLE_CELLS_MAX = 256, LABEL_BYTES = 16 };

/* ---- sdcTable ---- */

/* One of its tables: an axis has codes, some of which are sums of others. */
struct oracle {
    size_t axis_count;
    char names[AXES_MAX][LABEL_BYTES];
    char codes[AXES_MAX][CODES_MAX][LABEL_BYTES];
    size_t code_count[AXES_MAX];
    bool covers[AXES_MAX][CODES_MAX][CODES_MAX]; /* code a is code b or a sum with b in it */
    size_t cell_count;
    size_t cells[ORACLE_CELLS_MAX][AXES_MAX];
    int64_t values[ORACLE_CELLS_MAX];
};

static size_t code_number(struct oracle *oracle, size_t axis, const char *text)
{
    for (size_t i = 0; i < oracle->code_count[axis]; i++) {
        if (strcmp(oracle->codes[axis][i], text) == 0) {
            return i;
        }
    }
    assert_true(oracle->code_count[axis] < CODES_MAX);
    (void)snprintf(oracle->codes[axis][oracle->code_count[axis]], LABEL_BYTES, "%s", text);
    return oracle->code_count[axis]++;
}

static void axes_read(struct oracle *oracle, const json_t *cell)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)cell, key, value)
    {
        if (json_is_string(value) && strcmp(key, "sdcStatus") != 0) {
            (void)snprintf(oracle->names[oracle->axis_count++], LABEL_BYTES, "%s", key);
        }
    }
}

static void cells_read(struct oracle *oracle, const json_t *cells)
{
    axes_read(oracle, json_array_get(cells, 0));
    oracle->cell_count = json_array_size(cells);
    assert_true(oracle->cell_count <= ORACLE_CELLS_MAX);
    for (size_t i = 0; i < oracle->cell_count; i++) {
        const json_t *cell = json_array_get(cells, i);
        for (size_t a = 0; a < oracle->axis_count; a++) {
            const char *text = json_string_value(json_object_get(cell, oracle->names[a]));
            oracle->cells[i][a] = code_number(oracle, a, text);
        }
        oracle->values[i] = json_integer_value(json_object_get(cell, "freq"));
    }
}

static bool is_total(const struct oracle *oracle, size_t axis, size_t code)
{
    return strncmp(oracle->codes[axis][code], "tot", 3) == 0;
}

/* The codes that the table itself calls a group: {"A": [1, 2, 3], ...} of the leaf codes in
 * their order. Groups come before the leaves they hold. */
static void covers_fill(struct oracle *oracle, size_t axis, const json_t *groups)
{
    size_t leaves[CODES_MAX];
    size_t leaf_count = 0;
    for (size_t code = 0; code < oracle->code_count[axis]; code++) {
        oracle->covers[axis][code][code] = true;
        bool group = groups != NULL && json_object_get(groups, oracle->codes[axis][code]) != NULL;
        if (!is_total(oracle, axis, code) && !group) {
            leaves[leaf_count++] = code;
        }
    }
    for (size_t code = 0; code < oracle->code_count[axis]; code++) {
        const json_t *members =
            groups == NULL ? NULL : json_object_get(groups, oracle->codes[axis][code]);
        for (size_t leaf = 0; leaf < leaf_count; leaf++) {
            bool in = is_total(oracle, axis, code);
            for (size_t m = 0; m < json_array_size(members); m++) {
                in = in || (size_t)json_integer_value(json_array_get(members, m)) == leaf + 1;
            }
            oracle->covers[axis][code][leaves[leaf]] |= in;
        }
    }
}

static bool is_leaf(const struct oracle *oracle, size_t cell)
{
    for (size_t a = 0; a < oracle->axis_count; a++) {
        for (size_t other = 0; other < oracle->code_count[a]; other++) {
            size_t code = oracle->cells[cell][a];
            if (other != code && oracle->covers[a][code][other]) {
                return false;
            }
        }
    }
    return true;
}

static bool cell_covers(const struct oracle *oracle, size_t cell, size_t leaf)
{
    for (size_t a = 0; a < oracle->axis_count; a++) {
        if (!oracle->covers[a][oracle->cells[cell][a]][oracle->cells[leaf][a]]) {
            return false;
        }
    }
    return true;
}

static struct block *oracle_block(const struct oracle *oracle)
{
    struct err err = ERR_INIT;
    static const struct block_table table = {.name = "T", .indicator = "I01"};
    static const struct block_quantity units = {"UNITS", 1, 1};
    const struct block_spec spec = {.unit = "u",
                                    .period = "2014-Q1",
                                    .member_count = 1,
                                    .tables = &table,
                                    .table_count = 1,
                                    .quantities = &units,
                                    .quantity_count = 1};
    struct block *block = NULL;
    ASSERT_OK(block_new(&spec, &block, &err), err);
    for (size_t i = 0; i < oracle->cell_count; i++) {
        size_t number;
        struct block_cell cell = {.outcome = "TOTAL", .quantities = 1, .whole = BLOCK_NONE};
        ASSERT_OK(block_add_cell(block, &cell, &number, &err), err);
    }
    for (size_t leaf = 0; leaf < oracle->cell_count; leaf++) {
        if (!is_leaf(oracle, leaf)) {
            continue;
        }
        ASSERT_OK(block_add_joint(block, 0, &oracle->values[leaf], &err), err);
        for (size_t cell = 0; cell < oracle->cell_count; cell++) {
            if (cell_covers(oracle, cell, leaf)) {
                ASSERT_OK(block_link(block, cell, &err), err);
            }
        }
    }
    ASSERT_OK(block_seal(block, &err), err);
    for (size_t cell = 0; cell < oracle->cell_count; cell++) {
        assert_int_equal(block_cell_value(block, cell, 0), oracle->values[cell]);
    }
    return block;
}

static void assert_bounds(const struct block *block, const bool *hidden, const json_t *bounds,
                          const char *where)
{
    struct err err = ERR_INIT;
    AUTO(population_free) struct population *population = NULL;
    AUTO(attack_free) struct attack *attack = NULL;
    ASSERT_OK(population_new(block, 0, &population, &err), err);
    const struct attack_spec spec = {.block = block,
                                     .viewer = VIEWER_OUTSIDER,
                                     .population = population,
                                     .hidden = hidden,
                                     .rise_max = 100000.0};
    ASSERT_OK(attack_new(&spec, &attack, &err), err);
    for (size_t i = 0; i < json_array_size(bounds); i++) {
        const json_t *bound = json_array_get(bounds, i);
        size_t cell = (size_t)json_integer_value(json_object_get(bound, "id")) - 1;
        double value = json_number_value(json_object_get(bound, "freq"));
        struct attack_interval interval = {0.0, 0.0};
        ASSERT_OK(attack_bounds(attack, cell, &interval, &err), err);
        double low = json_number_value(json_object_get(bound, "low"));
        double high = json_number_value(json_object_get(bound, "up"));
        if (fabs(value + interval.low - low) > 1e-6 || fabs(value + interval.high - high) > 1e-6) {
            fail_msg("%s: cell %zu is [%f, %f], sdcTable says [%f, %f]", where, cell + 1,
                     value + interval.low, value + interval.high, low, high);
        }
    }
}

/* "u" and "x" in the status of a pattern are hidden. */
static void pattern_check(const struct block *block, const json_t *method, const char *where)
{
    const char *status = json_string_value(json_object_get(method, "status"));
    bool hidden[ORACLE_CELLS_MAX] = {false};
    for (size_t i = 0; status[i] != '\0'; i++) {
        hidden[i] = status[i] == 'u' || status[i] == 'x';
    }
    assert_bounds(block, hidden, json_object_get(method, "bounds"), where);
}

static void table_check(const json_t *table)
{
    struct oracle *oracle = calloc(1, sizeof *oracle);
    assert_non_null(oracle);
    const char *id = json_string_value(json_object_get(table, "id"));
    const json_t *cells = json_object_get(table, "cells");
    cells_read(oracle, cells);
    const json_t *hierarchy = json_object_get(json_object_get(table, "dims"), "hier");
    for (size_t a = 0; a < oracle->axis_count; a++) {
        covers_fill(oracle, a, json_is_array(hierarchy) ? json_array_get(hierarchy, a) : NULL);
    }
    AUTO(block_free) struct block *block = oracle_block(oracle);
    bool primary[ORACLE_CELLS_MAX] = {false};
    for (size_t i = 0; i < oracle->cell_count; i++) {
        const json_t *cell = json_array_get(cells, i);
        primary[i] = strcmp(json_string_value(json_object_get(cell, "sdcStatus")), "u") == 0;
    }
    assert_bounds(block, primary, json_object_get(table, "primary_only_attack"), id);
    const char *name;
    json_t *method;
    json_object_foreach(json_object_get(table, "methods"), name, method)
    {
        char where[64];
        (void)snprintf(where, sizeof where, "%s %s", id, name);
        pattern_check(block, method, where);
    }
    free(oracle);
}

static void test_attack_bounds__agree_with_sdctable(void **state)
{
    (void)state;
    json_error_t error;
    json_t *tables = json_load_file(TEST_DATA_DIR "/oracles/sdctable.json", 0, &error);
    assert_non_null(tables);
    assert_true(json_array_size(tables) >= 10);
    for (size_t i = 0; i < json_array_size(tables); i++) {
        table_check(json_array_get(tables, i));
    }
    json_decref(tables);
}

/* ---- complete enumeration ---- */

enum { RUNS = 80, JOINT_MAX = 8, CELLS_MAX = 64 };

/* xorshift64*, seeded per run. */
static uint64_t dice(uint64_t *state, uint64_t sides)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (*state * 0x2545f4914f6cdd1dULL >> 33) % sides;
}

/* Everything that a viewer cannot rule out, tried one by one. It knows nothing of columns,
 * programs or the engine's code: joint cells, published sums, whole numbers. */
struct enumeration {
    const struct toy *toy;
    const struct block *block;
    const bool *hidden;
    size_t viewer;
    size_t cell_count;
    size_t joint_count;
    bool lies[CELLS_MAX][JOINT_MAX]; /* the joint cell is in the planned cell */
    size_t last[CELLS_MAX];          /* the last joint cell in the planned cell */
    int64_t left[CELLS_MAX];         /* of a published cell, still to be placed */
    int64_t sums[CELLS_MAX];
    int64_t low[CELLS_MAX];
    int64_t high[CELLS_MAX];
    int64_t most; /* a joint cell that no published cell bounds stops here */
};

static void enumeration_record(struct enumeration *all)
{
    for (size_t c = 0; c < all->cell_count; c++) {
        all->low[c] = all->sums[c] < all->low[c] ? all->sums[c] : all->low[c];
        all->high[c] = all->sums[c] > all->high[c] ? all->sums[c] : all->high[c];
    }
}

static void enumeration_add(struct enumeration *all, size_t joint, int64_t value)
{
    for (size_t c = 0; c < all->cell_count; c++) {
        if (all->lies[c][joint]) {
            all->left[c] -= value;
            all->sums[c] += value;
        }
    }
}

/* Whether the published cells that end with this joint cell have come out right. */
static bool enumeration_fits(const struct enumeration *all, size_t joint)
{
    for (size_t c = 0; c < all->cell_count; c++) {
        if (!all->hidden[c] && all->last[c] == joint && all->left[c] != 0) {
            return false;
        }
    }
    return true;
}

/* The joint cells from `joint` on; recursion is as deep as there are joint cells. */
static void enumeration_walk(struct enumeration *all, size_t joint)
{
    if (joint == all->joint_count) {
        enumeration_record(all);
        return;
    }
    size_t codes[TOY_ATTRIBUTES_MAX];
    toy_codes(all->toy, joint, codes);
    int64_t from = 0;
    int64_t to = INT64_MAX;
    if (codes[0] == all->viewer) {
        from = to = all->toy->counts[joint];
    }
    for (size_t c = 0; c < all->cell_count; c++) {
        if (all->lies[c][joint] && !all->hidden[c] && all->left[c] < to) {
            to = all->left[c];
        }
    }
    to = to == INT64_MAX ? all->most : to;
    for (int64_t value = from; value <= to; value++) {
        enumeration_add(all, joint, value);
        if (enumeration_fits(all, joint)) {
            enumeration_walk(all, joint + 1);
        }
        enumeration_add(all, joint, -value);
    }
}

static bool cell_is_own(const struct enumeration *all, size_t cell)
{
    for (size_t joint = 0; joint < all->joint_count; joint++) {
        size_t codes[TOY_ATTRIBUTES_MAX];
        toy_codes(all->toy, joint, codes);
        if (all->lies[cell][joint] && codes[0] != all->viewer) {
            return false;
        }
    }
    return true;
}

static void enumeration_check(const struct toy *toy, const struct block *block, const bool *hidden,
                              size_t viewer, int64_t width)
{
    struct enumeration all = {.toy = toy, .block = block, .hidden = hidden, .viewer = viewer};
    all.cell_count = block_cell_count(block);
    all.joint_count = toy_joint_count(toy);
    for (size_t t = 0; t < toy->table_count; t++) {
        for (size_t joint = 0; joint < all.joint_count; joint++) {
            size_t codes[TOY_ATTRIBUTES_MAX];
            toy_codes(toy, joint, codes);
            size_t cell = toy_first_cell(toy, t) + toy_cell_of(toy, toy->tables[t], codes);
            all.lies[cell][joint] = true;
            all.last[cell] = joint;
        }
    }
    all.most = 4 + width;
    for (size_t c = 0; c < all.cell_count; c++) {
        all.left[c] = block_cell_value(block, c, 0);
        all.low[c] = all.high[c] = all.left[c];
    }
    enumeration_walk(&all, 0);
    for (size_t c = 0; c < all.cell_count; c++) {
        if (hidden[c] && !cell_is_own(&all, c) && all.high[c] - all.low[c] < width) {
            fail_msg("viewer %zd narrows cell %zu to [%ld, %ld]", (ssize_t)viewer, c, all.low[c],
                     all.high[c]);
        }
    }
}

static void test_suppress__withstands_every_population(void **state)
{
    (void)state;
    static const size_t shapes[][3] = {{3, 2, 1}, {1, 3, 2}, {2, 3, 1}, {1, 2, 3}, {2, 2, 2}};
    static const unsigned tables[] = {0x0, 0x1, 0x2, 0x4, 0x3, 0x6};
    const struct policy policy = {.threshold = 3,
                                  .width = 3,
                                  .contributors_min = 3,
                                  .rest_contributors_min = 2,
                                  .rest_subjects_min = 3,
                                  .dominance_n = 1,
                                  .dominance_percent = 85,
                                  .p_percent = 10};
    size_t with_hidden = 0;
    for (uint64_t run = 1; run <= RUNS; run++) {
        uint64_t seed = run * 0x9e3779b97f4a7c15ULL;
        int64_t counts[JOINT_MAX];
        unsigned chosen[ARRAY_COUNT(tables)];
        struct err err = ERR_INIT;
        struct toy toy = {.sizes = shapes[run % 40 == 0 ? ARRAY_COUNT(shapes) - 1
                                                        : dice(&seed, ARRAY_COUNT(shapes) - 1)],
                          .attribute_count = 3,
                          .tables = chosen,
                          .counts = counts,
                          .zero_discloses = dice(&seed, 2) == 1};
        chosen[toy.table_count++] = tables[0];
        for (size_t t = 1; t < ARRAY_COUNT(tables); t++) {
            if (dice(&seed, 3) != 0) {
                chosen[toy.table_count++] = tables[t];
            }
        }
        for (size_t joint = 0; joint < toy_joint_count(&toy); joint++) {
            counts[joint] = (int64_t)dice(&seed, dice(&seed, 2) == 0 ? 3 : 5);
        }
        AUTO(block_free) struct block *block = toy_block(&toy);
        AUTO(suppression_free) struct suppression *named = NULL;
        ASSERT_OK(suppress_named(block, &policy, &named, &err), err);
        bool hidden[CELLS_MAX] = {false};
        for (size_t c = 0; c < block_cell_count(block); c++) {
            hidden[c] = suppression_state(named, c) == RELEASED_WITHHELD;
        }
        with_hidden += suppression_figures(named).withheld > 0 ? 1 : 0;
        enumeration_check(&toy, block, hidden, SIZE_MAX, policy.width);
        for (size_t member = 0; member < toy.sizes[0]; member++) {
            enumeration_check(&toy, block, hidden, member, policy.width);
        }
    }
    assert_true(with_hidden > RUNS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attack_bounds__agree_with_sdctable),
        cmocka_unit_test(test_suppress__withstands_every_population),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
