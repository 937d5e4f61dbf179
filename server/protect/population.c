/* population - every candidate is added up anew: nothing here trusts a linear program. */
#include "protect/population.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct population {
    struct block_columns columns;
    size_t cell_count;
    size_t viewer_count;             /* the members, then the outsider */
    bool *counts;                    /* per cell: it is about this quantity */
    int64_t *truth;                  /* per column */
    double *changes;                 /* per column, of the candidate */
    double *sums;                    /* per cell, of the candidate's changes */
    bool *touched;                   /* per member: the candidate changes its columns */
    struct population_range *ranges; /* per viewer and cell */
};

static void wipe_free(void *memory, size_t size)
{
    if (memory != NULL) {
        explicit_bzero(memory, size);
        free(memory);
    }
}

void population_free(struct population *population)
{
    if (population == NULL) {
        return;
    }
    size_t columns = population->columns.count + 1;
    size_t cells = population->cell_count + 1;
    wipe_free(population->truth, columns * sizeof(int64_t));
    wipe_free(population->changes, columns * sizeof(double));
    wipe_free(population->sums, cells * sizeof(double));
    wipe_free(population->ranges,
              population->viewer_count * cells * sizeof(struct population_range));
    free(population->counts);
    free(population->touched);
    free(population);
}

static bool population_reserve(struct population *population)
{
    size_t columns = population->columns.count + 1;
    size_t cells = population->cell_count + 1;
    population->counts = calloc(cells, sizeof(bool));
    population->truth = calloc(columns, sizeof(int64_t));
    population->changes = calloc(columns, sizeof(double));
    population->sums = calloc(cells, sizeof(double));
    population->touched = calloc(population->viewer_count, sizeof(bool));
    population->ranges = calloc(population->viewer_count * cells, sizeof(struct population_range));
    return population->counts != NULL && population->truth != NULL && population->changes != NULL &&
           population->sums != NULL && population->touched != NULL && population->ranges != NULL;
}

enum err_code population_new(const struct block *block, size_t quantity, struct population **out,
                             struct err *err)
{
    AUTO(population_free) struct population *population = calloc(1, sizeof *population);
    if (population == NULL) {
        return err_memory(err);
    }
    population->columns = block_columns(block);
    population->cell_count = block_cell_count(block);
    population->viewer_count = block_member_count(block) + 1;
    if (!population_reserve(population)) {
        return err_memory(err);
    }
    for (size_t i = 0; i < population->cell_count; i++) {
        population->counts[i] = (block_cell(block, i)->quantities >> quantity & 1U) != 0;
    }
    int64_t step = block_quantity(block, quantity)->step;
    for (size_t j = 0; j < population->columns.count; j++) {
        population->truth[j] = population->columns.values[quantity][j] / step;
    }
    *out = STEAL(population);
    return ERR_OK;
}

int64_t population_truth(const struct population *population, size_t column)
{
    return population->truth[column];
}

void population_begin(struct population *population)
{
    memset(population->changes, 0, population->columns.count * sizeof(double));
}

void population_change(struct population *population, size_t column, double by)
{
    population->changes[column] += by;
}

/* Adds the candidate's changes up by cell; false when a column would fall below zero. */
static bool changes_add_up(struct population *population)
{
    memset(population->sums, 0, population->cell_count * sizeof(double));
    memset(population->touched, 0, population->viewer_count * sizeof(bool));
    for (size_t j = 0; j < population->columns.count; j++) {
        double change = population->changes[j];
        if (fabs(change) <= POPULATION_TOLERANCE / 1000.0) {
            continue;
        }
        if ((double)population->truth[j] + change < -POPULATION_TOLERANCE) {
            return false;
        }
        population->touched[population->columns.member[j]] = true;
        for (size_t i = population->columns.first[j]; i < population->columns.first[j + 1]; i++) {
            population->sums[population->columns.cells[i]] += change;
        }
    }
    return true;
}

static bool published_stay(const struct population *population, const bool *hidden)
{
    for (size_t cell = 0; cell < population->cell_count; cell++) {
        if (!hidden[cell] && population->counts[cell] &&
            fabs(population->sums[cell]) > POPULATION_TOLERANCE) {
            return false;
        }
    }
    return true;
}

void population_learn(struct population *population, const bool *hidden)
{
    if (!changes_add_up(population) || !published_stay(population, hidden)) {
        return;
    }
    for (size_t viewer = 0; viewer < population->viewer_count; viewer++) {
        if (population->touched[viewer]) {
            continue;
        }
        struct population_range *ranges = &population->ranges[viewer * population->cell_count];
        for (size_t cell = 0; cell < population->cell_count; cell++) {
            double sum = population->sums[cell];
            ranges[cell].low = sum < ranges[cell].low ? sum : ranges[cell].low;
            ranges[cell].high = sum > ranges[cell].high ? sum : ranges[cell].high;
        }
    }
}

struct population_range population_spread(const struct population *population, size_t viewer,
                                          size_t cell)
{
    size_t row = viewer == VIEWER_OUTSIDER ? population->viewer_count - 1 : viewer;
    assert(row < population->viewer_count && cell < population->cell_count);
    return population->ranges[row * population->cell_count + cell];
}
