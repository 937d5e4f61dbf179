/*
 * catalogue - what can be asked for: indicators, their measures, and the tables that the
 * publication plan holds. Read once from the embedded reference files (indicator.csv,
 * measure.csv, plan.csv); immutable afterwards, so threads share it.
 *
 *     AUTO(catalogue_free) struct catalogue *catalogue = NULL;
 *     rc = catalogue_load(&catalogue, err);
 *     rc = catalogue_find_measure(catalogue, "institution_share", &measure, err);
 */
#ifndef FREMGANG_DOMAIN_CATALOGUE_H
#define FREMGANG_DOMAIN_CATALOGUE_H

#include "base/auto.h"
#include "base/err.h"
#include "domain/codes.h"
#include "domain/period.h"

enum {
    CATALOGUE_OUTCOMES_MAX = 8,  /* numerator outcomes of one measure; the longest has 2 */
    PLAN_DIMENSIONS_MAX = 2,     /* beside period and outcome */
    INDICATOR_DIMENSIONS_MAX = 8 /* sex, age_band, target_group ... */
};

/** The outcome of a fact that the measure does not count, e.g. a child that is not placed. */
#define CATALOGUE_OUTCOME_NONE "NONE"

enum measure_statistic {
    STATISTIC_COUNT,        /* all outcomes together */
    STATISTIC_SHARE,        /* numerator outcomes of all outcomes */
    STATISTIC_DISTRIBUTION, /* each outcome of all outcomes: one row an outcome */
    STATISTIC_RATIO,        /* hundredths over hundredths */
    STATISTIC_MEDIAN,       /* grouped median of day bands */
    STATISTIC_MEAN,         /* hundredths over hundredths */
};

/** One indicator; texts are borrowed from the catalogue. */
struct indicator {
    const char *id; /* "I01" */
    const char *name_da;
    const char *name_en;
    const char *unit; /* what is counted */
    const char *statistic;
    const char *direction; /* up, down or neutral */
    enum period_kind period_kind;
    const char *numerator;
    const char *denominator;
    const char *chart;
    const char *caveat_da;
    const char *caveat_en;
    const char *dimensions[INDICATOR_DIMENSIONS_MAX];
    size_t dimension_count;
};

/** One name that tables can be asked for. */
struct measure {
    const char *slug; /* "institution_share" */
    const char *name_da;
    const char *name_en;
    const struct indicator *indicator;
    const char *fact;           /* "child_at_date" */
    const char *rule;           /* law rule of the obligation, or "" */
    const char *outcome_column; /* the facts column that is counted by; "" for a ratio */
    enum measure_statistic statistic;
    const char *outcomes[CATALOGUE_OUTCOMES_MAX]; /* the numerator of a share */
    size_t outcome_count;
};

/** One table of the publication plan; period and outcome are always keys. */
struct planned_table {
    const struct indicator *indicator;
    const char *dimensions[PLAN_DIMENSIONS_MAX];
    size_t dimension_count;
};

/** The three reference files as text. */
struct catalogue_source {
    const char *indicator_csv;
    const char *measure_csv;
    const char *plan_csv;
};

struct catalogue;

/** Gives the catalogue of the embedded files. ERR_CORRUPT when one breaks a rule. */
NODISCARD enum err_code catalogue_load(struct catalogue **out, struct err *err);
/** As catalogue_load, of other texts. */
NODISCARD enum err_code catalogue_parse(const struct catalogue_source *source,
                                        struct catalogue **out, struct err *err);
/** Takes. NULL ok. */
void catalogue_free(struct catalogue *catalogue);
DEFINE_AUTO(struct catalogue, catalogue_free);

/** Borrowed runs in the files' order. */
const struct indicator *catalogue_indicators(const struct catalogue *catalogue, size_t *count);
const struct measure *catalogue_measures(const struct catalogue *catalogue, size_t *count);
const struct planned_table *catalogue_plan(const struct catalogue *catalogue, size_t *count);

/** The codes of a dimension in the order of tables, without municipality's "pool"; NULL for an
 * unknown dimension. Borrowed. */
const struct code_run *catalogue_codes(const struct catalogue *catalogue, const char *dimension);
/** The outcomes that the measure's fact can have, in the order of tables; NULL when it has
 * none. Borrowed. */
const struct code_run *catalogue_outcomes(const struct catalogue *catalogue,
                                          const struct measure *measure);

/** By slug, or by indicator id: then the indicator's first measure. ERR_NOT_FOUND names the
 * nearest slug and how to list them. */
NODISCARD enum err_code catalogue_find_measure(const struct catalogue *catalogue, const char *name,
                                               const struct measure **out, struct err *err);
/** The planned table with exactly these dimensions in any order; NULL when none is. */
const struct planned_table *catalogue_find_table(const struct catalogue *catalogue,
                                                 const struct indicator *indicator,
                                                 const char *const *dimensions, size_t count);

/** "share", "distribution" ... Static. */
const char *statistic_name(enum measure_statistic statistic);

#endif
