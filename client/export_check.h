/*
 * export_check - what `check` and `import` share: reads the export named on the command line
 * and tells what is wrong with it, in the format and language of the run.
 *
 *     AUTO(export_check_free) struct export_check *check = NULL;
 *     export_check_open(cli, &options, &check, &err);
 *     export_check_read(check, argc - 1, argv + 1, &err);
 *     ... importer_assemble(check->importer, slot, &err) ...
 *     export_check_print(check, &err);
 */
#ifndef FREMGANG_EXPORT_CHECK_H
#define FREMGANG_EXPORT_CHECK_H

#include "cli.h"
#include "import/columns.h"
#include "import/importer.h"
#include "progress.h"

struct export_finding {
    struct finding finding; /* its column is ours */
    char column[COLUMN_TEXT_BYTES];
    size_t arrival;
};

struct export_check {
    const struct cli *cli;
    struct code_lists *lists;
    struct mapping *mapping;
    struct importer *importer;
    struct export_finding *findings; /* kept for printing; owned */
    size_t told;
    size_t capacity;
    uint64_t untold; /* info findings that --all would show, and those past the limit */
    bool out_of_memory;
    struct progress progress;
};

struct export_options {
    const struct import_partnership *partnerships; /* borrowed; none: check */
    size_t partnership_count;
    bool skips_others;
    struct import_handlers handlers; /* unit, keep, wants_worker and ctx; the rest is ours */
};

/** Reads code lists and the mapping file (--mapping). ERR_NOT_FOUND, ERR_INVALID, ERR_CORRUPT,
 * ERR_INTERNAL. */
NODISCARD enum err_code export_check_open(const struct cli *cli,
                                          const struct export_options *options,
                                          struct export_check **out, struct err *err);
/** NULL ok. */
void export_check_free(struct export_check *check);
DEFINE_AUTO(struct export_check, export_check_free);

/** Reads the files, with a progress bar. Errors as importer_read. */
NODISCARD enum err_code export_check_read(struct export_check *check, int count, char **paths,
                                          struct err *err);
/** Prints the findings on stdout and the counts: in the table after them, else as talk. */
NODISCARD enum err_code export_check_print(struct export_check *check, struct err *err);
/** Whether something found blocks. */
bool export_check_blocks(const struct export_check *check);

#endif
