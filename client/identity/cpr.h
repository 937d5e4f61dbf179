/*
 * cpr - reads a CPR number and what it says: birth date and sex. The number itself stays in
 * `struct cpr`, which is wiped when the row is done; nothing prints, stores or sends it.
 *
 *     AUTO_CPR struct cpr cpr;
 *     switch (cpr_parse(cell, len, today, &cpr)) { case CPR_OK: ...
 *
 * Format DDMMYY-SSSS, hyphen and blanks optional. The seventh digit with the year gives the
 * century, the last digit's parity the sex (CPR office, "Opbygning af CPR-nummeret"). Since
 * 2007-10-01 valid numbers may fail modulus 11 and must be accepted. A replacement number
 * has 6 added to the first digit of the day.
 */
#ifndef FREMGANG_IDENTITY_CPR_H
#define FREMGANG_IDENTITY_CPR_H

#include "base/date.h"

#include <stdbool.h>
#include <stddef.h>

enum { CPR_DIGITS = 10 };

enum cpr_result {
    CPR_OK,
    CPR_OK_NO_MOD11, /* usable; fails the check that older numbers pass */
    CPR_REPLACEMENT, /* usable; not in the CPR register */
    CPR_BAD_FORMAT,  /* from here on nothing was read */
    CPR_BAD_DATE,
    CPR_FUTURE_DATE,
};

struct cpr {
    char digits[CPR_DIGITS + 1]; /* secret */
    date_t birth_date;
    bool is_female;
};

/** `AUTO_CPR struct cpr cpr;` wipes it when the scope ends. */
#define AUTO_CPR __attribute__((cleanup(cpr_wipe)))

/** Fills `*out` and says how good the number is; `*out` is empty from CPR_BAD_FORMAT on. */
NODISCARD enum cpr_result cpr_parse(const char *text, size_t len, date_t today, struct cpr *out);
/** Whether `*out` was filled. */
bool cpr_is_usable(enum cpr_result result);
/** Overwrites the number. */
void cpr_wipe(struct cpr *cpr);

#endif
