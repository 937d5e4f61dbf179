/* cmd_health - `fremgang health`: asks each server of the profile whether it works. */
#include "command.h"
#include "output.h"
#include "rpc/health_call.h"
#include "session.h"

static const struct output_column COLUMNS[] = {
    {"server", "Server", "Server", OUTPUT_TEXT},
    {"status", "Status", "Status", OUTPUT_TEXT},
    {"url", "URL", "URL", OUTPUT_TEXT},
    {"reason", "Reason", "Grund", OUTPUT_TEXT},
};

static const char *const STATUS_WORDS[] = {
    [HEALTH_UNKNOWN] = "unknown",
    [HEALTH_SERVING] = "serving",
    [HEALTH_NOT_SERVING] = "not serving",
};

/* Adds the server's row; true when it works or the profile has none of its kind. */
static bool ask(struct session *session, enum profile_server server, struct output *output)
{
    struct err err = ERR_INIT;
    enum health_status status = HEALTH_UNKNOWN;
    const struct profile_urls *urls = &session->profile->urls[server];
    const char *name = profile_server_name(server);
    if (urls->count == 0) {
        output_add(output, (const char *const[]){name, "not in the profile", NULL, NULL});
        return true;
    }
    enum err_code code = health_check(session->caller, 1U << server, &status, &err);
    const char *word = code == ERR_OK ? STATUS_WORDS[status] : "unavailable";
    output_add(output, (const char *const[]){name, word, urls->items[0],
                                             code == ERR_OK ? NULL : err.message});
    return code == ERR_OK && status == HEALTH_SERVING;
}

int cmd_health(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    AUTO(session_close) struct session *session = NULL;
    AUTO(output_free) struct output *output = output_new(COLUMNS, ARRAY_COUNT(COLUMNS));
    bool all_work = true;
    if (argc > 1) {
        return cli_usage(cli, "unexpected word \"%s\"", argv[1]);
    }
    if (session_open(cli, &session, &err) != ERR_OK) {
        return cli_fail(cli, &err);
    }
    for (int i = 0; i < PROFILE_SERVER_COUNT; i++) {
        all_work = ask(session, (enum profile_server)i, output) && all_work;
    }
    if (output_print(output, cli, &err) != ERR_OK) {
        return cli_fail(cli, &err);
    }
    return all_work ? CLI_EXIT_OK : CLI_EXIT_UNAVAILABLE;
}
