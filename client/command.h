/*
 * command - the verbs of `fremgang`, read from command_table.def: help, man page, bash
 * completion, option parsing and dispatch all come from the same rows.
 *
 * A new verb `x` is one row in command_table.def and one file cmd_x.c with
 *
 *     int cmd_x(struct cli *cli, int argc, char **argv)
 */
#ifndef FREMGANG_COMMAND_H
#define FREMGANG_COMMAND_H

#include "cli.h"

#include <stddef.h>

struct command_option {
    const char *name;  /* without the dashes; NULL ends a list */
    const char *value; /* placeholder such as "SLUG"; NULL for a flag */
    const char *text;  /* one line of help */
};

struct command {
    const char *verb;
    int (*run)(struct cli *cli, int argc, char **argv);
    const char *summary; /* one line, no period */
    const char *usage;   /* the words after the verb */
    const char *words;   /* first words it takes, separated by spaces, or "" */
    const char *help;    /* paragraphs */
    const struct command_option *options;
};

/* Every verb's function; each lives in its own cmd_<verb>.c. */
#define COMMAND(verb, summary, usage, words, help, options)                                        \
    int cmd_##verb(struct cli *cli, int argc, char **argv);
#include "command_table.def"
#undef COMMAND

/** Number of verbs. */
size_t command_count(void);
/** The `index`th verb in the table's order. */
const struct command *command_at(size_t index);
/** The verb with this name, or NULL. */
const struct command *command_find(const char *verb);
/** The verb that a mistyped one most likely means, or NULL when none is near. */
const struct command *command_nearest(const char *verb);
/** The options every verb takes, ended by a row of NULLs. */
const struct command_option *command_global_options(void);

/** Prints the overview of all verbs. */
void command_print_overview(FILE *out);
/** Prints one verb's help. */
void command_print_help(const struct command *command, FILE *out);
/** Prints the man page fremgang(1) in roff. */
void command_print_man(FILE *out);
/** Prints the bash completion script. */
void command_print_completion(FILE *out);

#endif
