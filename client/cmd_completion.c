/* cmd_completion - `fremgang completion bash`. */
#include "command.h"

#include <string.h>

int cmd_completion(struct cli *cli, int argc, char **argv)
{
    if (argc != 2 || strcmp(argv[1], "bash") != 0) {
        return cli_usage(cli, "the shell must be bash");
    }
    command_print_completion(cli->out);
    return CLI_EXIT_OK;
}
