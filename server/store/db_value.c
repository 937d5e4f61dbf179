/* db_value - see db_value.h; and their encoding as parameters (db_internal.h). */
#include "store/db_value.h"

#include "base/limits.h"
#include "store/db_internal.h"

#include <inttypes.h>
#include <string.h>

/* Stable since PostgreSQL 7.4 (catalog/pg_type.dat); libpq ships no header for it. */
enum { OID_FROM_STATEMENT = 0, OID_BYTEA = 17 };
enum { FORMAT_TEXT = 0, FORMAT_BINARY = 1 };

struct db_value db_null(void)
{
    return (struct db_value){.kind = DB_NULL};
}

struct db_value db_bool(bool value)
{
    return (struct db_value){.kind = DB_BOOL, .as.boolean = value};
}

struct db_value db_smallint(int value)
{
    return (struct db_value){.kind = DB_SMALLINT, .as.integer = value};
}

struct db_value db_int(int value)
{
    return (struct db_value){.kind = DB_INT, .as.integer = value};
}

struct db_value db_bigint(int64_t value)
{
    return (struct db_value){.kind = DB_BIGINT, .as.integer = value};
}

struct db_value db_double(double value)
{
    return (struct db_value){.kind = DB_DOUBLE, .as.real = value};
}

struct db_value db_date(date_t value)
{
    return value == DATE_NONE ? db_null() : (struct db_value){.kind = DB_DATE, .as.date = value};
}

struct db_value db_text(const char *value)
{
    return value == NULL ? db_null() : (struct db_value){.kind = DB_TEXT, .as.text = value};
}

struct db_value db_bytes(const void *data, size_t len)
{
    return (struct db_value){.kind = DB_BYTES, .as.bytes = {.data = data, .len = len}};
}

struct db_value db_int_array(const int64_t *values, size_t len)
{
    return (struct db_value){.kind = DB_INT_ARRAY, .len = len, .as.integers = values};
}

struct db_value db_text_array(const char *const *values, size_t len)
{
    return (struct db_value){.kind = DB_TEXT_ARRAY, .len = len, .as.texts = values};
}

struct db_value db_bytes_array(const struct db_bytes *values, size_t len)
{
    return (struct db_value){.kind = DB_BYTES_ARRAY, .len = len, .as.byte_runs = values};
}

/* An element of an array literal: quoted, with quote and backslash escaped. */
static void append_quoted(struct buf *out, const char *text)
{
    buf_append_byte(out, '"');
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            buf_append_byte(out, '\\');
        }
        buf_append_byte(out, (uint8_t)*at);
    }
    buf_append_byte(out, '"');
}

static void append_hex(struct buf *out, struct db_bytes bytes)
{
    static const char DIGITS[] = "0123456789abcdef";
    buf_append_text(out, "\"\\\\x");
    for (size_t i = 0; i < bytes.len; i++) {
        buf_append_byte(out, (uint8_t)DIGITS[bytes.data[i] >> 4]);
        buf_append_byte(out, (uint8_t)DIGITS[bytes.data[i] & 15]);
    }
    buf_append_byte(out, '"');
}

static void append_array(struct buf *out, const struct db_value *value)
{
    buf_append_byte(out, '{');
    for (size_t i = 0; i < value->len; i++) {
        if (i > 0) {
            buf_append_byte(out, ',');
        }
        if (value->kind == DB_INT_ARRAY) {
            buf_append_format(out, "%" PRId64, value->as.integers[i]);
        } else if (value->kind == DB_TEXT_ARRAY) {
            append_quoted(out, value->as.texts[i]);
        } else {
            append_hex(out, value->as.byte_runs[i]);
        }
    }
    buf_append_byte(out, '}');
}

/* Text of every kind that is not sent as it lies in memory. */
static void append_value(struct buf *out, const struct db_value *value)
{
    char date[DATE_TEXT_BYTES];
    switch (value->kind) {
    case DB_BOOL:
        buf_append_text(out, value->as.boolean ? "t" : "f");
        break;
    case DB_SMALLINT:
    case DB_INT:
    case DB_BIGINT:
        buf_append_format(out, "%" PRId64, value->as.integer);
        break;
    case DB_DOUBLE:
        buf_append_format(out, "%.17g", value->as.real);
        break;
    case DB_DATE:
        date_format(value->as.date, date);
        buf_append_text(out, date);
        break;
    case DB_INT_ARRAY:
    case DB_TEXT_ARRAY:
    case DB_BYTES_ARRAY:
        append_array(out, value);
        break;
    case DB_NULL:
    case DB_TEXT:
    case DB_BYTES:
        break;
    }
    buf_append_byte(out, '\0');
}

/* Values that borrow the caller's memory; the others get offsets into out->memory first,
 * because it moves while it grows. */
static bool encode_borrowed(const struct db_value *value, size_t i, struct db_encoded *out)
{
    out->types[i] = OID_FROM_STATEMENT;
    out->formats[i] = FORMAT_TEXT;
    out->lengths[i] = 0;
    out->values[i] = NULL;
    if (value->kind == DB_TEXT) {
        out->values[i] = value->as.text;
    } else if (value->kind == DB_BYTES) {
        out->types[i] = OID_BYTEA;
        out->formats[i] = FORMAT_BINARY;
        out->lengths[i] = (int)value->as.bytes.len;
        out->values[i] = value->as.bytes.len > 0 ? (const char *)value->as.bytes.data : "";
    }
    return value->kind == DB_NULL || value->kind == DB_TEXT || value->kind == DB_BYTES;
}

enum err_code db_encode(struct db_params params, struct db_encoded *out, struct err *err)
{
    size_t offsets[DB_PARAMS_MAX];
    bool is_borrowed[DB_PARAMS_MAX];
    out->memory = (struct buf)BUF_INIT;
    if (params.n > DB_PARAMS_MAX) {
        return err_set(err, ERR_LIMIT, "statement has %zu parameters, at most %d are taken",
                       params.n, DB_PARAMS_MAX);
    }
    for (size_t i = 0; i < params.n; i++) {
        is_borrowed[i] = encode_borrowed(&params.values[i], i, out);
        offsets[i] = out->memory.len;
        if (!is_borrowed[i]) {
            append_value(&out->memory, &params.values[i]);
        }
    }
    enum err_code rc = buf_check(&out->memory, err);
    for (size_t i = 0; rc == ERR_OK && i < params.n; i++) {
        if (!is_borrowed[i]) {
            out->values[i] = (const char *)out->memory.data + offsets[i];
        }
    }
    return rc;
}
