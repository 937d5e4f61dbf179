/* words - see words.h. */
#include "import/words.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

/* Folds of letters that Danish writes in two ways. */
static const char *letter_fold(utf8proc_int32_t point)
{
    switch (point) {
    case 0xE6:
        return "ae";
    case 0xF8:
        return "oe";
    case 0xE5:
        return "aa";
    default:
        return NULL;
    }
}

static bool is_word_letter(utf8proc_int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LU ||
           category == UTF8PROC_CATEGORY_LO || category == UTF8PROC_CATEGORY_ND;
}

void words_fold(const char *text, char out[WORDS_BYTES])
{
    size_t used = 0;
    const uint8_t *at = (const uint8_t *)text;
    while (*at != 0 && used + 4 < WORDS_BYTES) {
        utf8proc_int32_t point;
        utf8proc_ssize_t len = utf8proc_iterate(at, -1, &point);
        if (len <= 0) {
            at++;
            continue;
        }
        at += len;
        if (!is_word_letter(point)) {
            continue;
        }
        point = utf8proc_tolower(point);
        const char *fold = letter_fold(point);
        if (fold != NULL) {
            memcpy(out + used, fold, 2);
            used += 2;
        } else {
            used += (size_t)utf8proc_encode_char(point, (uint8_t *)out + used);
        }
    }
    out[used] = '\0';
}

bool words_equal(const char *a, const char *b)
{
    char left[WORDS_BYTES];
    char right[WORDS_BYTES];
    words_fold(a, left);
    words_fold(b, right);
    return *left != '\0' && strcmp(left, right) == 0;
}

size_t words_distance(const char *a, const char *b)
{
    char left[WORDS_BYTES];
    char right[WORDS_BYTES];
    words_fold(a, left);
    words_fold(b, right);
    size_t row[WORDS_BYTES];
    size_t columns = strlen(right);
    for (size_t j = 0; j <= columns; j++) {
        row[j] = j;
    }
    for (size_t i = 1; left[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            diagonal = row[j];
            size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = replaced < shorter ? replaced : shorter;
        }
    }
    return row[columns];
}

void words_nearest_offer(struct words_nearest *nearest, const char *candidate)
{
    size_t distance = words_distance(nearest->word, candidate);
    size_t limit = strlen(nearest->word) / 3 + 1; /* a third of the letters may be wrong */
    if (distance <= limit && (nearest->best == NULL || distance < nearest->distance)) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}
