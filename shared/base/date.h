/*
 * date - a civil date of the proleptic Gregorian calendar, as days since 1970-01-01.
 * Dates are local (Europe/Copenhagen) and have no time of day; no time zone is involved.
 *
 *     date_t start;
 *     if (date_parse("2016-11-30", 10, &start)) {
 *         date_t due = date_add_months(start, 3);      // 2017-02-28: clamped
 *     }
 */
#ifndef FREMGANG_BASE_DATE_H
#define FREMGANG_BASE_DATE_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

typedef int32_t date_t;

/** No date: an absent optional field. */
#define DATE_NONE INT32_MIN

enum { DATE_TEXT_BYTES = 11 }; /* "2016-11-30" and NUL */

struct date_parts {
    int year;
    int month; /* 1-12 */
    int day;   /* 1-31 */
};

/** Whether year 1800-2199, month and day name a real day. */
bool date_is_valid(struct date_parts parts);
/** Days since 1970-01-01; `parts` must be valid. */
date_t date_from_parts(struct date_parts parts);
/** The year, month and day of any date, also one that no text gives. */
struct date_parts date_to_parts(date_t date);
/** Reads ISO 2016-11-30, or Danish 30-11-2016, 30.11.2016, 30/11/2016. False if neither. */
NODISCARD bool date_parse(const char *text, size_t len, date_t *out);
/** Writes ISO text. `out` has DATE_TEXT_BYTES. */
void date_format(date_t date, char out[DATE_TEXT_BYTES]);
/** Same day number `months` later, clamped to the month's last day (domain: law clocks). */
date_t date_add_months(date_t date, int months);
/** First day of the date's quarter. */
date_t date_quarter_start(date_t date);
/** Whole years from `birth` to `on` (a 29 February birthday falls on 1 March). */
int date_age_years(date_t birth, date_t on);

#endif
