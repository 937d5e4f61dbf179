/*
 * csv_writer - one CSV file in a case system's dialect: encoding, separator, quotes, decimal
 * sign, dates and line ends. Cells are given as UTF-8, codes as ours.
 *
 *     csv_begin_row(&file);
 *     csv_text(&file, child->cpr);
 *     csv_date(&file, child->opened);
 *     csv_end_row(&file);
 */
#ifndef FREMGANG_TESTS_DATA_CSV_WRITER_H
#define FREMGANG_TESTS_DATA_CSV_WRITER_H

#include "base/err.h"
#include "data/plan.h"

#include <stdio.h>

struct csv_file {
    FILE *stream; /* owned; NULL while closed */
    const struct dialect *dialect;
    bool has_cells; /* in the present row */
};

/** Opens `<dir>/<name>` and writes the byte order mark. ERR_UNAVAILABLE. */
NODISCARD enum err_code csv_open(struct csv_file *file, const char *dir, const char *name,
                                 const struct dialect *dialect, struct err *err);
/** ERR_UNAVAILABLE when anything of the file could not be written. */
NODISCARD enum err_code csv_close(struct csv_file *file, struct err *err);

void csv_begin_row(struct csv_file *file);
void csv_text(struct csv_file *file, const char *text);
/** The municipality's word for the code. */
void csv_code(struct csv_file *file, const char *code);
/** Empty for DATE_NONE. */
void csv_date(struct csv_file *file, date_t date);
/** As 2015-03 where dates are ISO or have hyphens, else as the month's first day. */
void csv_month(struct csv_file *file, date_t month);
/** A number of hundredths with two decimals. */
void csv_hundredths(struct csv_file *file, int hundredths);
void csv_number(struct csv_file *file, int number);
void csv_end_row(struct csv_file *file);

#endif
