/*
 * cell_set - the cells that one answer is computed from: counts by period, at most two
 * codes and an outcome. Pool fills it with a release's stored cells, intake with a
 * municipality's own exact facts; the computation (domain/query.h) is the same.
 *
 *     AUTO(cell_set_free) struct cell_set *set = NULL;
 *     rc = cell_set_new(CELLS_PROTECTED, &set, err);
 *     rc = cell_set_add(set, &(struct cell){.period = "2014-Q1", .outcome = "FOSTER",
 *                                           .keys = {"657", ""}, .value = cell_exact(15)}, err);
 */
#ifndef FREMGANG_DOMAIN_CELL_SET_H
#define FREMGANG_DOMAIN_CELL_SET_H

#include "base/auto.h"
#include "base/err.h"
#include "domain/catalogue.h"

#include <stdint.h>

enum {
    CELL_CODE_BYTES = 40,         /* longest code of the reference files is 24 */
    CELL_SET_CELLS_MAX = 1 << 20, /* 98 municipalities x 100 periods x 100 categories */
};

/** The outcome of a cell that counts all outcomes together. */
#define CELL_OUTCOME_TOTAL "TOTAL"
/** The two quantities of a ratio, in hundredths. */
#define CELL_OUTCOME_NUMERATOR "NUMERATOR"
#define CELL_OUTCOME_DENOMINATOR "DENOMINATOR"

/** What a reader sees of a number. */
enum cell_state {
    CELL_EXACT,
    CELL_WITHHELD,
    CELL_TOO_FEW_CONTRIBUTORS,
    CELL_STRUCTURAL_ZERO,
    CELL_NOT_APPLICABLE,
};

struct cell_value {
    enum cell_state state;
    int64_t exact; /* 0 unless state is CELL_EXACT */
};

struct cell {
    char period[PERIOD_TEXT_BYTES];
    char keys[PLAN_DIMENSIONS_MAX][CELL_CODE_BYTES]; /* "" beyond the table's dimensions */
    char outcome[CELL_CODE_BYTES];
    struct cell_value value;
};

/** What it means that a cell is not in the set. */
enum cell_set_kind {
    CELLS_PROTECTED, /* it was not published: withheld */
    CELLS_EXACT,     /* nothing was counted: zero */
};

struct cell_set;

struct cell_value cell_exact(int64_t value);
struct cell_value cell_absent(enum cell_state state);
/** "exact", "withheld" ... as the store and the canonical text spell it. Static. */
const char *cell_state_name(enum cell_state state);
/** False for any other name. */
NODISCARD bool cell_state_find(const char *name, enum cell_state *out);
/** The sum of two cells: exact only when both are; a structural zero adds nothing; what is
 * withheld wins over every other absence. Counts are far below INT64_MAX. */
struct cell_value cell_add(struct cell_value a, struct cell_value b);

/** Gives an empty set. ERR_INTERNAL. */
NODISCARD enum err_code cell_set_new(enum cell_set_kind kind, struct cell_set **out,
                                     struct err *err);
/** Takes. NULL ok. */
void cell_set_free(struct cell_set *set);
DEFINE_AUTO(struct cell_set, cell_set_free);

/** Copies a cell in; cells with the same name add up. ERR_LIMIT past CELL_SET_CELLS_MAX,
 * ERR_INTERNAL. */
NODISCARD enum err_code cell_set_add(struct cell_set *set, const struct cell *cell,
                                     struct err *err);
/** Copies a code into one of a cell's fields. ERR_LIMIT when it is too long. */
NODISCARD enum err_code cell_code_set(char out[CELL_CODE_BYTES], const char *code, struct err *err);
enum cell_set_kind cell_set_kind(const struct cell_set *set);
size_t cell_set_count(const struct cell_set *set);
/** Borrowed until the next add. */
const struct cell *cell_set_at(const struct cell_set *set, size_t index);

#endif
