/*
 * record - the records a municipality sends, as generic values per field. One table,
 * record_table.def, yields the types, the field numbers and the descriptions; reader, rules,
 * wire and store walk it instead of naming fields one by one.
 *
 *     const struct record_def *def = record_def_get(RECORD_CASE);
 *     for (size_t i = 0; i < def->field_count; i++) { puts(def->fields[i].name); }
 *     if (record->values[FIELD_CASE_closed_date].state == VALUE_PRESENT) { ... }
 */
#ifndef FREMGANG_RULES_RECORD_H
#define FREMGANG_RULES_RECORD_H

#include "base/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RECORD_KEY_BYTES = 16,     /* a pseudonym */
    RECORD_FIELDS_MAX = 8,     /* of the widest record type; checked where the table is read */
    RECORD_NAME_BYTES_MAX = 32 /* a NAME value */
};

/** RECORD_CASE ... RECORD_WORKER_MONTH, in table order. */
enum record_type {
#define RECORD(id, ...) RECORD_##id,
#define FIELD(...)
#define RECORD_END(id)
#include "rules/record_table.def"
#undef RECORD
#undef FIELD
#undef RECORD_END
    RECORD_TYPE_COUNT
};

/* FIELD_CASE_case_key ...: the index of a field in its record; FIELD_CASE_COUNT ends it. */
#define RECORD(id, ...) enum {
#define FIELD(record, name, ...) FIELD_##record##_##name,
#define RECORD_END(id)                                                                             \
    FIELD_##id##_COUNT                                                                             \
    }                                                                                              \
    ;
#include "rules/record_table.def"
#undef RECORD
#undef FIELD
#undef RECORD_END

/** What a value is; record_table.def says how each looks in a CSV cell. */
enum field_kind {
    FIELD_KIND_CHILD_KEY,
    FIELD_KIND_WORKER_KEY,
    FIELD_KIND_ROW_KEY,
    FIELD_KIND_ROW_KEYS,
    FIELD_KIND_DATE,
    FIELD_KIND_MONTH,
    FIELD_KIND_YEAR,
    FIELD_KIND_INTEGER,
    FIELD_KIND_MUNICIPALITY,
    FIELD_KIND_HUNDREDTHS,
    FIELD_KIND_CODE,
    FIELD_KIND_NAME,
};

enum field_presence {
    FIELD_REQUIRED,
    FIELD_OPTIONAL,
    FIELD_DERIVED, /* made from the CPR number, never a CSV column; required on the wire */
};

struct field_def {
    const char *name; /* proto field, SQL column, English CSV header */
    enum field_kind kind;
    enum field_presence presence;
    const char *code_list; /* "" unless kind is CODE or MUNICIPALITY */
    const char *header_da;
    const char *text_en;
    const char *text_da;
};

struct record_def {
    const char *name;
    const char *name_da;
    const char *text_en;
    const char *text_da;
    const struct field_def *fields;
    size_t field_count;
};

enum value_state {
    VALUE_ABSENT = 0, /* an empty cell, an absent field */
    VALUE_PRESENT,
    VALUE_MALFORMED, /* there was something, but it could not be read as the field's kind */
};

struct record_keys {
    const uint8_t (*items)[RECORD_KEY_BYTES]; /* borrowed */
    size_t count;
};

struct value {
    enum value_state state;
    union {
        int32_t number; /* DATE, MONTH (days); YEAR, INTEGER, MUNICIPALITY, HUNDREDTHS */
        uint8_t key[RECORD_KEY_BYTES]; /* CHILD_KEY, WORKER_KEY, ROW_KEY */
        const char *text;              /* CODE, NAME: borrowed, NUL-ended */
        struct record_keys keys;       /* ROW_KEYS */
    } as;
};

/** One row. Plain data; texts and key lists are borrowed from whoever made it. */
struct record {
    enum record_type type;
    struct value values[RECORD_FIELDS_MAX];
};

/** The description of a record type. Static. */
const struct record_def *record_def_get(enum record_type type);
/** Finds a record type by its English or Danish name. False when there is none. */
NODISCARD bool record_type_find(const char *name, enum record_type *out);
/** Index of the field with this name; -1 when there is none. */
int record_field_find(enum record_type type, const char *name);
/** The field of kind ROW_KEY, which no two rows of a case share; -1 when there is none. */
int record_own_key(enum record_type type);
/** The word for a kind, e.g. "date", for the dictionary. Static. */
const char *field_kind_name(enum field_kind kind);

/** The value as a number, or `absent` when it is not present. */
int32_t record_number(const struct record *record, int field, int32_t absent);
/** The value as text, or NULL when it is not present. Borrowed. */
const char *record_text(const struct record *record, int field);
/** The key, or NULL when it is not present. Borrowed. */
const uint8_t *record_key(const struct record *record, int field);
void record_set_number(struct record *record, int field, int32_t number);
/** Borrows the text. */
void record_set_text(struct record *record, int field, const char *text);
void record_set_key(struct record *record, int field, const uint8_t key[RECORD_KEY_BYTES]);

#endif
