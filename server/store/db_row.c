/* db_row - reading the columns of a row in PostgreSQL's binary form. */
#include "store/db_internal.h"

#include <assert.h>
#include <string.h>

/* catalog/pg_type.dat; these numbers never change. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_OID = 26,
    OID_FLOAT8 = 701,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184,
};

/* Days and microseconds from 1970-01-01 to PostgreSQL's 2000-01-01. */
#define EPOCH_DAYS 10957
#define EPOCH_US (INT64_C(10957) * 86400 * 1000000)

static const uint8_t *value_of(const struct db_row *row, int column)
{
    assert(column < PQnfields(row->result));
    return (const uint8_t *)PQgetvalue(row->result, 0, column);
}

static uint64_t read_big_endian(const uint8_t *bytes, int len)
{
    uint64_t value = 0;
    for (int i = 0; i < len; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static void assert_type(const struct db_row *row, int column, Oid type)
{
    assert(PQftype(row->result, column) == type && "column has another type");
    assert(!db_row_is_null(row, column) && "column is NULL");
    (void)row;
    (void)column;
    (void)type;
}

bool db_row_is_null(const struct db_row *row, int column)
{
    assert(column < PQnfields(row->result));
    return PQgetisnull(row->result, 0, column) == 1;
}

int64_t db_row_int(const struct db_row *row, int column)
{
    const uint8_t *value = value_of(row, column);
    assert(!db_row_is_null(row, column) && "column is NULL");
    switch (PQftype(row->result, column)) {
    case OID_INT2:
        return (int16_t)read_big_endian(value, 2);
    case OID_INT4:
        return (int32_t)read_big_endian(value, 4);
    case OID_INT8:
        return (int64_t)read_big_endian(value, 8);
    case OID_OID:
        return (int64_t)read_big_endian(value, 4);
    default:
        assert(false && "column is no integer");
        return 0;
    }
}

bool db_row_bool(const struct db_row *row, int column)
{
    assert_type(row, column, OID_BOOL);
    return value_of(row, column)[0] != 0;
}

double db_row_double(const struct db_row *row, int column)
{
    assert_type(row, column, OID_FLOAT8);
    uint64_t bits = read_big_endian(value_of(row, column), 8);
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

const char *db_row_text(const struct db_row *row, int column)
{
    const uint8_t *value = value_of(row, column);
    return db_row_is_null(row, column) ? NULL : (const char *)value;
}

struct db_bytes db_row_bytes(const struct db_row *row, int column)
{
    assert(PQftype(row->result, column) == OID_BYTEA && "column is no bytea");
    if (db_row_is_null(row, column)) {
        return (struct db_bytes){NULL, 0};
    }
    return (struct db_bytes){value_of(row, column), (size_t)PQgetlength(row->result, 0, column)};
}

date_t db_row_date(const struct db_row *row, int column)
{
    if (db_row_is_null(row, column)) {
        return DATE_NONE;
    }
    assert_type(row, column, OID_DATE);
    return (date_t)read_big_endian(value_of(row, column), 4) + EPOCH_DAYS;
}

int64_t db_row_time_us(const struct db_row *row, int column)
{
    assert_type(row, column, OID_TIMESTAMPTZ);
    return (int64_t)read_big_endian(value_of(row, column), 8) + EPOCH_US;
}
