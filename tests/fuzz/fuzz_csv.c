/* Goal: no bytes make the CSV parser read past its end, give a cell that is not UTF-8, or go
 * past its limits, whole or in two pieces. */
#include "fuzz.h"

#include "base/limits.h"
#include "import/csv.h"
#include "import/encoding.h"

#include <stdlib.h>
#include <string.h>

static enum err_code row_came(void *ctx, const struct csv_row *row, struct err *err)
{
    (void)ctx;
    (void)err;
    if (row->count == 0 || row->count > CSV_COLUMNS_MAX) {
        abort();
    }
    for (size_t i = 0; i < row->count; i++) {
        size_t len = strlen(row->cells[i]);
        if (!encoding_is_utf8((const uint8_t *)row->cells[i], len)) {
            abort();
        }
    }
    return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct csv_handler handler = {.row = row_came};
    struct err err = ERR_INIT;
    AUTO(csv_free) struct csv *csv = NULL;
    if (csv_new(&handler, 0, &csv, &err) == ERR_OK &&
        csv_feed(csv, data, size / 2, &err) == ERR_OK &&
        csv_feed(csv, data + size / 2, size - size / 2, &err) == ERR_OK) {
        (void)!csv_finish(csv, &err);
    }
    return 0;
}
