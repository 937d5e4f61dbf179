/*
 * check_row - the rules that one row can break alone: presence, form, range, codes, dates.
 * Used by check.c for every row of a case.
 *
 *     struct row_context at = {.options = options, .type = RECORD_CASE, .row = 1, .out = out};
 *     row_check(&at, record);
 */
#ifndef FREMGANG_RULES_CHECK_ROW_H
#define FREMGANG_RULES_CHECK_ROW_H

#include "rules/check.h"

/** Where a violation is reported. */
struct row_context {
    const struct check_options *options; /* borrowed */
    enum record_type type;
    uint32_t row;
    struct violation_list *out; /* borrowed */
};

/** Reports every field of the record that breaks a rule of its own. */
void row_check(const struct row_context *at, const struct record *record);
/** Appends a violation with a printf-made, language-free `expected`. */
void row_report(const struct row_context *at, enum rule rule, int field,
                enum received_class received, const char *expected_format, ...) PRINTF_LIKE(5, 6);

#endif
