/* date - see date.h. */
#include "base/date.h"

#include <stdio.h>

static const int MONTH_DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static bool year_is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    return month == 2 && year_is_leap(year) ? 29 : MONTH_DAYS[month - 1];
}

bool date_is_valid(struct date_parts parts)
{
    return parts.year >= 1800 && parts.year <= 2199 && parts.month >= 1 && parts.month <= 12 &&
           parts.day >= 1 && parts.day <= month_days(parts.year, parts.month);
}

/* Counts from 1 March of year 0, so that the leap day is the last day of its year. */
date_t date_from_parts(struct date_parts parts)
{
    int year = parts.month <= 2 ? parts.year - 1 : parts.year;
    int era = year / 400;
    int year_of_era = year - era * 400;
    int month_from_march = (parts.month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + parts.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct date_parts date_to_parts(date_t date)
{
    int64_t days = (int64_t)date + 719468;
    int era = (int)((days >= 0 ? days : days - 146096) / 146097);
    int day_of_era = (int)(days - (int64_t)era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (struct date_parts){
        .year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
}

static bool parse_number(const char *text, size_t len, int *out)
{
    int value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *out = value;
    return len > 0;
}

static bool is_separator(char c)
{
    return c == '-' || c == '.' || c == '/';
}

bool date_parse(const char *text, size_t len, date_t *out)
{
    struct date_parts parts;
    if (len != 10) {
        return false;
    }
    bool iso = text[4] == '-' && text[7] == '-';
    bool danish = is_separator(text[2]) && text[5] == text[2];
    if (iso == danish) {
        return false;
    }
    const char *day = iso ? text + 8 : text;
    const char *month = iso ? text + 5 : text + 3;
    const char *year = iso ? text : text + 6;
    if (!parse_number(year, 4, &parts.year) || !parse_number(month, 2, &parts.month) ||
        !parse_number(day, 2, &parts.day) || !date_is_valid(parts)) {
        return false;
    }
    *out = date_from_parts(parts);
    return true;
}

void date_format(date_t date, char out[DATE_TEXT_BYTES])
{
    struct date_parts parts = date_to_parts(date);
    (void)snprintf(out, DATE_TEXT_BYTES, "%04u-%02u-%02u", (unsigned)parts.year % 10000u,
                   (unsigned)parts.month % 100u, (unsigned)parts.day % 100u);
}

date_t date_add_months(date_t date, int months)
{
    struct date_parts parts = date_to_parts(date);
    int month_index = parts.year * 12 + parts.month - 1 + months;
    parts.year = month_index / 12;
    parts.month = month_index % 12 + 1;
    int last = month_days(parts.year, parts.month);
    parts.day = parts.day < last ? parts.day : last;
    return date_from_parts(parts);
}

date_t date_quarter_start(date_t date)
{
    struct date_parts parts = date_to_parts(date);
    parts.month = (parts.month - 1) / 3 * 3 + 1;
    parts.day = 1;
    return date_from_parts(parts);
}

int date_age_years(date_t birth, date_t on)
{
    struct date_parts born = date_to_parts(birth);
    struct date_parts then = date_to_parts(on);
    bool had_birthday =
        then.month > born.month || (then.month == born.month && then.day >= born.day);
    return then.year - born.year - (had_birthday ? 0 : 1);
}
