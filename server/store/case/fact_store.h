/*
 * fact_store - facts of the case cluster, one row per unit of count and period. Called by
 * publish (all members, a read-only snapshot) and by intake's own tables (one municipality).
 *
 *     struct fact_query query = {.fact = "obligation", .rule = "LOCAL_FU_3M",
 *                                .partnership_id = 4, .municipalities = members,
 *                                .municipality_count = 3,
 *                                .period_from = "2014-Q1", .period_to = "2015-Q4"};
 *     rc = fact_read(db, &query, (struct fact_reader){count_one, cube}, err);
 *
 * Rows are handed over as they arrive, municipality by municipality, so that each statement
 * reads one partition of every table. Which facts there are, and what their columns mean, is
 * told by the views (sql/case, facts).
 */
#ifndef FREMGANG_STORE_CASE_FACT_STORE_H
#define FREMGANG_STORE_CASE_FACT_STORE_H

#include "store/db.h"

enum { FACT_SUBJECT_BYTES = 16 };

/** One unit of count in one period. Borrowed inside the call. The subject is a child's or a
 * worker's pseudonym: never to be logged or stored elsewhere. */
struct fact_row {
    int municipality_code;
    int partnership_id;
    const char *period_kind;
    const char *period;
    const uint8_t *subject; /* FACT_SUBJECT_BYTES */
    const char *sex;        /* this and the next five: "NONE" when the fact lacks it */
    const char *age_band;
    const char *target_group;
    const char *placement_type;
    const char *ladder_step;
    const char *measure_kind;
    const char *rule;    /* "" without one */
    const char *outcome; /* "" when placement_type or ladder_step is the outcome */
    int64_t units;
    int64_t numerator_hundredths;
    int64_t denominator_hundredths;
};

/** An error ends the reading and is passed on. */
typedef enum err_code (*fact_fn)(void *ctx, const struct fact_row *row, struct err *err);
struct fact_reader {
    fact_fn read;
    void *ctx; /* borrowed */
};

struct fact_query {
    const char *fact; /* the view's name, e.g. "child_at_date" */
    const char *rule; /* NULL or "" for all */
    int partnership_id;
    const int *municipalities; /* borrowed */
    size_t municipality_count;
    const char *period_from; /* of the fact's own kind, e.g. "2014-Q1" or "2014-H1" */
    const char *period_to;
};

/** Whether there is such a fact. */
bool fact_exists(const char *fact);
/** Reads the facts. ERR_NOT_FOUND when there is no such fact; else as in db.h. */
NODISCARD enum err_code fact_read(struct db *db, const struct fact_query *query,
                                  struct fact_reader reader, struct err *err);

#endif
