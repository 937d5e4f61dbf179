/* cmd_indicators - `fremgang indicators`: the catalogue of what can be asked for. */
#include "command.h"
#include "output.h"
#include "rpc/catalogue_call.h"
#include "session.h"

#include <string.h>

/* A terminal shows the first ones. */
static const struct output_column COLUMNS[] = {
    {"indicator", "Indicator", "Indikator", OUTPUT_TEXT},
    {"name", "Name", "Navn", OUTPUT_TEXT},
    {"period_kind", "Period", "Periode", OUTPUT_TEXT},
    {"measures", "Measures", "Mål", OUTPUT_TEXT},
    {"dimensions", "Dimensions", "Dimensioner", OUTPUT_TEXT},
    {"statistic", "Statistic", "Statistik", OUTPUT_TEXT},
    {"unit", "Unit", "Enhed", OUTPUT_TEXT},
    {"direction", "Better", "Bedre", OUTPUT_TEXT},
    {"numerator", "Numerator", "Tæller", OUTPUT_TEXT},
    {"denominator", "Denominator", "Nævner", OUTPUT_TEXT},
    {"chart", "Chart", "Diagram", OUTPUT_TEXT},
};

enum { TERMINAL_COLUMNS = 4 };

static void append_words(struct buf *text, const char *const *words, size_t count)
{
    buf_reset(text);
    for (size_t i = 0; i < count; i++) {
        buf_append_format(text, "%s%s", i == 0 ? "" : " ", words[i]);
    }
}

static void add(const struct cli *cli, const struct catalogue_indicator *indicator,
                struct output *output)
{
    AUTO_BUF struct buf measures = BUF_INIT;
    AUTO_BUF struct buf dimensions = BUF_INIT;
    append_words(&measures, indicator->measures, indicator->measure_count);
    append_words(&dimensions, indicator->dimensions, indicator->dimension_count);
    const char *const values[] = {
        indicator->id,          cli_text(cli, indicator->name_en, indicator->name_da),
        indicator->period_kind, buf_text(&measures),
        buf_text(&dimensions),  indicator->statistic,
        indicator->unit,        indicator->direction,
        indicator->numerator,   indicator->denominator,
        indicator->chart,
    };
    output_add(output, values);
}

/* The kind of period for people. */
static const char *period_words(const struct cli *cli, const char *kind)
{
    if (strcmp(kind, "quarter") == 0) {
        return cli_text(cli, kind, "kvartal");
    }
    return strcmp(kind, "half_year") == 0 ? cli_text(cli, kind, "halvår") : kind;
}

/* Terminals are narrow: one row per measure instead of one per indicator. */
static void add_measures(const struct cli *cli, const struct catalogue_indicator *indicator,
                         struct output *output)
{
    for (size_t i = 0; i < indicator->measure_count; i++) {
        const char *const values[] = {
            i == 0 ? indicator->id : "",
            i == 0 ? cli_text(cli, indicator->name_en, indicator->name_da) : "",
            i == 0 ? period_words(cli, indicator->period_kind) : "",
            indicator->measures[i],
        };
        output_add(output, values);
    }
}

static enum err_code print(const struct cli *cli, const struct catalogue_indicators *indicators,
                           struct err *err)
{
    bool terminal = cli->format == CLI_FORMAT_TABLE;
    AUTO(output_free)
    struct output *output = output_new(COLUMNS, terminal ? TERMINAL_COLUMNS : ARRAY_COUNT(COLUMNS));
    for (size_t i = 0; i < indicators->count; i++) {
        if (terminal) {
            add_measures(cli, &indicators->items[i], output);
        } else {
            add(cli, &indicators->items[i], output);
        }
    }
    return output_print(output, cli, err);
}

int cmd_indicators(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    AUTO(session_close) struct session *session = NULL;
    AUTO(catalogue_indicators_free) struct catalogue_indicators *indicators = NULL;
    if (argc > 1) {
        return cli_usage(cli, "unexpected word \"%s\"", argv[1]);
    }
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = catalogue_list_indicators(session->caller, &indicators, &err);
    }
    if (code == ERR_OK) {
        code = print(cli, indicators, &err);
    }
    return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}
