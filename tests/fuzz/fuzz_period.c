/* Goal: any text that reads as a period is written back as it was. */
#include "fuzz.h"

#include "domain/period.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct period period;
    char again[PERIOD_TEXT_BYTES];
    if (text == NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    if (period_parse(text, &period)) {
        period_format(period, again);
        if (strcmp(again, text) != 0) {
            abort();
        }
    }
    free(text);
    return 0;
}
