/* lp - the only file that includes Clp. */
#include "protect/lp.h"

#include <coin/Clp_C_Interface.h>

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

enum {
    CLP_STATUS_OPTIMAL = 0,
    /* A 4000-row block needs some 10 000 pivots from scratch; far beyond it, Clp is lost. */
    ITERATIONS_MAX = 200000,
};

struct lp {
    Clp_Simplex *model; /* owned */
    size_t row_count;
    size_t column_count;
    double *duals; /* owned */
};

void lp_free(struct lp *lp)
{
    if (lp == NULL) {
        return;
    }
    if (lp->model != NULL) {
        Clp_deleteModel(lp->model);
    }
    free(lp->duals);
    free(lp);
}

enum err_code lp_new(size_t row_count, struct lp **out, struct err *err)
{
    AUTO(lp_free) struct lp *lp = calloc(1, sizeof *lp);
    AUTO_HEAP CoinBigIndex *starts = calloc(row_count + 1, sizeof *starts);
    AUTO_HEAP double *zeros = calloc(row_count + 1, sizeof *zeros);
    if (lp == NULL || starts == NULL || zeros == NULL) {
        return err_memory(err);
    }
    lp->row_count = row_count;
    lp->duals = calloc(row_count + 1, sizeof(double));
    lp->model = Clp_newModel();
    if (lp->model == NULL || lp->duals == NULL) {
        return err_memory(err);
    }
    Clp_setLogLevel(lp->model, 0);
    Clp_scaling(lp->model, 0);
    Clp_setMaximumIterations(lp->model, ITERATIONS_MAX);
    const int no_index = 0;
    const double no_element = 0.0;
    Clp_addRows(lp->model, (int)row_count, zeros, zeros, starts, &no_index, &no_element);
    *out = STEAL(lp);
    return ERR_OK;
}

/* The columns as one compressed matrix; owned. */
struct matrix {
    CoinBigIndex *starts;
    int *rows;
    double *elements;
    double *lower;
    double *upper;
};

static void matrix_clear(struct matrix *matrix)
{
    free(matrix->starts);
    free(matrix->rows);
    free(matrix->elements);
    free(matrix->lower);
    free(matrix->upper);
}

static bool matrix_fill(const struct lp_column *columns, size_t count, struct matrix *matrix)
{
    size_t entries = 1;
    for (size_t j = 0; j < count; j++) {
        entries += columns[j].row_count;
    }
    matrix->starts = calloc(count + 1, sizeof(CoinBigIndex));
    matrix->rows = calloc(entries, sizeof(int));
    matrix->elements = calloc(entries, sizeof(double));
    matrix->lower = calloc(count + 1, sizeof(double));
    matrix->upper = calloc(count + 1, sizeof(double));
    if (matrix->starts == NULL || matrix->rows == NULL || matrix->elements == NULL ||
        matrix->lower == NULL || matrix->upper == NULL) {
        return false;
    }
    size_t at = 0;
    for (size_t j = 0; j < count; j++) {
        for (size_t i = 0; i < columns[j].row_count; i++) {
            matrix->rows[at] = columns[j].rows[i];
            matrix->elements[at++] = columns[j].coefficient;
        }
        matrix->starts[j + 1] = (CoinBigIndex)at;
        matrix->upper[j] = columns[j].upper;
    }
    return true;
}

enum err_code lp_add_columns(struct lp *lp, const struct lp_column *columns, size_t count,
                             struct err *err)
{
    __attribute__((cleanup(matrix_clear))) struct matrix matrix = {0};
    if (!matrix_fill(columns, count, &matrix)) {
        return err_memory(err);
    }
    AUTO_HEAP double *objective = calloc(count + 1, sizeof(double));
    if (objective == NULL) {
        return err_memory(err);
    }
    Clp_addColumns(lp->model, (int)count, matrix.lower, matrix.upper, objective, matrix.starts,
                   matrix.rows, matrix.elements);
    lp->column_count += count;
    return ERR_OK;
}

void lp_bound_row(struct lp *lp, size_t row, double lower, double upper)
{
    assert(row < lp->row_count);
    Clp_rowLower(lp->model)[row] = isfinite(lower) ? lower : -DBL_MAX;
    Clp_rowUpper(lp->model)[row] = isfinite(upper) ? upper : DBL_MAX;
}

void lp_set_objective(struct lp *lp, size_t column, double coefficient)
{
    assert(column < lp->column_count);
    Clp_objective(lp->model)[column] = -coefficient; /* Clp minimises */
}

enum err_code lp_maximise(struct lp *lp, struct err *err)
{
    (void)Clp_primal(lp->model, 0); /* returns Clp_status() */
    int result = Clp_status(lp->model);
    if (result != CLP_STATUS_OPTIMAL) {
        return err_set(err, ERR_INTERNAL, "linear program ended with status %d", result);
    }
    const double *duals = Clp_dualRowSolution(lp->model);
    for (size_t i = 0; i < lp->row_count; i++) {
        lp->duals[i] = -duals[i];
    }
    return ERR_OK;
}

const double *lp_solution(struct lp *lp)
{
    return Clp_primalColumnSolution(lp->model);
}

const double *lp_duals(const struct lp *lp)
{
    return lp->duals;
}
