/* attack - one viewer's linear program over changes of the true population: columns rise
 * and fall, published cells stay as they are, and columns that are zero come in as they
 * price in. */
#include "protect/attack.h"

#include "protect/lp.h"
#include "protect/population.h"
#include "protect/shuffle.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLUMNS_PER_ROUND_MAX = 64, /* columns that price in at once */
    EXPLORE_ROUNDS = 2,         /* tries to move all cells at once */
};

#define NOT_IN SIZE_MAX
static const double PRICE_TOLERANCE = 1e-7;
/* A column enters when it gains at least this share of what the best one gains. */
static const double GAIN_SHARE = 0.125;
/* A published cell whose change is worth less than this moves the aim next to nothing. */
static const double LEVER_WORTH = 0.125;

/* A variable of the program: how much a column rises, or falls. */
struct variable {
    size_t column;
    double sign; /* +1 rises, -1 falls */
    double upper;
};

struct attack {
    const struct block *block; /* borrowed */
    struct block_columns columns;
    size_t viewer;
    size_t quantity;
    size_t cell_count;
    bool *hidden;        /* per cell */
    bool *lever;         /* per cell */
    size_t *row_of_cell; /* NOT_IN for cells that do not concern the viewer */
    size_t row_count;
    struct population *population; /* borrowed */
    struct lp *lp;
    struct variable *variables;
    size_t variable_count;
    bool *is_in;    /* per column: may rise in the program */
    double *gains;  /* per column; scratch */
    double *worths; /* per column: of one unit more in it */
    double *duals;  /* per cell, of the last solution; 0 for cells without a row */
    int *row_buffer;
    double upper; /* of every rise, steps */
    size_t solve_count;
};

void attack_free(struct attack *attack)
{
    if (attack == NULL) {
        return;
    }
    lp_free(attack->lp);
    free(attack->hidden);
    free(attack->lever);
    free(attack->row_of_cell);
    free(attack->variables);
    free(attack->is_in);
    free(attack->worths);
    free(attack->duals);
    free(attack->gains);
    free(attack->row_buffer);
    free(attack);
}

static bool column_is_unknown(const struct attack *attack, size_t column)
{
    return attack->columns.member[column] != attack->viewer;
}

bool attack_concerns(const struct attack *attack, size_t cell)
{
    return attack->row_of_cell[cell] != NOT_IN;
}

static bool cell_is_unknown(const struct attack *attack, size_t cell)
{
    if ((block_cell(attack->block, cell)->quantities >> attack->quantity & 1U) == 0) {
        return false;
    }
    size_t count = 0;
    const uint32_t *columns = block_cell_columns(attack->block, cell, &count);
    for (size_t i = 0; i < count; i++) {
        if (column_is_unknown(attack, columns[i])) {
            return true;
        }
    }
    return false;
}

static bool attack_reserve(struct attack *attack)
{
    size_t cells = attack->cell_count + 1;
    size_t columns = attack->columns.count + 1;
    attack->hidden = calloc(cells, sizeof(bool));
    attack->lever = calloc(cells, sizeof(bool));
    attack->row_of_cell = calloc(cells, sizeof(size_t));
    attack->row_buffer = calloc(cells * COLUMNS_PER_ROUND_MAX, sizeof(int));
    attack->variables = calloc(2 * columns, sizeof(struct variable));
    attack->is_in = calloc(columns, sizeof(bool));
    attack->worths = calloc(columns, sizeof(double));
    attack->duals = calloc(cells, sizeof(double));
    attack->gains = calloc(columns, sizeof(double));
    return attack->hidden != NULL && attack->lever != NULL && attack->row_of_cell != NULL &&
           attack->row_buffer != NULL && attack->variables != NULL && attack->is_in != NULL &&
           attack->worths != NULL && attack->duals != NULL && attack->gains != NULL;
}

static void cell_unbound(struct attack *attack, size_t cell)
{
    lp_bound_row(attack->lp, attack->row_of_cell[cell], -HUGE_VAL, HUGE_VAL);
}

static enum err_code rows_build(struct attack *attack, struct err *err)
{
    for (size_t cell = 0; cell < attack->cell_count; cell++) {
        attack->row_of_cell[cell] = cell_is_unknown(attack, cell) ? attack->row_count++ : NOT_IN;
    }
    enum err_code code = lp_new(attack->row_count, &attack->lp, err);
    for (size_t cell = 0; cell < attack->cell_count && code == ERR_OK; cell++) {
        if (attack->hidden[cell] && attack_concerns(attack, cell)) {
            cell_unbound(attack, cell);
        }
    }
    return code;
}

/* Puts up to COLUMNS_PER_ROUND_MAX variables into the program. */
static enum err_code variables_enter(struct attack *attack, const struct variable *entering,
                                     size_t count, struct err *err)
{
    struct lp_column columns[COLUMNS_PER_ROUND_MAX];
    int *rows = attack->row_buffer;
    for (size_t k = 0; k < count; k++) {
        size_t column = entering[k].column;
        columns[k] = (struct lp_column){
            .rows = rows, .coefficient = entering[k].sign, .upper = entering[k].upper};
        for (size_t i = attack->columns.first[column]; i < attack->columns.first[column + 1]; i++) {
            size_t row = attack->row_of_cell[attack->columns.cells[i]];
            if (row != NOT_IN) {
                rows[columns[k].row_count++] = (int)row;
            }
        }
        rows += columns[k].row_count;
        attack->is_in[column] = true;
        attack->variables[attack->variable_count++] = entering[k];
    }
    return lp_add_columns(attack->lp, columns, count, err);
}

/* Starts with what may fall: the columns that are not zero, which may rise as well. */
static enum err_code variables_start(struct attack *attack, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t j = 0; j < attack->columns.count && code == ERR_OK; j++) {
        int64_t truth = population_truth(attack->population, j);
        if (column_is_unknown(attack, j) && truth > 0) {
            const struct variable pair[] = {{j, 1.0, attack->upper}, {j, -1.0, (double)truth}};
            code = variables_enter(attack, pair, ARRAY_COUNT(pair), err);
        }
    }
    return code;
}

enum err_code attack_new(const struct attack_spec *spec, struct attack **out, struct err *err)
{
    AUTO(attack_free) struct attack *attack = calloc(1, sizeof *attack);
    if (attack == NULL) {
        return err_memory(err);
    }
    const struct block_quantity *quantity = block_quantity(spec->block, spec->quantity);
    attack->block = spec->block;
    attack->columns = block_columns(spec->block);
    attack->viewer = spec->viewer;
    attack->quantity = spec->quantity;
    attack->population = spec->population;
    attack->cell_count = block_cell_count(spec->block);
    attack->upper =
        spec->rise_max > 0.0 ? spec->rise_max : 100.0 * (double)(quantity->one / quantity->step);
    if (!attack_reserve(attack)) {
        return err_memory(err);
    }
    memcpy(attack->hidden, spec->hidden, attack->cell_count * sizeof(bool));
    enum err_code code = rows_build(attack, err);
    code = code == ERR_OK ? variables_start(attack, err) : code;
    if (code == ERR_OK) {
        *out = STEAL(attack);
    }
    return code;
}

void attack_hide(struct attack *attack, size_t cell)
{
    attack->hidden[cell] = true;
    if (attack_concerns(attack, cell)) {
        cell_unbound(attack, cell);
    }
}

bool attack_is_lever(const struct attack *attack, size_t cell)
{
    return attack->lever[cell];
}

size_t attack_solve_count(const struct attack *attack)
{
    return attack->solve_count;
}

/* Offers the last solution as a population. */
static void solution_learn(struct attack *attack)
{
    const double *solution = lp_solution(attack->lp);
    population_begin(attack->population);
    for (size_t k = 0; k < attack->variable_count; k++) {
        const struct variable *variable = &attack->variables[k];
        population_change(attack->population, variable->column, solution[k] * variable->sign);
    }
    population_learn(attack->population, attack->hidden);
}

static void objective_set(struct attack *attack)
{
    for (size_t k = 0; k < attack->variable_count; k++) {
        const struct variable *variable = &attack->variables[k];
        lp_set_objective(attack->lp, k, attack->worths[variable->column] * variable->sign);
    }
}

/* What each column outside the program would gain by rising; the largest. */
static double gains_price(struct attack *attack)
{
    const struct block_columns *columns = &attack->columns;
    double best = 0.0;
    for (size_t j = 0; j < columns->count; j++) {
        double gain = 0.0;
        if (!attack->is_in[j] && column_is_unknown(attack, j)) {
            gain = attack->worths[j];
            for (size_t i = columns->first[j]; i < columns->first[j + 1]; i++) {
                gain -= attack->duals[columns->cells[i]];
            }
        }
        attack->gains[j] = gain;
        best = gain > best ? gain : best;
    }
    return best;
}

/* Lets the columns with the largest gains in; `*entered` says how many. */
static enum err_code columns_price_in(struct attack *attack, size_t *entered, struct err *err)
{
    struct variable entering[COLUMNS_PER_ROUND_MAX];
    double best = gains_price(attack);
    *entered = 0;
    if (best <= PRICE_TOLERANCE) {
        return ERR_OK;
    }
    double least = best * GAIN_SHARE;
    for (size_t j = 0; j < attack->columns.count && *entered < COLUMNS_PER_ROUND_MAX; j++) {
        if (attack->gains[j] >= least) {
            entering[(*entered)++] = (struct variable){j, 1.0, attack->upper};
        }
    }
    return variables_enter(attack, entering, *entered, err);
}

static enum err_code program_solve(struct attack *attack, struct err *err)
{
    objective_set(attack);
    attack->solve_count++;
    enum err_code code = lp_maximise(attack->lp, err);
    if (code == ERR_OK) {
        const double *duals = lp_duals(attack->lp);
        for (size_t cell = 0; cell < attack->cell_count; cell++) {
            size_t row = attack->row_of_cell[cell];
            attack->duals[cell] = row == NOT_IN ? 0.0 : duals[row];
        }
        solution_learn(attack);
    }
    return code;
}

/* One attempt: the cell to move, and how wide is wide. */
struct aim {
    size_t cell;
    double width; /* steps */
};

static bool cell_is_wide(const struct attack *attack, size_t cell, double width)
{
    struct population_range range = population_spread(attack->population, attack->viewer, cell);
    return floor(range.high + POPULATION_TOLERANCE) - ceil(range.low - POPULATION_TOLERANCE) >=
           width;
}

/* Solves to the optimum over all columns, or until the aim is reached. */
static enum err_code optimum_find(struct attack *attack, const struct aim *aim, struct err *err)
{
    for (;;) {
        size_t entered = 0;
        enum err_code code = program_solve(attack, err);
        if (code != ERR_OK || cell_is_wide(attack, aim->cell, aim->width)) {
            return code;
        }
        code = columns_price_in(attack, &entered, err);
        if (code != ERR_OK || entered == 0) {
            return code;
        }
    }
}

/* Sets what one unit more in the cell is worth, on top of other cells'. */
static void cell_value(struct attack *attack, size_t cell, double worth)
{
    size_t count = 0;
    const uint32_t *columns = block_cell_columns(attack->block, cell, &count);
    for (size_t i = 0; i < count; i++) {
        attack->worths[columns[i]] += worth;
    }
}

/* Lets the cell move as far as it takes to be wide, in one direction. */
static void cell_aim(struct attack *attack, const struct aim *aim, double sign)
{
    struct population_range range =
        population_spread(attack->population, attack->viewer, aim->cell);
    size_t row = attack->row_of_cell[aim->cell];
    cell_value(attack, aim->cell, sign);
    if (sign > 0.0) {
        lp_bound_row(attack->lp, row, -HUGE_VAL,
                     ceil(range.low - POPULATION_TOLERANCE) + aim->width);
    } else {
        lp_bound_row(attack->lp, row, floor(range.high + POPULATION_TOLERANCE) - aim->width,
                     HUGE_VAL);
    }
}

static void cells_unaim(struct attack *attack, const struct aim *aim)
{
    memset(attack->worths, 0, attack->columns.count * sizeof(double));
    for (size_t cell = 0; cell < attack->cell_count; cell++) {
        if (attack->hidden[cell] && attack_concerns(attack, cell) &&
            (aim == NULL || aim->cell == cell)) {
            cell_unbound(attack, cell);
        }
    }
}

/* Notes the published cells that end the interval, by what moving them is worth. */
static void levers_note(struct attack *attack)
{
    for (size_t cell = 0; cell < attack->cell_count; cell++) {
        if (!attack->hidden[cell] && fabs(attack->duals[cell]) > LEVER_WORTH) {
            attack->lever[cell] = true;
        }
    }
}

static double width_steps(const struct attack *attack, int64_t width)
{
    const struct block_quantity *quantity = block_quantity(attack->block, attack->quantity);
    return ceil((double)(width * quantity->one) / (double)quantity->step);
}

/* A fixed coin for a cell and a round, so that a run can be repeated. */
static double coin(size_t cell, size_t round)
{
    return (shuffle_mix((cell << 8) + round + 1) >> 40 & 1U) != 0 ? 1.0 : -1.0;
}

static size_t cells_aim(struct attack *attack, double width, size_t round)
{
    size_t count = 0;
    for (size_t cell = 0; cell < attack->cell_count; cell++) {
        if (attack->hidden[cell] && attack_concerns(attack, cell) &&
            !cell_is_wide(attack, cell, width)) {
            struct aim aim = {cell, width};
            cell_aim(attack, &aim, coin(cell, round));
            count++;
        }
    }
    return count;
}

enum err_code attack_explore(struct attack *attack, int64_t width, struct err *err)
{
    double steps = width_steps(attack, width);
    struct shuffle shuffle = {attack->block, attack->viewer, attack->quantity, attack->hidden,
                              attack->population};
    enum err_code code = shuffle_try(&shuffle, err);
    for (size_t round = 0; round < EXPLORE_ROUNDS && code == ERR_OK; round++) {
        size_t entered = cells_aim(attack, steps, round);
        for (size_t k = 0; k < 2 * EXPLORE_ROUNDS && entered > 0 && code == ERR_OK; k++) {
            code = program_solve(attack, err);
            code = code == ERR_OK ? columns_price_in(attack, &entered, err) : code;
        }
        cells_unaim(attack, NULL);
    }
    return code;
}

enum err_code attack_widen(struct attack *attack, size_t cell, int64_t width, bool *wide,
                           struct err *err)
{
    assert(attack->hidden[cell] && attack_concerns(attack, cell));
    struct aim aim = {cell, width_steps(attack, width)};
    enum err_code code = ERR_OK;
    memset(attack->lever, 0, attack->cell_count * sizeof(bool));
    for (int side = 0; side < 2 && code == ERR_OK; side++) {
        if (cell_is_wide(attack, cell, aim.width)) {
            break;
        }
        cell_aim(attack, &aim, side == 0 ? 1.0 : -1.0);
        code = optimum_find(attack, &aim, err);
        if (code == ERR_OK && !cell_is_wide(attack, cell, aim.width)) {
            levers_note(attack);
        }
        cells_unaim(attack, &aim);
    }
    *wide = code == ERR_OK && cell_is_wide(attack, cell, aim.width);
    return code;
}

/* The aim's last optimum, in raw values. */
static double solution_of(struct attack *attack, double sign)
{
    const double *solution = lp_solution(attack->lp);
    double sum = 0.0;
    for (size_t k = 0; k < attack->variable_count; k++) {
        const struct variable *variable = &attack->variables[k];
        sum += attack->worths[variable->column] * sign * solution[k] * variable->sign;
    }
    return sum * (double)block_quantity(attack->block, attack->quantity)->step;
}

enum err_code attack_bounds(struct attack *attack, size_t cell, struct attack_interval *out,
                            struct err *err)
{
    struct aim aim = {cell, HUGE_VAL};
    struct attack_interval bounds = {0.0, 0.0};
    cell_value(attack, cell, 1.0);
    enum err_code code = optimum_find(attack, &aim, err);
    if (code == ERR_OK) {
        bounds.high = solution_of(attack, 1.0);
        cell_value(attack, cell, -2.0);
        code = optimum_find(attack, &aim, err);
    }
    if (code == ERR_OK) {
        bounds.low = solution_of(attack, -1.0);
        *out = bounds;
    }
    memset(attack->worths, 0, attack->columns.count * sizeof(double));
    return code;
}
