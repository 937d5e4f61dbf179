/*
 * specials - the cases that are not of the calibrated population: wrong ones, which `check`
 * must refuse, and right ones, which the indicators must leave out.
 *
 *     specials_add(population, municipality, err);   // after population_settle
 */
#ifndef FREMGANG_TESTS_DATA_SPECIALS_H
#define FREMGANG_TESTS_DATA_SPECIALS_H

#include "data/population.h"

/** Adds the municipality's faulty, after-care and elsewhere cases. Errors as population_add. */
NODISCARD enum err_code specials_add(struct population *population,
                                     const struct municipality_plan *municipality, struct err *err);
/** Enrols the children of two workers of Sverigesprogrammet in Forebyggelsespakken too, from
 * its first day: they are in both partnerships in 2015. */
void specials_share(struct population *population);

#endif
