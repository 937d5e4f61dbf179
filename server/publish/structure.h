/*
 * structure - which combinations of outcomes can occur at all, by public fact. An attacker
 * knows them too, so the audit must: a child placed in a foster family is on step 5 or 6.
 *
 *     if (structure_is_possible(block, codes, outcomes)) { ... }
 *
 * A combination is left out only when the definitions rule it out; leaving one out that can
 * occur makes us withhold more, keeping one that cannot would make us withhold too little.
 */
#ifndef FREMGANG_PUBLISH_STRUCTURE_H
#define FREMGANG_PUBLISH_STRUCTURE_H

#include "publish/plan.h"

/** `outcomes` has one number per axis: 0 for none, else 1 + the outcome's place. */
bool structure_is_possible(const struct plan_block *block, const struct codes *codes,
                           const uint8_t outcomes[PLAN_AXES_MAX]);

#endif
