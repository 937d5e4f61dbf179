/*
 * output_table - a table of figures on stdout in the format of the run. A withheld cell
 * prints as a word, has its state in a column of its own in CSV, and is
 * {"state": "withheld"} in JSON: never a number. Synthetic data say so everywhere.
 *
 *     code = output_table_print(table, cli, &err);
 */
#ifndef FREMGANG_OUTPUT_TABLE_H
#define FREMGANG_OUTPUT_TABLE_H

#include "cli.h"
#include "rpc/table.h"

struct buf;
struct code_lists;

/** Prints the table with its caveats and citation. ERR_LIMIT, ERR_INTERNAL, ERR_UNAVAILABLE
 * (cannot be written). */
NODISCARD enum err_code output_table_print(const struct table *table, const struct cli *cli,
                                           struct err *err);

/** The three renderings; output_table_print chooses one. */
NODISCARD enum err_code output_table_text(const struct table *table, const struct cli *cli,
                                          const struct code_lists *lists, struct err *err);
NODISCARD enum err_code output_table_csv(const struct table *table, const struct code_lists *lists,
                                         struct buf *out, struct err *err);
NODISCARD enum err_code output_table_json(const struct table *table, const struct cli *cli,
                                          const struct code_lists *lists, struct buf *out,
                                          struct err *err);

/** The table's caveats in the run's language; English when the server sent no Danish. Borrowed. */
const char *const *output_table_caveats(const struct table *table, const struct cli *cli,
                                        size_t *count);
/** The name of a municipality's code, "" when it has none ("pool"). Borrowed. */
const char *output_municipality_name(const struct code_lists *lists, const char *code);
/** The place of "municipality" among the table's dimensions, or by_count. */
size_t output_municipality_place(const struct table *table);

#endif
