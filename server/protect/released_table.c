/* released_table - copies what a suppression shows, and nothing else. */
#include "protect/released_table.h"

#include "protect/suppress.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A cell's value lies in `values`, which holds the exact ones alone. */
struct stored_cell {
    char *period;
    char *keys[RELEASED_DIMENSIONS_MAX];
    char *outcome;
    enum released_state state;
    size_t value_index;
};

struct released_table {
    enum released_audience audience;
    char *name;
    char *indicator;
    char *dimensions[RELEASED_DIMENSIONS_MAX];
    size_t dimension_count;
    struct stored_cell *cells;
    size_t cell_count;
    int64_t *values;
    size_t value_count;
};

void released_table_free(struct released_table *table)
{
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; table->cells != NULL && i < table->cell_count; i++) {
        free(table->cells[i].period);
        free(table->cells[i].outcome);
        for (size_t k = 0; k < RELEASED_DIMENSIONS_MAX; k++) {
            free(table->cells[i].keys[k]);
        }
    }
    for (size_t k = 0; k < RELEASED_DIMENSIONS_MAX; k++) {
        free(table->dimensions[k]);
    }
    free(table->cells);
    free(table->values);
    free(table->name);
    free(table->indicator);
    free(table);
}

static bool text_copy(const char *text, char **out)
{
    *out = text == NULL ? NULL : strdup(text);
    return text == NULL || *out != NULL;
}

static const struct block_table *source_table(const struct released_table_source *source,
                                              size_t suppression)
{
    const struct block *block = suppression_block(source->suppressions[suppression]);
    return source->table < block_table_count(block) ? block_table(block, source->table) : NULL;
}

static bool source_is_valid(const struct released_table_source *source)
{
    if (source->suppression_count == 0 || source_table(source, 0) == NULL) {
        return false;
    }
    const struct block_table *first = source_table(source, 0);
    for (size_t i = 1; i < source->suppression_count; i++) {
        const struct block_table *other = source_table(source, i);
        if (other == NULL || strcmp(first->name, other->name) != 0 ||
            first->dimension_count != other->dimension_count ||
            suppression_audience(source->suppressions[i]) !=
                suppression_audience(source->suppressions[0])) {
            return false;
        }
    }
    return true;
}

/* How many rows a planned cell becomes: one, or one per quantity of a ratio. */
static size_t row_count(const struct block *block, size_t cell, size_t table)
{
    const struct block_cell *plan = block_cell(block, cell);
    if (plan->table != table || plan->guard) {
        return 0;
    }
    size_t rows = 0;
    for (size_t q = 0; q < block_quantity_count(block); q++) {
        rows += plan->quantities >> q & 1U;
    }
    return rows;
}

static bool table_reserve(struct released_table *table, const struct released_table_source *source)
{
    size_t rows = 0;
    for (size_t i = 0; i < source->suppression_count; i++) {
        const struct block *block = suppression_block(source->suppressions[i]);
        for (size_t cell = 0; cell < block_cell_count(block); cell++) {
            rows += row_count(block, cell, source->table);
        }
    }
    table->cells = calloc(rows + 1, sizeof(struct stored_cell));
    table->values = calloc(rows + 1, sizeof(int64_t));
    return table->cells != NULL && table->values != NULL;
}

static bool head_copy(struct released_table *table, const struct released_table_source *source)
{
    const struct block_table *plan = source_table(source, 0);
    table->audience = suppression_audience(source->suppressions[0]);
    table->dimension_count = plan->dimension_count;
    bool ok = text_copy(plan->name, &table->name) && text_copy(plan->indicator, &table->indicator);
    for (size_t i = 0; ok && i < plan->dimension_count; i++) {
        ok = text_copy(plan->dimensions[i], &table->dimensions[i]);
    }
    return ok;
}

/* A ratio's rows are named by their quantity, all others by their outcome. */
static bool row_append(struct released_table *table, const struct suppression *suppression,
                       size_t cell, size_t quantity)
{
    const struct block *block = suppression_block(suppression);
    const struct block_cell *plan = block_cell(block, cell);
    struct stored_cell *row = &table->cells[table->cell_count++];
    row->state = suppression_state(suppression, cell);
    bool ok = text_copy(block_period(block), &row->period) &&
              text_copy(quantity == 0 ? plan->outcome : block_quantity(block, quantity)->name,
                        &row->outcome);
    for (size_t i = 0; ok && i < table->dimension_count; i++) {
        ok = text_copy(plan->keys[i], &row->keys[i]);
    }
    if (row->state == RELEASED_EXACT) {
        row->value_index = table->value_count;
        table->values[table->value_count++] = block_cell_value(block, cell, quantity);
    }
    return ok;
}

static bool rows_copy(struct released_table *table, const struct suppression *suppression,
                      size_t number)
{
    const struct block *block = suppression_block(suppression);
    bool ok = true;
    for (size_t cell = 0; ok && cell < block_cell_count(block); cell++) {
        if (row_count(block, cell, number) == 0) {
            continue;
        }
        for (size_t q = 0; ok && q < block_quantity_count(block); q++) {
            if ((block_cell(block, cell)->quantities >> q & 1U) != 0) {
                ok = row_append(table, suppression, cell, q);
            }
        }
    }
    return ok;
}

enum err_code released_table_new(const struct released_table_source *source,
                                 struct released_table **out, struct err *err)
{
    if (!source_is_valid(source)) {
        return err_set(err, ERR_INVALID, "suppressions of one table differ in plan or audience");
    }
    AUTO(released_table_free) struct released_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        return err_memory(err);
    }
    bool ok = head_copy(table, source) && table_reserve(table, source);
    for (size_t i = 0; ok && i < source->suppression_count; i++) {
        ok = rows_copy(table, source->suppressions[i], source->table);
    }
    if (!ok) {
        return err_memory(err);
    }
    *out = STEAL(table);
    return ERR_OK;
}

enum released_audience released_table_audience(const struct released_table *table)
{
    return table->audience;
}

const char *released_table_name(const struct released_table *table)
{
    return table->name;
}

const char *released_table_indicator(const struct released_table *table)
{
    return table->indicator;
}

size_t released_table_dimension_count(const struct released_table *table)
{
    return table->dimension_count;
}

const char *released_table_dimension(const struct released_table *table, size_t index)
{
    assert(index < table->dimension_count);
    return table->dimensions[index];
}

size_t released_table_cell_count(const struct released_table *table)
{
    return table->cell_count;
}

struct released_cell released_table_cell(const struct released_table *table, size_t index)
{
    assert(index < table->cell_count);
    const struct stored_cell *stored = &table->cells[index];
    struct released_cell cell = {
        .period = stored->period, .outcome = stored->outcome, .state = stored->state};
    for (size_t i = 0; i < RELEASED_DIMENSIONS_MAX; i++) {
        cell.keys[i] = stored->keys[i];
    }
    return cell;
}

bool released_table_value(const struct released_table *table, size_t index, int64_t *out)
{
    assert(index < table->cell_count);
    if (table->cells[index].state != RELEASED_EXACT) {
        return false;
    }
    *out = table->values[table->cells[index].value_index];
    return true;
}

const char *released_state_name(enum released_state state)
{
    static const char *const names[] = {
        [RELEASED_EXACT] = "exact",
        [RELEASED_WITHHELD] = "withheld",
        [RELEASED_TOO_FEW_CONTRIBUTORS] = "too_few_contributors",
        [RELEASED_STRUCTURAL_ZERO] = "structural_zero",
        [RELEASED_NOT_APPLICABLE] = "not_applicable",
    };
    return names[state];
}

const char *released_audience_name(enum released_audience audience)
{
    return audience == RELEASED_NAMED ? "named" : "pooled";
}
