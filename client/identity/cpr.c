/* cpr - see cpr.h. */
#include "identity/cpr.h"

#include <sodium.h>
#include <string.h>

enum {
    REPLACEMENT_DAYS = 60, /* 6 on the first digit of the day */
    MOD11 = 11,
};

static bool digits_read(const char *text, size_t len, char digits[CPR_DIGITS + 1])
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == ' ' || text[i] == '-') {
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || count == CPR_DIGITS) {
            return false;
        }
        digits[count++] = text[i];
    }
    digits[count] = '\0';
    return count == CPR_DIGITS;
}

static int two_digits(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* The century by the seventh digit: 0-3 always 19; 4 and 9 turn at 37; 5-8 at 58. */
static int birth_year(int year, char seventh)
{
    if (seventh <= '3') {
        return 1900 + year;
    }
    if (seventh == '4' || seventh == '9') {
        return year <= 36 ? 2000 + year : 1900 + year;
    }
    return year <= 57 ? 2000 + year : 1800 + year;
}

static bool mod11_passes(const char digits[CPR_DIGITS + 1])
{
    static const int weights[CPR_DIGITS] = {4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    int sum = 0;
    for (int i = 0; i < CPR_DIGITS; i++) {
        sum += weights[i] * (digits[i] - '0');
    }
    return sum % MOD11 == 0;
}

static enum cpr_result cpr_read(const char *text, size_t len, date_t today, struct cpr *cpr)
{
    if (!digits_read(text, len, cpr->digits)) {
        return CPR_BAD_FORMAT;
    }
    struct date_parts parts = {
        .year = birth_year(two_digits(cpr->digits + 4), cpr->digits[6]),
        .month = two_digits(cpr->digits + 2),
        .day = two_digits(cpr->digits),
    };
    bool is_replacement = parts.day > REPLACEMENT_DAYS;
    parts.day -= is_replacement ? REPLACEMENT_DAYS : 0;
    if (!date_is_valid(parts)) {
        return CPR_BAD_DATE;
    }
    cpr->birth_date = date_from_parts(parts);
    cpr->is_female = (cpr->digits[CPR_DIGITS - 1] - '0') % 2 == 0;
    if (cpr->birth_date > today) {
        return CPR_FUTURE_DATE;
    }
    if (is_replacement) {
        return CPR_REPLACEMENT;
    }
    return mod11_passes(cpr->digits) ? CPR_OK : CPR_OK_NO_MOD11;
}

enum cpr_result cpr_parse(const char *text, size_t len, date_t today, struct cpr *out)
{
    *out = (struct cpr){.birth_date = DATE_NONE};
    enum cpr_result result = cpr_read(text, len, today, out);
    if (!cpr_is_usable(result)) {
        cpr_wipe(out);
    }
    return result;
}

bool cpr_is_usable(enum cpr_result result)
{
    return result < CPR_BAD_FORMAT;
}

void cpr_wipe(struct cpr *cpr)
{
    sodium_memzero(cpr, sizeof(*cpr));
    cpr->birth_date = DATE_NONE;
}
