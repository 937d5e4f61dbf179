/*
 * db_value - typed values of statements and of COPY rows, as plain data without libpq.
 * Used by every store file. A parameter's SQL type is taken from the statement, so any
 * integer kind fits any integer column; COPY needs the column's exact kind.
 *
 *     db_exec(db, DB_SQL(gov_permit_insert),
 *             DB_PARAMS(db_text(purpose), db_int(partnership_id), db_bytes(key, 32)),
 *             NULL, err);
 */
#ifndef FREMGANG_STORE_DB_VALUE_H
#define FREMGANG_STORE_DB_VALUE_H

#include "base/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum db_kind {
    DB_NULL,
    DB_BOOL,
    DB_SMALLINT,
    DB_INT,
    DB_BIGINT,
    DB_DOUBLE,
    DB_DATE,
    DB_TEXT,
    DB_BYTES,
    DB_INT_ARRAY,   /* parameters only; fits smallint[], int[] and bigint[] */
    DB_TEXT_ARRAY,  /* parameters only */
    DB_BYTES_ARRAY, /* parameters only */
};

/** A run of borrowed bytes; data NULL and len 0 is the empty run, not NULL of SQL. */
struct db_bytes {
    const uint8_t *data;
    size_t len;
};

/** One value; everything it points to is borrowed until the call returns. */
struct db_value {
    enum db_kind kind;
    size_t len; /* elements of an array */
    union {
        bool boolean;
        int64_t integer; /* SMALLINT, INT, BIGINT */
        double real;
        date_t date;
        const char *text;
        struct db_bytes bytes;
        const int64_t *integers;
        const char *const *texts;
        const struct db_bytes *byte_runs;
    } as;
};

/** The values of $1, $2 ... */
struct db_params {
    const struct db_value *values;
    size_t n;
};

/** `DB_PARAMS(db_int(7), db_text("x"))`; lives until the end of the block. */
#define DB_PARAMS(...)                                                                             \
    ((struct db_params){(const struct db_value[]){__VA_ARGS__},                                    \
                        sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)})
#define DB_NO_PARAMS ((struct db_params){NULL, 0})

struct db_value db_null(void);
struct db_value db_bool(bool value);
struct db_value db_smallint(int value);
struct db_value db_int(int value);
struct db_value db_bigint(int64_t value);
struct db_value db_double(double value);
/** DATE_NONE becomes NULL. */
struct db_value db_date(date_t value);
/** NULL becomes NULL. */
struct db_value db_text(const char *value);
struct db_value db_bytes(const void *data, size_t len);
struct db_value db_int_array(const int64_t *values, size_t len);
struct db_value db_text_array(const char *const *values, size_t len);
struct db_value db_bytes_array(const struct db_bytes *values, size_t len);

#endif
