/*
 * cube - the exact figures of one unit of count, in memory only: takes fact rows as they
 * come and gives, for each period, the audit block with its joint cells, its planned cells
 * and their distinct subjects. Pseudonyms are wiped when it is freed. Called by publish.
 *
 *     AUTO(cube_free) struct cube *cube = NULL;
 *     cube_new(&spec, &cube, err);
 *     cube_add(cube, "child_at_date", row, err);             // each row of each fact
 *     cube_close(cube);
 *     cube_block(cube, period, &block, err);                 // each period
 */
#ifndef FREMGANG_PUBLISH_CUBE_H
#define FREMGANG_PUBLISH_CUBE_H

#include "protect/block.h"
#include "publish/periods.h"
#include "publish/plan.h"
#include "store/case/fact_store.h"

enum {
    /* Units of one kind in one release: 98 municipalities x 1000 children x 40 quarters. */
    CUBE_UNITS_MAX = 4 * 1000 * 1000,
};

/** Borrowed as long as the cube lives. */
struct cube_spec {
    const struct plan_block *plan;
    const struct codes *codes;
    const struct period_chosen *const *periods; /* of the plan's kind */
    size_t period_count;
};

struct cube;

/** Gives an empty cube. ERR_INTERNAL. */
NODISCARD enum err_code cube_new(const struct cube_spec *spec, struct cube **out, struct err *err);
/** Wipes and takes. NULL ok. */
void cube_free(struct cube *cube);
DEFINE_AUTO(struct cube, cube_free);

/** Counts a row of a fact when its period and municipality are in the release. ERR_CORRUPT for
 * a code that the plan does not know, ERR_LIMIT past CUBE_UNITS_MAX. */
NODISCARD enum err_code cube_add(struct cube *cube, const char *fact, const struct fact_row *row,
                                 struct err *err);
/** Sorts the units and joins those of one subject, where the plan says so. */
void cube_close(struct cube *cube);
/** Gives the sealed block of one period. ERR_LIMIT names the table to drop. */
NODISCARD enum err_code cube_block(const struct cube *cube, size_t period, struct block **out,
                                   struct err *err);
/** Units counted, over all periods. */
size_t cube_unit_count(const struct cube *cube);

#endif
