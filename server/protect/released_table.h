/*
 * released_table - the only form in which a figure leaves the case world. It is made by
 * the protection step alone: its one constructor takes suppressions that passed their
 * final audit. Publish hands it to the release store; nothing can change it.
 *
 *     for (size_t i = 0; i < released_table_cell_count(table); i++) {
 *         struct released_cell cell = released_table_cell(table, i);
 *         int64_t value;
 *         if (released_table_value(table, i, &value)) { ... }   // exact cells only
 *     }
 *
 * A cell that is not exact has no number in memory, so no caller can print one.
 */
#ifndef FREMGANG_PROTECT_RELEASED_TABLE_H
#define FREMGANG_PROTECT_RELEASED_TABLE_H

#include "base/auto.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RELEASED_DIMENSIONS_MAX = 2, /* beside period and outcome */
};

/** The outcome of a cell that counts all outcomes together: a share's denominator. */
#define RELEASED_OUTCOME_TOTAL "TOTAL"
/** A ratio's two quantities, in hundredths, over all outcomes. */
#define RELEASED_OUTCOME_NUMERATOR "NUMERATOR"
#define RELEASED_OUTCOME_DENOMINATOR "DENOMINATOR"

/** Who sees the table: each member's protected figures, or the pool alone. */
enum released_audience {
    RELEASED_NAMED,
    RELEASED_POOLED,
};

enum released_state {
    RELEASED_EXACT,                /* has a value */
    RELEASED_WITHHELD,             /* protects children, workers or municipalities */
    RELEASED_TOO_FEW_CONTRIBUTORS, /* fewer than 3 members take part, by public fact */
    RELEASED_STRUCTURAL_ZERO,      /* cannot occur */
    RELEASED_NOT_APPLICABLE,       /* has no meaning here */
};

struct released_table;
struct suppression;

/** What names a cell; every text is borrowed from the table. */
struct released_cell {
    const char *period;                        /* "2014-Q1" or "2014-H1" */
    const char *keys[RELEASED_DIMENSIONS_MAX]; /* codes in the order of the dimensions, or NULL */
    const char *outcome;                       /* an outcome code, or RELEASED_OUTCOME_* */
    enum released_state state;
};

/** The table number `table` of one plan's blocks, one suppression per period in the order
 * given. */
struct released_table_source {
    const struct suppression *const *suppressions; /* borrowed */
    size_t suppression_count;
    size_t table; /* the same number in every block */
};

/** Gives the protected table. Every text and exact number is copied; withheld numbers are
 * not. ERR_INVALID when the suppressions differ in plan or audience, ERR_INTERNAL. */
NODISCARD enum err_code released_table_new(const struct released_table_source *source,
                                           struct released_table **out, struct err *err);
/** Takes the table. NULL ok. */
void released_table_free(struct released_table *table);
DEFINE_AUTO(struct released_table, released_table_free);

enum released_audience released_table_audience(const struct released_table *table);
/** The table's name in the plan, e.g. "I01.municipality_sex". */
const char *released_table_name(const struct released_table *table);
/** e.g. "I01". */
const char *released_table_indicator(const struct released_table *table);
/** Dimensions beside period and outcome, in the order of released_cell.keys; at most
 * RELEASED_DIMENSIONS_MAX. */
size_t released_table_dimension_count(const struct released_table *table);
/** The `index`th dimension, e.g. "municipality". */
const char *released_table_dimension(const struct released_table *table, size_t index);
size_t released_table_cell_count(const struct released_table *table);
struct released_cell released_table_cell(const struct released_table *table, size_t index);
/** True and the number when the cell is RELEASED_EXACT; else false and `*out` untouched. */
NODISCARD bool released_table_value(const struct released_table *table, size_t index, int64_t *out);

/** The word stored for a state: "exact", "withheld", ... Static. */
const char *released_state_name(enum released_state state);
/** "named" or "pooled". Static. */
const char *released_audience_name(enum released_audience audience);

#endif
