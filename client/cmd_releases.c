/* cmd_releases - `fremgang releases`: what has been published for the caller to read. */
#include "command.h"
#include "output_release.h"
#include "session.h"

int cmd_releases(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    const char *partnership = cli_option(cli, "partnership");
    AUTO(session_close) struct session *session = NULL;
    AUTO(catalogue_releases_free) struct catalogue_releases *releases = NULL;
    if (argc > 1) {
        return cli_usage(cli, "unexpected word \"%s\"", argv[1]);
    }
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = catalogue_list_releases(session->caller, partnership != NULL ? partnership : "",
                                       &releases, &err);
    }
    if (code == ERR_OK) {
        code = output_release_list(cli, releases, &err);
    }
    if (code == ERR_OK && releases->count == 0) {
        cli_say(cli, "%s",
                cli_text(cli, "nothing has been released yet", "intet er udgivet endnu"));
    }
    return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}
