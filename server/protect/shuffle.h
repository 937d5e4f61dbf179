/*
 * shuffle - populations found without a linear program: columns that lie in the same
 * published cells can stand in for each other, so their children change places and nobody
 * who reads the release can tell. Called by attack.c as a head start.
 *
 *     struct shuffle shuffle = {block, viewer, quantity, hidden, population};
 *     shuffle_try(&shuffle, err);           // population_spread() knows more now
 */
#ifndef FREMGANG_PROTECT_SHUFFLE_H
#define FREMGANG_PROTECT_SHUFFLE_H

#include "protect/population.h"

/** Borrows everything. */
struct shuffle {
    const struct block *block;
    size_t viewer; /* whose own columns stay */
    size_t quantity;
    const bool *hidden;
    struct population *population;
};

/** Offers some populations; the same ones every time. ERR_INTERNAL when memory is out. */
NODISCARD enum err_code shuffle_try(const struct shuffle *shuffle, struct err *err);

/** Spreads a number over all 64 bits: fixed coins for runs that can be repeated. */
uint64_t shuffle_mix(uint64_t number);

#endif
