/* Goal: no typed text overruns the normal form, and a normal form is its own normal form. */
#include "fuzz.h"

#include "crypto/enrolment_code.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    char normal[ENROLMENT_CODE_NORMAL_BYTES];
    char again[ENROLMENT_CODE_NORMAL_BYTES];
    struct err err = ERR_INIT;
    if (text == NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    if (enrolment_code_normalise(text, normal, &err) == ERR_OK &&
        (enrolment_code_normalise(normal, again, &err) != ERR_OK || strcmp(normal, again) != 0)) {
        abort();
    }
    free(text);
    return 0;
}
