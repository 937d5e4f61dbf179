/* Goal: no text makes date_parse read past its end or give a date that does not round-trip. */
#include "fuzz.h"

#include "base/date.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    date_t date;
    if (date_parse((const char *)data, size, &date) &&
        date_from_parts(date_to_parts(date)) != date) {
        abort();
    }
    return 0;
}
