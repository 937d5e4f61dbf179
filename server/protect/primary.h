/*
 * primary - which planned cells are sensitive by themselves: too few children behind them,
 * seen by an outsider or by a member that subtracts its own; none or all where that
 * discloses; and, for the pooled audience, too few or too unequal municipalities.
 *
 *     if (primary_is_sensitive(block, &policy, cell)) { hide(cell); }
 *
 * Called by suppress.c and audit.c. Pure functions of a sealed block.
 */
#ifndef FREMGANG_PROTECT_PRIMARY_H
#define FREMGANG_PROTECT_PRIMARY_H

#include "protect/block.h"
#include "protect/policy.h"

/** Whether the cell says too much of children (or workers, respondents) when shown. Cells
 * that cannot occur or have no meaning are not sensitive. */
bool primary_is_sensitive(const struct block *block, const struct policy *policy, size_t cell);

/** Whether the cell says too much of a municipality when shown to the pooled audience. */
bool primary_is_municipal(const struct block *block, const struct policy *policy, size_t cell);

/** Whether the `n` largest of `count` non-negative contributions hold more than `percent` of
 * their sum (the (n,k) rule). The array is reordered. */
bool contribution_dominates(int64_t *values, size_t count, uint32_t n, uint32_t percent);
/** Whether the second largest contributor can estimate the largest more closely than
 * `percent` of it (the p% rule). The array is reordered. */
bool contribution_is_close(int64_t *values, size_t count, uint32_t percent);

#endif
