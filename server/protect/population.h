/*
 * population - other populations that a viewer cannot tell from the true one. Each is tried
 * as a change of the true one and checked here, sum by sum; what passes widens the range of
 * numbers that every cell may hold, for every viewer who could be shown it: a change within
 * one municipality deceives the outsider and all other members at once.
 *
 *     population_begin(population);
 *     population_change(population, column, +1.0);
 *     population_change(population, other, -1.0);
 *     population_learn(population, hidden);
 *     range = population_spread(population, viewer, cell);
 *
 * One per quantity, shared by its attacks. Numbers are in steps of the quantity.
 */
#ifndef FREMGANG_PROTECT_POPULATION_H
#define FREMGANG_PROTECT_POPULATION_H

#include "protect/block.h"

/** The viewer that is no member; members are 0 .. member_count - 1. */
#define VIEWER_OUTSIDER SIZE_MAX

/** How far a sum may be off zero: half a millionth of a child is the solver's rounding. */
#define POPULATION_TOLERANCE 1e-6

struct population;

/** What the cell may be, as a difference from the truth: low <= 0 <= high. */
struct population_range {
    double low;
    double high;
};

/** Gives the true population of one quantity. Borrows the block. ERR_INTERNAL. */
NODISCARD enum err_code population_new(const struct block *block, size_t quantity,
                                       struct population **out, struct err *err);
/** Wipes and takes. NULL ok. */
void population_free(struct population *population);
DEFINE_AUTO(struct population, population_free);

/** The true number of a column, in steps. */
int64_t population_truth(const struct population *population, size_t column);
/** Starts a new candidate, equal to the truth. */
void population_begin(struct population *population);
/** Changes a column of the candidate. */
void population_change(struct population *population, size_t column, double by);
/** Checks the candidate to POPULATION_TOLERANCE: no column below zero, every published cell as it
 * is. If so, takes its cells into the ranges of the viewers none of whose own columns changed. */
void population_learn(struct population *population, const bool *hidden);
/** The range of a cell over the populations learned so far, for one viewer. */
struct population_range population_spread(const struct population *population, size_t viewer,
                                          size_t cell);

#endif
