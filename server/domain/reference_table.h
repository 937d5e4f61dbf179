/*
 * reference_table - one of the embedded reference files as rows and named columns. Called by
 * the catalogue. CSV with a header line, `,`, and cells in `"` where they hold one.
 *
 *     rc = reference_table_parse(text, arena, &table, err);
 *     rc = reference_table_column(&table, "slug", &column, err);
 *     const char *slug = table.rows[0][column];
 */
#ifndef FREMGANG_DOMAIN_REFERENCE_TABLE_H
#define FREMGANG_DOMAIN_REFERENCE_TABLE_H

#include "base/arena.h"
#include "base/err.h"

enum { REFERENCE_COLUMNS_MAX = 24, REFERENCE_ROWS_MAX = 1000 };

/** Rows of `column_count` cells each; all memory is the arena's. */
struct reference_table {
    const char *name;          /* for messages; borrowed */
    const char *const *header; /* column names */
    size_t column_count;
    const char *const *const *rows;
    size_t row_count;
};

/** Reads the text. `out->name` must be set. ERR_CORRUPT when a row has another number of
 * cells than the header or a quote is open; ERR_LIMIT, ERR_INTERNAL. */
NODISCARD enum err_code reference_table_parse(const char *text, struct arena *arena,
                                              struct reference_table *out, struct err *err);
/** The index of a column. ERR_CORRUPT when the file has none of that name. */
NODISCARD enum err_code reference_table_column(const struct reference_table *table,
                                               const char *name, size_t *out, struct err *err);

#endif
