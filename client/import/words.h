/*
 * words - compares words as people write them: without case, blanks and punctuation, with
 * æ, ø, å as ae, oe, aa; and finds the nearest of several for "did you mean".
 *
 *     char folded[WORDS_BYTES];
 *     words_fold("Foranstaltnings-ID", folded);        // "foranstaltningsid"
 */
#ifndef FREMGANG_IMPORT_WORDS_H
#define FREMGANG_IMPORT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_BYTES = 96 }; /* a folded word; the longest header of the record table has 30 */

/** Writes the folded word, cut to WORDS_BYTES. */
void words_fold(const char *text, char out[WORDS_BYTES]);
/** Whether two texts fold to the same, non-empty word. */
bool words_equal(const char *a, const char *b);
/** Insertions, deletions and replacements between the folded words. */
size_t words_distance(const char *a, const char *b);

/** Keeps the nearest candidate: start with `.best = NULL`. */
struct words_nearest {
    const char *word;
    const char *best; /* borrowed; NULL while none is near enough to be meant */
    size_t distance;
};

/** Holds a candidate against the best one so far. */
void words_nearest_offer(struct words_nearest *nearest, const char *candidate);

#endif
