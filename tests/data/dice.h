/*
 * dice - the generator's random numbers: integers only, so that one seed gives the same
 * bytes on every machine and compiler. Each population has a stream of its own: scaling one
 * leaves the others as they were.
 *
 *     struct dice dice = dice_new(seed, stream);
 *     date_t opened = first + dice_between(&dice, 0, 20);
 */
#ifndef FREMGANG_TESTS_DATA_DICE_H
#define FREMGANG_TESTS_DATA_DICE_H

#include <stdbool.h>
#include <stdint.h>

/** SplitMix64 (Steele, Lea, Flood 2014): one 64-bit state, passes BigCrush. */
struct dice {
    uint64_t state;
};

/** Dice for one stream of a seed. */
struct dice dice_new(uint64_t seed, uint64_t stream);
/** 0 .. sides-1; `sides` > 0. */
int dice_below(struct dice *dice, int sides);
/** low .. high, both possible; low <= high. */
int dice_between(struct dice *dice, int low, int high);
/** True in `permille` of 1000 throws. */
bool dice_chance(struct dice *dice, int permille);
/** About normal: mean + sd * (sum of 12 uniform numbers - 6), rounded to an integer. */
int dice_bell(struct dice *dice, int mean, int sd);

#endif
