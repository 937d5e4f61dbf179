/*
 * person_number - replacement numbers in the shape of CPR numbers: the day of birth plus 60,
 * which the CPR office recommends for numbers outside its register, so none belongs to
 * anybody. Century digit and sex follow the rules of real numbers.
 *
 *     AUTO(person_numbers_free) struct person_numbers *numbers = NULL;
 *     ... person_numbers_new(&numbers, err) ...
 *     person_numbers_draw(numbers, birth, is_boy, child->cpr, err);   // "710710-4285"
 */
#ifndef FREMGANG_TESTS_DATA_PERSON_NUMBER_H
#define FREMGANG_TESTS_DATA_PERSON_NUMBER_H

#include "base/auto.h"
#include "base/err.h"
#include "data/model.h"

struct person_numbers;

/** Gives a register of none. ERR_INTERNAL when memory is out. */
NODISCARD enum err_code person_numbers_new(struct person_numbers **out, struct err *err);
/** Takes. NULL ok. */
void person_numbers_free(struct person_numbers *numbers);
DEFINE_AUTO(struct person_numbers, person_numbers_free);

/** Writes a number nobody else of the register has. ERR_LIMIT when the day's numbers are
 * used up, ERR_INVALID when the birth is outside 1990-2019. */
NODISCARD enum err_code person_numbers_draw(struct person_numbers *numbers, date_t birth,
                                            bool is_boy, char out[CPR_TEXT_BYTES], struct err *err);

#endif
