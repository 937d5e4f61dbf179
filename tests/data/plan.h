/*
 * plan - what the generator aims at: the municipalities, their populations, and for each
 * quarter how many children stand on each rung, how many follow-ups are on time, who works
 * there. README.md says which number is published and which is calibration.
 *
 *     for (size_t i = 0; i < plan_municipality_count; i++) {
 *         const struct municipality_plan *municipality = &plan_municipalities[i];
 */
#ifndef FREMGANG_TESTS_DATA_PLAN_H
#define FREMGANG_TESTS_DATA_PLAN_H

#include "data/model.h"
#include "data/words.h"

#include <stddef.h>

enum {
    WORKERS_MAX = 12,
    SITES_MAX = 4,
    POPULATIONS_MAX = 2,
    BURN_IN_QUARTERS = 4, /* lived through before the programme, so that clocks are running */
    QUARTER_HIRED_BEFORE = -BURN_IN_QUARTERS - 1, /* with the first children */
};

/** Follow-ups are planned apart for placements and for all else (published for P4). */
enum followup_kind { FOLLOWUP_PLACEMENT, FOLLOWUP_OTHER, FOLLOWUP_KIND_COUNT };

/** A caseworker; quarters count from the programme's first. */
struct worker_plan {
    const char *id;
    int from_quarter;   /* gets new cases from here */
    int fte_hundredths; /* 100 = full time */
    int leave_from;     /* long leave in [leave_from, leave_to) */
    int leave_to;
    bool is_borrowed; /* belongs to the municipality's other population */
};

struct followup_plan {
    int on_time_permille[FOLLOWUP_KIND_COUNT][QUARTERS];
    /* Days from the previous follow-up when the three months were missed. */
    int late_days_low[FOLLOWUP_KIND_COUNT];
    int late_days_high[FOLLOWUP_KIND_COUNT];
};

struct population_plan {
    const char *name;
    int municipality;
    enum programme programme;
    int stream; /* of the dice */
    int first_year;
    const int (*targets)[RUNG_COUNT]; /* one row a quarter; NULL: a line from first to last */
    int first[RUNG_COUNT];
    int last[RUNG_COUNT];
    int closings; /* cases closed a quarter */
    int ups;      /* children moved up the ladder a quarter, at least */
    int downs;
    bool is_measured; /* wellbeing is measured from enrolment */
    struct worker_plan workers[WORKERS_MAX];
    const char *sites[SITES_MAX];
    struct followup_plan followups;
};

/** How a municipality's case system writes files. */
struct dialect {
    char separator;
    char decimal;
    bool is_cp1252; /* else UTF-8 */
    bool has_bom;
    bool has_quotes; /* round every cell */
    const char *newline;
    char date_separator; /* '-' or '.': 30-11-2016, 30.11.2016; 0: ISO, 2016-11-30 */
    enum words words;
};

struct municipality_plan {
    int code;
    const char *folder;
    struct dialect dialect;
    const struct population_plan *populations[POPULATIONS_MAX];
    int faulty_cases; /* one of each fault in turn */
    int aftercare_cases;
    int elsewhere_cases; /* acting municipality outside the partnership */
};

/** The partnership's slug, as the enrolment file writes it. */
const char *programme_slug(enum programme programme);
/** First day, and day after the last, of the programme. */
date_t programme_first_day(enum programme programme);
date_t programme_end_day(enum programme programme);
/** The children wanted on each rung at the end of a quarter; quarters outside are clamped. */
void plan_targets(const struct population_plan *plan, int quarter, int out[RUNG_COUNT]);
/** Which quarter of the plan holds `day`; negative before, QUARTERS and more after. */
int plan_quarter_of(const struct population_plan *plan, date_t day);
/** The day on which all exports were taken: nothing in them is later. */
date_t plan_extract_day(void);

extern const struct municipality_plan plan_municipalities[];
extern const size_t plan_municipality_count;
/** Follow-ups in Herning after Sverigesprogrammet, for the children who went on. */
extern const struct population_plan plan_herning_pakken;

#endif
