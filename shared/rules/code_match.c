/*
 * code_match - which code a municipality's word means. Words are folded to ASCII letters and
 * digits: "SEL § 52, stk. 3, nr. 7", "sel 52.3.7" and "SEL-52-3-7" all become "sel.52.3.7".
 */
#include "rules/code_list.h"

#include <ctype.h>
#include <string.h>

enum { FOLDED_BYTES = 128 };

/* The Danish letters as UTF-8 and what they fold to, so that Århus meets Aarhus. */
static const struct {
    const char *letter;
    const char *folded;
} letters[] = {
    {"\xc3\xa6", "ae"}, {"\xc3\x86", "ae"}, {"\xc3\xb8", "oe"}, {"\xc3\x98", "oe"},
    {"\xc3\xa5", "aa"}, {"\xc3\x85", "aa"}, {"\xc3\xa9", "e"},  {"\xc3\x89", "e"},
};

/* Words of a citation of the law that carry no meaning of their own. */
static const char *const noise[] = {"stk", "nr", "paragraf", "pgf", "litra"};

/* Law names as people write them. */
static const struct {
    const char *word;
    const char *law;
} laws[] = {{"serviceloven", "sel"}, {"servicelov", "sel"}, {"barnetslov", "bl"}};

struct folded {
    char text[FOLDED_BYTES];
    size_t len;
    size_t word; /* where the last word starts */
    bool is_full;
};

static void folded_put(struct folded *folded, char c)
{
    if (folded->len + 1 >= FOLDED_BYTES) {
        folded->is_full = true;
        return;
    }
    folded->text[folded->len++] = c;
    folded->text[folded->len] = '\0';
}

/* Ends a word: drops it when it is noise, renames a law, and sets a dot before the next. */
static void folded_end_word(struct folded *folded)
{
    char *word = folded->text + folded->word;
    for (size_t i = 0; i < ARRAY_COUNT(noise); i++) {
        if (strcmp(word, noise[i]) == 0) {
            folded->len = folded->word;
            *word = '\0';
        }
    }
    for (size_t i = 0; i < ARRAY_COUNT(laws); i++) {
        if (strcmp(word, laws[i].word) == 0) {
            strcpy(word, laws[i].law); /* shorter than the word */
            folded->len = folded->word + strlen(word);
        }
    }
    if (folded->len > folded->word) {
        folded_put(folded, '.');
        folded->word = folded->len;
    }
}

/* Steps over one character of `*at`; appends what it folds to. */
static void fold_character(struct folded *folded, const char **at)
{
    for (size_t i = 0; i < ARRAY_COUNT(letters); i++) {
        if (strncmp(*at, letters[i].letter, 2) == 0) {
            for (const char *c = letters[i].folded; *c != '\0'; c++) {
                folded_put(folded, *c);
            }
            *at += 2;
            return;
        }
    }
    unsigned char c = (unsigned char)**at;
    if (c < 0x80 && isalnum(c)) {
        folded_put(folded, (char)tolower(c));
    } else {
        folded_end_word(folded);
    }
    *at += 1;
}

static struct folded fold(const char *word, size_t len)
{
    struct folded folded = {.len = 0};
    const char *at = word;
    while (at < word + len && !folded.is_full) {
        fold_character(&folded, &at);
    }
    folded_end_word(&folded);
    /* "barnets lov" is two words */
    if (strncmp(folded.text, "barnets.lov.", 12) == 0) {
        memmove(folded.text + 2, folded.text + 11, strlen(folded.text + 11) + 1);
        memcpy(folded.text, "bl", 2);
    }
    return folded;
}

static bool folded_equals(const struct folded *folded, const char *text, size_t len)
{
    struct folded other = fold(text, len);
    return !other.is_full && other.text[0] != '\0' && strcmp(folded->text, other.text) == 0;
}

static bool alias_equals(const struct folded *folded, const char *aliases)
{
    for (const char *at = aliases; *at != '\0';) {
        size_t part = strcspn(at, "|");
        if (folded_equals(folded, at, part)) {
            return true;
        }
        at += part + (at[part] == '|' ? 1 : 0);
    }
    return false;
}

static bool code_means(const struct code *code, const struct folded *folded)
{
    return folded_equals(folded, code->code, strlen(code->code)) ||
           folded_equals(folded, code->name_da, strlen(code->name_da)) ||
           folded_equals(folded, code->name_en, strlen(code->name_en)) ||
           alias_equals(folded, code->aliases);
}

const struct code *code_match(const struct code_lists *lists, const char *list, const char *word,
                              date_t on)
{
    const struct code *exact = code_find(lists, list, word);
    if (exact != NULL) {
        return exact;
    }
    const struct folded folded = fold(word, strlen(word));
    if (folded.is_full || folded.text[0] == '\0') {
        return NULL;
    }
    size_t count;
    const struct code *codes = code_lists_get(lists, list, &count);
    const struct code *found = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!code_means(&codes[i], &folded)) {
            continue;
        }
        if (on != DATE_NONE && code_is_valid(&codes[i], on)) {
            return &codes[i];
        }
        found = found == NULL ? &codes[i] : found;
    }
    return found;
}
