/*
 * subcommand - the words of a verb that has several, as data: how many words each takes and
 * what it does. Called by cmd_publish, cmd_admin and cmd_rpc.
 *
 *     static const struct subcommand SUBCOMMANDS[] = {
 *         {"show", 1, 1, publish_show},
 *     };
 *     return subcommand_run(cli, argc, argv,
 *                           (struct subcommands){SUBCOMMANDS, ARRAY_COUNT(SUBCOMMANDS)});
 */
#ifndef FREMGANG_SUBCOMMAND_H
#define FREMGANG_SUBCOMMAND_H

#include "cli.h"

struct subcommand {
    const char *word;
    int words_min; /* after the word itself */
    int words_max;
    int (*run)(struct cli *cli, int argc, char **argv); /* argv[0] is the first word after */
};

/** The subcommands of one verb. */
struct subcommands {
    const struct subcommand *items;
    size_t count;
};

/** Finds argv[1] among them, checks the number of words and runs it; gives the exit code. */
int subcommand_run(struct cli *cli, int argc, char **argv, struct subcommands subcommands);

/** ERR_INVALID unless the option was given and is not empty. */
NODISCARD enum err_code subcommand_need(const struct cli *cli, const char *option, const char **out,
                                        struct err *err);

#endif
