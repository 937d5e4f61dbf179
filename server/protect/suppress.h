/*
 * suppress - the default engine: a figure is exact or it is withheld. Publish calls it for
 * each audit block, first for the named audience, then for the pooled one.
 *
 *     AUTO(suppression_free) struct suppression *named = NULL;
 *     suppress_named(block, &policy, &named, err);
 *     suppress_pooled(named, &pooled, err);
 *
 * What comes back has passed a final audit from nothing; there is no other way to make one.
 */
#ifndef FREMGANG_PROTECT_SUPPRESS_H
#define FREMGANG_PROTECT_SUPPRESS_H

#include "protect/block.h"
#include "protect/policy.h"
#include "protect/released_table.h"

/** Protected states of the cells of one block for one audience. */
struct suppression;

/** Gives the pattern for viewers who may see each member's protected figures. Borrows the
 * sealed block for the suppression's life. ERR_LIMIT when no pattern protects a cell,
 * ERR_INTERNAL when a linear program or the final audit fails. */
NODISCARD enum err_code suppress_named(const struct block *block, const struct policy *policy,
                                       struct suppression **out, struct err *err);
/** Gives the pattern for viewers who may see the pool only; it shows a part of the cells
 * that `named` shows. Errors as above. */
NODISCARD enum err_code suppress_pooled(const struct suppression *named, struct suppression **out,
                                        struct err *err);
/** Takes the suppression. NULL ok. */
void suppression_free(struct suppression *suppression);
DEFINE_AUTO(struct suppression, suppression_free);

enum released_audience suppression_audience(const struct suppression *suppression);
const struct block *suppression_block(const struct suppression *suppression);
/** The state of a planned cell; guards are withheld. */
enum released_state suppression_state(const struct suppression *suppression, size_t cell);

/** What the protection cost, for the steward's summary and the manifest. */
struct suppression_figures {
    size_t shown;     /* cells that are exact */
    size_t withheld;  /* cells that are not, though they could occur; without guards */
    size_t secondary; /* of those, withheld to protect others */
    size_t solved;    /* linear programs */
    size_t rank_shown[BLOCK_RANKS]; /* the same by rank of table */
    size_t rank_withheld[BLOCK_RANKS];
};
struct suppression_figures suppression_figures(const struct suppression *suppression);

#endif
