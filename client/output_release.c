/* output_release - see output_release.h. */
#include "output_release.h"

#include "output.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
    TERMINAL_COLUMNS = 8,
    NUMBER_BYTES = 24,
};

/* A terminal's list shows the first ones. */
static const struct output_column COLUMNS[] = {
    {"release", "Release", "Udgivelse", OUTPUT_TEXT},
    {"state", "State", "Tilstand", OUTPUT_TEXT},
    {"period_from", "From", "Fra", OUTPUT_TEXT},
    {"period_to", "To", "Til", OUTPUT_TEXT},
    {"approvals", "Approvals", "Godkendelser", OUTPUT_NUMBER},
    {"cells_shown", "Shown", "Vist", OUTPUT_NUMBER},
    {"cells_withheld", "Withheld", "Tilbageholdt", OUTPUT_NUMBER},
    {"synthetic", "Synthetic", "Syntetisk", OUTPUT_TEXT},
    {"partnership", "Partnership", "Partnerskab", OUTPUT_TEXT},
    {"policy", "Policy", "Beskyttelse", OUTPUT_TEXT},
    {"staged_at", "Staged at", "Dannet", OUTPUT_TEXT},
    {"manifest_sha256", "Manifest SHA-256", "Manifest SHA-256", OUTPUT_TEXT},
    {"left_out", "Left out", "Udeladt", OUTPUT_TEXT},
};

/* The texts of one release, in the order of COLUMNS. */
struct texts {
    char approvals[NUMBER_BYTES];
    char shown[NUMBER_BYTES];
    char withheld[NUMBER_BYTES];
    char staged_at[OUTPUT_TIME_BYTES];
    char manifest[2 * CATALOGUE_HASH_BYTES + 1];
    struct buf left_out;
    const char *values[ARRAY_COUNT(COLUMNS)];
};

static void texts_clear(struct texts *texts)
{
    buf_clear(&texts->left_out);
}

#define AUTO_TEXTS __attribute__((cleanup(texts_clear)))

/* A release's state for people; the stable word everywhere else. */
static const char *state_words(const struct cli *cli, const char *state)
{
    static const char *const DANISH[][2] = {
        {"staged", "klargjort"},
        {"visible", "synlig"},
        {"withdrawn", "trukket tilbage"},
    };
    const bool is_danish = cli->format == CLI_FORMAT_TABLE && cli->lang == CLI_LANG_DA;
    for (size_t i = 0; is_danish && i < ARRAY_COUNT(DANISH); i++) {
        if (strcmp(DANISH[i][0], state) == 0) {
            return DANISH[i][1];
        }
    }
    return state;
}

static void texts_fill(const struct cli *cli, const struct catalogue_release *release,
                       struct texts *texts)
{
    (void)snprintf(texts->approvals, NUMBER_BYTES, "%u", release->approvals);
    (void)snprintf(texts->shown, NUMBER_BYTES, "%llu", (unsigned long long)release->cells_shown);
    (void)snprintf(texts->withheld, NUMBER_BYTES, "%llu",
                   (unsigned long long)release->cells_withheld);
    output_format_time(release->staged_at_us, texts->staged_at);
    if (release->has_manifest) {
        (void)sodium_bin2hex(texts->manifest, sizeof(texts->manifest), release->manifest_sha256,
                             CATALOGUE_HASH_BYTES);
    }
    for (size_t i = 0; i < release->left_out_count; i++) {
        buf_append_format(&texts->left_out, "%s%s", i == 0 ? "" : "; ", release->left_out[i]);
    }
    const char *synthetic =
        release->synthetic ? cli_text(cli, "yes", "ja") : cli_text(cli, "no", "nej");
    if (cli->format != CLI_FORMAT_TABLE) {
        synthetic = release->synthetic ? "true" : "false";
    }
    const char *const values[] = {
        release->id,
        state_words(cli, release->state),
        release->period_from,
        release->period_to,
        texts->approvals,
        texts->shown,
        texts->withheld,
        synthetic,
        release->partnership,
        release->policy,
        texts->staged_at,
        texts->manifest,
        buf_text(&texts->left_out),
    };
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        texts->values[i] = values[i];
    }
}

static void add(const struct cli *cli, const struct catalogue_release *release,
                struct output *output)
{
    AUTO_TEXTS struct texts texts = {.left_out = BUF_INIT};
    texts_fill(cli, release, &texts);
    output_add(output, texts.values);
}

enum err_code output_release_list(const struct cli *cli, const struct catalogue_releases *releases,
                                  struct err *err)
{
    size_t columns =
        cli->format == CLI_FORMAT_TABLE ? (size_t)TERMINAL_COLUMNS : ARRAY_COUNT(COLUMNS);
    AUTO(output_free) struct output *output = output_new(COLUMNS, columns);
    for (size_t i = 0; i < releases->count; i++) {
        add(cli, &releases->items[i], output);
    }
    return output_print(output, cli, err);
}

enum err_code output_release_show(const struct cli *cli, const struct catalogue_release *release,
                                  struct err *err)
{
    static const struct output_column pair[] = {
        {"field", "Field", "Felt", OUTPUT_TEXT},
        {"value", "Value", "Værdi", OUTPUT_TEXT},
    };
    AUTO_TEXTS struct texts texts = {.left_out = BUF_INIT};
    if (cli->format != CLI_FORMAT_TABLE) {
        struct catalogue_releases one = {.items = release, .count = 1};
        return output_release_list(cli, &one, err);
    }
    AUTO(output_free) struct output *output = output_new(pair, ARRAY_COUNT(pair));
    texts_fill(cli, release, &texts);
    for (size_t i = 0; i < ARRAY_COUNT(COLUMNS); i++) {
        const char *title = cli_text(cli, COLUMNS[i].title_en, COLUMNS[i].title_da);
        output_add(output, (const char *const[]){title, texts.values[i]});
    }
    return output_print(output, cli, err);
}
