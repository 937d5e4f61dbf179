/* record - the tables of record_table.def as data, and access to values by field. */
#include "rules/record.h"

#include <assert.h>
#include <string.h>

/* One array of field rows per record type. */
#define RECORD(id, ...) static const struct field_def fields_##id[] = {
#define FIELD(record, name, kind, presence, list, header, en, da)                                  \
    {#name, FIELD_KIND_##kind, FIELD_##presence, list, header, en, da},
#define RECORD_END(id)                                                                             \
    }                                                                                              \
    ;                                                                                              \
    static_assert((int)FIELD_##id##_COUNT <= (int)RECORD_FIELDS_MAX, "raise RECORD_FIELDS_MAX");
#include "rules/record_table.def"
#undef RECORD
#undef FIELD
#undef RECORD_END

#define RECORD(id, name, name_da, en, da) {name, name_da, en, da, fields_##id, FIELD_##id##_COUNT},
#define FIELD(...)
#define RECORD_END(id)
static const struct record_def record_defs[] = {
#include "rules/record_table.def"
};
#undef RECORD
#undef FIELD
#undef RECORD_END

static_assert(sizeof(record_defs) / sizeof(record_defs[0]) == RECORD_TYPE_COUNT, "one per type");

const struct record_def *record_def_get(enum record_type type)
{
    assert(type < RECORD_TYPE_COUNT);
    return &record_defs[type];
}

bool record_type_find(const char *name, enum record_type *out)
{
    for (int i = 0; i < RECORD_TYPE_COUNT; i++) {
        if (strcmp(record_defs[i].name, name) == 0 || strcmp(record_defs[i].name_da, name) == 0) {
            *out = (enum record_type)i;
            return true;
        }
    }
    return false;
}

int record_field_find(enum record_type type, const char *name)
{
    const struct record_def *def = record_def_get(type);
    for (size_t i = 0; i < def->field_count; i++) {
        if (strcmp(def->fields[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int record_own_key(enum record_type type)
{
    const struct record_def *def = record_def_get(type);
    for (size_t i = 0; i < def->field_count; i++) {
        if (def->fields[i].kind == FIELD_KIND_ROW_KEY) {
            return (int)i;
        }
    }
    return -1;
}

const char *field_kind_name(enum field_kind kind)
{
    static const char *const names[] = {
        [FIELD_KIND_CHILD_KEY] = "child key",
        [FIELD_KIND_WORKER_KEY] = "worker key",
        [FIELD_KIND_ROW_KEY] = "row key",
        [FIELD_KIND_ROW_KEYS] = "row keys",
        [FIELD_KIND_DATE] = "date",
        [FIELD_KIND_MONTH] = "month",
        [FIELD_KIND_YEAR] = "year",
        [FIELD_KIND_INTEGER] = "integer",
        [FIELD_KIND_MUNICIPALITY] = "municipality",
        [FIELD_KIND_HUNDREDTHS] = "decimal",
        [FIELD_KIND_CODE] = "code",
        [FIELD_KIND_NAME] = "name",
    };
    return names[kind];
}

static const struct value *value_at(const struct record *record, int field)
{
    assert(field >= 0 && field < RECORD_FIELDS_MAX);
    return &record->values[field];
}

int32_t record_number(const struct record *record, int field, int32_t absent)
{
    const struct value *value = value_at(record, field);
    return value->state == VALUE_PRESENT ? value->as.number : absent;
}

const char *record_text(const struct record *record, int field)
{
    const struct value *value = value_at(record, field);
    return value->state == VALUE_PRESENT ? value->as.text : NULL;
}

const uint8_t *record_key(const struct record *record, int field)
{
    const struct value *value = value_at(record, field);
    return value->state == VALUE_PRESENT ? value->as.key : NULL;
}

void record_set_number(struct record *record, int field, int32_t number)
{
    record->values[field] = (struct value){.state = VALUE_PRESENT, .as.number = number};
}

void record_set_text(struct record *record, int field, const char *text)
{
    record->values[field] = (struct value){.state = VALUE_PRESENT, .as.text = text};
}

void record_set_key(struct record *record, int field, const uint8_t key[RECORD_KEY_BYTES])
{
    struct value value = {.state = VALUE_PRESENT};
    memcpy(value.as.key, key, RECORD_KEY_BYTES);
    record->values[field] = value;
}
