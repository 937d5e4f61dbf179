/* plan - from the reference files to blocks. */
#include "publish/plan.h"

#include "domain/reference_table.h"
#include "embed/embed_reference.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES_MAX = 4 * 1024 * 1024 };

/* Facts about the same units belong to one block: an attacker puts them together. */
static const struct {
    const char *unit;
    const char *facts[PLAN_FACTS_MAX];
    bool joins_subjects;
} UNITS[] = {
    {"child", {"child_at_date", "child_move"}, true},
    {"obligation", {"obligation"}, false},
    {"interval", {"followup_interval"}, false},
    {"worker", {"worker_at_date"}, false},
    {"measurement", {"measurement_pair", "measurement_change"}, true},
};

void plan_free(struct plan *plan)
{
    if (plan == NULL) {
        return;
    }
    catalogue_free(plan->catalogue);
    codes_free(plan->codes);
    arena_free(plan->arena);
    free(plan->blocks);
    free(plan);
}

static bool unit_has_fact(size_t unit, const char *fact)
{
    for (size_t i = 0; i < PLAN_FACTS_MAX && UNITS[unit].facts[i] != NULL; i++) {
        if (strcmp(UNITS[unit].facts[i], fact) == 0) {
            return true;
        }
    }
    return false;
}

static enum err_code block_for_fact(struct plan *plan, const char *fact,
                                    const struct indicator *indicator, struct plan_block **out,
                                    struct err *err)
{
    size_t unit = 0;
    while (unit < ARRAY_COUNT(UNITS) && !unit_has_fact(unit, fact)) {
        unit++;
    }
    if (unit == ARRAY_COUNT(UNITS)) {
        return err_set(err, ERR_CORRUPT, "indicator %s counts an unknown fact \"%s\"",
                       indicator->id, fact);
    }
    for (size_t i = 0; i < plan->block_count; i++) {
        if (strcmp(plan->blocks[i].unit, UNITS[unit].unit) == 0) {
            *out = &plan->blocks[i];
            return (*out)->period_kind == indicator->period_kind
                       ? ERR_OK
                       : err_set(err, ERR_CORRUPT, "indicators of unit \"%s\" differ in period",
                                 UNITS[unit].unit);
        }
    }
    struct plan_block *block = &plan->blocks[plan->block_count++];
    block->unit = UNITS[unit].unit;
    block->period_kind = indicator->period_kind;
    block->joins_subjects = UNITS[unit].joins_subjects;
    *out = block;
    return ERR_OK;
}

static void block_add_fact(struct plan_block *block, const char *fact)
{
    for (size_t i = 0; i < block->fact_count; i++) {
        if (strcmp(block->facts[i], fact) == 0) {
            return;
        }
    }
    block->facts[block->fact_count++] = fact;
}

/* The outcomes of a share's numerator as bits; 0 when one is unknown. */
static uint32_t share_bits(const struct code_run *outcomes, const struct measure *measure)
{
    uint32_t bits = 0;
    size_t found = 0;
    for (size_t i = 0; i < outcomes->count; i++) {
        for (size_t k = 0; k < measure->outcome_count; k++) {
            if (strcmp(outcomes->codes[i], measure->outcomes[k]) == 0) {
                bits |= 1U << i;
                found++;
            }
        }
    }
    return found == measure->outcome_count ? bits : 0;
}

static enum err_code axis_add_share(struct plan_axis *axis, const struct measure *measure,
                                    struct err *err)
{
    uint32_t bits = share_bits(axis->outcomes, measure);
    if (bits == 0 || axis->share_count == PLAN_SHARES_MAX) {
        return err_set(err, ERR_CORRUPT, "measure \"%s\" counts an outcome that does not exist",
                       measure->slug);
    }
    axis->shares[axis->share_count++] = bits;
    return ERR_OK;
}

/* The outcome column and the shares, from the indicator's measures. */
static enum err_code axis_fill(const struct plan *plan, struct plan_axis *axis, struct err *err)
{
    size_t count = 0;
    const struct measure *measures = catalogue_measures(plan->catalogue, &count);
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        const struct measure *measure = &measures[i];
        if (strcmp(measure->indicator->id, axis->indicator) != 0 ||
            measure->statistic == STATISTIC_RATIO || measure->statistic == STATISTIC_MEAN) {
            continue;
        }
        bool is_outcome = strcmp(measure->outcome_column, "outcome") == 0;
        axis->column = is_outcome                                            ? PLAN_OUTCOME
                       : strcmp(measure->outcome_column, "ladder_step") == 0 ? PLAN_LADDER_STEP
                                                                             : PLAN_PLACEMENT_TYPE;
        axis->outcomes = codes_find(plan->codes, is_outcome ? axis->fact : measure->outcome_column);
        if (axis->outcomes == NULL) {
            return err_set(err, ERR_CORRUPT, "measure \"%s\" has an unknown outcome column",
                           measure->slug);
        }
        if (measure->statistic == STATISTIC_SHARE) {
            code = axis_add_share(axis, measure, err);
        }
    }
    return code;
}

/* What the catalogue does not hand out, from indicator.csv itself. */
struct indicator_row {
    const char *fact;
    const char *rule;
    bool zero_discloses;
};

static enum err_code indicator_row_find(const struct reference_table *table, const char *id,
                                        struct indicator_row *out, struct err *err)
{
    static const char *const names[] = {"indicator", "fact", "rule", "zero_discloses"};
    size_t columns[ARRAY_COUNT(names)];
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        enum err_code code = reference_table_column(table, names[i], &columns[i], err);
        if (code != ERR_OK) {
            return code;
        }
    }
    for (size_t i = 0; i < table->row_count; i++) {
        const char *const *row = table->rows[i];
        if (strcmp(row[columns[0]], id) == 0) {
            *out = (struct indicator_row){row[columns[1]], row[columns[2]],
                                          strcmp(row[columns[3]], "false") != 0};
            return ERR_OK;
        }
    }
    return err_set(err, ERR_CORRUPT, "the plan names an unknown indicator \"%s\"", id);
}

static enum err_code axis_for(struct plan *plan, const struct reference_table *indicators,
                              const struct indicator *indicator, struct plan_block **block,
                              size_t *out, struct err *err)
{
    struct indicator_row row;
    enum err_code code = indicator_row_find(indicators, indicator->id, &row, err);
    code = code == ERR_OK ? block_for_fact(plan, row.fact, indicator, block, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    for (size_t i = 0; i < (*block)->axis_count; i++) {
        if (strcmp((*block)->axes[i].indicator, indicator->id) == 0) {
            *out = i;
            return ERR_OK;
        }
    }
    if ((*block)->axis_count == PLAN_AXES_MAX) {
        return err_set(err, ERR_LIMIT, "unit \"%s\" has more than %d indicators", (*block)->unit,
                       PLAN_AXES_MAX);
    }
    block_add_fact(*block, row.fact);
    *out = (*block)->axis_count++;
    (*block)->axes[*out] = (struct plan_axis){.indicator = indicator->id,
                                              .fact = row.fact,
                                              .rule = row.rule,
                                              .zero_discloses = row.zero_discloses};
    return axis_fill(plan, &(*block)->axes[*out], err);
}

static enum err_code dimension_for(const struct plan *plan, struct plan_block *block,
                                   const char *name, size_t *out, struct err *err)
{
    if (strcmp(name, "municipality") == 0) {
        *out = PLAN_MUNICIPALITY;
        return ERR_OK;
    }
    const struct code_run *run = codes_find(plan->codes, name);
    if (run == NULL) {
        return err_set(err, ERR_CORRUPT, "the plan names an unknown dimension \"%s\"", name);
    }
    for (size_t i = 0; i < block->dimension_count; i++) {
        if (block->dimensions[i] == run) {
            *out = i;
            return ERR_OK;
        }
    }
    if (block->dimension_count == PLAN_JOINT_DIMENSIONS_MAX) {
        return err_set(err, ERR_LIMIT, "unit \"%s\" has more than %d dimensions", block->unit,
                       PLAN_JOINT_DIMENSIONS_MAX);
    }
    *out = block->dimension_count;
    block->dimensions[block->dimension_count++] = run;
    return ERR_OK;
}

static size_t tables_of_axis(const struct plan_block *block, size_t axis)
{
    size_t count = 0;
    for (size_t i = 0; i < block->table_count; i++) {
        count += block->tables[i].axis == axis ? 1 : 0;
    }
    return count;
}

static enum err_code table_add(struct plan *plan, const struct reference_table *indicators,
                               const struct planned_table *planned, struct err *err)
{
    struct plan_block *block = NULL;
    size_t axis = 0;
    enum err_code code = axis_for(plan, indicators, planned->indicator, &block, &axis, err);
    if (code != ERR_OK) {
        return code;
    }
    if (tables_of_axis(block, axis) == PLAN_TABLES_MAX ||
        block->table_count == PLAN_BLOCK_TABLES_MAX) {
        return err_set(err, ERR_LIMIT, "the plan has more than %d tables of %s", PLAN_TABLES_MAX,
                       planned->indicator->id);
    }
    struct plan_table *table = &block->tables[block->table_count++];
    *table = (struct plan_table){.axis = axis, .dimension_count = planned->dimension_count};
    int length = snprintf(table->name, sizeof table->name, "%s", planned->indicator->id);
    for (size_t i = 0; i < planned->dimension_count && code == ERR_OK; i++) {
        table->dimension_names[i] = planned->dimensions[i];
        length += snprintf(table->name + length, sizeof table->name - (size_t)length, ".%.30s",
                           planned->dimensions[i]);
        code = dimension_for(plan, block, planned->dimensions[i], &table->dimensions[i], err);
    }
    return code;
}

static void version_hash(const char *first, const char *second, char out[PLAN_VERSION_BYTES])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)first, strlen(first));
    crypto_hash_sha256_update(&state, (const unsigned char *)second, strlen(second));
    crypto_hash_sha256_final(&state, digest);
    (void)sodium_bin2hex(out, PLAN_VERSION_BYTES, digest, sizeof digest);
}

static enum err_code tables_read(struct plan *plan, struct err *err)
{
    struct reference_table indicators = {.name = "indicator.csv"};
    enum err_code code = reference_table_parse(reference_indicator, plan->arena, &indicators, err);
    size_t count = 0;
    const struct planned_table *tables = catalogue_plan(plan->catalogue, &count);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        code = table_add(plan, &indicators, &tables[i], err);
    }
    return code;
}

enum err_code plan_load(struct plan **out, struct err *err)
{
    AUTO(plan_free) struct plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return err_memory(err);
    }
    plan->arena = arena_new(ARENA_BYTES_MAX);
    plan->blocks = calloc(ARRAY_COUNT(UNITS), sizeof(struct plan_block));
    if (plan->arena == NULL || plan->blocks == NULL) {
        return err_memory(err);
    }
    enum err_code code = catalogue_load(&plan->catalogue, err);
    code = code == ERR_OK ? codes_load(&plan->codes, err) : code;
    code = code == ERR_OK ? tables_read(plan, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    version_hash(reference_plan, "", plan->plan_version);
    version_hash(reference_indicator, reference_measure, plan->catalogue_version);
    *out = STEAL(plan);
    return ERR_OK;
}
