/* Goal: no text makes the mapping parser or the look-up of a word read past its end. */
#include "fuzz.h"

#include "import/mapping.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    static struct code_lists *lists; /* read once; reading them is not what is tested */
    AUTO(mapping_free) struct mapping *mapping = NULL;
    AUTO_HEAP char *text = calloc(1, size + 1);
    if (text == NULL || (lists == NULL && code_lists_load(&lists, &err) != ERR_OK)) {
        abort();
    }
    memcpy(text, data, size);
    if (mapping_parse(text, lists, &mapping, &err) != ERR_OK && err.message[0] == '\0') {
        abort();
    }
    (void)code_match(lists, "paragraph", text, DATE_NONE);
    return 0;
}
