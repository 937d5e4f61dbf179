/*
 * query_internal - what the files of the query share: the table being built and the parts of
 * its computation. Included by server/domain/query_*.c only.
 *
 *     rc = statistic_rows(&group, table, err);
 */
#ifndef FREMGANG_DOMAIN_QUERY_INTERNAL_H
#define FREMGANG_DOMAIN_QUERY_INTERNAL_H

#include "base/buf.h"
#include "domain/query.h"

struct query_table {
    struct query_row *rows;
    size_t row_count;
    size_t row_capacity;
    struct buf canonical;
    uint8_t sha256[QUERY_DIGEST_BYTES];
    struct buf citation;
    char **caveats;    /* owned texts */
    char **caveats_da; /* owned texts, as many */
    size_t caveat_count;
};

/** One outcome of a group; equal cells of merged categories are added up. */
struct group_outcome {
    const char *outcome; /* borrowed from the cell */
    struct cell_value value;
    size_t parts; /* cells that were added up */
};

/** The cells of one row's keys. */
struct group {
    const struct query *query;
    char (*keys)[CELL_CODE_BYTES]; /* query->by without the outcome */
    enum cell_set_kind kind;
    const struct group_outcome *outcomes; /* in code order */
    size_t outcome_count;
};

/** Compares codes as people list them: numbers before words, numbers by value. */
int code_compare(const char *a, const char *b);
/** Whether the filters on `dimension` let `code` pass. */
bool query_filter_passes(const struct query *query, const char *dimension, const char *code);

/** Appends an empty row with the group's keys; NULL when memory is out. */
struct query_row *query_table_add(struct query_table *table, const struct group *group);
/** Appends the rows of the measure's statistic for one group. ERR_INTERNAL. */
NODISCARD enum err_code statistic_rows(const struct group *group, struct query_table *table,
                                       struct err *err);
/** Fills canonical query, digest, citation and caveats once all rows are there. ERR_INTERNAL. */
NODISCARD enum err_code query_table_name(struct query_table *table, const struct query *query,
                                         const struct query_scope *scope, struct err *err);

#endif
