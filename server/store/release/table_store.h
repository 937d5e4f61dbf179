/*
 * table_store - reads the stored cells of visible releases, and which releases they are of.
 * Called by pool's table handler; row security keeps everything else out of sight.
 *
 *     rc = table_load(db, &question, cells, err);
 */
#ifndef FREMGANG_STORE_RELEASE_TABLE_STORE_H
#define FREMGANG_STORE_RELEASE_TABLE_STORE_H

#include "domain/query.h"
#include "store/db.h"

/** Which table; everything is borrowed. */
struct table_question {
    int partnership_id;
    enum query_audience audience; /* named or pooled */
    const char *indicator;
    const char *const *dimensions; /* in any order; a cell's keys come in this one */
    size_t dimension_count;
    const char *period_from; /* "" for the first */
    const char *period_to;   /* "" for the last */
};

/** Adds every cell of the table to `out`. */
NODISCARD enum err_code table_load(struct db *db, const struct table_question *question,
                                   struct cell_set *out, struct err *err);
/** Calls `read` with (release_id, policy, left_out) for each visible release of the
 * partnership that holds the table, by id; left_out is "2014-Q3 657|..." or "". */
NODISCARD enum err_code table_releases(struct db *db, const struct table_question *question,
                                       struct db_reader read, struct err *err);

#endif
