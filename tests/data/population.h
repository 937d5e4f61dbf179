/*
 * population - the children of one plan: who has a case when, with which worker, and where
 * each stands on the ladder of interventions from quarter to quarter.
 *
 *     AUTO(population_free) struct population *population = NULL;
 *     enum err_code rc = population_new(&options, &population, err);
 *     population_live(population);     // children enter, move and leave; targets are met
 *     followups_hold(population);      // followups.h
 */
#ifndef FREMGANG_TESTS_DATA_POPULATION_H
#define FREMGANG_TESTS_DATA_POPULATION_H

#include "base/auto.h"
#include "base/err.h"
#include "data/person_number.h"
#include "data/plan.h"

struct population {
    const struct population_plan *plan; /* borrowed, static */
    int copy;                           /* 0; 1.. for the further copies of --scale */
    struct dice dice;
    struct person_numbers *numbers; /* borrowed: one register for all populations */
    int first_number;               /* number of the first child */
    struct child *children;         /* owned */
    int count;
    int capacity;
    int worker_count;
    int workers_open[WORKERS_MAX]; /* open cases of each worker */
    int site_count;
};

struct population_options {
    const struct population_plan *plan;
    int copy;
    uint64_t seed;
    struct person_numbers *numbers; /* borrowed for the population's life */
    int first_number;
};

/** Gives an empty population. ERR_INTERNAL when memory is out. */
NODISCARD enum err_code population_new(const struct population_options *options,
                                       struct population **out, struct err *err);
/** Takes. NULL ok. */
void population_free(struct population *population);
DEFINE_AUTO(struct population, population_free);

/** Lives through burn-in, the programme and the time after it, up to the extract.
 * ERR_LIMIT when the register of person numbers runs out, ERR_INTERNAL out of memory. */
NODISCARD enum err_code population_live(struct population *population, struct err *err);
/** Drops those whose case was closed before the programme, and numbers the rest. */
void population_settle(struct population *population);
/** Adds a child born between the days, with no case yet; borrowed until the next addition.
 * Errors as population_live. */
NODISCARD enum err_code population_add(struct population *population, date_t born_first,
                                       date_t born_last, struct child **out, struct err *err);
/** Starts a measure of the rung; codes are drawn. Borrowed. */
struct spell *population_start_spell(struct population *population, struct child *child,
                                     enum rung rung, date_t start);

#endif
