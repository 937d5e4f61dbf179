/*
 * cube_private - what cube.c collects and cube_block.c counts; nobody else includes it.
 *
 *     cube->units[cube->first[period]] .. cube->units[cube->first[period + 1] - 1]
 */
#ifndef FREMGANG_PUBLISH_CUBE_PRIVATE_H
#define FREMGANG_PUBLISH_CUBE_PRIVATE_H

#include "publish/cube.h"

/** One unit of count. Outcomes are 0 for none, else 1 + the outcome's place. */
struct unit {
    uint8_t subject[FACT_SUBJECT_BYTES];
    uint16_t period;
    uint8_t member;
    uint8_t dimensions[PLAN_JOINT_DIMENSIONS_MAX];
    uint8_t outcomes[PLAN_AXES_MAX];
    int64_t units;
    int64_t numerator;
    int64_t denominator;
};

struct cube {
    struct cube_spec spec;
    struct unit *units; /* owned, wiped */
    size_t count;
    size_t capacity;
    size_t *first; /* owned: the first unit of each period, by cube_close */
};

#endif
