/*
 * csv - a state machine over bytes. The first line is held back until its end, because its
 * separator must be known before it can be cut into cells.
 */
#include "import/csv.h"

#include "base/buf.h"
#include "base/limits.h"
#include "import/encoding.h"

#include <assert.h>
#include <ctype.h>
#include <sodium.h>
#include <string.h>

enum csv_state {
    CSV_AT_CELL_START, /* nothing of the cell was read */
    CSV_IN_PLAIN,      /* in a cell without quotes */
    CSV_IN_QUOTES,     /* in a quoted cell */
    CSV_AFTER_QUOTE,   /* a quote was read in a quoted cell: its end, or half of a pair */
};

enum csv_encoding { CSV_ASCII_SO_FAR, CSV_UTF8, CSV_CP1252 };

struct csv {
    struct csv_handler handler;
    char separator; /* 0 while the first line is held back */
    enum csv_state state;
    enum csv_encoding encoding;
    struct buf head;  /* the first line while it is held back */
    bool head_quoted; /* a quote is open in it */
    struct buf cell;  /* raw bytes of the cell being read */
    struct buf text;  /* the row's cells as UTF-8, NUL after each */
    size_t starts[CSV_COLUMNS_MAX];
    const char *cells[CSV_COLUMNS_MAX];
    size_t count;
    size_t line;     /* being read, from 1 */
    size_t row_line; /* where the row began */
    size_t rows;
    bool has_stray_quote;
    bool skip_newline; /* a CR was read: a LF that follows belongs to it */
};

enum err_code csv_new(const struct csv_handler *handler, char separator, struct csv **out,
                      struct err *err)
{
    struct csv *csv = calloc(1, sizeof(*csv));
    if (csv == NULL) {
        return err_memory(err);
    }
    csv->handler = *handler;
    csv->separator = separator;
    csv->line = 1;
    csv->row_line = 1;
    *out = csv;
    return ERR_OK;
}

static void buf_wipe(struct buf *buf)
{
    if (buf->data != NULL) {
        sodium_memzero(buf->data, buf->capacity);
    }
    buf_clear(buf);
}

void csv_free(struct csv *csv)
{
    if (csv != NULL) {
        buf_wipe(&csv->head);
        buf_wipe(&csv->cell);
        buf_wipe(&csv->text);
        free(csv);
    }
}

static enum err_code fail(const struct csv *csv, struct err *err, enum err_code code,
                          const char *what, const char *hint)
{
    (void)err_set(err, code, "line %zu: %s", csv->line, what);
    return err_hint(err, "%s", hint);
}

/* Removes blanks at both ends. */
static void trim(const uint8_t **bytes, size_t *len)
{
    while (*len > 0 && isblank((*bytes)[0])) {
        *bytes += 1;
        *len -= 1;
    }
    while (*len > 0 && isblank((*bytes)[*len - 1])) {
        *len -= 1;
    }
}

static enum err_code cell_convert(struct csv *csv, const uint8_t *bytes, size_t len,
                                  struct err *err)
{
    if (!encoding_is_ascii(bytes, len)) {
        bool is_utf8 = encoding_is_utf8(bytes, len);
        if (csv->encoding == CSV_ASCII_SO_FAR) {
            csv->encoding = is_utf8 ? CSV_UTF8 : CSV_CP1252;
        }
        if (csv->encoding == CSV_UTF8 && !is_utf8) {
            return fail(csv, err, ERR_INVALID, "the text is not UTF-8 as that before it is",
                        "Export the whole file in one encoding, UTF-8 or Windows-1252.");
        }
        if (csv->encoding == CSV_CP1252) {
            if (encoding_append_cp1252(&csv->text, bytes, len)) {
                return ERR_OK;
            }
            return fail(csv, err, ERR_INVALID, "the text is neither UTF-8 nor Windows-1252",
                        "Export the file as UTF-8.");
        }
    }
    buf_append(&csv->text, bytes, len);
    return ERR_OK;
}

static enum err_code cell_end(struct csv *csv, struct err *err)
{
    if (csv->count == CSV_COLUMNS_MAX) {
        return fail(csv, err, ERR_LIMIT, "the row has too many cells",
                    "Check the separator, and that no quote is left open.");
    }
    const uint8_t *bytes = csv->cell.data;
    size_t len = csv->cell.len;
    trim(&bytes, &len);
    csv->starts[csv->count++] = csv->text.len;
    enum err_code rc = len == 0 ? ERR_OK : cell_convert(csv, bytes, len, err);
    buf_append_byte(&csv->text, 0);
    buf_reset(&csv->cell);
    csv->state = CSV_AT_CELL_START;
    return rc == ERR_OK ? buf_check(&csv->text, err) : rc;
}

static enum err_code row_give(struct csv *csv, struct err *err)
{
    const char *text = buf_text(&csv->text);
    for (size_t i = 0; i < csv->count; i++) {
        csv->cells[i] = text + csv->starts[i];
    }
    bool is_blank = csv->count == 1 && csv->cells[0][0] == '\0';
    if (is_blank) {
        return ERR_OK;
    }
    const struct csv_row row = {.line = csv->row_line,
                                .cells = csv->cells,
                                .count = csv->count,
                                .has_stray_quote = csv->has_stray_quote};
    csv->rows++;
    return csv->handler.row(csv->handler.ctx, &row, err);
}

static enum err_code row_end(struct csv *csv, struct err *err)
{
    enum err_code rc = cell_end(csv, err);
    rc = rc == ERR_OK ? row_give(csv, err) : rc;
    buf_reset(&csv->text);
    csv->count = 0;
    csv->has_stray_quote = false;
    return rc;
}

static enum err_code cell_put(struct csv *csv, uint8_t byte, struct err *err)
{
    if (csv->cell.len == CSV_CELL_BYTES_MAX) {
        return fail(csv, err, ERR_LIMIT, "a cell is longer than 64 KiB",
                    "Look for a quote that is left open in or before this line.");
    }
    buf_append_byte(&csv->cell, byte);
    return buf_check(&csv->cell, err);
}

/* A byte outside quotes, or after a closing one. */
static enum err_code plain_byte(struct csv *csv, uint8_t byte, struct err *err)
{
    if (byte == (uint8_t)csv->separator) {
        return cell_end(csv, err);
    }
    if (byte == '\n') {
        return row_end(csv, err);
    }
    if (byte == '"' && csv->state == CSV_AT_CELL_START) {
        csv->state = CSV_IN_QUOTES;
        return ERR_OK;
    }
    if (csv->state == CSV_AFTER_QUOTE && !isblank(byte)) {
        csv->has_stray_quote = true;
    }
    if (csv->state == CSV_AT_CELL_START && !isblank(byte)) {
        csv->state = CSV_IN_PLAIN;
    }
    return cell_put(csv, byte, err);
}

static enum err_code quoted_byte(struct csv *csv, uint8_t byte, struct err *err)
{
    if (byte == '"') {
        csv->state = CSV_AFTER_QUOTE;
        return ERR_OK;
    }
    return cell_put(csv, byte, err);
}

/* One byte of a row; line ends have been made LF. */
static enum err_code row_byte(struct csv *csv, uint8_t byte, struct err *err)
{
    if (csv->count == 0 && csv->state == CSV_AT_CELL_START && csv->cell.len == 0) {
        csv->row_line = csv->line;
    }
    if (csv->state == CSV_IN_QUOTES) {
        return quoted_byte(csv, byte, err);
    }
    if (csv->state == CSV_AFTER_QUOTE && byte == '"') {
        csv->state = CSV_IN_QUOTES; /* the second of a pair stands for one */
        return cell_put(csv, byte, err);
    }
    return plain_byte(csv, byte, err);
}

/* The separator that the first line holds most often outside quotes; `;` when none. */
static char separator_find(const struct buf *head)
{
    static const char candidates[] = {';', '\t', ','};
    char best = ';';
    size_t most = 0;
    for (size_t i = 0; i < sizeof(candidates); i++) {
        size_t count = 0;
        bool quoted = false;
        for (size_t at = 0; at < head->len; at++) {
            quoted = quoted != (head->data[at] == '"');
            count += !quoted && head->data[at] == (uint8_t)candidates[i] ? 1 : 0;
        }
        if (count > most) {
            most = count;
            best = candidates[i];
        }
    }
    return best;
}

/* Strips the BOM; refuses UTF-16, which begins with one of its own. */
static enum err_code bom_read(struct csv *csv, size_t *skip, struct err *err)
{
    const struct buf *head = &csv->head;
    *skip = 0;
    if (head->len >= 3 && memcmp(head->data, "\xef\xbb\xbf", 3) == 0) {
        csv->encoding = CSV_UTF8;
        *skip = 3;
    } else if (head->len >= 2 &&
               (memcmp(head->data, "\xff\xfe", 2) == 0 || memcmp(head->data, "\xfe\xff", 2) == 0)) {
        return fail(csv, err, ERR_INVALID, "the file is UTF-16",
                    "Export the file as UTF-8, or as CSV in Windows-1252.");
    }
    return ERR_OK;
}

/* The first line is complete: finds the separator and reads the line. */
static enum err_code head_release(struct csv *csv, struct err *err)
{
    size_t at;
    enum err_code rc = bom_read(csv, &at, err);
    const struct buf *head = &csv->head;
    const char *text = buf_text(head) + at;
    if (rc == ERR_OK && strncmp(text, "sep=", 4) == 0 && head->len - at >= 5) {
        csv->separator = text[4]; /* Excel's own line: no header */
        at = head->len;
        csv->line += 1;
    } else {
        csv->separator = separator_find(head);
    }
    for (; rc == ERR_OK && at < head->len; at++) {
        rc = row_byte(csv, head->data[at], err);
        csv->line += head->data[at] == '\n' ? 1 : 0;
    }
    buf_wipe(&csv->head);
    return rc;
}

static enum err_code head_byte(struct csv *csv, uint8_t byte, struct err *err)
{
    if (csv->head.len == CSV_CELL_BYTES_MAX) {
        return fail(csv, err, ERR_LIMIT, "the header line is longer than 64 KiB",
                    "Check that the file is a CSV file with a header line.");
    }
    csv->head_quoted = csv->head_quoted != (byte == '"');
    buf_append_byte(&csv->head, byte);
    enum err_code rc = buf_check(&csv->head, err);
    bool is_complete = byte == '\n' && !csv->head_quoted;
    return rc == ERR_OK && is_complete ? head_release(csv, err) : rc;
}

static enum err_code byte_read(struct csv *csv, uint8_t byte, struct err *err)
{
    if (byte == '\n' && csv->skip_newline) {
        csv->skip_newline = false;
        return ERR_OK;
    }
    csv->skip_newline = byte == '\r';
    if (byte == 0) {
        return fail(csv, err, ERR_INVALID, "there is a NUL byte",
                    "Export the file as UTF-8 text; UTF-16 and spreadsheets hold such bytes.");
    }
    byte = byte == '\r' ? '\n' : byte;
    if (csv->separator == 0) {
        return head_byte(csv, byte, err);
    }
    enum err_code rc = row_byte(csv, byte, err);
    csv->line += byte == '\n' ? 1 : 0;
    return rc;
}

enum err_code csv_feed(struct csv *csv, const void *bytes, size_t len, struct err *err)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < len; i++) {
        enum err_code rc = byte_read(csv, at[i], err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    return ERR_OK;
}

enum err_code csv_finish(struct csv *csv, struct err *err)
{
    enum err_code rc = csv->separator == 0 ? head_release(csv, err) : ERR_OK;
    if (rc != ERR_OK) {
        return rc;
    }
    if (csv->state == CSV_IN_QUOTES) {
        csv->line = csv->row_line;
        return fail(csv, err, ERR_INVALID, "a quote is opened and never closed",
                    "Close the quote, or double it when it is part of the text.");
    }
    bool has_rest = csv->count > 0 || csv->cell.len > 0 || csv->state != CSV_AT_CELL_START;
    rc = has_rest ? row_end(csv, err) : ERR_OK;
    if (rc == ERR_OK && csv->rows == 0) {
        (void)err_set(err, ERR_INVALID, "the file is empty");
        return err_hint(err, "Export the file again; it must at least have its header line.");
    }
    return rc;
}
