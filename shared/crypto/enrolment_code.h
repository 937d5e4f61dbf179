/*
 * enrolment_code - the one-time code that turns a person or installation into a principal.
 * Typed by hand: 20 letters and digits without I, L, O, U, in groups of five; 100 random
 * bits. In normal form it is upper case without hyphens and spaces.
 *
 *     char code[ENROLMENT_CODE_TEXT_BYTES];       // "7K3QD-..." for the eye
 *     enrolment_code_new(code);
 *     code = enrolment_code_normalise(typed, normal, err);
 *
 * A server stores the hash alone.
 */
#ifndef FREMGANG_CRYPTO_ENROLMENT_CODE_H
#define FREMGANG_CRYPTO_ENROLMENT_CODE_H

#include "base/err.h"

#include <stdint.h>

enum {
    ENROLMENT_CODE_LETTERS = 20,
    ENROLMENT_CODE_NORMAL_BYTES = ENROLMENT_CODE_LETTERS + 1,
    ENROLMENT_CODE_TEXT_BYTES = ENROLMENT_CODE_LETTERS + 3 + 1, /* three hyphens */
    ENROLMENT_CODE_HASH_BYTES = 32,
};

/** Writes a fresh random code with hyphens. */
void enrolment_code_new(char out[ENROLMENT_CODE_TEXT_BYTES]);
/** Writes a typed code in normal form; O is read as 0, I and L as 1. ERR_INVALID when it is
 * no such code; the message does not repeat it. */
NODISCARD enum err_code
enrolment_code_normalise(const char *typed, char out[ENROLMENT_CODE_NORMAL_BYTES], struct err *err);
/** SHA-256 of a code in normal form: what the server stores and looks up. */
void enrolment_code_hash(const char normal[ENROLMENT_CODE_NORMAL_BYTES],
                         uint8_t out[ENROLMENT_CODE_HASH_BYTES]);

#endif
