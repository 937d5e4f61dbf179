/* Goal: no text makes cpr_parse read past its end, and what it calls usable has a birth date
 * that is not in the future and ten digits. */
#include "fuzz.h"

#include "identity/cpr.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const date_t today = 20000;
    AUTO_CPR struct cpr cpr;
    enum cpr_result result = cpr_parse((const char *)data, size, today, &cpr);
    if (cpr_is_usable(result) != (strlen(cpr.digits) == CPR_DIGITS) ||
        (cpr_is_usable(result) && cpr.birth_date > today)) {
        abort();
    }
    return 0;
}
