/*
 * expected - what the published figures must come out as, counted in the model itself: day
 * by day questions to the children, no SQL and no table of the server. Integration tests
 * compare the server's figures with it, and tests/data/reference.py computes the same from
 * the files alone.
 *
 *     AUTO(tally_free) struct tally *tally = NULL;
 *     ... tally_new(&tally, err) ... tally_add(tally, municipality, population, err) ...
 *     tally_write(tally, stream);
 */
#ifndef FREMGANG_TESTS_DATA_EXPECTED_H
#define FREMGANG_TESTS_DATA_EXPECTED_H

#include "base/auto.h"
#include "data/population.h"

#include <stdio.h>

struct tally;

/** Gives an empty tally. ERR_INTERNAL out of memory. */
NODISCARD enum err_code tally_new(struct tally **out, struct err *err);
/** Takes. NULL ok. */
void tally_free(struct tally *tally);
DEFINE_AUTO(struct tally, tally_free);

/** Counts a population into its municipality (index into plan_municipalities). A borrowed
 * worker's own population must be counted first. ERR_INTERNAL out of memory. */
NODISCARD enum err_code tally_add(struct tally *tally, size_t municipality,
                                  const struct population *population, struct err *err);
/** Writes the CSV `partnership,indicator,period,municipality,outcome,units`; rows of 0
 * units are left out. I09 is there as a whole, for placements and for all else; I23 has WORKERS,
 * CASES and FTE_HUNDREDTHS; REFUSED counts the faulty cases. */
void tally_write(const struct tally *tally, FILE *stream);
/** Placed children, and those of them in institutions, at the end of a quarter. */
void tally_placed(const struct tally *tally, enum programme programme, int quarter, int *placed,
                  int *in_institution);

#endif
