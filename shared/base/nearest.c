/* nearest - see nearest.h. */
#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

static size_t least(size_t a, size_t b, size_t c)
{
    size_t low = a < b ? a : b;
    return low < c ? low : c;
}

size_t nearest_edits(const char *a, const char *b)
{
    size_t row[NEAREST_BYTES_MAX + 1];
    const size_t a_len = strnlen(a, NEAREST_BYTES_MAX + 1);
    const size_t b_len = strnlen(b, NEAREST_BYTES_MAX + 1);
    if (a_len > NEAREST_BYTES_MAX || b_len > NEAREST_BYTES_MAX) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= b_len; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t above = row[j];
            size_t swap = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = least(above + 1, row[j - 1] + 1, swap);
            diagonal = above;
        }
    }
    return row[b_len];
}

const char *nearest_name(const char *typed, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_edits = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t edits = nearest_edits(typed, names[i]);
        if (edits < best_edits && edits <= strlen(names[i]) / 2) {
            best = names[i];
            best_edits = edits;
        }
    }
    return best;
}
