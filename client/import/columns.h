/*
 * columns - a file's header line held against the record table: which column is which field,
 * and what is unknown, missing or there twice, each with the nearest right name.
 *
 *     struct columns columns;
 *     struct column_problems problems;
 *     columns_resolve(mapping, RECORD_CASE, header_row, &columns, &problems);
 *     if (problems.count > 0) { ... the file is refused ... }
 */
#ifndef FREMGANG_IMPORT_COLUMNS_H
#define FREMGANG_IMPORT_COLUMNS_H

#include "import/csv.h"
#include "import/mapping.h"
#include "rules/check.h"

enum { COLUMN_PROBLEMS_MAX = 40, COLUMN_TEXT_BYTES = 64 };

struct columns {
    size_t count;                                    /* cells a row must have */
    int column_of[MAPPING_FIELDS];                   /* -1: none */
    const char *values[MAPPING_FIELDS];              /* fixed values instead of a column; or NULL */
    char headers[MAPPING_FIELDS][COLUMN_TEXT_BYTES]; /* their word for the field */
};

struct column_problem {
    enum rule rule;                   /* RULE_COLUMN_* */
    char column[COLUMN_TEXT_BYTES];   /* the header at fault, or the missing one */
    char expected[COLUMN_TEXT_BYTES]; /* the nearest right name; "" when there is none */
};

struct column_problems {
    size_t count; /* at most COLUMN_PROBLEMS_MAX; more are not kept */
    struct column_problem items[COLUMN_PROBLEMS_MAX];
};

/** Fills both. */
void columns_resolve(const struct mapping *mapping, enum record_type type,
                     const struct csv_row *header, struct columns *out,
                     struct column_problems *problems);
/** Which record type the header line fits best: most fields known; a tie goes to the type
 * whose fields it fills more of. False when it fits none. */
NODISCARD bool columns_guess_type(const struct mapping *mapping, const struct csv_row *header,
                                  enum record_type *out);

#endif
