/* columns - see columns.h. */
#include "import/columns.h"

#include "import/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { HEADER_DIGITS_MAX = 5 }; /* more: it may be a person's number in place of a header */

static bool may_be_shown(const char *header)
{
    size_t digits = 0;
    for (const char *at = header; *at != '\0'; at++) {
        digits += isdigit((unsigned char)*at) ? 1 : 0;
    }
    return digits <= HEADER_DIGITS_MAX;
}

/* Copies a header for messages. */
static void text_copy(char out[COLUMN_TEXT_BYTES], const char *text)
{
    const char *shown = text == NULL ? "" : text;
    (void)snprintf(out, COLUMN_TEXT_BYTES, "%s", may_be_shown(shown) ? shown : "######");
}

static void problem_add(struct column_problems *problems, enum rule rule, const char *column,
                        const char *expected)
{
    if (problems->count < COLUMN_PROBLEMS_MAX) {
        struct column_problem *problem = &problems->items[problems->count++];
        problem->rule = rule;
        text_copy(problem->column, column);
        text_copy(problem->expected, expected);
    }
}

/* The fields a file of this type may have, the partnership last. */
static int field_limit(enum record_type type)
{
    return type == RECORD_ENROLMENT ? MAPPING_FIELDS : (int)record_def_get(type)->field_count;
}

static bool field_is_column(enum record_type type, int field)
{
    const struct record_def *def = record_def_get(type);
    if (field == MAPPING_PARTNERSHIP) {
        return true;
    }
    return field < (int)def->field_count && def->fields[field].presence != FIELD_DERIVED;
}

static const char *nearest_header(enum record_type type, const char *header)
{
    struct words_nearest nearest = {.word = header};
    for (int field = 0; field < field_limit(type); field++) {
        if (field_is_column(type, field)) {
            words_nearest_offer(&nearest, mapping_header(type, field));
        }
    }
    return nearest.best;
}

static void column_take(const struct mapping *mapping, enum record_type type, const char *header,
                        int column, struct columns *out, struct column_problems *problems)
{
    int field = mapping_field_of_header(mapping, type, header);
    if (field < 0) {
        if (!mapping_ignores(mapping, type, header)) {
            problem_add(problems, RULE_COLUMN_UNKNOWN, header, nearest_header(type, header));
        }
        return;
    }
    if (out->column_of[field] >= 0) {
        problem_add(problems, RULE_COLUMN_DOUBLE, header, out->headers[field]);
        return;
    }
    out->column_of[field] = column;
    text_copy(out->headers[field], header);
}

static void missing_find(enum record_type type, const struct columns *columns,
                         const struct csv_row *header, struct column_problems *problems)
{
    const struct record_def *def = record_def_get(type);
    for (int field = 0; field < (int)def->field_count; field++) {
        if (def->fields[field].presence != FIELD_REQUIRED || columns->column_of[field] >= 0 ||
            columns->values[field] != NULL) {
            continue;
        }
        struct words_nearest nearest = {.word = def->fields[field].header_da};
        for (size_t i = 0; i < header->count; i++) {
            words_nearest_offer(&nearest, header->cells[i]);
        }
        problem_add(problems, RULE_COLUMN_MISSING, def->fields[field].header_da, nearest.best);
    }
}

void columns_resolve(const struct mapping *mapping, enum record_type type,
                     const struct csv_row *header, struct columns *out,
                     struct column_problems *problems)
{
    *out = (struct columns){.count = header->count};
    problems->count = 0;
    for (int field = 0; field < MAPPING_FIELDS; field++) {
        out->column_of[field] = -1;
        if (field < field_limit(type) && field_is_column(type, field)) {
            out->values[field] = mapping_value(mapping, type, field);
            text_copy(out->headers[field], mapping_header(type, field));
        }
    }
    for (size_t i = 0; i < header->count; i++) {
        column_take(mapping, type, header->cells[i], (int)i, out, problems);
    }
    missing_find(type, out, header, problems);
}

bool columns_guess_type(const struct mapping *mapping, const struct csv_row *header,
                        enum record_type *out)
{
    size_t best = 0;
    size_t best_fields = 1;
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        size_t known = 0;
        for (size_t i = 0; i < header->count; i++) {
            known +=
                mapping_field_of_header(mapping, (enum record_type)type, header->cells[i]) >= 0;
        }
        size_t fields = record_def_get((enum record_type)type)->field_count;
        if (known > best || (known == best && known * best_fields > best * fields)) {
            best = known;
            best_fields = fields;
            *out = (enum record_type)type;
        }
    }
    return best >= 2; /* one column, such as the CPR number, says nothing */
}
