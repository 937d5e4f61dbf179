/* check_row - one function per kind of value, chosen by the field's kind in record_table.def. */
#include "rules/check_row.h"

#include "base/limits.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    NAME_DIGITS_MAX = 5,      /* a CPR number in a free code would have ten */
    BIRTH_YEAR_MIN = 1960,    /* a 22-year-old in after-care when the oldest rows begin */
    FTE_HUNDREDTHS_MAX = 150, /* 1.5: a full post and half of a colleague's */
};

/* Children's rows begin in 1985: data of the programmes start in 2007, children are <= 22. */
static const date_t date_oldest = 5479; /* 1985-01-01 */
/* The last day that a text can give; over the wire any number of days may come. */
static const date_t date_newest = 84005; /* 2199-12-31 */

/* Ranges of plain numbers. Scores are held against their instrument instead. */
static const struct {
    enum record_type type;
    int field;
    int32_t min;
    int32_t max;
} ranges[] = {
    /* A day to four years: the longest interval a follow-up may set. */
    {RECORD_FOLLOW_UP, FIELD_FOLLOW_UP_decided_interval_days, 1, 1461},
};

/* The last day of a spell may be planned; every other date has happened. */
static const struct {
    enum record_type type;
    int field;
} end_dates[] = {
    {RECORD_CASE, FIELD_CASE_closed_date},
    {RECORD_ENROLMENT, FIELD_ENROLMENT_to_date},
    {RECORD_INTERVENTION, FIELD_INTERVENTION_end_date},
};

/* The date on which the codes of a row must be valid. */
static const int code_anchor[RECORD_TYPE_COUNT] = {
    [RECORD_CASE] = FIELD_CASE_opened_date,
    [RECORD_ENROLMENT] = FIELD_ENROLMENT_from_date,
    [RECORD_INTERVENTION] = FIELD_INTERVENTION_start_date,
    [RECORD_FOLLOW_UP] = FIELD_FOLLOW_UP_followup_date,
    [RECORD_MEASUREMENT] = FIELD_MEASUREMENT_measured_date,
    [RECORD_WORKER_MONTH] = FIELD_WORKER_MONTH_month,
};

void row_report(const struct row_context *at, enum rule rule, int field,
                enum received_class received, const char *expected_format, ...)
{
    struct violation violation = {
        .rule = rule, .type = at->type, .row = at->row, .field = field, .received = received};
    va_list args;
    va_start(args, expected_format);
    (void)vsnprintf(violation.expected, sizeof(violation.expected), expected_format, args);
    va_end(args);
    violation_list_add(at->out, &violation);
}

static bool is_end_date(enum record_type type, int field)
{
    for (size_t i = 0; i < ARRAY_COUNT(end_dates); i++) {
        if (end_dates[i].type == type && end_dates[i].field == field) {
            return true;
        }
    }
    return false;
}

static void date_check(const struct row_context *at, int field, date_t date)
{
    char limit[DATE_TEXT_BYTES];
    if (date < date_oldest) {
        date_format(date_oldest, limit);
        row_report(at, RULE_DATE_TOO_OLD, field, RECEIVED_EARLIER, ">= %s", limit);
    }
    bool is_end = is_end_date(at->type, field);
    date_t latest = at->options->today + (is_end ? 1 : 0); /* an end is the day after the last */
    if (date > latest) {
        date_format(latest, limit);
        bool is_planned = is_end && date <= date_newest;
        row_report(at, is_planned ? RULE_DATE_FUTURE_END : RULE_DATE_FUTURE, field, RECEIVED_LATER,
                   "<= %s", limit);
    }
}

static void month_check(const struct row_context *at, int field, date_t month)
{
    date_check(at, field, month);
    if (month >= date_oldest && date_to_parts(month).day != 1) {
        row_report(at, RULE_WORKER_MONTH_NOT_FIRST, field, RECEIVED_LATER, "01");
    }
}

static void range_check(const struct row_context *at, int field, int32_t number)
{
    for (size_t i = 0; i < ARRAY_COUNT(ranges); i++) {
        if (ranges[i].type == at->type && ranges[i].field == field &&
            (number < ranges[i].min || number > ranges[i].max)) {
            row_report(at, RULE_FIELD_RANGE, field, RECEIVED_OUTSIDE, "%d - %d", ranges[i].min,
                       ranges[i].max);
        }
    }
}

static void year_check(const struct row_context *at, int field, int32_t year)
{
    int latest = date_to_parts(at->options->today).year;
    if (year < BIRTH_YEAR_MIN || year > latest) {
        row_report(at, RULE_FIELD_RANGE, field, RECEIVED_OUTSIDE, "%d - %d", BIRTH_YEAR_MIN,
                   latest);
    }
}

static void hundredths_check(const struct row_context *at, int field, int32_t hundredths)
{
    if (at->type == RECORD_WORKER_MONTH && field == FIELD_WORKER_MONTH_fte_hundredths &&
        (hundredths < 0 || hundredths > FTE_HUNDREDTHS_MAX)) {
        row_report(at, RULE_WORKER_MONTH_FTE, field, RECEIVED_OUTSIDE, "0 - 1.5");
    }
}

static void municipality_check(const struct row_context *at, int field, int32_t number)
{
    char code[12];
    (void)snprintf(code, sizeof(code), "%d", number);
    if (code_find(at->options->lists, "municipality", code) == NULL) {
        row_report(at, RULE_CODE_UNKNOWN, field, RECEIVED_OTHER_CODE, "municipality");
    }
}

static void code_validity_check(const struct row_context *at, int field, const struct code *code,
                                date_t on)
{
    if (on == DATE_NONE || code_is_valid(code, on)) {
        return;
    }
    char from[DATE_TEXT_BYTES] = "";
    char to[DATE_TEXT_BYTES] = "";
    if (code->valid_from != DATE_NONE) {
        date_format(code->valid_from, from);
    }
    if (code->valid_to != DATE_NONE) {
        date_format(code->valid_to - 1, to);
    }
    row_report(at, RULE_CODE_NOT_VALID, field,
               *from != '\0' && on < code->valid_from ? RECEIVED_EARLIER : RECEIVED_LATER,
               "%s: %s - %s", code->code, from, to);
}

static void code_check(const struct row_context *at, int field, const struct record *record)
{
    const char *list = record_def_get(at->type)->fields[field].code_list;
    const struct code *code = code_find(at->options->lists, list, record_text(record, field));
    if (code == NULL) {
        row_report(at, RULE_CODE_UNKNOWN, field, RECEIVED_OTHER_CODE, "%s", list);
        return;
    }
    code_validity_check(at, field, code, record_number(record, code_anchor[at->type], DATE_NONE));
}

/* Length of the letter at `at`, 0 when it is none: ASCII, or Latin letters of two UTF-8 bytes
 * (U+00C0 - U+024F without the signs of multiplication and division). */
static size_t letter_len(const unsigned char *at)
{
    if (at[0] < 0x80) {
        return isalpha(at[0]) ? 1 : 0;
    }
    bool is_latin = at[0] >= 0xc3 && at[0] <= 0xc9 && (at[1] & 0xc0) == 0x80;
    bool is_sign = at[0] == 0xc3 && (at[1] == 0x97 || at[1] == 0xb7);
    return is_latin && !is_sign ? 2 : 0;
}

static bool name_is_good(const char *name)
{
    size_t characters = 0;
    size_t digits = 0;
    const unsigned char *at = (const unsigned char *)name;
    while (*at != '\0') {
        size_t len = letter_len(at);
        if (len == 0) {
            if (strchr(" -_0123456789", *at) == NULL) {
                return false;
            }
            digits += isdigit(*at) ? 1 : 0;
            len = 1;
        }
        at += len;
        characters++;
    }
    return characters > 0 && characters <= RECORD_NAME_BYTES_MAX && digits <= NAME_DIGITS_MAX;
}

static void value_check(const struct row_context *at, int field, const struct record *record)
{
    const struct value *value = &record->values[field];
    switch (record_def_get(at->type)->fields[field].kind) {
    case FIELD_KIND_DATE:
        date_check(at, field, value->as.number);
        break;
    case FIELD_KIND_MONTH:
        month_check(at, field, value->as.number);
        break;
    case FIELD_KIND_YEAR:
        year_check(at, field, value->as.number);
        break;
    case FIELD_KIND_INTEGER:
        range_check(at, field, value->as.number);
        break;
    case FIELD_KIND_HUNDREDTHS:
        hundredths_check(at, field, value->as.number);
        break;
    case FIELD_KIND_MUNICIPALITY:
        municipality_check(at, field, value->as.number);
        break;
    case FIELD_KIND_CODE:
        code_check(at, field, record);
        break;
    case FIELD_KIND_NAME:
        if (!name_is_good(value->as.text)) {
            row_report(at, RULE_NAME_FORMAT, field, RECEIVED_OTHER_TEXT, "A-Å 0-9 - _, 1 - %d",
                       RECORD_NAME_BYTES_MAX);
        }
        break;
    case FIELD_KIND_CHILD_KEY:
    case FIELD_KIND_WORKER_KEY:
    case FIELD_KIND_ROW_KEY:
    case FIELD_KIND_ROW_KEYS:
        break; /* any 16 bytes are a key; references are checked across rows */
    }
}

void row_check(const struct row_context *at, const struct record *record)
{
    const struct record_def *def = record_def_get(at->type);
    for (int field = 0; field < (int)def->field_count; field++) {
        switch (record->values[field].state) {
        case VALUE_ABSENT:
            if (def->fields[field].presence != FIELD_OPTIONAL &&
                def->fields[field].kind != FIELD_KIND_ROW_KEYS) {
                row_report(at, RULE_FIELD_REQUIRED, field, RECEIVED_EMPTY, "%s", "");
            }
            break;
        case VALUE_MALFORMED:
            row_report(at, RULE_FIELD_FORMAT, field, RECEIVED_UNREADABLE, "%s", "");
            break;
        case VALUE_PRESENT:
            value_check(at, field, record);
            break;
        }
    }
}
