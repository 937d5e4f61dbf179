/* mapping - a flat list of (section, our name, their word), looked through linearly. */
#include "import/mapping.h"

#include "base/arena.h"
#include "import/words.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENTRIES_MAX = 2000, /* words of a mapping file; the largest code list has 98 */
    MAPPING_BYTES_MAX = 1024 * 1024,
    SECTION_BYTES = 64,
};

enum section { SECTION_FILES, SECTION_COLUMNS, SECTION_VALUES, SECTION_CODES, SECTION_COUNT };

static const char *const section_words[SECTION_COUNT] = {"files", "columns", "values", "codes"};

/* Words that stand for the child in many exports. */
static const char *const child_headers[] = {"CPR", "CPR-nr", "CPRnr", "Personnummer",
                                            "Barnets CPR"};
static const char *const partnership_headers[] = {"Partnerskab", "partnership"};

struct entry {
    enum section section;
    enum record_type type; /* of COLUMNS, VALUES, FILES */
    int field;             /* of COLUMNS, VALUES; -1: ignore */
    const char *list;      /* of CODES */
    const char *code;      /* of CODES */
    const char *word;      /* theirs */
};

struct mapping {
    struct arena *arena;
    const struct code_lists *lists;
    struct entry *entries;
    size_t count;
};

struct parser {
    struct mapping *mapping;
    struct err *err;
    enum err_code rc;
    bool is_told; /* err says more than a line number */
};

static enum err_code fail(struct parser *parser, const char *what, const char *word,
                          const char *nearest)
{
    parser->is_told = true;
    parser->rc =
        err_set(parser->err, ERR_INVALID, "the mapping file names no %s \"%.60s\"", what, word);
    if (nearest != NULL) {
        (void)err_hint(parser->err, "Did you mean \"%s\"?", nearest);
    } else {
        (void)err_hint(parser->err, "See the names with: fremgang dictionary");
    }
    return parser->rc;
}

static bool type_find(struct parser *parser, const char *name, enum record_type *out)
{
    if (record_type_find(name, out)) {
        return true;
    }
    struct words_nearest nearest = {.word = name};
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        words_nearest_offer(&nearest, record_def_get((enum record_type)type)->name);
    }
    (void)fail(parser, "record type", name, nearest.best);
    return false;
}

static bool field_find(struct parser *parser, enum record_type type, const char *name, int *out)
{
    if (type == RECORD_ENROLMENT && strcmp(name, "partnership") == 0) {
        *out = MAPPING_PARTNERSHIP;
        return true;
    }
    *out = record_field_find(type, name);
    const struct record_def *def = record_def_get(type);
    if (*out >= 0 && def->fields[*out].presence != FIELD_DERIVED) {
        return true;
    }
    struct words_nearest nearest = {.word = name};
    for (size_t i = 0; i < def->field_count; i++) {
        words_nearest_offer(&nearest, def->fields[i].name);
    }
    (void)fail(parser, "field", name, nearest.best);
    return false;
}

static bool code_find_in(struct parser *parser, const char *list, const char *code)
{
    size_t count = 0;
    const struct code *codes = code_lists_get(parser->mapping->lists, list, &count);
    if (codes == NULL) {
        (void)fail(parser, "code list", list, NULL);
        return false;
    }
    struct words_nearest nearest = {.word = code};
    for (size_t i = 0; i < count; i++) {
        if (strcmp(codes[i].code, code) == 0) {
            return true;
        }
        words_nearest_offer(&nearest, codes[i].code);
    }
    (void)fail(parser, "code", code, nearest.best);
    return false;
}

/* Fills what the section and our name say; the words come after. */
static bool entry_open(struct parser *parser, const char *section, const char *name,
                       struct entry *entry)
{
    char word[SECTION_BYTES] = "";
    char of[SECTION_BYTES] = "";
    int words = sscanf(section, " %63s %63s", word, of);
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (strcmp(section_words[i], word) != 0 || words != (i == SECTION_FILES ? 1 : 2)) {
            continue;
        }
        *entry = (struct entry){.section = (enum section)i, .field = -1};
        switch (entry->section) {
        case SECTION_FILES:
            return type_find(parser, name, &entry->type);
        case SECTION_CODES:
            entry->list = arena_copy(parser->mapping->arena, of, strlen(of));
            entry->code = arena_copy(parser->mapping->arena, name, strlen(name));
            return code_find_in(parser, of, name);
        case SECTION_COLUMNS:
        case SECTION_VALUES:
            if (!type_find(parser, of, &entry->type)) {
                return false;
            }
            return (i == SECTION_COLUMNS && strcmp(name, "ignore") == 0) ||
                   field_find(parser, entry->type, name, &entry->field);
        case SECTION_COUNT:
            break;
        }
    }
    (void)fail(parser, "section", section, NULL);
    return false;
}

static bool entry_add(struct parser *parser, const struct entry *entry, const char *word,
                      size_t len)
{
    struct mapping *mapping = parser->mapping;
    while (len > 0 && word[len - 1] == ' ') {
        len--;
    }
    char *kept = len == 0 ? NULL : arena_copy(mapping->arena, word, len);
    if (kept == NULL || mapping->count == ENTRIES_MAX) {
        parser->is_told = true;
        parser->rc = len == 0
                         ? err_set(parser->err, ERR_INVALID, "the mapping file gives an empty word")
                         : err_set(parser->err, ERR_LIMIT,
                                   "the mapping file has more than %d words", ENTRIES_MAX);
        return false;
    }
    mapping->entries[mapping->count] = *entry;
    mapping->entries[mapping->count++].word = kept;
    return true;
}

/* inih's callback: 1 to go on, 0 to stop. */
static int line_came(void *ctx, const char *section, const char *name, const char *value)
{
    struct parser *parser = ctx;
    struct entry entry;
    if (!entry_open(parser, section, name, &entry)) {
        return 0;
    }
    for (const char *at = value;; at++) {
        at += strspn(at, " ");
        size_t len = strcspn(at, "|");
        if (!entry_add(parser, &entry, at, len)) {
            return 0;
        }
        at += len;
        if (*at == '\0') {
            return 1;
        }
    }
}

static struct mapping *mapping_new(const struct code_lists *lists)
{
    AUTO(mapping_free) struct mapping *mapping = calloc(1, sizeof(*mapping));
    if (mapping == NULL) {
        return NULL;
    }
    mapping->lists = lists;
    mapping->arena = arena_new(MAPPING_BYTES_MAX);
    mapping->entries = mapping->arena == NULL
                           ? NULL
                           : arena_alloc(mapping->arena, ENTRIES_MAX * sizeof(*mapping->entries));
    return mapping->entries == NULL ? NULL : STEAL(mapping);
}

enum err_code mapping_parse(const char *text, const struct code_lists *lists, struct mapping **out,
                            struct err *err)
{
    AUTO(mapping_free) struct mapping *mapping = mapping_new(lists);
    if (mapping == NULL) {
        return err_memory(err);
    }
    struct parser parser = {.mapping = mapping, .err = err};
    int line = text == NULL ? 0 : ini_parse_string(text, line_came, &parser);
    if (parser.is_told) {
        return parser.rc;
    }
    if (line != 0) {
        (void)err_set(err, ERR_INVALID, "line %d of the mapping file cannot be read", line);
        return err_hint(err, "Write each line as: our name = their word.");
    }
    *out = STEAL(mapping);
    return ERR_OK;
}

void mapping_free(struct mapping *mapping)
{
    if (mapping != NULL) {
        arena_free(mapping->arena);
        free(mapping);
    }
}

bool mapping_type_of_file(const struct mapping *mapping, const char *name, enum record_type *out)
{
    for (size_t i = 0; i < mapping->count; i++) {
        if (mapping->entries[i].section == SECTION_FILES &&
            strcmp(mapping->entries[i].word, name) == 0) {
            *out = mapping->entries[i].type;
            return true;
        }
    }
    return false;
}

static bool header_is_one_of(const char *header, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (words_equal(header, words[i])) {
            return true;
        }
    }
    return false;
}

static bool header_means(const char *header, const struct field_def *field)
{
    return words_equal(header, field->header_da) || words_equal(header, field->name) ||
           (field->kind == FIELD_KIND_CHILD_KEY &&
            header_is_one_of(header, child_headers, ARRAY_COUNT(child_headers)));
}

static const struct entry *column_entry(const struct mapping *mapping, enum record_type type,
                                        const char *header)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const struct entry *entry = &mapping->entries[i];
        if (entry->section == SECTION_COLUMNS && entry->type == type &&
            (words_equal(entry->word, header) || strcmp(entry->word, header) == 0)) {
            return entry;
        }
    }
    return NULL;
}

int mapping_field_of_header(const struct mapping *mapping, enum record_type type,
                            const char *header)
{
    const struct entry *entry = column_entry(mapping, type, header);
    if (entry != NULL) {
        return entry->field;
    }
    const struct record_def *def = record_def_get(type);
    for (size_t i = 0; i < def->field_count; i++) {
        if (def->fields[i].presence != FIELD_DERIVED && header_means(header, &def->fields[i])) {
            return (int)i;
        }
    }
    bool is_partnership =
        type == RECORD_ENROLMENT &&
        header_is_one_of(header, partnership_headers, ARRAY_COUNT(partnership_headers));
    return is_partnership ? MAPPING_PARTNERSHIP : -1;
}

bool mapping_ignores(const struct mapping *mapping, enum record_type type, const char *header)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const struct entry *entry = &mapping->entries[i];
        if (entry->section == SECTION_COLUMNS && entry->type == type && entry->field < 0 &&
            (strcmp(entry->word, "*") == 0 || words_equal(entry->word, header))) {
            return true;
        }
    }
    return false;
}

const char *mapping_value(const struct mapping *mapping, enum record_type type, int field)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const struct entry *entry = &mapping->entries[i];
        if (entry->section == SECTION_VALUES && entry->type == type && entry->field == field) {
            return entry->word;
        }
    }
    return NULL;
}

const char *mapping_header(enum record_type type, int field)
{
    return field == MAPPING_PARTNERSHIP ? partnership_headers[0]
                                        : record_def_get(type)->fields[field].header_da;
}

const struct code *mapping_code(const struct mapping *mapping, const char *list, const char *word,
                                date_t on)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const struct entry *entry = &mapping->entries[i];
        if (entry->section == SECTION_CODES && strcmp(entry->list, list) == 0 &&
            (strcmp(entry->word, word) == 0 || words_equal(entry->word, word))) {
            return code_find(mapping->lists, list, entry->code);
        }
    }
    return code_match(mapping->lists, list, word, on);
}
