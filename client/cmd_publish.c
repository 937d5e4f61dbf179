/* cmd_publish - `fremgang publish`: stewards look at staged releases, approve and withdraw
 * them; a municipality closes its periods. The releases themselves are made by the server's
 * publish job. */
#include "command.h"
#include "output_release.h"
#include "rpc/admin_call.h"
#include "session.h"
#include "subcommand.h"

#include <string.h>

static int publish_list(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    const char *partnership = cli_option(cli, "partnership");
    AUTO(session_close) struct session *session = NULL;
    AUTO(catalogue_releases_free) struct catalogue_releases *releases = NULL;
    (void)argc;
    (void)argv;
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = catalogue_list_staged(session->caller, partnership != NULL ? partnership : "",
                                     &releases, &err);
    }
    if (code == ERR_OK) {
        code = output_release_list(cli, releases, &err);
    }
    return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}

static enum err_code find_release(struct session *session, const char *id,
                                  struct catalogue_releases **releases,
                                  const struct catalogue_release **out, struct err *err)
{
    enum err_code code = catalogue_list_staged(session->caller, "", releases, err);
    if (code != ERR_OK) {
        return code;
    }
    for (size_t i = 0; i < (*releases)->count; i++) {
        if (strcmp((*releases)->items[i].id, id) == 0) {
            *out = &(*releases)->items[i];
            return ERR_OK;
        }
    }
    (void)err_set(err, ERR_NOT_FOUND, "there is no release \"%s\"", id);
    return err_hint(err, "`fremgang publish list` lists them.");
}

static int publish_show(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    const struct catalogue_release *release = NULL;
    AUTO(session_close) struct session *session = NULL;
    AUTO(catalogue_releases_free) struct catalogue_releases *releases = NULL;
    (void)argc;
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = find_release(session, argv[0], &releases, &release, &err);
    }
    if (code == ERR_OK) {
        code = output_release_show(cli, release, &err);
    }
    return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}

/* The manifest hash of the list is what the steward signs: the server refuses another. */
static int publish_approve(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct admin_approval approval;
    const struct catalogue_release *release = NULL;
    AUTO(session_close) struct session *session = NULL;
    AUTO(catalogue_releases_free) struct catalogue_releases *releases = NULL;
    (void)argc;
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = find_release(session, argv[0], &releases, &release, &err);
    }
    if (code == ERR_OK && !release->has_manifest) {
        code = err_set(&err, ERR_CORRUPT, "release \"%s\" has no manifest", argv[0]);
    }
    if (code == ERR_OK) {
        code = admin_approve(session->caller, argv[0], release->manifest_sha256, &approval, &err);
    }
    if (code != ERR_OK) {
        return cli_fail(cli, &err);
    }
    cli_say(cli, "%s: %u approvals, %s", argv[0], approval.approvals, approval.state);
    return CLI_EXIT_OK;
}

static int publish_withdraw(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    const char *reason;
    AUTO(session_close) struct session *session = NULL;
    (void)argc;
    if (subcommand_need(cli, "reason", &reason, &err) != ERR_OK) {
        return cli_usage(cli, "%s", err.message);
    }
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = admin_withdraw(session->caller, argv[0], reason, &err);
    }
    if (code != ERR_OK) {
        return cli_fail(cli, &err);
    }
    cli_say(cli, "%s: withdrawn", argv[0]);
    return CLI_EXIT_OK;
}

static int publish_close(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    const char *partnership = NULL;
    AUTO(session_close) struct session *session = NULL;
    AUTO(admin_closed_free) struct admin_closed *closed = NULL;
    (void)argc;
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = session_partnership(cli, session, &partnership, &err);
    }
    if (code == ERR_OK) {
        code = admin_close_period(session->caller, partnership, argv[0], &closed, &err);
    }
    if (code != ERR_OK) {
        return cli_fail(cli, &err);
    }
    for (size_t i = 0; i < closed->count; i++) {
        cli_say(cli, "%s: closed", closed->periods[i]);
    }
    if (closed->count == 0) {
        cli_say(cli, "%s: closed before", argv[0]);
    }
    return CLI_EXIT_OK;
}

static const struct subcommand SUBCOMMANDS[] = {
    {"list", 0, 0, publish_list},       {"show", 1, 1, publish_show},
    {"approve", 1, 1, publish_approve}, {"withdraw", 1, 1, publish_withdraw},
    {"close", 1, 1, publish_close},
};

int cmd_publish(struct cli *cli, int argc, char **argv)
{
    return subcommand_run(cli, argc, argv,
                          (struct subcommands){SUBCOMMANDS, ARRAY_COUNT(SUBCOMMANDS)});
}
