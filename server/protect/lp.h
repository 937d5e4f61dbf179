/*
 * lp - one linear program that keeps its basis: rows between two bounds, columns of
 * 0 <= x <= bound that come as they are needed, and an objective that changes. A thin cover of the
 * Clp C interface (COIN-OR), which no other file includes. Called by attack.c alone.
 *
 *     AUTO(lp_free) struct lp *lp = NULL;
 *     lp_new(row_count, &lp, err);                 // every row is 0
 *     lp_add_columns(lp, columns, 4, err);
 *     lp_set_objective(lp, 0, 1.0);
 *     lp_maximise(lp, err);
 */
#ifndef FREMGANG_PROTECT_LP_H
#define FREMGANG_PROTECT_LP_H

#include "base/auto.h"
#include "base/err.h"

#include <stddef.h>

struct lp;

struct lp_column {
    const int *rows; /* where it has a coefficient; borrowed */
    size_t row_count;
    double coefficient; /* the same in all of them */
    double upper;
};

/** Gives a program of rows that must be 0 and no column. ERR_INTERNAL. */
NODISCARD enum err_code lp_new(size_t row_count, struct lp **out, struct err *err);
/** Takes the program. NULL ok. */
void lp_free(struct lp *lp);
DEFINE_AUTO(struct lp, lp_free);

/** Adds columns with objective 0 behind the others; the basis stays. ERR_INTERNAL. */
NODISCARD enum err_code lp_add_columns(struct lp *lp, const struct lp_column *columns, size_t count,
                                       struct err *err);
/** Bounds a row; -HUGE_VAL and HUGE_VAL leave a side open. */
void lp_bound_row(struct lp *lp, size_t row, double lower, double upper);
void lp_set_objective(struct lp *lp, size_t column, double coefficient);

/** Maximises from the last basis. Whatever is not optimal is ERR_INTERNAL: the caller must
 * refuse, not guess. */
NODISCARD enum err_code lp_maximise(struct lp *lp, struct err *err);

/** The last optimum: column values, and the worth of one more on each row: a column that is
 * not in the program would gain its coefficient minus the duals of its rows. Borrowed until
 * the next change. */
const double *lp_solution(struct lp *lp);
const double *lp_duals(const struct lp *lp);

#endif
