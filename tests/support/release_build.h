/*
 * release_build - a release of invented children, protected by the real engine and staged by
 * the real store, for tests of what viewers see.
 *
 *     struct release_counts counts[] = {{"2014-Q1", {{15, 45}, {20, 40}, {30, 30}}}};
 *     release_build_stage(&world, &(struct release_build){.id = "pulje-2014-Q1-1",
 *         .partnership_id = id, .counts = counts, .period_count = 1}, &err);
 *
 * The members are 167, 510 and 657; the indicator is I01 with the outcomes INSTITUTION and
 * FOSTER, in the tables by quarter and by quarter and municipality.
 */
#ifndef FREMGANG_TESTS_SUPPORT_RELEASE_BUILD_H
#define FREMGANG_TESTS_SUPPORT_RELEASE_BUILD_H

#include "support/world.h"

enum { RELEASE_MEMBERS = 3, RELEASE_OUTCOMES = 2, RELEASE_PERIODS_MAX = 4 };

/** Placed children of each member: institution, foster family. */
struct release_counts {
    const char *period;
    int64_t children[RELEASE_MEMBERS][RELEASE_OUTCOMES];
};

struct release_build {
    const char *id;
    int partnership_id;
    const struct release_counts *counts;
    size_t period_count;
    uint8_t manifest_sha256[32]; /* filled by release_build_stage */
};

/** Protects and stages as fremgang_publish; the store's error when staging fails. */
enum err_code release_build_stage(struct world *world, struct release_build *build,
                                  struct err *err);

#endif
