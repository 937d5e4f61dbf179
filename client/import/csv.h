/*
 * csv - a push parser: bytes in, rows of UTF-8 cells out. It knows no files, so a test or a
 * fuzzer feeds it as it likes. Takes `;` `,` or tab (found in the first line, or by Excel's
 * "sep=" line), RFC 4180 quotes, LF, CRLF or CR, a BOM, UTF-8 or Windows-1252.
 *
 *     AUTO(csv_free) struct csv *csv = NULL;
 *     csv_new(&(struct csv_handler){row_came, ctx}, 0, &csv, err);
 *     while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0 && code == ERR_OK) {
 *         code = csv_feed(csv, bytes, n, err);
 *     }
 *     code = code == ERR_OK ? csv_finish(csv, err) : code;
 *
 * Encoding: the first cell beyond ASCII decides for the file. After it said UTF-8, a cell
 * that is not UTF-8 is an error: the file mixes two encodings.
 */
#ifndef FREMGANG_IMPORT_CSV_H
#define FREMGANG_IMPORT_CSV_H

#include "base/auto.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct csv;

/** One row, borrowed until the handler returns. Blank lines give no row. */
struct csv_row {
    size_t line;              /* where it starts, from 1 */
    const char *const *cells; /* NUL-ended UTF-8, blanks at both ends removed */
    size_t count;
    bool has_stray_quote; /* text stood after a closing quote */
};

struct csv_handler {
    /** Called for each row, the header too; an error stops the parser and is passed on. */
    enum err_code (*row)(void *ctx, const struct csv_row *row, struct err *err);
    void *ctx; /* borrowed */
};

/** Gives a parser; `separator` 0 finds it in the first line. ERR_INTERNAL. */
NODISCARD enum err_code csv_new(const struct csv_handler *handler, char separator, struct csv **out,
                                struct err *err);
/** Reads more bytes. ERR_INVALID: NUL byte, UTF-16, mixed encodings; ERR_LIMIT: a cell over
 * CSV_CELL_BYTES_MAX or more than CSV_COLUMNS_MAX columns; and the handler's errors. Every
 * message names the line, never the cell. After an error only csv_free may be called. */
NODISCARD enum err_code csv_feed(struct csv *csv, const void *bytes, size_t len, struct err *err);
/** Ends the input: gives a last row without line end. ERR_INVALID when a quote is still open
 * or there was not even a header; and as csv_feed. */
NODISCARD enum err_code csv_finish(struct csv *csv, struct err *err);
/** Wipes what it holds, for cells may be CPR numbers. NULL ok. */
void csv_free(struct csv *csv);
DEFINE_AUTO(struct csv, csv_free);

#endif
