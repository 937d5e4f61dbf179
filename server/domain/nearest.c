/* nearest - see nearest.h. */
#include "domain/nearest.h"

#include <string.h>

enum { NAME_BYTES_MAX = 64 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t low = a < b ? a : b;
    return low < c ? low : c;
}

/** Levenshtein distance; both texts are at most NAME_BYTES_MAX long. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[NAME_BYTES_MAX + 1];
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
    size_t best_distance = 0;
    const size_t typed_len = strlen(typed);
    if (typed_len > NAME_BYTES_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t len = strlen(names[i]);
        if (len > NAME_BYTES_MAX) {
            continue;
        }
        size_t edits = distance(typed, typed_len, names[i], len);
        if (edits * 2 <= len && (best == NULL || edits < best_distance)) {
            best = names[i];
            best_distance = edits;
        }
    }
    return best;
}
