/* cells - one function per kind of field; see cells.h. */
#include "import/cells.h"

#include "identity/pseudonym.h"

#include <assert.h>
#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBER_MAX = 20 * 1000 * 1000, /* times 100 it still fits 32 bits */
};

/* A word that no list holds: an unknown code stays unknown without keeping the cell. */
static const char unknown_code[] = "?";

static struct value value_number(int32_t number)
{
    return (struct value){.state = VALUE_PRESENT, .as.number = number};
}

static struct value value_malformed(void)
{
    return (struct value){.state = VALUE_MALFORMED};
}

/* A date; a time of day after it is dropped. */
static struct value date_value(const char *cell)
{
    date_t date;
    size_t len = strcspn(cell, " T");
    return date_parse(cell, len, &date) ? value_number(date) : value_malformed();
}

/* 2014-03, 03-2014, or a whole date, which the rules then want to be the first. */
static struct value month_value(const char *cell)
{
    char text[DATE_TEXT_BYTES];
    if (strlen(cell) != 7) {
        return date_value(cell);
    }
    if (cell[4] == '-') {
        memcpy(text, cell, 7);
        memcpy(text + 7, "-01", 4);
    } else {
        memcpy(text, "01-", 3);
        memcpy(text + 3, cell, 8);
    }
    return date_value(text);
}

static struct value integer_value(const char *cell)
{
    char *end;
    long number = strtol(cell, &end, 10);
    bool is_good = isdigit((unsigned char)*cell) && *end == '\0' && number <= NUMBER_MAX;
    return is_good ? value_number((int32_t)number) : value_malformed();
}

/* 17 / 17,5 / -0.75: digits with one comma or point; a third decimal rounds. */
static struct value hundredths_value(const char *cell)
{
    bool is_negative = *cell == '-';
    const char *at = cell + (is_negative ? 1 : 0);
    int64_t thousandths = 0;
    int decimals = -1; /* -1: before the comma */
    size_t digits = 0;
    for (; *at != '\0'; at++) {
        if ((*at == ',' || *at == '.') && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }
        if (!isdigit((unsigned char)*at) || thousandths > (int64_t)NUMBER_MAX * 100) {
            return value_malformed();
        }
        digits++;
        if (decimals < 3) {
            thousandths = thousandths * 10 + (*at - '0');
            decimals += decimals >= 0 ? 1 : 0;
        }
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 3; i++) {
        thousandths *= 10;
    }
    if (digits == 0 || decimals == 0 || thousandths > (int64_t)NUMBER_MAX * 1000) {
        return value_malformed();
    }
    int32_t hundredths = (int32_t)((thousandths + 5) / 10);
    return value_number(is_negative ? -hundredths : hundredths);
}

static struct value municipality_value(const struct cells_reader *reader, const char *cell)
{
    const struct value number = integer_value(cell);
    if (number.state == VALUE_PRESENT) {
        return number; /* "0657" and "657" */
    }
    const struct code *code = mapping_code(reader->mapping, "municipality", cell, DATE_NONE);
    return code == NULL ? value_number(0) : integer_value(code->code);
}

static struct value code_value(const struct cells_reader *reader, int field, const char *cell,
                               date_t on)
{
    const char *list = record_def_get(reader->type)->fields[field].code_list;
    const struct code *code = mapping_code(reader->mapping, list, cell, on);
    struct value value = {.state = VALUE_PRESENT};
    value.as.text = code == NULL ? unknown_code : code->code;
    return value;
}

/* Keys are made when the row is sealed; until then the value only says that there is one. */
static struct value key_value(struct cells *cells, int field, const char *cell)
{
    cells->ids[field] = cell;
    return (struct value){.state = VALUE_PRESENT};
}

static struct value child_value(const struct cells_reader *reader, struct cells *cells,
                                const char *cell)
{
    cells->cpr_result = cpr_parse(cell, strlen(cell), reader->today, &cells->cpr);
    return (struct value){.state =
                              cpr_is_usable(cells->cpr_result) ? VALUE_PRESENT : VALUE_MALFORMED};
}

static const char *cell_of(const struct columns *columns, const struct csv_row *row, int field)
{
    int column = columns->column_of[field];
    if (column >= 0 && (size_t)column < row->count) {
        return row->cells[column];
    }
    return columns->values[field] == NULL ? "" : columns->values[field];
}

static struct value plain_value(const struct cells_reader *reader, struct cells *cells, int field,
                                const char *cell)
{
    struct value name = {.state = VALUE_PRESENT};
    switch (record_def_get(reader->type)->fields[field].kind) {
    case FIELD_KIND_CHILD_KEY:
        return child_value(reader, cells, cell);
    case FIELD_KIND_WORKER_KEY:
    case FIELD_KIND_ROW_KEY:
    case FIELD_KIND_ROW_KEYS:
        return key_value(cells, field, cell);
    case FIELD_KIND_DATE:
        return date_value(cell);
    case FIELD_KIND_MONTH:
        return month_value(cell);
    case FIELD_KIND_YEAR:
    case FIELD_KIND_INTEGER:
        return integer_value(cell);
    case FIELD_KIND_MUNICIPALITY:
        return municipality_value(reader, cell);
    case FIELD_KIND_HUNDREDTHS:
        return hundredths_value(cell);
    case FIELD_KIND_NAME:
        name.as.text = cell;
        return name;
    case FIELD_KIND_CODE:
        break; /* read last: a code is looked up on the row's date */
    }
    return name;
}

/* The row's first required date: the one that its codes must be valid on. */
static date_t row_date(const struct record *record)
{
    const struct record_def *def = record_def_get(record->type);
    for (size_t i = 0; i < def->field_count; i++) {
        if ((def->fields[i].kind == FIELD_KIND_DATE || def->fields[i].kind == FIELD_KIND_MONTH) &&
            def->fields[i].presence == FIELD_REQUIRED) {
            return record_number(record, (int)i, DATE_NONE);
        }
    }
    return DATE_NONE;
}

static void derived_fill(struct cells *cells)
{
    if (cells->record.type == RECORD_CASE && cpr_is_usable(cells->cpr_result)) {
        record_set_number(&cells->record, FIELD_CASE_birth_year,
                          date_to_parts(cells->cpr.birth_date).year);
        record_set_text(&cells->record, FIELD_CASE_sex, cells->cpr.is_female ? "F" : "M");
    }
}

static void cells_start(const struct cells_reader *reader, struct cells *out)
{
    *out = (struct cells){.record = {.type = reader->type}, .partnership = ""};
    out->cpr_result =
        reader->type == RECORD_WORKER_MONTH ? CPR_OK : CPR_BAD_FORMAT; /* until it is read */
}

void cells_read(const struct cells_reader *reader, const struct columns *columns,
                const struct csv_row *row, struct cells *out)
{
    const struct record_def *def = record_def_get(reader->type);
    cells_start(reader, out);
    for (int pass = 0; pass < 2; pass++) {
        date_t on = row_date(&out->record);
        for (int field = 0; field < (int)def->field_count; field++) {
            bool is_code = def->fields[field].kind == FIELD_KIND_CODE;
            const char *cell = cell_of(columns, row, field);
            if (*cell == '\0' || is_code != (pass == 1) ||
                def->fields[field].presence == FIELD_DERIVED) {
                continue;
            }
            out->record.values[field] = is_code ? code_value(reader, field, cell, on)
                                                : plain_value(reader, out, field, cell);
        }
    }
    if (reader->type == RECORD_ENROLMENT) {
        out->partnership = cell_of(columns, row, MAPPING_PARTNERSHIP);
    }
    derived_fill(out);
}

void cells_read_child(const struct cells_reader *reader, const struct columns *columns,
                      const struct csv_row *row, struct cells *out)
{
    cells_start(reader, out);
    int field = record_field_find(reader->type, "case_key");
    if (field >= 0) {
        out->record.values[field] = child_value(reader, out, cell_of(columns, row, field));
    }
}

static size_t links_count(const char *cell)
{
    size_t count = 1;
    for (const char *at = strchr(cell, '|'); at != NULL; at = strchr(at + 1, '|')) {
        count++;
    }
    return count;
}

/* Keys of the ids in a cell, separated by |. False at the arena's cap. */
static bool links_seal(const char *cell, const struct secret *key,
                       const uint8_t child[PSEUDONYM_BYTES], struct arena *arena,
                       struct record_keys *out)
{
    uint8_t(*items)[RECORD_KEY_BYTES] = arena_alloc(arena, links_count(cell) * RECORD_KEY_BYTES);
    size_t count = 0;
    for (const char *at = cell; items != NULL && *at != '\0';) {
        at += strspn(at, " |");
        size_t len = strcspn(at, "|");
        size_t word = len;
        while (word > 0 && at[word - 1] == ' ') {
            word--;
        }
        char *id = arena_copy(arena, at, word);
        if (id == NULL) {
            return false;
        }
        if (word > 0) {
            pseudonym_row(key, "intervention", child, id, items[count++]);
        }
        at += len;
    }
    out->items = (const uint8_t(*)[RECORD_KEY_BYTES])items;
    out->count = count;
    return items != NULL;
}

enum err_code cells_seal(const struct cells *cells, const struct secret *key, struct arena *arena,
                         struct record *out, struct err *err)
{
    const struct record_def *def = record_def_get(cells->record.type);
    uint8_t child[PSEUDONYM_BYTES] = {0};
    struct record record = cells->record;
    if (cells->cpr.digits[0] != '\0') {
        pseudonym_child(key, &cells->cpr, child);
    }
    for (int field = 0; field < (int)def->field_count; field++) {
        struct value *value = &record.values[field];
        const char *id = cells->ids[field];
        if (value->state != VALUE_PRESENT) {
            continue;
        }
        if (def->fields[field].kind == FIELD_KIND_CHILD_KEY) {
            memcpy(value->as.key, child, RECORD_KEY_BYTES);
        } else if (def->fields[field].kind == FIELD_KIND_WORKER_KEY) {
            pseudonym_worker(key, id, strlen(id), value->as.key);
        } else if (def->fields[field].kind == FIELD_KIND_ROW_KEY) {
            pseudonym_row(key, def->name, child, id, value->as.key);
        } else if (def->fields[field].kind == FIELD_KIND_ROW_KEYS &&
                   !links_seal(id, key, child, arena, &value->as.keys)) {
            return err_set(err, ERR_LIMIT, "the row takes too much memory");
        }
    }
    *out = record;
    return ERR_OK;
}

void cells_wipe(struct cells *cells)
{
    sodium_memzero(cells, sizeof(*cells));
}
