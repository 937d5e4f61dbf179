/* code_list - embedded CSV files read once into rows of one arena. */
#include "rules/code_list.h"

#include "base/arena.h"
#include "embed/embed_reference.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum {
    LISTS_MAX = 16,
    COLUMNS_MAX = 20,
    ROWS_MAX = 400,                    /* of one file */
    LISTS_BYTES_MAX = 4 * 1024 * 1024, /* the files are 20 KB; rows hold pointers beside them */
    WORD_BYTES_MAX = 128,              /* a folded word; longer ones match nothing */
};

struct code_list {
    const char *name;
    const char *const *columns; /* NULL-ended */
    struct code *codes;
    size_t count;
};

struct code_lists {
    struct arena *arena;
    struct code_list lists[LISTS_MAX];
    size_t count;
};

/* Which file holds lists. A file without `list` column is one list, named by the last word. */
struct source {
    const char *file;
    const char *text;
    const char *list; /* NULL: the column `list` says */
};

static const struct source sources[] = {
    {"code_list.csv", reference_code_list, NULL},
    {"paragraph.csv", reference_paragraph, "paragraph"},
    {"place_type.csv", reference_place_type, "place_type"},
    {"instrument.csv", reference_instrument, "instrument"},
    {"municipality.csv", reference_municipality, "municipality"},
};

/* Cells of one line: RFC 4180 with commas, and no line break inside a cell. */
static const char *cell_read(struct arena *arena, const char *at, const char **out)
{
    size_t len = strcspn(at, "\n");
    char *cell = arena_alloc(arena, len + 1);
    if (cell == NULL) {
        return NULL;
    }
    size_t used = 0;
    bool quoted = *at == '"';
    const char *next = at + (quoted ? 1 : 0);
    for (; *next != '\0' && *next != '\n' && *next != '\r'; next++) {
        if (quoted && *next == '"') {
            if (next[1] != '"') {
                quoted = false;
                continue;
            }
            next++;
        } else if (!quoted && *next == ',') {
            break;
        }
        cell[used++] = *next;
    }
    *out = cell;
    return next;
}

/* Reads one line into NULL-ended `cells`; gives the start of the next line, NULL when the
 * arena is full or the line too wide. */
static const char *line_read(struct arena *arena, const char *at, const char *cells[COLUMNS_MAX])
{
    size_t count = 0;
    for (;;) {
        if (count + 1 >= COLUMNS_MAX) {
            return NULL;
        }
        at = cell_read(arena, at, &cells[count++]);
        if (at == NULL) {
            return NULL;
        }
        if (*at != ',') {
            break;
        }
        at++;
    }
    cells[count] = NULL;
    at += *at == '\r' ? 1 : 0;
    return at + (*at == '\n' ? 1 : 0);
}

static const char *const *cells_keep(struct arena *arena, const char *cells[COLUMNS_MAX])
{
    size_t count = 0;
    while (cells[count] != NULL) {
        count++;
    }
    const char **kept = arena_alloc(arena, (count + 1) * sizeof(*kept));
    if (kept != NULL) {
        memcpy(kept, cells, (count + 1) * sizeof(*kept));
    }
    return kept;
}

static const char *cell_of(const char *const *columns, const char *const *cells, const char *name)
{
    for (size_t i = 0; columns[i] != NULL && cells[i] != NULL; i++) {
        if (strcmp(columns[i], name) == 0) {
            return cells[i];
        }
    }
    return "";
}

static struct code_list *list_open(struct code_lists *lists, const char *name,
                                   const char *const *columns)
{
    for (size_t i = 0; i < lists->count; i++) {
        if (strcmp(lists->lists[i].name, name) == 0) {
            return &lists->lists[i];
        }
    }
    if (lists->count == LISTS_MAX) {
        return NULL;
    }
    struct code_list *list = &lists->lists[lists->count];
    list->codes = arena_alloc(lists->arena, ROWS_MAX * sizeof(*list->codes));
    if (list->codes == NULL) {
        return NULL;
    }
    list->name = name;
    list->columns = columns;
    lists->count++;
    return list;
}

static bool date_cell(const char *cell, date_t *out)
{
    if (*cell == '\0') {
        *out = DATE_NONE;
        return true;
    }
    return date_parse(cell, strlen(cell), out);
}

static bool code_add(struct code_lists *lists, const struct source *source,
                     const char *const *columns, const char *const *cells)
{
    const char *name = source->list != NULL ? source->list : cell_of(columns, cells, "list");
    struct code_list *list = list_open(lists, name, columns);
    if (list == NULL || list->count == ROWS_MAX) {
        return false;
    }
    struct code *code = &list->codes[list->count];
    code->list = list;
    code->cells = cells;
    code->code = cell_of(columns, cells, strcmp(name, "instrument") == 0 ? name : "code");
    code->name_da = cell_of(columns, cells, "name_da");
    if (*code->name_da == '\0') {
        code->name_da = cell_of(columns, cells, "name");
    }
    code->name_en = cell_of(columns, cells, "name_en");
    code->aliases = cell_of(columns, cells, "aliases");
    if (*code->code == '\0' ||
        !date_cell(cell_of(columns, cells, "valid_from"), &code->valid_from) ||
        !date_cell(cell_of(columns, cells, "valid_to"), &code->valid_to)) {
        return false;
    }
    list->count++;
    return true;
}

static bool source_load(struct code_lists *lists, const struct source *source)
{
    const char *cells[COLUMNS_MAX];
    const char *at = line_read(lists->arena, source->text, cells);
    const char *const *columns = at == NULL ? NULL : cells_keep(lists->arena, cells);
    if (columns == NULL) {
        return false;
    }
    while (*at != '\0') {
        at = line_read(lists->arena, at, cells);
        const char *const *kept = at == NULL ? NULL : cells_keep(lists->arena, cells);
        if (kept == NULL || !code_add(lists, source, columns, kept)) {
            return false;
        }
    }
    return true;
}

enum err_code code_lists_load(struct code_lists **out, struct err *err)
{
    AUTO(code_lists_free) struct code_lists *lists = calloc(1, sizeof(*lists));
    if (lists == NULL || (lists->arena = arena_new(LISTS_BYTES_MAX)) == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < ARRAY_COUNT(sources); i++) {
        if (!source_load(lists, &sources[i])) {
            return err_set(err, ERR_CORRUPT, "cannot read the reference file \"%s\"",
                           sources[i].file);
        }
    }
    *out = STEAL(lists);
    return ERR_OK;
}

void code_lists_free(struct code_lists *lists)
{
    if (lists != NULL) {
        arena_free(lists->arena);
        free(lists);
    }
}

static const struct code_list *list_find(const struct code_lists *lists, const char *name)
{
    for (size_t i = 0; i < lists->count; i++) {
        if (strcmp(lists->lists[i].name, name) == 0) {
            return &lists->lists[i];
        }
    }
    return NULL;
}

const struct code *code_lists_get(const struct code_lists *lists, const char *list, size_t *count)
{
    const struct code_list *found = list_find(lists, list);
    *count = found == NULL ? 0 : found->count;
    return found == NULL ? NULL : found->codes;
}

const struct code *code_find(const struct code_lists *lists, const char *list, const char *code)
{
    size_t count;
    const struct code *codes = code_lists_get(lists, list, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(codes[i].code, code) == 0) {
            return &codes[i];
        }
    }
    return NULL;
}

bool code_is_valid(const struct code *code, date_t date)
{
    return (code->valid_from == DATE_NONE || code->valid_from <= date) &&
           (code->valid_to == DATE_NONE || date < code->valid_to);
}

const char *code_attribute(const struct code *code, const char *column)
{
    return cell_of(code->list->columns, code->cells, column);
}

int32_t code_hundredths(const struct code *code, const char *column, int32_t absent)
{
    const char *cell = code_attribute(code, column);
    char *end;
    double number = strtod(cell, &end);
    if (end == cell || *end != '\0' || number > 1e6 || number < -1e6) {
        return absent;
    }
    return (int32_t)(number * 100 + (number < 0 ? -0.5 : 0.5));
}

bool code_set_has(const char *set, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = set; *at != '\0';) {
        size_t part = strcspn(at, "|");
        if (part == len && memcmp(at, word, len) == 0) {
            return true;
        }
        at += part + (at[part] == '|' ? 1 : 0);
    }
    return false;
}

const struct code *code_find_instrument(const struct code_lists *lists, const char *instrument,
                                        const char *version, const char *informant)
{
    size_t count;
    const struct code *codes = code_lists_get(lists, "instrument", &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(codes[i].code, instrument) == 0 &&
            strcmp(code_attribute(&codes[i], "version"), version) == 0 &&
            code_set_has(code_attribute(&codes[i], "informants"), informant)) {
            return &codes[i];
        }
    }
    return NULL;
}
