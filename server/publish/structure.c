/* structure - the definitions of the indicators, as pairs that never meet. */
#include "publish/structure.h"

#include <stdlib.h>
#include <string.h>

#define NONE CATALOGUE_OUTCOME_NONE

/* Two outcomes of one unit that exclude each other by definition. An outcome paired with
 * itself cannot occur. */
static const struct {
    const char *indicator;
    const char *outcome;
    const char *other_indicator;
    const char *other_outcome;
} NEVER[] = {
    /* a counted child has an open step; from step 1 nothing goes up to, from 6 nothing down to */
    {"I03", NONE, "I03", NONE},
    {"I05", "UP", "I03", "1"},
    {"I05", "DOWN", "I03", "6"},
    /* I26 and I27 are two readings of one difference, with one criterion */
    {"I26", NONE, "I26", NONE},
    {"I27", NONE, "I27", NONE},
    {"I27", "RECOVERED", "I26", "WORSE_2C"},
    {"I27", "RECOVERED", "I26", "WORSE_C"},
    {"I27", "RECOVERED", "I26", "SAME"},
    {"I27", "IMPROVED", "I26", "WORSE_2C"},
    {"I27", "IMPROVED", "I26", "WORSE_C"},
    {"I27", "IMPROVED", "I26", "SAME"},
    {"I27", "UNCHANGED", "I26", "WORSE_2C"},
    {"I27", "UNCHANGED", "I26", "WORSE_C"},
    {"I27", "UNCHANGED", "I26", "BETTER_C"},
    {"I27", "UNCHANGED", "I26", "BETTER_2C"},
    {"I27", "DETERIORATED", "I26", "SAME"},
    {"I27", "DETERIORATED", "I26", "BETTER_C"},
    {"I27", "DETERIORATED", "I26", "BETTER_2C"},
};

/* The outcome of an indicator in this combination; NULL when the block has no such axis. */
static const char *outcome_of(const struct plan_block *block, const char *indicator,
                              const uint8_t outcomes[PLAN_AXES_MAX])
{
    for (size_t i = 0; i < block->axis_count; i++) {
        const struct plan_axis *axis = &block->axes[i];
        if (strcmp(axis->indicator, indicator) == 0 && axis->outcomes != NULL) {
            return outcomes[i] == 0 ? NONE : axis->outcomes->codes[outcomes[i] - 1];
        }
    }
    return NULL;
}

static bool pairs_allow(const struct plan_block *block, const uint8_t outcomes[PLAN_AXES_MAX])
{
    for (size_t i = 0; i < ARRAY_COUNT(NEVER); i++) {
        const char *one = outcome_of(block, NEVER[i].indicator, outcomes);
        const char *other = outcome_of(block, NEVER[i].other_indicator, outcomes);
        if (one != NULL && other != NULL && strcmp(one, NEVER[i].outcome) == 0 &&
            strcmp(other, NEVER[i].other_outcome) == 0) {
            return false;
        }
    }
    return true;
}

/* The highest open step is at least that of the placement. */
static bool ladder_allows(const struct plan_block *block, const struct codes *codes,
                          const uint8_t outcomes[PLAN_AXES_MAX])
{
    const char *type = outcome_of(block, "I01", outcomes);
    const char *step = outcome_of(block, "I03", outcomes);
    return type == NULL || step == NULL || strcmp(type, NONE) == 0 || strcmp(step, NONE) == 0 ||
           atoi(step) >= codes_step_min(codes, type);
}

/* Axes that read the same fact under different rules: a unit is under one of them. */
static bool rules_allow(const struct plan_block *block, const uint8_t outcomes[PLAN_AXES_MAX])
{
    size_t under = 0;
    size_t ruled = 0;
    for (size_t i = 0; i < block->axis_count; i++) {
        if (block->axes[i].rule[0] != '\0') {
            ruled++;
            under += outcomes[i] != 0 ? 1 : 0;
        }
    }
    return ruled == 0 || under == 1;
}

/* Without any outcome, no planned cell counts the unit. */
static bool counts_anywhere(const struct plan_block *block, const uint8_t outcomes[PLAN_AXES_MAX])
{
    for (size_t i = 0; i < block->axis_count; i++) {
        if (outcomes[i] != 0 || block->axes[i].outcomes == NULL) {
            return true;
        }
    }
    return false;
}

/* A block with one kind of outcome counts units that have one. */
static bool single_has_outcome(const struct plan_block *block,
                               const uint8_t outcomes[PLAN_AXES_MAX])
{
    size_t axes = 0;
    size_t with = 0;
    for (size_t i = 0; i < block->axis_count; i++) {
        axes += block->axes[i].outcomes != NULL ? 1 : 0;
        with += outcomes[i] != 0 ? 1 : 0;
    }
    return axes != 1 || with == 1;
}

bool structure_is_possible(const struct plan_block *block, const struct codes *codes,
                           const uint8_t outcomes[PLAN_AXES_MAX])
{
    return counts_anywhere(block, outcomes) && single_has_outcome(block, outcomes) &&
           pairs_allow(block, outcomes) && rules_allow(block, outcomes) &&
           ladder_allows(block, codes, outcomes);
}
