/*
 * fremgangd publish - makes one release of a partnership's closed periods, then ends.
 *
 *     fremgangd publish --partnership sverigesprogrammet --case-db ... --release-db ...
 *                       --publish-key FILE [--without-open | --leave-out 657:2014-Q1] [--dry-run]
 *
 * Prints what was done, never a cell. Nothing to release is no failure.
 */
#include "publish/publish.h"

#include "base/log.h"
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNAVAILABLE = 3, LEAVE_OUT_MAX = 200 };

struct arguments {
    char *partnership;
    char *case_db;
    char *release_db;
    char *publish_key;
    char *leave_out;
    bool without_open;
    bool dry_run;
};

static const struct option_row ROWS[] = {
    {.name = "partnership",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct arguments, partnership),
     .fallback = "",
     .value = "SLUG",
     .help = "whose closed periods to release"},
    {.name = "case-db",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct arguments, case_db),
     .fallback = "",
     .value = "CONNINFO",
     .help = "the case cluster, as fremgang_publish"},
    {.name = "release-db",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct arguments, release_db),
     .fallback = "",
     .value = "CONNINFO",
     .help = "the release cluster, as fremgang_publish"},
    {.name = "publish-key",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct arguments, publish_key),
     .fallback = "",
     .value = "FILE",
     .help = "key that signs the manifest (fremgangd make-key publish FILE)"},
    {.name = "leave-out",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct arguments, leave_out),
     .fallback = "",
     .value = "LIST",
     .help = "members to leave out, as CODE:PERIOD,CODE:PERIOD"},
    {.name = "without-open",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct arguments, without_open),
     .fallback = "no",
     .help = "leave out every member that has not closed a period others have"},
    {.name = "dry-run",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct arguments, dry_run),
     .fallback = "no",
     .help = "protect and report, but stage nothing"},
};

static const struct option_set OPTIONS = {
    .process = "publish",
    .summary = "usage: fremgangd publish --partnership SLUG --case-db CONNINFO --release-db "
               "CONNINFO [options]\n",
    .example = "Two stewards then approve the release with `fremgang publish approve ID`.\n",
    .rows = ROWS,
    .row_count = ARRAY_COUNT(ROWS),
};

/* "657:2014-Q1,510:2014-Q2" */
static enum err_code leave_out_parse(char *list, struct period_mark marks[LEAVE_OUT_MAX],
                                     size_t *count, struct err *err)
{
    char *rest = NULL;
    for (char *word = strtok_r(list, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        struct period period;
        char *end = NULL;
        long code = strtol(word, &end, 10);
        if (*count == LEAVE_OUT_MAX || end == word || *end != ':' || code < 1 || code > 999 ||
            !period_parse(end + 1, &period)) {
            return err_set(err, ERR_INVALID, "--leave-out wants CODE:PERIOD, got \"%.40s\"", word);
        }
        period_format(period, marks[*count].period);
        marks[(*count)++].municipality_code = (int)code;
    }
    return ERR_OK;
}

static enum err_code arguments_check(const struct arguments *arguments, struct err *err)
{
    const char *missing = arguments->partnership[0] == '\0'                          ? "partnership"
                          : arguments->case_db[0] == '\0'                            ? "case-db"
                          : arguments->release_db[0] == '\0'                         ? "release-db"
                          : arguments->publish_key[0] == '\0' && !arguments->dry_run ? "publish-key"
                                                                                     : NULL;
    if (missing == NULL) {
        return ERR_OK;
    }
    (void)err_set(err, ERR_INVALID, "--%s is missing", missing);
    return err_reason(err, "USAGE");
}

static void progress_print(void *ctx, const struct publish_progress *progress)
{
    (void)ctx;
    (void)fprintf(stderr, "\r%3zu of %zu blocks: %-12s %s ", progress->done, progress->total,
                  progress->unit, progress->period);
    if (progress->done == progress->total) {
        (void)fputc('\n', stderr);
    }
}

static void marks_print(const char *title, const struct period_mark *marks, size_t count)
{
    if (count > 0) {
        (void)printf("%s:", title);
    }
    for (size_t i = 0; i < count; i++) {
        (void)printf(" %s:%d", marks[i].period, marks[i].municipality_code);
    }
    if (count > 0) {
        (void)putchar('\n');
    }
}

static double percent(size_t part, size_t whole)
{
    return whole == 0 ? 0.0 : 100.0 * (double)part / (double)whole;
}

static void figures_print(const char *audience, const struct suppression_figures *figures)
{
    static const char *const ranks[BLOCK_RANKS] = {"pool", "by municipality", "finer"};
    size_t all = figures->shown + figures->withheld;
    (void)printf("%s: %zu cells, %zu shown, %zu withheld (%.0f %%); shown of tables:", audience,
                 all, figures->shown, figures->withheld, percent(figures->withheld, all));
    for (size_t i = 0; i < BLOCK_RANKS; i++) {
        (void)printf(
            " %s %.1f %%%s", ranks[i],
            percent(figures->rank_shown[i], figures->rank_shown[i] + figures->rank_withheld[i]),
            i + 1 < BLOCK_RANKS ? "," : "");
    }
    (void)putchar('\n');
}

static void summary_print(const struct publish_summary *summary, bool dry_run)
{
    const struct periods *periods = summary->periods;
    if (summary->release_id[0] == '\0') {
        (void)puts("nothing to release: no period is closed by all its members and new");
        marks_print("still open", periods->waiting, periods->waiting_count);
        return;
    }
    (void)printf("%s %s: %zu periods to %s\n", dry_run ? "would stage" : "staged",
                 summary->release_id, periods->count, periods->chosen[periods->count - 1].text);
    (void)printf("%zu blocks, %zu tables, %zu linear programs\n", summary->block_count,
                 summary->table_count, summary->solved);
    figures_print("named", &summary->cost[RELEASED_NAMED]);
    figures_print("pooled", &summary->cost[RELEASED_POOLED]);
    marks_print("left out", periods->left_out, periods->left_out_count);
    marks_print("still open", periods->waiting, periods->waiting_count);
    (void)printf("%.1f s for the snapshot, %.1f s for the protection\n",
                 (double)summary->snapshot_ms / 1000.0, (double)summary->protect_ms / 1000.0);
}

static enum err_code run(struct arguments *arguments, struct err *err)
{
    AUTO(db_pool_free) struct db_pool *case_pool = NULL;
    AUTO(db_pool_free) struct db_pool *release_pool = NULL;
    AUTO(secret_free) struct secret *key = NULL;
    struct period_mark leave_out[LEAVE_OUT_MAX];
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    struct publish_job job = {.slug = arguments->partnership,
                              .leave_out = leave_out,
                              .without_open = arguments->without_open,
                              .dry_run = arguments->dry_run,
                              .report = isatty(STDERR_FILENO) ? progress_print : NULL};
    enum err_code code = arguments_check(arguments, err);
    code = code == ERR_OK
               ? leave_out_parse(arguments->leave_out, leave_out, &job.leave_out_count, err)
               : code;
    if (code == ERR_OK && !arguments->dry_run) {
        code = secret_read_file(arguments->publish_key, SIGN_KEY_BYTES, &key, err);
    }
    code = code == ERR_OK ? db_pool_open(arguments->case_db, 1, &case_pool, err) : code;
    code = code == ERR_OK ? db_pool_open(arguments->release_db, 1, &release_pool, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    job.case_pool = case_pool;
    job.release_pool = release_pool;
    job.key = key;
    code = publish_run(&job, &summary, err);
    if (code == ERR_OK) {
        summary_print(&summary, arguments->dry_run);
        publish_summary_clear(&summary);
    }
    return code;
}

static int fail(const struct err *err)
{
    (void)fprintf(stderr, "fremgangd publish: %s\n", err->message);
    if (err->hint[0] != '\0') {
        (void)fprintf(stderr, "%s\n", err->hint);
    }
    log_err(LOG_DEBUG, "publish failed", err, NULL);
    return strcmp(err->reason, "USAGE") == 0 ? EXIT_USAGE
           : err->code == ERR_UNAVAILABLE    ? EXIT_UNAVAILABLE
                                             : EXIT_FAILED;
}

int main(int argc, char **argv)
{
    (void)argc;
    struct arguments arguments = {.dry_run = false};
    struct err err = ERR_INIT;
    enum option_action action = OPTIONS_RUN;
    log_set_process("publish");
    enum err_code code = options_read(&OPTIONS, argv + 1, &arguments, &action, &err);
    if (code == ERR_OK && action == OPTIONS_HELP) {
        options_help(&OPTIONS, stdout);
    } else if (code == ERR_OK && action == OPTIONS_VERSION) {
        (void)puts("fremgangd publish " FREMGANG_VERSION);
    } else if (code == ERR_OK) {
        code = run(&arguments, &err);
    }
    options_clear(&OPTIONS, &arguments);
    return code == ERR_OK ? EXIT_OK : fail(&err);
}
