/* db_copy - binary COPY into a table (PostgreSQL 15, "COPY", Binary Format). */
#include "base/limits.h"
#include "store/db_internal.h"

#include <assert.h>
#include <string.h>

#define EPOCH_DAYS 10957 /* days from 1970-01-01 to PostgreSQL's 2000-01-01 */

static void append_big_endian(struct buf *out, uint64_t value, int len)
{
    for (int shift = (len - 1) * 8; shift >= 0; shift -= 8) {
        buf_append_byte(out, (uint8_t)(value >> shift));
    }
}

static void append_field(struct buf *out, const void *data, size_t len)
{
    append_big_endian(out, len, 4);
    buf_append(out, data, len);
}

static void append_number(struct buf *out, int64_t value, int len)
{
    append_big_endian(out, (uint64_t)len, 4);
    append_big_endian(out, (uint64_t)value, len);
}

static void append_value(struct buf *out, const struct db_value *value)
{
    int64_t bits = 0;
    switch (value->kind) {
    case DB_NULL:
        append_big_endian(out, UINT32_MAX, 4);
        break;
    case DB_BOOL:
        append_number(out, value->as.boolean, 1);
        break;
    case DB_SMALLINT:
        append_number(out, value->as.integer, 2);
        break;
    case DB_INT:
        append_number(out, value->as.integer, 4);
        break;
    case DB_BIGINT:
        append_number(out, value->as.integer, 8);
        break;
    case DB_DOUBLE:
        memcpy(&bits, &value->as.real, sizeof(bits));
        append_number(out, bits, 8);
        break;
    case DB_DATE:
        append_number(out, (int64_t)value->as.date - EPOCH_DAYS, 4);
        break;
    case DB_TEXT:
        append_field(out, value->as.text, strlen(value->as.text));
        break;
    case DB_BYTES:
        append_field(out, value->as.bytes.data, value->as.bytes.len);
        break;
    case DB_INT_ARRAY:
    case DB_TEXT_ARRAY:
    case DB_BYTES_ARRAY:
        assert(false && "COPY takes no arrays");
        break;
    }
}

static enum err_code send_chunk(struct db *db, struct err *err)
{
    enum err_code rc = buf_check(&db->copy, err);
    while (rc == ERR_OK) {
        int sent = PQputCopyData(db->conn, buf_text(&db->copy), (int)db->copy.len);
        if (sent > 0) {
            break;
        }
        rc = sent < 0 ? db_map_connection_lost(db->statement, err) : db_flush(db, err);
    }
    buf_reset(&db->copy);
    return rc == ERR_OK ? db_flush(db, err) : rc;
}

static enum err_code copy_begin(struct db *db, struct db_statement statement, struct err *err)
{
    PGresult *result = NULL;
    enum err_code rc = db_send(db, statement, DB_NO_PARAMS, err);
    if (rc == ERR_OK) {
        rc = db_flush(db, err);
    }
    if (rc == ERR_OK) {
        rc = db_next_result(db, &result, err);
    }
    if (rc == ERR_OK && PQresultStatus(result) != PGRES_COPY_IN) {
        rc = db_map_error(result, statement.name, err);
    }
    PQclear(result);
    if (rc != ERR_OK) {
        db_abandon(db);
        return rc;
    }
    buf_reset(&db->copy);
    return ERR_OK;
}

enum err_code db_copy_begin(struct db *db, struct db_statement statement, struct err *err)
{
    // The literal's own NUL is the header's 19th byte.
    static const char HEADER[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    enum err_code rc = copy_begin(db, statement, err);
    if (rc == ERR_OK) {
        buf_append(&db->copy, HEADER, sizeof(HEADER));
    }
    return rc;
}

enum err_code db_copy_row(struct db *db, const struct db_value *values, size_t n, struct err *err)
{
    assert(db->is_busy && n <= DB_PARAMS_MAX);
    append_big_endian(&db->copy, n, 2);
    for (size_t i = 0; i < n; i++) {
        append_value(&db->copy, &values[i]);
    }
    return db->copy.len < DB_COPY_CHUNK_BYTES ? ERR_OK : send_chunk(db, err);
}

static enum err_code end_data(struct db *db, struct err *err)
{
    enum err_code rc = send_chunk(db, err);
    while (rc == ERR_OK) {
        int sent = PQputCopyEnd(db->conn, NULL);
        if (sent > 0) {
            break;
        }
        rc = sent < 0 ? db_map_connection_lost(db->statement, err) : db_flush(db, err);
    }
    return rc == ERR_OK ? db_flush(db, err) : rc;
}

static enum err_code copy_end(struct db *db, struct err *err)
{
    PGresult *result = NULL;
    enum err_code rc = end_data(db, err);
    while (rc == ERR_OK) {
        rc = db_next_result(db, &result, err);
        if (rc != ERR_OK || result == NULL) {
            break;
        }
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            rc = db_map_error(result, db->statement, err);
        }
        PQclear(result);
    }
    if (rc != ERR_OK && PQstatus(db->conn) == CONNECTION_OK) {
        db_abandon(db);
    }
    db->is_busy = false;
    return rc;
}

enum err_code db_copy_end(struct db *db, struct err *err)
{
    assert(db->is_busy);
    append_big_endian(&db->copy, UINT16_MAX, 2);
    return copy_end(db, err);
}

enum err_code db_copy_text(struct db *db, struct db_statement statement, const char *text,
                           struct err *err)
{
    enum err_code rc = copy_begin(db, statement, err);
    if (rc != ERR_OK) {
        return rc;
    }
    buf_append_text(&db->copy, text);
    return copy_end(db, err);
}
