/*
 * followups - when each intervention is followed up. From the start, and then from each
 * follow-up, three months run (the partnerships' local target). Whether they are kept is
 * decided by a meter per quarter and kind, so that the share on time meets the plan to
 * within one obligation instead of by luck.
 *
 *     followups_hold(population);      // after population_live
 */
#ifndef FREMGANG_TESTS_DATA_FOLLOWUPS_H
#define FREMGANG_TESTS_DATA_FOLLOWUPS_H

#include "data/population.h"

/** Holds the follow-ups of all children of a population, up to the extract. */
void followups_hold(struct population *population);

#endif
