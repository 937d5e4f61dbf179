/* enrolment_code - see enrolment_code.h. The alphabet is Crockford's base 32 (2002). */
#include "crypto/enrolment_code.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { ALPHABET_SIZE = sizeof(ALPHABET) - 1, GROUP_LETTERS = 5 };

void enrolment_code_new(char out[ENROLMENT_CODE_TEXT_BYTES])
{
    size_t at = 0;
    for (size_t i = 0; i < ENROLMENT_CODE_LETTERS; i++) {
        if (i > 0 && i % GROUP_LETTERS == 0) {
            out[at++] = '-';
        }
        out[at++] = ALPHABET[randombytes_uniform(ALPHABET_SIZE)];
    }
    out[at] = '\0';
}

static char normal_letter(char typed)
{
    char upper = (char)toupper((unsigned char)typed);
    if (upper == 'O') {
        return '0';
    }
    return upper == 'I' || upper == 'L' ? '1' : upper;
}

enum err_code enrolment_code_normalise(const char *typed, char out[ENROLMENT_CODE_NORMAL_BYTES],
                                       struct err *err)
{
    char normal[ENROLMENT_CODE_NORMAL_BYTES] = "";
    size_t count = 0;
    bool is_code = true;
    for (const char *at = typed; *at != '\0' && is_code; at++) {
        if (*at == '-' || *at == ' ') {
            continue;
        }
        char letter = normal_letter(*at);
        is_code = count < ENROLMENT_CODE_LETTERS && strchr(ALPHABET, letter) != NULL;
        if (is_code) {
            normal[count++] = letter;
        }
    }
    if (!is_code || count != ENROLMENT_CODE_LETTERS) {
        (void)err_set(err, ERR_INVALID, "an enrolment code has %d letters and digits",
                      ENROLMENT_CODE_LETTERS);
        (void)err_hint(err, "Type it as the data steward gave it; it holds no I, L, O or U.");
        return err_reason(err, "ENROLMENT_CODE_MALFORMED");
    }
    memcpy(out, normal, sizeof(normal));
    return ERR_OK;
}

void enrolment_code_hash(const char normal[ENROLMENT_CODE_NORMAL_BYTES],
                         uint8_t out[ENROLMENT_CODE_HASH_BYTES])
{
    (void)crypto_hash_sha256(out, (const uint8_t *)normal, ENROLMENT_CODE_LETTERS);
}
