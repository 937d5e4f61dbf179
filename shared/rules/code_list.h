/*
 * code_list - the code lists of the CSV files in sql/reference, embedded in the program: codes with
 * names, aliases, validity dates and attributes. The row rules ask whether a code was valid
 * on a date; the importer asks which code a municipality's word means.
 *
 *     AUTO(code_lists_free) struct code_lists *lists = NULL;
 *     code_lists_load(&lists, err);
 *     const struct code *code = code_find(lists, "paragraph", "SEL-52-3-7");
 *     if (code != NULL && code_is_valid(code, start_date)) { code_attribute(code, "kind"); }
 *
 * Lists: sex, target_group, cohort, end_reason, informant, leave (code_list.csv), paragraph,
 * place_type, instrument, municipality (a file each). `instrument` has a row per version.
 */
#ifndef FREMGANG_RULES_CODE_LIST_H
#define FREMGANG_RULES_CODE_LIST_H

#include "base/auto.h"
#include "base/date.h"

#include <stdbool.h>
#include <stddef.h>

struct code_lists;
struct code_list;

struct code {
    const char *code;
    const char *name_da;
    const char *name_en; /* "" when the list has none */
    const char *aliases; /* separated by |; "" when none */
    date_t valid_from;   /* DATE_NONE: always was */
    date_t valid_to;     /* first day no longer valid; DATE_NONE: still is */
    const struct code_list *list;
    const char *const *cells; /* the row as the file has it, see code_attribute */
};

/** Reads every embedded list. ERR_CORRUPT when a file has another shape, ERR_INTERNAL. */
NODISCARD enum err_code code_lists_load(struct code_lists **out, struct err *err);
/** NULL ok. */
void code_lists_free(struct code_lists *lists);
DEFINE_AUTO(struct code_lists, code_lists_free);

/** The codes of a list in file order, borrowed; NULL and *count 0 when there is no such list. */
const struct code *code_lists_get(const struct code_lists *lists, const char *list, size_t *count);
/** The first row with exactly this code; NULL when there is none. Borrowed. */
const struct code *code_find(const struct code_lists *lists, const char *list, const char *code);
/** Whether `date` is in [valid_from, valid_to). */
bool code_is_valid(const struct code *code, date_t date);
/** The cell of a further column of the code's file, e.g. "kind"; "" when there is no such
 * column. Borrowed. */
const char *code_attribute(const struct code *code, const char *column);
/** The attribute as a decimal number times 100; `absent` when it is empty or no number. */
int32_t code_hundredths(const struct code *code, const char *column, int32_t absent);

/** The row of an instrument for a version and informant; NULL when there is none. */
const struct code *code_find_instrument(const struct code_lists *lists, const char *instrument,
                                        const char *version, const char *informant);
/** Whether `word` is one of the |-separated words of `set`. */
bool code_set_has(const char *set, const char *word);

/** What a municipality's word means: the code itself, a name or an alias, compared without
 * case, blanks, punctuation and the words "§", "stk." and "nr.". A code valid on `on` goes
 * before one that is not (DATE_NONE: any). NULL when nothing fits. */
const struct code *code_match(const struct code_lists *lists, const char *list, const char *word,
                              date_t on);

#endif
