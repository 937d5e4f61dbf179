/*
 * table - a table of figures as a viewer gets it, in plain structs. Made by table_call.c,
 * printed by output_table.h.
 *
 *     for (size_t i = 0; i < table->row_count; i++) {
 *         if (table->rows[i].numerator.state == TABLE_CELL_EXACT) {
 *             use(table->rows[i].numerator.exact);
 *
 * A cell that is neither exact nor noisy has no number: both fields are then 0 and mean
 * nothing.
 */
#ifndef FREMGANG_RPC_TABLE_H
#define FREMGANG_RPC_TABLE_H

#include "base/auto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum { TABLE_HASH_BYTES = 32 };

enum table_cell_state {
    TABLE_CELL_ABSENT, /* the statistic has no such part */
    TABLE_CELL_EXACT,
    TABLE_CELL_NOISY,
    TABLE_CELL_WITHHELD,
    TABLE_CELL_TOO_FEW_CONTRIBUTORS,
    TABLE_CELL_STRUCTURAL_ZERO,
    TABLE_CELL_NOT_APPLICABLE,
    TABLE_CELL_STATES
};

struct table_cell {
    enum table_cell_state state;
    int64_t exact;
    double noisy;
    double margin95; /* half-width of the noisy number's 95 % interval */
};

struct table_row {
    const char *const *keys; /* one code per dimension of `by` */
    struct table_cell numerator;
    struct table_cell denominator;
    bool has_value;
    double value;
};

/** Owns its arena, in which it and everything it points to lives. No string is NULL. */
struct table {
    struct arena *arena;
    const char *measure;
    const char *indicator;
    const char *name_da;
    const char *name_en;
    const char *statistic; /* share, distribution, count, ratio, mean or median */
    const char *unit;
    const char *partnership;
    const char *const *by;
    size_t by_count;
    const char *const *release_ids;
    size_t release_count;
    const char *policy;
    const char *audience; /* named, pooled or own */
    const char *canonical_query;
    char sha256[2 * TABLE_HASH_BYTES + 1]; /* hexadecimal, or "" */
    const char *citation;
    const char *const *caveats; /* in English */
    size_t caveat_count;
    const char *const *caveats_da;
    size_t caveat_da_count;
    bool synthetic;
    const struct table_row *rows;
    size_t row_count;
};

/** Takes the table. NULL ok. */
void table_free(struct table *table);
DEFINE_AUTO(struct table, table_free);

/** "exact", "noisy", "withheld", "too_few_contributors", "structural_zero",
 * "not_applicable", or "" for an absent cell. Static. */
const char *table_cell_state_name(enum table_cell_state state);

#endif
