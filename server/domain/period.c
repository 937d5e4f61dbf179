/* period - see period.h. */
#include "domain/period.h"

#include "base/auto.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_FIRST = 1900, YEAR_LAST = 2199 };

/* One row a kind: letter in the text, how many a year, months each, dimension name. */
static const struct {
    char letter;
    int per_year;
    int months;
    const char *name;
} KINDS[] = {
    [PERIOD_QUARTER] = {'Q', 4, 3, "quarter"},
    [PERIOD_HALF_YEAR] = {'H', 2, 6, "half_year"},
};

static bool digits_read(const char *text, size_t count, int *out)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        number = number * 10 + (text[i] - '0');
    }
    *out = number;
    return true;
}

bool period_parse(const char *text, struct period *out)
{
    int year = 0;
    int number = 0;
    if (strlen(text) != PERIOD_TEXT_BYTES - 1 || !digits_read(text, 4, &year) || text[4] != '-' ||
        !digits_read(text + 6, 1, &number) || year < YEAR_FIRST || year > YEAR_LAST) {
        return false;
    }
    for (size_t kind = 0; kind < ARRAY_COUNT(KINDS); kind++) {
        if (text[5] == KINDS[kind].letter && number >= 1 && number <= KINDS[kind].per_year) {
            *out = (struct period){(enum period_kind)kind, year, number};
            return true;
        }
    }
    return false;
}

void period_format(struct period period, char out[PERIOD_TEXT_BYTES])
{
    const unsigned year = (unsigned)period.year % 10000U;
    const unsigned number = (unsigned)period.number % 10U;
    snprintf(out, PERIOD_TEXT_BYTES, "%04u-%c%u", year, KINDS[period.kind].letter, number);
}

struct period period_of(enum period_kind kind, date_t day)
{
    struct date_parts parts = date_to_parts(day);
    return (struct period){kind, parts.year, (parts.month - 1) / KINDS[kind].months + 1};
}

struct period period_next(struct period period)
{
    if (period.number < KINDS[period.kind].per_year) {
        period.number++;
    } else {
        period.number = 1;
        period.year++;
    }
    return period;
}

date_t period_first_day(struct period period)
{
    int month = (period.number - 1) * KINDS[period.kind].months + 1;
    return date_from_parts((struct date_parts){period.year, month, 1});
}

date_t period_last_day(struct period period)
{
    return date_add_months(period_first_day(period), KINDS[period.kind].months) - 1;
}

const char *period_kind_name(enum period_kind kind)
{
    return KINDS[kind].name;
}

bool period_kind_find(const char *name, enum period_kind *out)
{
    for (size_t kind = 0; kind < ARRAY_COUNT(KINDS); kind++) {
        if (strcmp(name, KINDS[kind].name) == 0) {
            *out = (enum period_kind)kind;
            return true;
        }
    }
    return false;
}
