/*
 * period - a quarter ("2014-Q1") or half-year ("2014-H1") as a value that can be compared
 * and stepped. Used by the query planner, the period close and publish.
 *
 *     struct period period;
 *     if (period_parse("2014-Q4", &period)) {
 *         date_t snapshot = period_last_day(period);      // 2014-12-31
 *         period = period_next(period);                   // 2015-Q1
 *     }
 */
#ifndef FREMGANG_DOMAIN_PERIOD_H
#define FREMGANG_DOMAIN_PERIOD_H

#include "base/date.h"

#include <stdbool.h>

enum { PERIOD_TEXT_BYTES = 8 }; /* "2014-Q1" and NUL */

enum period_kind { PERIOD_QUARTER, PERIOD_HALF_YEAR };

struct period {
    enum period_kind kind;
    int year;   /* 1900-2199 */
    int number; /* from 1: 4 quarters, 2 half-years */
};

/** Reads "2014-Q1" or "2014-H1". False, and `*out` untouched, for anything else. */
NODISCARD bool period_parse(const char *text, struct period *out);
void period_format(struct period period, char out[PERIOD_TEXT_BYTES]);
/** The period of that kind that the day lies in. */
struct period period_of(enum period_kind kind, date_t day);
struct period period_next(struct period period);
date_t period_first_day(struct period period);
/** The day of a snapshot. */
date_t period_last_day(struct period period);
/** "quarter" or "half_year": the dimension's name. Static. */
const char *period_kind_name(enum period_kind kind);
/** False for any other name. */
NODISCARD bool period_kind_find(const char *name, enum period_kind *out);

#endif
