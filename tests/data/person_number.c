/* Replacement numbers (see person_number.h). */
#include "data/person_number.h"

#include <stdio.h>

enum {
    BIRTH_FIRST_YEAR = 1990,
    BIRTH_LAST_YEAR = 2019,
    BIRTH_DAYS = (BIRTH_LAST_YEAR - BIRTH_FIRST_YEAR + 1) * 366,
    PER_CENTURY_DIGIT = 500, /* last three digits of one sex */
    CENTURY_DIGITS = 6,
    PER_DAY_AND_SEX = PER_CENTURY_DIGIT * CENTURY_DIGITS,
    STRIDE = 271, /* prime to PER_DAY_AND_SEX: every number comes once */
};

struct person_numbers {
    int drawn[BIRTH_DAYS][2]; /* by day of birth and sex */
};

enum err_code person_numbers_new(struct person_numbers **out, struct err *err)
{
    struct person_numbers *numbers = calloc(1, sizeof(*numbers));
    if (numbers == NULL) {
        return err_memory(err);
    }
    *out = numbers;
    return ERR_OK;
}

void person_numbers_free(struct person_numbers *numbers)
{
    free(numbers);
}

enum err_code person_numbers_draw(struct person_numbers *numbers, date_t birth, bool is_boy,
                                  char out[CPR_TEXT_BYTES], struct err *err)
{
    // The seventh digit that, with the year, gives the century (CPR office, the number's build).
    static const int digits_before_2000[CENTURY_DIGITS] = {0, 1, 2, 3, 4, 9};
    static const int digits_from_2000[CENTURY_DIGITS] = {4, 5, 6, 7, 8, 9};
    struct date_parts parts = date_to_parts(birth);
    date_t origin = date_from_parts((struct date_parts){BIRTH_FIRST_YEAR, 1, 1});
    if (parts.year < BIRTH_FIRST_YEAR || parts.year > BIRTH_LAST_YEAR) {
        return err_set(err, ERR_INVALID, "birth year %d is not in %d-%d", parts.year,
                       BIRTH_FIRST_YEAR, BIRTH_LAST_YEAR);
    }
    int *drawn = &numbers->drawn[birth - origin][is_boy ? 1 : 0];
    if (*drawn >= PER_DAY_AND_SEX) {
        return err_set(err, ERR_LIMIT, "no replacement numbers left for one day of birth");
    }
    int index = ((*drawn)++ * STRIDE + (birth - origin) * 97) % PER_DAY_AND_SEX;
    const int *digits = parts.year < 2000 ? digits_before_2000 : digits_from_2000;
    int serial = digits[index / PER_CENTURY_DIGIT] * 1000 + (index % PER_CENTURY_DIGIT) * 2 +
                 (is_boy ? 1 : 0);
    // The remainders tell the compiler what is known: two digits each, four at the end.
    (void)snprintf(out, CPR_TEXT_BYTES, "%02u%02u%02u-%04u", ((unsigned)parts.day + 60) % 100,
                   (unsigned)parts.month % 100, (unsigned)parts.year % 100,
                   (unsigned)serial % 10000);
    return ERR_OK;
}
