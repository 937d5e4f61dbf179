/* cmd_status - `fremgang status [--server]`: what waits, and whether both sides agree. */
#include "command.h"
#include "outbox/outbox.h"
#include "output.h"
#include "partnership_list.h"
#include "rpc/submission_call.h"
#include "session.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 24, COLUMNS_LOCAL = 7, COLUMNS_ALL = 11 };

static const struct output_column columns[COLUMNS_ALL] = {
    {"partnership", "Partnership", "Partnerskab", OUTPUT_TEXT},
    {"pending", "Waiting", "Venter", OUTPUT_NUMBER},
    {"sent", "Under way", "Undervejs", OUTPUT_NUMBER},
    {"refused", "Refused", "Afvist", OUTPUT_NUMBER},
    {"removals", "Removals waiting", "Sletninger venter", OUTPUT_NUMBER},
    {"cases", "Cases sent", "Sager sendt", OUTPUT_NUMBER},
    {"worker_months", "Worker-months sent", "Medarbejdermåneder sendt", OUTPUT_NUMBER},
    {"server_cases", "Server's cases", "Serverens sager", OUTPUT_NUMBER},
    {"server_worker_months", "Server's worker-months", "Serverens medarbejdermåneder",
     OUTPUT_NUMBER},
    {"last_received_at", "Last received", "Sidst modtaget", OUTPUT_TEXT},
    {"agrees", "Agrees", "Enige", OUTPUT_TEXT},
};

struct status {
    struct cli *cli;
    struct profile *profile; /* when no server is asked */
    struct session *session; /* else */
    struct outbox *outbox;
    struct output *output;
    bool has_difference;
};

static void number_format(char out[NUMBER_BYTES], uint64_t number)
{
    (void)snprintf(out, NUMBER_BYTES, "%llu", (unsigned long long)number);
}

static void local_format(const char *slug, const struct outbox_counts *counts,
                         char texts[COLUMNS_ALL][NUMBER_BYTES], const char *values[COLUMNS_ALL])
{
    const uint64_t numbers[] = {counts->states[OUTBOX_PENDING],
                                counts->states[OUTBOX_SENT],
                                counts->states[OUTBOX_REFUSED],
                                counts->tombstones,
                                counts->held_cases,
                                counts->held_worker_months};
    values[0] = slug;
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        number_format(texts[i + 1], numbers[i]);
        values[i + 1] = texts[i + 1];
    }
}

static enum err_code server_compare(struct status *status, const char *slug,
                                    char texts[COLUMNS_ALL][NUMBER_BYTES],
                                    const char *values[COLUMNS_ALL], struct err *err)
{
    struct submission_status server;
    uint8_t digest[UNIT_DIGEST_BYTES];
    enum err_code rc = submission_ask_status(status->session->caller, slug, NULL, &server, err);
    rc = rc == ERR_OK ? outbox_digest(status->outbox, slug, digest, err) : rc;
    if (rc != ERR_OK) {
        return rc;
    }
    bool agrees = memcmp(digest, server.units_sha256, sizeof(digest)) == 0;
    status->has_difference = status->has_difference || !agrees;
    number_format(texts[7], server.cases);
    number_format(texts[8], server.worker_months);
    output_format_time(server.last_received_at_us, texts[9]);
    for (size_t i = 7; i < 10; i++) {
        values[i] = texts[i];
    }
    values[10] = agrees ? cli_text(status->cli, "yes", "ja") : cli_text(status->cli, "NO", "NEJ");
    return ERR_OK;
}

static enum err_code partnership_show(struct status *status, const char *slug, struct err *err)
{
    struct outbox_counts counts;
    char texts[COLUMNS_ALL][NUMBER_BYTES];
    const char *values[COLUMNS_ALL];
    enum err_code rc = outbox_count(status->outbox, slug, &counts, err);
    if (rc != ERR_OK) {
        return rc;
    }
    local_format(slug, &counts, texts, values);
    rc = status->session == NULL ? ERR_OK : server_compare(status, slug, texts, values, err);
    if (rc == ERR_OK) {
        output_add(status->output, values);
    }
    return rc;
}

static enum err_code status_open(struct status *status, struct err *err)
{
    char path[PROFILE_PATH_BYTES];
    bool asks_server = cli_option(status->cli, "server") != NULL;
    enum err_code rc = asks_server ? session_open(status->cli, &status->session, err)
                                   : profile_load(status->cli->profile, &status->profile, err);
    if (rc != ERR_OK) {
        return rc;
    }
    const struct profile *profile = asks_server ? status->session->profile : status->profile;
    rc = profile_outbox_path(profile, path, err);
    status->output = output_new(columns, asks_server ? COLUMNS_ALL : COLUMNS_LOCAL);
    return rc == ERR_OK ? outbox_open(path, &status->outbox, err) : rc;
}

static void status_clear(struct status *status)
{
    output_free(status->output);
    outbox_close(status->outbox);
    session_close(status->session);
    profile_free(status->profile);
}

int cmd_status(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct partnership_list list = {.count = 0};
    __attribute__((cleanup(status_clear))) struct status status = {.cli = cli};
    if (argc > 1) {
        return cli_usage(cli, "unexpected word \"%s\"", argv[1]);
    }
    enum err_code rc = status_open(&status, &err);
    rc = rc == ERR_OK ? partnership_list_fill(cli, status.outbox, &list, &err) : rc;
    for (size_t i = 0; rc == ERR_OK && i < list.count; i++) {
        rc = partnership_show(&status, list.slugs[i], &err);
    }
    rc = rc == ERR_OK ? output_print(status.output, cli, &err) : rc;
    if (rc != ERR_OK) {
        return cli_fail(cli, &err);
    }
    return status.has_difference ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}
