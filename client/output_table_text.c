/* output_table_text - the terminal's rendering of a table, see output_table.h. */
#include "output_table.h"

#include "base/buf.h"
#include "output.h"
#include "rules/code_list.h"

#include <stdio.h>
#include <string.h>

enum {
    COLUMNS_MAX = 16, /* 14 dimensions; a query takes 3 */
    TEXT_BYTES = 160, /* one cell */
};

/* Words for a cell that has no number. */
static const struct {
    const char *en;
    const char *da;
} STATE_WORDS[TABLE_CELL_STATES] = {
    [TABLE_CELL_ABSENT] = {"", ""},
    [TABLE_CELL_EXACT] = {"", ""},
    [TABLE_CELL_NOISY] = {"", ""},
    [TABLE_CELL_WITHHELD] = {"withheld", "tilbageholdt"},
    [TABLE_CELL_TOO_FEW_CONTRIBUTORS] = {"too few contributors", "for få bidragydere"},
    [TABLE_CELL_STRUCTURAL_ZERO] = {"cannot occur", "kan ikke forekomme"},
    [TABLE_CELL_NOT_APPLICABLE] = {"not applicable", "ikke relevant"},
};

static const struct output_column DIMENSIONS[] = {
    {"quarter", "Quarter", "Kvartal", OUTPUT_TEXT},
    {"half_year", "Half-year", "Halvår", OUTPUT_TEXT},
    {"municipality", "Municipality", "Kommune", OUTPUT_TEXT},
    {"sex", "Sex", "Køn", OUTPUT_TEXT},
    {"age_band", "Age", "Alder", OUTPUT_TEXT},
    {"target_group", "Target group", "Målgruppe", OUTPUT_TEXT},
    {"placement_type", "Placement", "Anbringelse", OUTPUT_TEXT},
    {"ladder_step", "Ladder step", "Trin", OUTPUT_TEXT},
    {"measure_kind", "Kind of measure", "Foranstaltning", OUTPUT_TEXT},
    {"outcome", "Outcome", "Udfald", OUTPUT_TEXT},
};

static const struct {
    const char *statistic;
    struct output_column column;
} STATISTICS[] = {
    {"share", {"value", "Share", "Andel", OUTPUT_NUMBER}},
    {"distribution", {"value", "Share", "Andel", OUTPUT_NUMBER}},
    {"ratio", {"value", "Ratio", "Forhold", OUTPUT_NUMBER}},
    {"median", {"value", "Median", "Median", OUTPUT_NUMBER}},
    {"mean", {"value", "Mean", "Gennemsnit", OUTPUT_NUMBER}},
};

/* What codes mean that are no code of a record. */
static const struct {
    const char *dimension;
    const char *code;
    const char *en;
    const char *da;
} CODE_WORDS[] = {
    {"placement_type", "NETWORK", "Kin or network", "Slægt eller netværk"},
    {"placement_type", "FOSTER", "Foster family", "Plejefamilie"},
    {"placement_type", "INSTITUTION", "Institution", "Institution"},
    {"placement_type", "OWN_ROOM", "Own room", "Eget værelse"},
    {"placement_type", "BOARDING_SCHOOL", "Boarding school", "Efterskole eller kostskole"},
    {"ladder_step", "1", "Early help in ordinary settings", "Tidligere indsatser i almenområdet"},
    {"ladder_step", "2", "Preventive", "Forebyggende indsatser"},
    {"ladder_step", "3", "Home-based", "Hjemmebaserede foranstaltninger"},
    {"ladder_step", "4", "Kin or network", "Slægt eller netværk"},
    {"ladder_step", "5", "Foster family", "Plejefamilie"},
    {"ladder_step", "6", "Institution", "Institution"},
    {"measure_kind", "PLACEMENT", "Placement", "Anbringelse"},
    {"measure_kind", "PREVENTIVE", "Preventive", "Forebyggende"},
    {"measure_kind", "HOME", "Home-based", "Hjemmebaseret"},
    {"outcome", "DOWN", "Down", "Ned"},
    {"outcome", "SAME", "Same", "Uændret"},
    {"outcome", "UP", "Up", "Op"},
    {"outcome", "RECOVERED", "Recovered", "Rask"},
    {"outcome", "IMPROVED", "Improved", "I bedring"},
    {"outcome", "UNCHANGED", "Unchanged", "Uændret"},
    {"outcome", "DETERIORATED", "Deteriorated", "Forværret"},
    {"outcome", "BETTER_2C", "Much better", "Meget bedre"},
    {"outcome", "BETTER_C", "Better", "Bedre"},
    {"outcome", "WORSE_C", "Worse", "Værre"},
    {"outcome", "WORSE_2C", "Much worse", "Meget værre"},
};

static const struct output_column N_COLUMN = {"n", "n", "n", OUTPUT_NUMBER};

/* What the columns of a table are made from. */
struct rendering {
    const struct table *table;
    const struct cli *cli;
    const struct code_lists *lists;
    bool is_share;
    bool is_ratio;  /* both parts are in hundredths */
    bool is_median; /* no numerator but a state: withheld or not */
    bool has_value_column;
};

static struct output_column dimension_column(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(DIMENSIONS); i++) {
        if (strcmp(DIMENSIONS[i].name, name) == 0) {
            return DIMENSIONS[i];
        }
    }
    return (struct output_column){name, name, name, OUTPUT_TEXT};
}

static size_t make_columns(const struct rendering *rendering, struct output_column *columns)
{
    size_t count = 0;
    for (size_t i = 0; i < rendering->table->by_count; i++) {
        columns[count++] = dimension_column(rendering->table->by[i]);
    }
    for (size_t i = 0; rendering->has_value_column && i < ARRAY_COUNT(STATISTICS); i++) {
        if (strcmp(STATISTICS[i].statistic, rendering->table->statistic) == 0) {
            columns[count++] = STATISTICS[i].column;
        }
    }
    columns[count++] = N_COLUMN;
    return count;
}

/* Danish writes the decimal mark as a comma. */
static void use_decimal_mark(const struct cli *cli, char *text)
{
    char *point = strchr(text, '.');
    if (cli->lang == CLI_LANG_DA && point != NULL) {
        *point = ',';
    }
}

/* What a code means to people, or "". */
static const char *code_words(const struct rendering *rendering, const char *dimension,
                              const char *code)
{
    const struct code *found = code_find(rendering->lists, dimension, code);
    for (size_t i = 0; found == NULL && i < ARRAY_COUNT(CODE_WORDS); i++) {
        if (strcmp(CODE_WORDS[i].dimension, dimension) == 0 &&
            strcmp(CODE_WORDS[i].code, code) == 0) {
            return cli_text(rendering->cli, CODE_WORDS[i].en, CODE_WORDS[i].da);
        }
    }
    if (found != NULL && rendering->cli->lang == CLI_LANG_EN && found->name_en[0] != '\0') {
        return found->name_en;
    }
    return found == NULL ? "" : found->name_da;
}

static void format_key(const struct rendering *rendering, const char *dimension, const char *code,
                       char out[TEXT_BYTES])
{
    if (strcmp(dimension, "municipality") == 0 && strcmp(code, "pool") == 0) {
        (void)snprintf(out, TEXT_BYTES, "%s",
                       cli_text(rendering->cli, "All together", "Alle tilsammen"));
        return;
    }
    const char *name = code_words(rendering, dimension, code);
    if (name[0] == '\0') {
        (void)snprintf(out, TEXT_BYTES, "%s", code);
    } else {
        (void)snprintf(out, TEXT_BYTES, "%s (%s)", name, code);
    }
}

static void format_part(const struct rendering *rendering, const struct table_cell *cell,
                        char out[TEXT_BYTES])
{
    const char *word =
        cli_text(rendering->cli, STATE_WORDS[cell->state].en, STATE_WORDS[cell->state].da);
    double scale = rendering->is_ratio ? 100 : 1;
    if (cell->state == TABLE_CELL_EXACT) {
        (void)snprintf(out, TEXT_BYTES, "%.15g", (double)cell->exact / scale);
    } else if (cell->state == TABLE_CELL_NOISY) {
        (void)snprintf(out, TEXT_BYTES, "%.4g ± %.2g", cell->noisy / scale, cell->margin95 / scale);
    } else {
        (void)snprintf(out, TEXT_BYTES, "%s", word);
    }
    use_decimal_mark(rendering->cli, out);
}

static void format_value(const struct rendering *rendering, const struct table_row *row,
                         char out[TEXT_BYTES])
{
    bool told = row->numerator.state != TABLE_CELL_EXACT &&
                row->numerator.state != TABLE_CELL_ABSENT &&
                row->numerator.state != TABLE_CELL_NOISY;
    if (row->has_value) {
        (void)snprintf(out, TEXT_BYTES, rendering->is_share ? "%.1f %%" : "%.1f",
                       rendering->is_share ? row->value * 100 : row->value);
        use_decimal_mark(rendering->cli, out);
    } else if (told) {
        format_part(rendering, &row->numerator, out);
    } else {
        format_part(rendering, &row->denominator, out);
        if (row->denominator.state == TABLE_CELL_EXACT) {
            (void)snprintf(out, TEXT_BYTES, "-"); // nothing to divide by
        }
    }
}

static void format_n(const struct rendering *rendering, const struct table_row *row,
                     char out[TEXT_BYTES])
{
    char numerator[TEXT_BYTES] = "";
    char denominator[TEXT_BYTES];
    if (!rendering->is_median) {
        format_part(rendering, &row->numerator, numerator);
    }
    format_part(rendering, &row->denominator, denominator);
    bool both = numerator[0] != '\0' && denominator[0] != '\0';
    (void)snprintf(out, TEXT_BYTES, "%.70s%s%.70s", numerator, both ? " / " : "", denominator);
}

static void add_row(const struct rendering *rendering, const struct table_row *row,
                    struct output *output)
{
    char texts[COLUMNS_MAX][TEXT_BYTES];
    const char *values[COLUMNS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < rendering->table->by_count; i++) {
        format_key(rendering, rendering->table->by[i], row->keys[i], texts[count++]);
    }
    if (rendering->has_value_column) {
        format_value(rendering, row, texts[count++]);
    }
    format_n(rendering, row, texts[count++]);
    for (size_t i = 0; i < count; i++) {
        values[i] = texts[i];
    }
    output_add(output, values);
}

/* Who the table is for, in the run's language. */
static const char *audience_words(const struct cli *cli, const char *audience)
{
    static const char *const DANISH[][2] = {
        {"named", "navngivne kommuner"},
        {"pooled", "kun samlet"},
        {"own", "egne tal"},
    };
    for (size_t i = 0; cli->lang == CLI_LANG_DA && i < ARRAY_COUNT(DANISH); i++) {
        if (strcmp(DANISH[i][0], audience) == 0) {
            return DANISH[i][1];
        }
    }
    return audience;
}

static void print_title(const struct rendering *rendering)
{
    const struct table *table = rendering->table;
    fprintf(rendering->cli->out, "%s (%s, %s)\n%s, %s: %s\n\n",
            cli_text(rendering->cli, table->name_en, table->name_da), table->indicator,
            table->measure, table->partnership, cli_text(rendering->cli, "audience", "visning"),
            audience_words(rendering->cli, table->audience));
}

static bool has_withheld(const struct table *table)
{
    for (size_t i = 0; i < table->row_count; i++) {
        if (table->rows[i].numerator.state == TABLE_CELL_WITHHELD ||
            table->rows[i].denominator.state == TABLE_CELL_WITHHELD) {
            return true;
        }
    }
    return false;
}

static void print_notes(const struct rendering *rendering)
{
    const struct table *table = rendering->table;
    const struct cli *cli = rendering->cli;
    fputc('\n', cli->out);
    if (has_withheld(table)) {
        fprintf(cli->out, "%s\n",
                cli_text(cli, "withheld: not shown, to protect children, workers or municipalities",
                         "tilbageholdt: vises ikke, for at beskytte børn, medarbejdere eller "
                         "kommuner"));
    }
    size_t caveat_count = 0;
    const char *const *caveats = output_table_caveats(table, cli, &caveat_count);
    for (size_t i = 0; i < caveat_count; i++) {
        fprintf(cli->out, "%s: %s\n", cli_text(cli, "Note", "Bemærk"), caveats[i]);
    }
    if (table->citation[0] != '\0') {
        fprintf(cli->out, "%s: %s\n", cli_text(cli, "Cite as", "Citér som"), table->citation);
    }
    if (table->synthetic) {
        fprintf(cli->out, "%s\n",
                cli_text(cli, "SYNTHETIC DATA: generated, no real child.",
                         "SYNTETISKE DATA: genererede, ingen virkelige børn."));
    }
}

static bool statistic_has_column(const char *statistic)
{
    for (size_t i = 0; i < ARRAY_COUNT(STATISTICS); i++) {
        if (strcmp(STATISTICS[i].statistic, statistic) == 0) {
            return true;
        }
    }
    return false;
}

enum err_code output_table_text(const struct table *table, const struct cli *cli,
                                const struct code_lists *lists, struct err *err)
{
    struct output_column columns[COLUMNS_MAX];
    struct rendering rendering = {
        .table = table,
        .cli = cli,
        .lists = lists,
        .is_share =
            strcmp(table->statistic, "share") == 0 || strcmp(table->statistic, "distribution") == 0,
        .is_ratio = strcmp(table->statistic, "ratio") == 0,
        .is_median = strcmp(table->statistic, "median") == 0,
        .has_value_column = statistic_has_column(table->statistic),
    };
    if (table->by_count > COLUMNS_MAX - 2) {
        return err_set(err, ERR_LIMIT, "a table of %zu dimensions; at most %d can be shown",
                       table->by_count, COLUMNS_MAX - 2);
    }
    size_t count = make_columns(&rendering, columns);
    AUTO(output_free) struct output *output = output_new(columns, count);
    for (size_t i = 0; output != NULL && i < table->row_count; i++) {
        add_row(&rendering, &table->rows[i], output);
    }
    print_title(&rendering);
    enum err_code code = output_print_aligned(output, cli, err);
    print_notes(&rendering);
    return code;
}
