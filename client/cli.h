/*
 * cli - what one run of `fremgang` was asked: the global options, the verb's own options
 * and the two streams. Every cmd_* function gets it; data goes to `out`, talk to `talk`.
 *
 *     int cmd_status(struct cli *cli, int argc, char **argv)
 *     {
 *         const char *slug = cli_option(cli, "partnership");      // NULL when not given
 *         if (argc > 1) {
 *             return cli_usage(cli, "unexpected word \"%s\"", argv[1]);
 *         }
 *         ...
 *         return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
 *
 * The options are parsed from the verb's row of command_table.def before the verb runs;
 * argv[0] is the verb and argv[1] .. argv[argc - 1] are the words that are no options.
 */
#ifndef FREMGANG_CLI_H
#define FREMGANG_CLI_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum cli_exit {
    CLI_EXIT_OK = 0,
    CLI_EXIT_FAILED = 1,      /* refused or failed */
    CLI_EXIT_USAGE = 2,       /* the words typed are wrong */
    CLI_EXIT_UNAVAILABLE = 3, /* a server cannot be reached; may work later */
};

enum cli_format { CLI_FORMAT_TABLE, CLI_FORMAT_CSV, CLI_FORMAT_JSON };
enum cli_lang { CLI_LANG_EN, CLI_LANG_DA };

enum {
    CLI_OPTIONS_MAX = 64, /* given options of one run; a person types fewer than 20 */
};

struct command;

struct cli_value {
    const char *name;  /* borrowed from the command table */
    const char *value; /* borrowed from argv; "" for a flag */
};

struct cli {
    enum cli_format format;
    enum cli_lang lang;
    const char *profile; /* name given by --profile or FREMGANG_PROFILE, or "default" */
    bool color;          /* `talk` is a terminal and NO_COLOR is not set */
    FILE *out;           /* borrowed: data */
    FILE *talk;          /* borrowed: everything said to a person */

    const struct command *command; /* the verb that runs, or NULL */
    struct cli_value values[CLI_OPTIONS_MAX];
    size_t value_count;
};

/** Sets defaults from the environment (LC_ALL/LC_MESSAGES/LANG, NO_COLOR, FREMGANG_PROFILE)
 * and borrows the streams. */
void cli_init(struct cli *cli, FILE *out, FILE *talk);
/** Parses the words, runs the verb and gives the process's exit code. */
int cli_run(struct cli *cli, int argc, char **argv);

/** The last value given for a verb's option, "" for a given flag, NULL when absent. */
const char *cli_option(const struct cli *cli, const char *name);
/** How often the option was given. */
size_t cli_option_count(const struct cli *cli, const char *name);
/** Its `index`th value, in the order given; NULL past the end. */
const char *cli_option_at(const struct cli *cli, const char *name, size_t index);

/** Prints the error and its hint on `talk`; gives the exit code that suits its code. */
int cli_fail(const struct cli *cli, const struct err *err);
/** Prints what is wrong with the words typed and where to read on; gives CLI_EXIT_USAGE. */
int cli_usage(const struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);
/** One line on `talk`. */
void cli_say(const struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);
/** Picks the text of the run's language. */
const char *cli_text(const struct cli *cli, const char *english, const char *danish);
/** CLI_EXIT_UNAVAILABLE for ERR_UNAVAILABLE and ERR_TIMEOUT, else CLI_EXIT_FAILED or OK. */
enum cli_exit cli_exit_of(enum err_code code);

#endif
