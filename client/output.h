/*
 * output - rows of text on stdout in the format of the run: aligned columns, CSV or JSON.
 * For lists (indicators, releases, verdicts, what is due); figures go through
 * output_table.h.
 *
 *     static const struct output_column columns[] = {
 *         {"release", "Release", "Udgivelse", OUTPUT_TEXT},
 *         {"cells_shown", "Cells shown", "Viste celler", OUTPUT_NUMBER},
 *     };
 *     AUTO(output_free) struct output *output = output_new(columns, ARRAY_COUNT(columns));
 *     output_add(output, (const char *const[]){release->id, shown});
 *     code = output_print(output, cli, &err);
 *
 * A value that is NULL is an empty cell, and null in JSON. CSV and JSON use the stable
 * names, whatever the language.
 */
#ifndef FREMGANG_OUTPUT_H
#define FREMGANG_OUTPUT_H

#include "base/auto.h"
#include "base/buf.h"
#include "cli.h"

#include <stdint.h>

enum output_kind {
    OUTPUT_TEXT,
    OUTPUT_NUMBER, /* right-aligned; a JSON number when it reads as one */
};

struct output_column {
    const char *name; /* stable, lower_snake */
    const char *title_en;
    const char *title_da;
    enum output_kind kind;
};

struct output;

/** Gives an empty list; the columns are borrowed. NULL when out of memory, which the other
 * functions take and output_print reports. */
struct output *output_new(const struct output_column *columns, size_t column_count);
/** Takes it. NULL ok. */
void output_free(struct output *output);
DEFINE_AUTO(struct output, output_free);
/** Copies one value per column. A failure is kept for output_print. */
void output_add(struct output *output, const char *const *values);
size_t output_row_count(const struct output *output);
/** Prints on cli->out. ERR_LIMIT, ERR_INTERNAL; ERR_UNAVAILABLE when it cannot be written. */
NODISCARD enum err_code output_print(const struct output *output, const struct cli *cli,
                                     struct err *err);
/** Prints aligned columns whatever the run's format is. Errors as output_print. */
NODISCARD enum err_code output_print_aligned(const struct output *output, const struct cli *cli,
                                             struct err *err);

/** Appends one CSV field, quoted when RFC 4180 asks for it. */
void output_append_csv(struct buf *line, const char *value);
/** Columns a terminal needs for UTF-8 text: code points that are not combining. */
size_t output_text_width(const char *text);

enum { OUTPUT_TIME_BYTES = 24 };
/** Writes UTC time as 2026-03-01T10:02:11Z; "" for 0. */
void output_format_time(int64_t time_us, char out[OUTPUT_TIME_BYTES]);

#endif
