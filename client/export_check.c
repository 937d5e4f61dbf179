/* export_check - see export_check.h. */
#include "export_check.h"

#include "base/buf.h"
#include "base/clock.h"
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FINDINGS_MAX = 10000,           /* printed; the counts go on */
    MAPPING_BYTES_MAX = 256 * 1024, /* a mapping file; longer is not one */
    DAY_SECONDS = 24 * 60 * 60,
    DANISH_SECONDS = 60 * 60, /* Danish normal time is an hour ahead of UTC */
};

static const struct output_column columns[] = {
    {"rule", "Rule", "Regel", OUTPUT_TEXT},
    {"severity", "Severity", "Alvor", OUTPUT_TEXT},
    {"file", "File", "Fil", OUTPUT_TEXT},
    {"row", "Row", "Række", OUTPUT_NUMBER},
    {"column", "Column", "Kolonne", OUTPUT_TEXT},
    {"text", "Text", "Tekst", OUTPUT_TEXT},
    {"expected", "Expected", "Forventet", OUTPUT_TEXT},
    {"received", "Received", "Modtaget", OUTPUT_TEXT},
    {"fix", "How to fix", "Sådan rettes det", OUTPUT_TEXT},
};

static const char *severity_word(const struct cli *cli, enum rule_severity severity)
{
    static const char *const danish[] = {"stop", "ret", "bekræft", "oplysning"};
    return cli_text(cli, rule_severity_name(severity), danish[severity]);
}

/* Keeps a finding until all are known; then they are sorted as the files are. */
static void finding_came(void *ctx, const struct finding *finding)
{
    struct export_check *check = ctx;
    const struct rule_def *rule = rule_get(finding->rule);
    bool is_hidden = rule->severity == RULE_INFO && cli_option(check->cli, "all") == NULL;
    if (is_hidden || check->told == FINDINGS_MAX) {
        check->untold++;
        return;
    }
    if (check->told == check->capacity) {
        size_t capacity = check->capacity == 0 ? 64 : check->capacity * 2;
        struct export_finding *grown = realloc(check->findings, capacity * sizeof(*grown));
        if (grown == NULL) {
            check->out_of_memory = true;
            return;
        }
        check->findings = grown;
        check->capacity = capacity;
    }
    struct export_finding *kept = &check->findings[check->told];
    *kept = (struct export_finding){.finding = *finding, .arrival = check->told++};
    (void)snprintf(kept->column, sizeof(kept->column), "%s", finding->column);
}

static void progress_came(void *ctx, uint64_t done, uint64_t total)
{
    struct export_check *check = ctx;
    progress_show(&check->progress, done, total);
}

/* The callbacks all get the check; those for units are passed on. */
struct forward {
    struct export_check check; /* first, so that the callbacks may take either */
    struct import_handlers to;
};

static enum err_code unit_came(void *ctx, const struct outbox_unit *unit, struct err *err)
{
    const struct import_handlers *to = &((struct forward *)ctx)->to;
    return to->unit(to->ctx, unit, err);
}

static enum err_code keep_came(void *ctx, const struct unit_id *id, struct err *err)
{
    const struct import_handlers *to = &((struct forward *)ctx)->to;
    return to->keep(to->ctx, id, err);
}

static enum err_code worker_came(void *ctx, const uint8_t worker[UNIT_KEY_BYTES], bool *out,
                                 struct err *err)
{
    const struct import_handlers *to = &((struct forward *)ctx)->to;
    return to->wants_worker(to->ctx, worker, out, err);
}

static enum err_code text_read(const char *path, struct buf *out, struct err *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return err_set(err, ERR_NOT_FOUND, "cannot open mapping file \"%.180s\": %s", path,
                       strerror(errno));
    }
    char bytes[4096];
    size_t len;
    while ((len = fread(bytes, 1, sizeof(bytes), file)) > 0 && out->len <= MAPPING_BYTES_MAX) {
        buf_append(out, bytes, len);
    }
    bool is_read = ferror(file) == 0;
    (void)fclose(file);
    if (!is_read || out->len > MAPPING_BYTES_MAX || memchr(buf_text(out), 0, out->len) != NULL) {
        return err_set(err, ERR_INVALID, "\"%.180s\" is not a mapping file", path);
    }
    return buf_check(out, err);
}

static enum err_code mapping_open(const struct cli *cli, struct export_check *check,
                                  struct err *err)
{
    const char *path = cli_option(cli, "mapping");
    AUTO_BUF struct buf text = BUF_INIT;
    enum err_code rc = path == NULL ? ERR_OK : text_read(path, &text, err);
    return rc == ERR_OK ? mapping_parse(buf_text(&text), check->lists, &check->mapping, err) : rc;
}

static struct import_settings settings_of(struct forward *forward,
                                          const struct export_options *options)
{
    struct clock clock = clock_system();
    struct import_settings settings = {
        .lists = forward->check.lists,
        .mapping = forward->check.mapping,
        .today = (date_t)((clock_now_seconds(&clock) + DANISH_SECONDS) / DAY_SECONDS),
        .partnerships = options->partnerships,
        .partnership_count = options->partnership_count,
        .skips_others = options->skips_others,
        .handlers = {.finding = finding_came, .progress = progress_came, .ctx = forward},
    };
    settings.handlers.unit = options->handlers.unit == NULL ? NULL : unit_came;
    settings.handlers.keep = options->handlers.keep == NULL ? NULL : keep_came;
    settings.handlers.wants_worker = options->handlers.wants_worker == NULL ? NULL : worker_came;
    return settings;
}

enum err_code export_check_open(const struct cli *cli, const struct export_options *options,
                                struct export_check **out, struct err *err)
{
    struct forward *forward = calloc(1, sizeof(*forward));
    if (forward == NULL) {
        return err_memory(err);
    }
    AUTO(export_check_free) struct export_check *check = &forward->check;
    forward->to = options->handlers;
    check->cli = cli;
    enum err_code rc = code_lists_load(&check->lists, err);
    rc = rc == ERR_OK ? mapping_open(cli, check, err) : rc;
    if (rc == ERR_OK) {
        const struct import_settings settings = settings_of(forward, options);
        rc = importer_new(&settings, &check->importer, err);
    }
    if (rc == ERR_OK) {
        *out = STEAL(check);
    }
    return rc;
}

void export_check_free(struct export_check *check)
{
    if (check != NULL) {
        importer_free(check->importer);
        mapping_free(check->mapping);
        code_lists_free(check->lists);
        free(check->findings);
        free(check);
    }
}

enum err_code export_check_read(struct export_check *check, int count, char **paths,
                                struct err *err)
{
    progress_start(&check->progress, check->cli, cli_text(check->cli, "reading", "læser"));
    enum err_code rc =
        importer_read(check->importer, (const char *const *)paths, (size_t)count, err);
    progress_end(&check->progress);
    return rc;
}

static int finding_compare(const void *left, const void *right)
{
    const struct export_finding *a = left;
    const struct export_finding *b = right;
    int order = strcmp(a->finding.file, b->finding.file);
    if (order != 0) {
        return order;
    }
    if (a->finding.line != b->finding.line) {
        return a->finding.line < b->finding.line ? -1 : 1;
    }
    return a->arrival < b->arrival ? -1 : 1;
}

/* A file of a header line alone is read like any other, and is hardly what was meant. */
static void empty_files_say(const struct cli *cli, const struct import_summary *summary)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct record_def *def = record_def_get((enum record_type)type);
        if (summary->has_type[type] && summary->rows[type] == 0) {
            cli_say(cli, "%s: %s", cli_text(cli, def->name, def->name_da),
                    cli_text(cli, "the file has a header line but no rows",
                             "filen har en overskrift, men ingen rækker"));
        }
    }
}

/* Six parts on three lines; a person reads them beside the file. */
static void finding_print(const struct cli *cli, const struct export_finding *kept)
{
    const struct finding *finding = &kept->finding;
    const struct rule_def *rule = rule_get(finding->rule);
    fputs(finding->file, cli->out);
    if (finding->line > 0) {
        fprintf(cli->out, ":%zu", finding->line);
    }
    fprintf(cli->out, "%s%s  %s  %s\n", *kept->column == '\0' ? "" : ":", kept->column,
            severity_word(cli, rule->severity), rule->id);
    fprintf(cli->out, "    %s. %s: %s. %s: %s.\n", cli_text(cli, rule->text_en, rule->text_da),
            cli_text(cli, "Expected", "Forventet"),
            cli_text(cli, finding->expected_en, finding->expected_da),
            cli_text(cli, "Received", "Modtaget"),
            cli_text(cli, finding->received_en, finding->received_da));
    fprintf(cli->out, "    -> %s\n", cli_text(cli, rule->fix_en, rule->fix_da));
}

static void finding_add(struct output *output, const struct cli *cli,
                        const struct export_finding *kept)
{
    const struct finding *finding = &kept->finding;
    const struct rule_def *rule = rule_get(finding->rule);
    char line[24];
    (void)snprintf(line, sizeof(line), "%zu", finding->line);
    output_add(output,
               (const char *const[]){rule->id, rule_severity_name(rule->severity), finding->file,
                                     finding->line == 0 ? NULL : line, kept->column,
                                     cli_text(cli, rule->text_en, rule->text_da),
                                     cli_text(cli, finding->expected_en, finding->expected_da),
                                     cli_text(cli, finding->received_en, finding->received_da),
                                     cli_text(cli, rule->fix_en, rule->fix_da)});
}

static void count_print(FILE *out, uint64_t count, const char *what)
{
    fprintf(out, "%8llu  %s\n", (unsigned long long)count, what);
}

static void rows_print(const struct cli *cli, const struct import_summary *summary, FILE *out)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct record_def *def = record_def_get((enum record_type)type);
        if (summary->has_type[type]) {
            fprintf(out, "%8llu  %s %s\n", (unsigned long long)summary->rows[type],
                    cli_text(cli, "rows of", "rækker:"), cli_text(cli, def->name, def->name_da));
        }
    }
}

static void cases_print(const struct cli *cli, const struct import_summary *summary, FILE *out)
{
    count_print(out, summary->cases_good, cli_text(cli, "cases right", "sager rigtige"));
    count_print(out, summary->cases_refused, cli_text(cli, "cases refused", "sager afvist"));
    if (summary->cases_nowhere > 0) {
        count_print(out, summary->cases_nowhere,
                    cli_text(cli, "cases in no partnership, not sent",
                             "sager i intet partnerskab, sendes ikke"));
    }
    if (summary->has_type[RECORD_WORKER_MONTH]) {
        count_print(out, summary->worker_months_good,
                    cli_text(cli, "worker-months right", "medarbejdermåneder rigtige"));
        count_print(out, summary->worker_months_refused,
                    cli_text(cli, "worker-months refused", "medarbejdermåneder afvist"));
    }
    if (summary->rows_lost > 0) {
        count_print(out, summary->rows_lost,
                    cli_text(cli, "rows that belong to nobody known",
                             "rækker der ikke kan henføres til nogen"));
    }
}

static void summary_print(const struct export_check *check, FILE *out)
{
    const struct cli *cli = check->cli;
    const struct import_summary *summary = importer_summary(check->importer);
    rows_print(cli, summary, out);
    cases_print(cli, summary, out);
    for (int i = 0; i < RULE_COUNT; i++) {
        const struct rule_def *rule = rule_get((enum rule)i);
        if (summary->rules[i] > 0) {
            fprintf(out, "%8llu  %-9s %s\n", (unsigned long long)summary->rules[i],
                    severity_word(cli, rule->severity), rule->id);
        }
    }
    if (check->untold > 0) {
        count_print(out, check->untold,
                    cli_text(cli, "not listed; --all lists what is information",
                             "ikke vist; --all viser oplysningerne"));
    }
}

enum err_code export_check_print(struct export_check *check, struct err *err)
{
    const struct cli *cli = check->cli;
    if (check->out_of_memory) {
        return err_memory(err);
    }
    empty_files_say(cli, importer_summary(check->importer));
    if (check->told > 0) {
        qsort(check->findings, check->told, sizeof(*check->findings), finding_compare);
    }
    if (cli->format == CLI_FORMAT_TABLE) {
        for (size_t i = 0; i < check->told; i++) {
            finding_print(cli, &check->findings[i]);
        }
        summary_print(check, cli->out);
        return ERR_OK;
    }
    AUTO(output_free) struct output *output = output_new(columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < check->told; i++) {
        finding_add(output, cli, &check->findings[i]);
    }
    summary_print(check, cli->talk);
    return output_print(output, cli, err);
}

bool export_check_blocks(const struct export_check *check)
{
    const struct import_summary *summary = importer_summary(check->importer);
    return summary->is_refused || summary->severities[RULE_BLOCK] > 0;
}
