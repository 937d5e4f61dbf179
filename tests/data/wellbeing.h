/*
 * wellbeing - scores of SDQ (total difficulties, parent, 4-17 years, lower is better) and
 * WHO-5 (the child itself, from 9 years, higher is better): a baseline near enrolment and one
 * measurement each half-year, drifting to the better with time in the programme.
 *
 *     wellbeing_measure(population);   // after population_settle: it needs the enrolments
 */
#ifndef FREMGANG_TESTS_DATA_WELLBEING_H
#define FREMGANG_TESTS_DATA_WELLBEING_H

#include "data/population.h"

/** Measures the children enrolled in Forebyggelsespakken who take part in measuring. */
void wellbeing_measure(struct population *population);

#endif
