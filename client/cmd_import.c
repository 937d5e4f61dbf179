/*
 * cmd_import - `fremgang import FILES... --partnership SLUG|all --full|--partial`: checks the
 * export, makes pseudonyms, and puts what changed into the outbox.
 */
#include "base/clock.h"
#include "command.h"
#include "export_check.h"
#include "outbox/outbox.h"
#include "output.h"
#include "profile.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VANISHED_PERCENT = 20 }; /* more than a fifth gone overnight is a broken export */

static const struct output_column columns[] = {
    {"partnership", "Partnership", "Partnerskab", OUTPUT_TEXT},
    {"new", "New", "Nye", OUTPUT_NUMBER},
    {"changed", "Changed", "Ændrede", OUTPUT_NUMBER},
    {"unchanged", "Unchanged", "Uændrede", OUTPUT_NUMBER},
    {"vanished", "Vanished", "Forsvundne", OUTPUT_NUMBER},
};

struct job {
    struct cli *cli;
    struct profile *profile;
    struct outbox *outbox;
    struct import_partnership partnerships[IMPORTER_SLOTS_MAX];
    char slugs[IMPORTER_SLOTS_MAX][PROFILE_TEXT_BYTES];
    struct secret *keys[IMPORTER_SLOTS_MAX];
    size_t partnership_count;
    bool is_full;
    struct outbox_vanish_limits limits;
    const char *slug; /* of the partnership under way */
    uint64_t results[OUTBOX_PUT_UNCHANGED + 1];
};

static void job_clear(struct job *job)
{
    for (size_t i = 0; i < job->partnership_count; i++) {
        secret_free(job->keys[i]);
    }
    outbox_close(job->outbox);
    profile_free(job->profile);
}

static enum err_code partnership_add(struct job *job, const char *slug, struct err *err)
{
    if (job->partnership_count == IMPORTER_SLOTS_MAX) {
        return err_set(err, ERR_LIMIT, "the profile has more than %d partnerships",
                       IMPORTER_SLOTS_MAX);
    }
    size_t at = job->partnership_count;
    enum err_code rc = profile_read_partnership_key(job->profile, slug, &job->keys[at], err);
    if (rc == ERR_OK) {
        (void)snprintf(job->slugs[at], PROFILE_TEXT_BYTES, "%s", slug);
        job->partnerships[at] = (struct import_partnership){job->slugs[at], job->keys[at]};
        job->partnership_count++;
    }
    return rc;
}

/* Adds every partnership that the profile has a key for. */
static enum err_code partnerships_add_all(struct job *job, struct err *err)
{
    static const char prefix[] = "partnership-";
    static const char suffix[] = ".key";
    DIR *dir = opendir(job->profile->dir);
    if (dir == NULL) {
        return err_set(err, ERR_UNAVAILABLE, "cannot read the profile's folder: %s",
                       strerror(errno));
    }
    enum err_code rc = ERR_OK;
    for (struct dirent *entry = readdir(dir); rc == ERR_OK && entry != NULL; entry = readdir(dir)) {
        const char *name = entry->d_name;
        size_t len = strlen(name);
        size_t around = sizeof(prefix) + sizeof(suffix) - 2;
        if (len <= around || strncmp(name, prefix, sizeof(prefix) - 1) != 0 ||
            strcmp(name + len - (sizeof(suffix) - 1), suffix) != 0) {
            continue;
        }
        char slug[PROFILE_TEXT_BYTES];
        (void)snprintf(slug, sizeof(slug), "%.*s", (int)(len - around), name + sizeof(prefix) - 1);
        rc = partnership_add(job, slug, err);
    }
    (void)closedir(dir);
    if (rc == ERR_OK && job->partnership_count == 0) {
        (void)err_set(err, ERR_NOT_FOUND, "the profile has no partnership key");
        return err_hint(err, "Add one with: fremgang enrol --partnership-key SLUG=FILE");
    }
    return rc;
}

static enum err_code job_open(struct job *job, struct err *err)
{
    char path[PROFILE_PATH_BYTES];
    const char *slug = cli_option(job->cli, "partnership");
    enum err_code rc = profile_load(job->cli->profile, &job->profile, err);
    if (rc != ERR_OK) {
        return rc;
    }
    slug = slug != NULL ? slug : job->profile->partnership;
    if (*slug == '\0') {
        (void)err_set(err, ERR_INVALID, "no partnership is named and the profile has no default");
        return err_hint(err, "Add --partnership SLUG, or --partnership all.");
    }
    rc =
        strcmp(slug, "all") == 0 ? partnerships_add_all(job, err) : partnership_add(job, slug, err);
    rc = rc == ERR_OK ? profile_outbox_path(job->profile, path, err) : rc;
    return rc == ERR_OK ? outbox_open(path, &job->outbox, err) : rc;
}

static enum err_code unit_put(void *ctx, const struct outbox_unit *unit, struct err *err)
{
    struct job *job = ctx;
    enum outbox_put_result result;
    enum err_code rc = outbox_put(job->outbox, unit, &result, err);
    if (rc == ERR_OK) {
        job->results[result]++;
    }
    return rc;
}

static enum err_code unit_keep(void *ctx, const struct unit_id *id, struct err *err)
{
    return outbox_keep(((struct job *)ctx)->outbox, id, err);
}

static enum err_code worker_wanted(void *ctx, const uint8_t worker[UNIT_KEY_BYTES], bool *out,
                                   struct err *err)
{
    const struct job *job = ctx;
    return outbox_has_worker(job->outbox, job->slug, worker, out, err);
}

/* A full export buries what it no longer holds, of the kinds it has files for. */
static enum err_code vanish(struct job *job, const struct import_summary *summary,
                            uint64_t *vanished, struct err *err)
{
    static const struct {
        enum unit_kind kind;
        enum record_type type;
    } kinds[] = {{UNIT_KIND_CASE, RECORD_CASE}, {UNIT_KIND_WORKER_MONTH, RECORD_WORKER_MONTH}};
    if (!job->is_full) {
        return ERR_OK;
    }
    if (summary->rows_lost > 0) {
        cli_say(job->cli, "%s",
                cli_text(job->cli, "nothing is removed: some rows belong to nobody known",
                         "intet fjernes: nogle rækker kan ikke henføres til nogen"));
        return ERR_OK;
    }
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        uint64_t count = 0;
        if (!summary->has_type[kinds[i].type]) {
            continue;
        }
        enum err_code rc = outbox_vanish(job->outbox, kinds[i].kind, &job->limits, &count, err);
        if (rc != ERR_OK) {
            return rc;
        }
        *vanished += count;
    }
    return ERR_OK;
}

static enum err_code slot_import(struct job *job, struct export_check *check, size_t slot,
                                 struct output *output, struct err *err)
{
    struct clock clock = clock_system();
    uint64_t vanished = 0;
    job->slug = job->slugs[slot];
    memset(job->results, 0, sizeof(job->results));
    const struct outbox_import import = {.partnership = job->slug, .now_us = clock_now_us(&clock)};
    enum err_code rc = outbox_begin(job->outbox, &import, err);
    if (rc != ERR_OK) {
        return rc;
    }
    rc = importer_assemble(check->importer, slot, err);
    rc = rc == ERR_OK ? vanish(job, importer_summary(check->importer), &vanished, err) : rc;
    rc = rc == ERR_OK ? outbox_commit(job->outbox, err) : rc;
    if (rc != ERR_OK) {
        outbox_rollback(job->outbox);
        return rc;
    }
    char numbers[4][24];
    const uint64_t values[] = {job->results[OUTBOX_PUT_NEW], job->results[OUTBOX_PUT_CHANGED],
                               job->results[OUTBOX_PUT_UNCHANGED], vanished};
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        (void)snprintf(numbers[i], sizeof(numbers[i]), "%llu", (unsigned long long)values[i]);
    }
    output_add(output,
               (const char *const[]){job->slug, numbers[0], numbers[1], numbers[2], numbers[3]});
    return ERR_OK;
}

/* Refuses an export that lacks what makes a case. */
static enum err_code whole_check(const struct export_check *check, struct err *err)
{
    const struct import_summary *summary = importer_summary(check->importer);
    if (!summary->has_type[RECORD_CASE] && !summary->has_type[RECORD_WORKER_MONTH]) {
        (void)err_set(err, ERR_INVALID, "there is no file with cases");
        return err_hint(err, "A case is sent whole: name all of the export's files at once.");
    }
    if (summary->has_type[RECORD_CASE] && !summary->has_type[RECORD_ENROLMENT]) {
        (void)err_set(err, ERR_INVALID, "there is no file with enrolments");
        return err_hint(err, "Only cases with an enrolment in a partnership are sent.");
    }
    return ERR_OK;
}

static enum err_code files_import(struct job *job, int argc, char **argv,
                                  struct export_check **check, struct output *output,
                                  struct err *err)
{
    const struct export_options options = {
        .partnerships = job->partnerships,
        .partnership_count = job->partnership_count,
        .skips_others = job->partnership_count == 1,
        .handlers = {.unit = unit_put,
                     .keep = unit_keep,
                     .ctx = job,
                     .wants_worker = job->is_full ? NULL : worker_wanted},
    };
    enum err_code rc = export_check_open(job->cli, &options, check, err);
    rc = rc == ERR_OK ? export_check_read(*check, argc - 1, argv + 1, err) : rc;
    if (rc != ERR_OK || importer_summary((*check)->importer)->is_refused) {
        return rc;
    }
    rc = whole_check(*check, err);
    for (size_t slot = 0; rc == ERR_OK && slot < job->partnership_count; slot++) {
        rc = slot_import(job, *check, slot, output, err);
    }
    return rc == ERR_OK ? importer_assemble((*check)->importer, IMPORTER_NOWHERE, err) : rc;
}

static bool percent_read(const struct cli *cli, unsigned *out)
{
    const char *text = cli_option(cli, "vanished-max");
    char *end = NULL;
    *out = VANISHED_PERCENT;
    if (text == NULL) {
        return true;
    }
    unsigned long number = strtoul(text, &end, 10);
    *out = (unsigned)number;
    return *text >= '0' && *text <= '9' && *end == '\0' && number <= 100;
}

/* stdout is for the counts; what is wrong is talk. */
static enum err_code findings_say(const struct cli *cli, struct export_check *check,
                                  struct err *err)
{
    struct cli as_talk = *cli;
    as_talk.out = cli->talk;
    as_talk.format = CLI_FORMAT_TABLE;
    check->cli = &as_talk;
    enum err_code rc = export_check_print(check, err);
    check->cli = cli;
    return rc;
}

int cmd_import(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    __attribute__((cleanup(job_clear))) struct job job = {.cli = cli};
    AUTO(export_check_free) struct export_check *check = NULL;
    AUTO(output_free) struct output *output = output_new(columns, ARRAY_COUNT(columns));
    job.is_full = cli_option(cli, "full") != NULL;
    job.limits.is_allowed = cli_option(cli, "allow-vanished") != NULL;
    if (argc < 2) {
        return cli_usage(cli, "name the export's files");
    }
    if (job.is_full == (cli_option(cli, "partial") != NULL)) {
        return cli_usage(cli, "say --full (every case) or --partial (some cases)");
    }
    if (!percent_read(cli, &job.limits.percent_max)) {
        return cli_usage(cli, "--vanished-max must be 0 to 100");
    }
    enum err_code rc = job_open(&job, &err);
    rc = rc == ERR_OK ? files_import(&job, argc, argv, &check, output, &err) : rc;
    rc = rc == ERR_OK ? findings_say(cli, check, &err) : rc;
    if (rc != ERR_OK) {
        return cli_fail(cli, &err);
    }
    if (importer_summary(check->importer)->is_refused) {
        return CLI_EXIT_FAILED;
    }
    rc = output_print(output, cli, &err);
    return rc == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}
