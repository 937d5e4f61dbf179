/* subcommand - see subcommand.h. */
#include "subcommand.h"

#include "command.h"

#include <string.h>

static int words_usage(struct cli *cli, const struct subcommand *subcommand, int words)
{
    int min = subcommand->words_min;
    int max = subcommand->words_max;
    if (max == 0) {
        return cli_usage(cli, "\"%s\" takes no words, not %d", subcommand->word, words);
    }
    if (min == max) {
        return cli_usage(cli, "\"%s\" takes %d word%s, not %d", subcommand->word, max,
                         max == 1 ? "" : "s", words);
    }
    return cli_usage(cli, "\"%s\" takes %d to %d words, not %d", subcommand->word, min, max, words);
}

int subcommand_run(struct cli *cli, int argc, char **argv, struct subcommands subcommands)
{
    if (argc < 2) {
        return cli_usage(cli, "one of these words is needed: %s", cli->command->words);
    }
    for (size_t i = 0; i < subcommands.count; i++) {
        const struct subcommand *subcommand = &subcommands.items[i];
        if (strcmp(subcommand->word, argv[1]) != 0) {
            continue;
        }
        int words = argc - 2;
        if (words < subcommand->words_min || words > subcommand->words_max) {
            return words_usage(cli, subcommand, words);
        }
        return subcommand->run(cli, words, argv + 2);
    }
    return cli_usage(cli, "\"%s\" is none of: %s", argv[1], cli->command->words);
}

enum err_code subcommand_need(const struct cli *cli, const char *option, const char **out,
                              struct err *err)
{
    const char *value = cli_option(cli, option);
    if (value == NULL || value[0] == '\0') {
        return err_set(err, ERR_INVALID, "--%s is missing", option);
    }
    *out = value;
    return ERR_OK;
}
