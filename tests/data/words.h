/*
 * words - what a case system writes where the code lists have a code: one of our three
 * municipalities writes the Danish names, one the codes with Danish names for places, one
 * the codes alone.
 *
 *     puts(word_write(WORDS_DANISH, "NETWORK"));       // "Netværkspleje"
 */
#ifndef FREMGANG_TESTS_DATA_WORDS_H
#define FREMGANG_TESTS_DATA_WORDS_H

/** Each includes the ones before it. */
enum words { WORDS_CODES, WORDS_PLACES, WORDS_DANISH };

/** The municipality's word for a code, or the code. Static, or `code` itself. */
const char *word_write(enum words words, const char *code);

#endif
