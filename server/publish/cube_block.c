/* cube - from the units of one period to its audit block. */
#include "publish/cube.h"

#include "protect/released_table.h"
#include "publish/cube_private.h"
#include "publish/structure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOTS_MAX = CODES_RUN_MAX + 1 + 2 * PLAN_SHARES_MAX,
    COMBINATIONS_MAX = 64 * 1000 * 1000, /* of joint codes, before impossible ones go */
    QUANTITY_UNITS = 1U << 0,
    QUANTITY_RATIO = 1U << 1 | 1U << 2, /* numerator and denominator go together */
    /* What readers need most is withheld last: the pool before members, totals and the
     * headline share before other outcomes. */
    COST_POOL = 1000000,
    COST_MUNICIPALITY = 100000,
    COST_DIMENSION = 50,
    COST_TOTAL = 200,
    COST_HEADLINE = 100,
    COST_SHARE = 50,
};

static const struct block_quantity QUANTITIES[] = {
    {"UNITS", 1, 1},
    {RELEASED_OUTCOME_NUMERATOR, 100, 100}, /* whole cases, times 100 */
    {RELEASED_OUTCOME_DENOMINATOR, 100, 1}, /* hundredths of a full-time equivalent */
};

/* One of the cells that every region of a table has: the outcomes it counts, as bits. */
struct slot {
    uint32_t outcomes; /* bit i: outcome i; all bits: also units without an outcome column */
    const char *name;
    bool guard;
    uint32_t cost;
};

struct slots {
    struct slot slots[SLOTS_MAX];
    size_t count;
};

struct builder {
    const struct cube *cube;
    const struct plan_block *plan;
    const struct period_chosen *period;
    size_t period_index;
    size_t quantity_count;
    struct slots slots[PLAN_AXES_MAX];
    size_t first[PLAN_BLOCK_TABLES_MAX + 1]; /* the first cell of each table */
    int64_t *values;                         /* per combination and quantity; owned, wiped */
    size_t combinations;
    struct block *block; /* owned */
};

static void builder_clear(struct builder *builder)
{
    if (builder->values != NULL) {
        explicit_bzero(builder->values,
                       builder->combinations * builder->quantity_count * sizeof(int64_t));
        free(builder->values);
    }
    block_free(builder->block);
}

static void slot_add(struct slots *slots, struct slot slot)
{
    for (size_t i = 0; i < slots->count; i++) {
        if (slots->slots[i].outcomes == slot.outcomes) {
            return;
        }
    }
    slots->slots[slots->count++] = slot;
}

static uint32_t outcome_cost(const struct plan_axis *axis, uint32_t bit)
{
    for (size_t i = 0; i < axis->share_count; i++) {
        if ((axis->shares[i] & bit) != 0) {
            return i == 0 ? COST_HEADLINE : COST_SHARE;
        }
    }
    return 0;
}

/* The total, each outcome, and as guards what the shares say besides: numerators of several
 * outcomes, and the complements. */
static void slots_make(const struct plan_axis *axis, struct slots *slots)
{
    slots->count = 0;
    if (axis->outcomes == NULL) {
        slot_add(slots, (struct slot){UINT32_MAX, "RATIO", false, COST_TOTAL});
        return;
    }
    uint32_t all = (uint32_t)((1ULL << axis->outcomes->count) - 1);
    uint32_t cost = COST_TOTAL + (axis->share_count > 0 ? COST_HEADLINE : 0);
    slot_add(slots, (struct slot){all, RELEASED_OUTCOME_TOTAL, false, cost});
    for (size_t i = 0; i < axis->outcomes->count; i++) {
        uint32_t bit = 1U << i;
        slot_add(slots,
                 (struct slot){bit, axis->outcomes->codes[i], false, outcome_cost(axis, bit)});
    }
    for (size_t i = 0; i < axis->share_count; i++) {
        slot_add(slots, (struct slot){axis->shares[i], "SHARE", true, 0});
        slot_add(slots, (struct slot){all & ~axis->shares[i], "COMPLEMENT", true, 0});
    }
}

static bool slot_counts(const struct slot *slot, uint8_t outcome)
{
    return slot->outcomes == UINT32_MAX || (outcome != 0 && (slot->outcomes >> (outcome - 1) & 1U));
}

static size_t dimension_size(const struct builder *builder, size_t dimension)
{
    return dimension == PLAN_MUNICIPALITY ? builder->period->member_count
                                          : builder->plan->dimensions[dimension]->count;
}

static size_t region_count(const struct builder *builder, const struct plan_table *table)
{
    size_t count = 1;
    for (size_t i = 0; i < table->dimension_count; i++) {
        count *= dimension_size(builder, table->dimensions[i]);
    }
    return count;
}

/* Which region of a table a unit lies in; the last dimension runs fastest. */
static size_t region_of(const struct builder *builder, const struct plan_table *table,
                        const struct unit *unit)
{
    size_t region = 0;
    for (size_t i = 0; i < table->dimension_count; i++) {
        size_t dimension = table->dimensions[i];
        size_t code = dimension == PLAN_MUNICIPALITY ? unit->member : unit->dimensions[dimension];
        region = region * dimension_size(builder, dimension) + code;
    }
    return region;
}

static uint32_t table_cost(const struct plan_table *table)
{
    return table->dimension_count == 0                 ? COST_POOL
           : table->dimension_count > 1                ? 0
           : table->dimensions[0] == PLAN_MUNICIPALITY ? COST_MUNICIPALITY
                                                       : COST_DIMENSION;
}

/* The units without a code in a dimension have no row of their own, but a reader can find
 * them by subtraction: their cells are guards. */
static bool region_is_rest(const struct plan_table *table,
                           const char *const keys[PLAN_DIMENSIONS_MAX])
{
    for (size_t i = 0; i < table->dimension_count; i++) {
        if (strcmp(keys[i], CATALOGUE_OUTCOME_NONE) == 0) {
            return true;
        }
    }
    return false;
}

/* The codes of a region as texts; `member_text` lends room for a municipality's. */
static void region_keys(const struct builder *builder, const struct plan_table *table,
                        size_t region, char member_text[12], const char *keys[PLAN_DIMENSIONS_MAX])
{
    for (size_t i = table->dimension_count; i-- > 0;) {
        size_t dimension = table->dimensions[i];
        size_t size = dimension_size(builder, dimension);
        size_t code = region % size;
        region /= size;
        if (dimension == PLAN_MUNICIPALITY) {
            (void)snprintf(member_text, 12, "%d", builder->period->members[code]);
            keys[i] = member_text;
        } else {
            keys[i] = builder->plan->dimensions[dimension]->codes[code];
        }
    }
}

static enum err_code region_add(struct builder *builder, size_t number, size_t region,
                                struct err *err)
{
    const struct plan_table *table = &builder->plan->tables[number];
    const struct plan_axis *axis = &builder->plan->axes[table->axis];
    const struct slots *slots = &builder->slots[table->axis];
    char member_text[12];
    struct block_cell cell = {.table = number,
                              .quantities =
                                  axis->outcomes == NULL ? QUANTITY_RATIO : QUANTITY_UNITS,
                              .whole = BLOCK_NONE,
                              .zero_discloses = axis->zero_discloses};
    region_keys(builder, table, region, member_text, cell.keys);
    bool rest = region_is_rest(table, cell.keys);
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < slots->count && code == ERR_OK; i++) {
        size_t added = 0;
        cell.outcome = slots->slots[i].name;
        cell.guard = slots->slots[i].guard || rest;
        cell.cost = slots->slots[i].cost + table_cost(table);
        code = block_add_cell(builder->block, &cell, &added, err);
        if (i == 0) {
            cell.whole = added;
        }
    }
    return code;
}

static enum err_code cells_add(struct builder *builder, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t t = 0; t < builder->plan->table_count && code == ERR_OK; t++) {
        const struct plan_table *table = &builder->plan->tables[t];
        builder->first[t] = block_cell_count(builder->block);
        for (size_t r = 0; r < region_count(builder, table) && code == ERR_OK; r++) {
            code = region_add(builder, t, r, err);
        }
    }
    return code;
}

/* The planned cells that a unit lies in; returns how many. */
static size_t unit_cells(const struct builder *builder, const struct unit *unit, size_t *cells)
{
    size_t count = 0;
    for (size_t t = 0; t < builder->plan->table_count; t++) {
        const struct plan_table *table = &builder->plan->tables[t];
        const struct slots *slots = &builder->slots[table->axis];
        size_t first = builder->first[t] + region_of(builder, table, unit) * slots->count;
        for (size_t i = 0; i < slots->count; i++) {
            if (slot_counts(&slots->slots[i], unit->outcomes[table->axis])) {
                cells[count++] = first + i;
            }
        }
    }
    return count;
}

static size_t outcome_size(const struct plan_axis *axis)
{
    return axis->outcomes == NULL ? 1 : axis->outcomes->count + 1;
}

/* A combination of member, codes and outcomes as one number, and back. */
static size_t combination_of(const struct builder *builder, const struct unit *unit)
{
    size_t number = unit->member;
    for (size_t i = 0; i < builder->plan->dimension_count; i++) {
        number = number * builder->plan->dimensions[i]->count + unit->dimensions[i];
    }
    for (size_t i = 0; i < builder->plan->axis_count; i++) {
        number = number * outcome_size(&builder->plan->axes[i]) + unit->outcomes[i];
    }
    return number;
}

static struct unit combination_unit(const struct builder *builder, size_t number)
{
    struct unit unit = {.period = 0};
    for (size_t i = builder->plan->axis_count; i-- > 0;) {
        size_t size = outcome_size(&builder->plan->axes[i]);
        unit.outcomes[i] = (uint8_t)(number % size);
        number /= size;
    }
    for (size_t i = builder->plan->dimension_count; i-- > 0;) {
        size_t size = builder->plan->dimensions[i]->count;
        unit.dimensions[i] = (uint8_t)(number % size);
        number /= size;
    }
    unit.member = (uint8_t)number;
    return unit;
}

static enum err_code values_count(struct builder *builder, struct err *err)
{
    size_t combinations = builder->period->member_count;
    for (size_t i = 0; i < builder->plan->dimension_count; i++) {
        combinations *= builder->plan->dimensions[i]->count;
    }
    for (size_t i = 0; i < builder->plan->axis_count; i++) {
        combinations *= outcome_size(&builder->plan->axes[i]);
    }
    if (combinations > COMBINATIONS_MAX) {
        return err_set(err, ERR_LIMIT, "unit \"%s\" has more than %d joint combinations",
                       builder->plan->unit, COMBINATIONS_MAX);
    }
    size_t quantities = builder->quantity_count;
    builder->combinations = combinations;
    builder->values = calloc(combinations * quantities, sizeof(int64_t));
    if (builder->values == NULL) {
        return err_memory(err);
    }
    const struct cube *cube = builder->cube;
    for (size_t i = cube->first[builder->period_index]; i < cube->first[builder->period_index + 1];
         i++) {
        const struct unit *unit = &cube->units[i];
        int64_t *values = &builder->values[combination_of(builder, unit) * quantities];
        values[0] += unit->units;
        if (quantities > 1) {
            values[1] += unit->numerator;
            values[2] += unit->denominator;
        }
    }
    return ERR_OK;
}

/* What occurs is possible, whatever the definitions say. */
static bool combination_is_possible(const struct builder *builder, const struct unit *unit,
                                    const int64_t *values)
{
    return values[0] > 0 ||
           structure_is_possible(builder->plan, builder->cube->spec.codes, unit->outcomes);
}

static enum err_code joints_add(struct builder *builder, struct err *err)
{
    size_t cells[BLOCK_TABLES_MAX * SLOTS_MAX];
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < builder->combinations && code == ERR_OK; i++) {
        struct unit unit = combination_unit(builder, i);
        const int64_t *values = &builder->values[i * builder->quantity_count];
        if (!combination_is_possible(builder, &unit, values)) {
            continue;
        }
        size_t count = unit_cells(builder, &unit, cells);
        code = block_add_joint(builder->block, unit.member, values, err);
        for (size_t k = 0; k < count && code == ERR_OK; k++) {
            code = block_link(builder->block, cells[k], err);
        }
    }
    return code;
}

/* Distinct subjects of each cell, and of each member in it; owned. */
struct subjects {
    uint32_t *all;
    uint32_t *members; /* per cell and member */
    size_t *seen;      /* 1 + the last subject counted in the cell */
    size_t *seen_pair; /* the same of subject and member */
};

static void subjects_clear(struct subjects *subjects)
{
    free(subjects->all);
    free(subjects->members);
    free(subjects->seen);
    free(subjects->seen_pair);
}

/* Units are sorted by subject, then member: a subject is new when its bytes change. */
static void subjects_walk(const struct builder *builder, struct subjects *subjects)
{
    const struct cube *cube = builder->cube;
    size_t cells[BLOCK_TABLES_MAX * SLOTS_MAX];
    size_t start = cube->first[builder->period_index];
    size_t subject = 0;
    size_t pair = 0;
    for (size_t i = start; i < cube->first[builder->period_index + 1]; i++) {
        const struct unit *unit = &cube->units[i];
        const struct unit *last = i == start ? NULL : &cube->units[i - 1];
        bool same = last != NULL && memcmp(last->subject, unit->subject, FACT_SUBJECT_BYTES) == 0;
        pair += same && last->member == unit->member ? 0 : 1;
        subject += same ? 0 : 1;
        size_t count = unit_cells(builder, unit, cells);
        for (size_t k = 0; k < count; k++) {
            size_t cell = cells[k];
            subjects->all[cell] += subjects->seen[cell] != subject ? 1 : 0;
            subjects->members[cell * builder->period->member_count + unit->member] +=
                subjects->seen_pair[cell] != pair ? 1 : 0;
            subjects->seen[cell] = subject;
            subjects->seen_pair[cell] = pair;
        }
    }
}

static enum err_code subjects_count(struct builder *builder, struct err *err)
{
    __attribute__((cleanup(subjects_clear))) struct subjects subjects = {0};
    size_t cells = block_cell_count(builder->block);
    size_t members = builder->period->member_count;
    subjects.all = calloc(cells + 1, sizeof *subjects.all);
    subjects.members = calloc(cells * members + 1, sizeof *subjects.members);
    subjects.seen = calloc(cells + 1, sizeof *subjects.seen);
    subjects.seen_pair = calloc(cells + 1, sizeof *subjects.seen_pair);
    if (subjects.all == NULL || subjects.members == NULL || subjects.seen == NULL ||
        subjects.seen_pair == NULL) {
        return err_memory(err);
    }
    subjects_walk(builder, &subjects);
    enum err_code code = ERR_OK;
    for (size_t cell = 0; cell < cells && code == ERR_OK; cell++) {
        code = block_set_subjects(builder->block, cell, subjects.all[cell],
                                  &subjects.members[cell * members], err);
    }
    return code;
}

static enum err_code block_open(struct builder *builder, struct err *err)
{
    struct block_table tables[PLAN_BLOCK_TABLES_MAX];
    for (size_t t = 0; t < builder->plan->table_count; t++) {
        const struct plan_table *table = &builder->plan->tables[t];
        tables[t] = (struct block_table){.name = table->name,
                                         .indicator = builder->plan->axes[table->axis].indicator,
                                         .dimension_count = table->dimension_count};
        for (size_t i = 0; i < table->dimension_count; i++) {
            tables[t].dimensions[i] = table->dimension_names[i];
            tables[t].names_members |= table->dimensions[i] == PLAN_MUNICIPALITY;
        }
    }
    struct block_spec spec = {.unit = builder->plan->unit,
                              .period = builder->period->text,
                              .member_count = builder->period->member_count,
                              .tables = tables,
                              .table_count = builder->plan->table_count,
                              .quantities = QUANTITIES,
                              .quantity_count = builder->quantity_count};
    return block_new(&spec, &builder->block, err);
}

enum err_code cube_block(const struct cube *cube, size_t period, struct block **out,
                         struct err *err)
{
    __attribute__((cleanup(builder_clear))) struct builder builder = {
        .cube = cube,
        .plan = cube->spec.plan,
        .period = cube->spec.periods[period],
        .period_index = period,
        .quantity_count = 1};
    for (size_t i = 0; i < builder.plan->axis_count; i++) {
        slots_make(&builder.plan->axes[i], &builder.slots[i]);
        if (builder.plan->axes[i].outcomes == NULL) {
            builder.quantity_count = ARRAY_COUNT(QUANTITIES);
        }
    }
    enum err_code code = block_open(&builder, err);
    code = code == ERR_OK ? cells_add(&builder, err) : code;
    code = code == ERR_OK ? subjects_count(&builder, err) : code;
    code = code == ERR_OK ? values_count(&builder, err) : code;
    code = code == ERR_OK ? joints_add(&builder, err) : code;
    code = code == ERR_OK ? block_seal(builder.block, err) : code;
    if (code == ERR_OK) {
        *out = STEAL(builder.block);
    }
    return code;
}
