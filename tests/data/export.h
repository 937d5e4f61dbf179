/*
 * export - writes one municipality's files as its case system would: a folder with six CSV
 * files in the municipality's dialect, and LAESMIG.txt, which says that the data are synthetic.
 *
 *     AUTO(export_free) struct export *export = NULL;
 *     enum err_code rc = export_open(out_dir, municipality, &export, err);
 *     rc = export_population(export, population, err);
 *     rc = export_close(export, err);
 */
#ifndef FREMGANG_TESTS_DATA_EXPORT_H
#define FREMGANG_TESTS_DATA_EXPORT_H

#include "base/auto.h"
#include "data/population.h"

struct export;

/** Makes the folder, opens the files and writes the header rows. ERR_UNAVAILABLE when one
 * cannot be written, ERR_INTERNAL out of memory. */
NODISCARD enum err_code export_open(const char *out_dir,
                                    const struct municipality_plan *municipality,
                                    struct export **out, struct err *err);
/** Adds a population's rows. ERR_UNAVAILABLE when the disk is full. */
NODISCARD enum err_code export_population(struct export *export,
                                          const struct population *population, struct err *err);
/** Closes the files. ERR_UNAVAILABLE when something could not be written. */
NODISCARD enum err_code export_close(struct export *export, struct err *err);
/** Takes; closes what is open. NULL ok. */
void export_free(struct export *export);
DEFINE_AUTO(struct export, export_free);

#endif
