/*
 * protect_run - a plan's cubes through the protection: every audit block of every period for
 * both audiences, then the tables. Called by publish.c; reads no database itself.
 *
 *     AUTO(protect_run_free) struct protect_run *run = NULL;
 *     protect_run_new(&policy, &run, err);
 *     protect_run_block(run, cube, period, err);   // each period of a cube
 *     protect_run_tables(run, err);                // then its tables
 */
#ifndef FREMGANG_PUBLISH_PROTECT_RUN_H
#define FREMGANG_PUBLISH_PROTECT_RUN_H

#include "protect/policy.h"
#include "protect/suppress.h"
#include "publish/cube.h"

struct protect_run;

/** Gives an empty run. ERR_INTERNAL. */
NODISCARD enum err_code protect_run_new(const struct policy *policy, struct protect_run **out,
                                        struct err *err);
/** Wipes and takes, with its tables. NULL ok. */
void protect_run_free(struct protect_run *run);
DEFINE_AUTO(struct protect_run, protect_run_free);

/** Protects one period of a closed cube. All periods of one cube come after each other.
 * Errors of cube_block, suppress_named and suppress_pooled. */
NODISCARD enum err_code protect_run_block(struct protect_run *run, const struct cube *cube,
                                          size_t period, struct err *err);
/** Makes the tables of the blocks since the last call: they belong to one cube.
 * ERR_INTERNAL. */
NODISCARD enum err_code protect_run_tables(struct protect_run *run, struct err *err);

/** All tables made so far; borrowed from the run. */
const struct released_table *const *protect_run_table_list(const struct protect_run *run,
                                                           size_t *count);
size_t protect_run_block_count(const struct protect_run *run);
/** Figures of all blocks so far. */
struct suppression_figures protect_run_figures(const struct protect_run *run,
                                               enum released_audience audience);

#endif
