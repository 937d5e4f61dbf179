/*
 * options - a program's options as one table: command line over configuration file over
 * defaults, and the help text from the same rows. For server/main.
 *
 *     static const struct option_row ROWS[] = {
 *         {.name = "listen", .kind = OPTION_TEXT, .offset = offsetof(struct job, listen),
 *          .fallback = "tcp://127.0.0.1:7711", .help = "address to listen on"},
 *     };
 *     code = options_read(&SET, argv + 1, &job, &action, err);
 *
 * A configuration file has lines `name = value`; `name-PROCESS = value` holds for that
 * process alone, so that several read one file.
 */
#ifndef FREMGANG_OPTIONS_H
#define FREMGANG_OPTIONS_H

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>

enum option_kind {
    OPTION_TEXT,   /* target: char *, owned, never NULL after options_read */
    OPTION_NUMBER, /* target: int, min to max */
    OPTION_FLAG,   /* target: bool; on the command line without a value */
};

struct option_row {
    const char *name; /* "case-db" */
    enum option_kind kind;
    size_t offset;        /* of the target in the caller's struct */
    const char *fallback; /* default, as typed */
    int min;
    int max;
    const char *value; /* what the help calls the value, e.g. "FILE" */
    const char *help;
    bool is_hidden; /* taken, but of no use to this program: not in its help */
};

struct option_set {
    const char *process;          /* "intake": selects name-PROCESS lines */
    const char *const *processes; /* whose lines are passed over; NULL-ended, or NULL */
    const char *summary;          /* first lines of the help */
    const char *example;          /* last lines of the help */
    const struct option_row *rows;
    size_t row_count;
};

enum option_action { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION };

/** Fills `target`, a zeroed struct of the caller, from NULL-ended `args`: defaults, then --config
 * FILE, then the rest of the command line. --help and --version end the reading. ERR_INVALID
 * (reason USAGE) for an unknown or malformed option, ERR_NOT_FOUND when the file cannot be read;
 * texts read by then are freed by options_clear as well. */
NODISCARD enum err_code options_read(const struct option_set *set, char *const *args, void *target,
                                     enum option_action *action, struct err *err);
/** As --help shows them. */
void options_help(const struct option_set *set, FILE *out);
/** Frees the texts. */
void options_clear(const struct option_set *set, void *target);

#endif
