/* The generator's random numbers (see dice.h). */
#include "data/dice.h"

#include <assert.h>

static uint64_t dice_next(struct dice *dice)
{
    uint64_t z = (dice->state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

struct dice dice_new(uint64_t seed, uint64_t stream)
{
    struct dice dice = {seed};
    dice.state = dice_next(&dice) ^ (stream * 0xd1342543de82ef95U);
    (void)dice_next(&dice);
    return dice;
}

int dice_below(struct dice *dice, int sides)
{
    assert(sides > 0);
    // The bias of the remainder is below 2^-32 for our small numbers of sides.
    return (int)(dice_next(dice) % (uint64_t)sides);
}

int dice_between(struct dice *dice, int low, int high)
{
    assert(low <= high);
    return low + dice_below(dice, high - low + 1);
}

bool dice_chance(struct dice *dice, int permille)
{
    return dice_below(dice, 1000) < permille;
}

int dice_bell(struct dice *dice, int mean, int sd)
{
    int sum = 0;
    for (int i = 0; i < 12; i++) {
        sum += dice_below(dice, 1000);
    }
    int scaled = sd * (sum - 12 * 999 / 2);
    return mean + (scaled >= 0 ? scaled + 500 : scaled - 500) / 1000;
}
