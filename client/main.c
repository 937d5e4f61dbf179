/* main - the thin client `fremgang`. The verbs are in cmd_<verb>.c. */
#include "cli.h"

int main(int argc, char **argv)
{
    struct cli cli;
    cli_init(&cli, stdout, stderr);
    int code = cli_run(&cli, argc, argv);
    if (fflush(stdout) != 0 && code == CLI_EXIT_OK) {
        fputs("fremgang: could not write the output\n", stderr);
        code = CLI_EXIT_FAILED;
    }
    return code;
}
