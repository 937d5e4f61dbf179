/*
 * query - one table that was asked for: checked against the catalogue and the publication
 * plan, computed from cells, and named so that it can be quoted. Pure. TableService gives it
 * a release's stored cells, OwnService a municipality's own; both get the same table.
 *
 *     rc = query_plan(catalogue, &words, &query, err);
 *     for (size_t i = 0; i < query->source_count; i++) { ... load cells of query->sources[i] }
 *     rc = query_compute(query, &scope, sets, &table, err);
 */
#ifndef FREMGANG_DOMAIN_QUERY_H
#define FREMGANG_DOMAIN_QUERY_H

#include "domain/cell_set.h"

enum {
    QUERY_BY_MAX = 4,      /* period, two dimensions, outcome */
    QUERY_FILTERS_MAX = 4, /* one a dimension */
    QUERY_CODES_MAX = 128, /* codes of one filter: all municipalities */
    QUERY_SOURCES_MAX = 2, /* the table, and the one without municipality for the pool */
    QUERY_DIGEST_BYTES = 32,
};

/** The key of the row of all members together. */
#define QUERY_POOL_KEY "pool"

/** Who a table is for. */
enum query_audience { AUDIENCE_NAMED, AUDIENCE_POOLED, AUDIENCE_OWN };

/** Keeps only cells whose code in `dimension` is one of `codes`. Borrows. */
struct query_filter {
    const char *dimension;
    const char *const *codes;
    size_t code_count;
};

/** The caller's words; all borrowed. */
struct query_words {
    const char *partnership; /* slug */
    const char *measure;     /* slug or indicator id */
    const char *const *by;   /* period first or left out; the outcome may be named or not */
    size_t by_count;
    const struct query_filter *filters;
    size_t filter_count;
    const char *period_from; /* "" for the first */
    const char *period_to;   /* "" for the last */
    enum query_audience audience;
};

/** A planned table whose cells the answer needs. */
struct query_source {
    const char *dimensions[PLAN_DIMENSIONS_MAX]; /* in the plan's order */
    size_t dimension_count;
    bool is_pool; /* gives the "pool" rows beside the municipalities */
};

/** A checked question. Texts are borrowed from the words and the catalogue. */
struct query {
    struct query_words words;
    const struct measure *measure;
    const char *by[QUERY_BY_MAX]; /* the keys of each row, the period first */
    size_t by_count;
    bool is_by_municipality;
    char period_from[PERIOD_TEXT_BYTES]; /* "" when open */
    char period_to[PERIOD_TEXT_BYTES];
    const struct code_run *outcomes; /* in the order of rows; NULL when the measure has none */
    struct query_source sources[QUERY_SOURCES_MAX];
    size_t source_count;
};

/** A member of the partnership and when it is one. */
struct query_member {
    int municipality_code;
    date_t from_date;
    date_t to_date; /* the day after the last */
};

/** What is known beside the cells. All borrowed. */
struct query_scope {
    const struct query_member *members; /* not needed for AUDIENCE_OWN */
    size_t member_count;
    const char *const *release_ids;
    size_t release_count;
    const char *policy; /* "" for AUDIENCE_OWN */
    bool synthetic;
    const char *const *caveats;    /* beside those of the indicator, in English */
    const char *const *caveats_da; /* the same, text for text */
    size_t caveat_count;
};

struct query_row {
    char keys[QUERY_BY_MAX][CELL_CODE_BYTES];
    bool has_numerator; /* a median has none, but the state that hides it */
    struct cell_value numerator;
    struct cell_value denominator;
    bool has_denominator; /* a count has none */
    bool has_value;
    double value;
};

struct query_table;

/** Checks the words and finds the tables. ERR_NOT_FOUND for an unknown measure or dimension,
 * with the nearest name and how to list them; ERR_INVALID for a table that the plan does not
 * hold (naming those it does), a bad period, filter or code of one. `*out` borrows words and
 * catalogue. */
NODISCARD enum err_code query_plan(const struct catalogue *catalogue,
                                   const struct query_words *words, struct query *out,
                                   struct err *err);
/** Computes the rows. `sets` has one set for each source of the query. Gives the table, which
 * owns its texts. ERR_LIMIT, ERR_INTERNAL. */
NODISCARD enum err_code query_compute(const struct query *query, const struct query_scope *scope,
                                      const struct cell_set *const *sets, struct query_table **out,
                                      struct err *err);
/** Takes. NULL ok. */
void query_table_free(struct query_table *table);
DEFINE_AUTO(struct query_table, query_table_free);

/** Borrowed rows, sorted by their keys, outcomes as the catalogue lists them; "pool" comes after
 * the municipalities. */
const struct query_row *query_table_rows(const struct query_table *table, size_t *count);
/** The question in one canonical line: equal questions give equal lines. */
const char *query_table_canonical(const struct query_table *table);
/** SHA-256 over the rows' canonical text. */
const uint8_t *query_table_sha256(const struct query_table *table);
/** How to cite the table, in one line. */
const char *query_table_citation(const struct query_table *table);
/** Things a reader must know, in English; borrowed. */
const char *const *query_table_caveats(const struct query_table *table, size_t *count);
/** The same in Danish, text for text; borrowed. */
const char *const *query_table_caveats_da(const struct query_table *table, size_t *count);

/** "named", "pooled" or "own". Static. */
const char *query_audience_name(enum query_audience audience);

#endif
