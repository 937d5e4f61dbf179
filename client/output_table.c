/* output_table - see output_table.h. CSV and JSON; the terminal's is output_table_text.c. */
#include "output_table.h"

#include "base/buf.h"
#include "output.h"
#include "rules/code_list.h"

#include <jansson.h>
#include <string.h>

const char *output_municipality_name(const struct code_lists *lists, const char *code)
{
    const struct code *found = code_find(lists, "municipality", code);
    return found == NULL ? "" : found->name_da;
}

size_t output_municipality_place(const struct table *table)
{
    size_t place = 0;
    while (place < table->by_count && strcmp(table->by[place], "municipality") != 0) {
        place++;
    }
    return place;
}

/* "%.15g" keeps every number the server can compute from counts below 10^15. */
static void append_number(struct buf *line, double number)
{
    buf_append_format(line, "%.15g", number);
}

static void append_cell(struct buf *line, const struct table_cell *cell)
{
    buf_append_format(line, ",%s,", table_cell_state_name(cell->state));
    if (cell->state == TABLE_CELL_EXACT) {
        buf_append_format(line, "%lld", (long long)cell->exact);
    } else if (cell->state == TABLE_CELL_NOISY) {
        append_number(line, cell->noisy);
    }
    buf_append_byte(line, ',');
    if (cell->state == TABLE_CELL_NOISY) {
        append_number(line, cell->margin95);
    }
}

static void append_csv_head(struct buf *text, const struct table *table)
{
    buf_append_text(text, "partnership,measure");
    for (size_t i = 0; i < table->by_count; i++) {
        buf_append_byte(text, ',');
        output_append_csv(text, table->by[i]);
    }
    buf_append_text(text,
                    ",municipality_name,statistic,value"
                    ",numerator_state,numerator,numerator_margin95"
                    ",denominator_state,denominator,denominator_margin95,releases,synthetic\r\n");
}

static void append_csv_row(struct buf *text, const struct table *table,
                           const struct code_lists *lists, const struct table_row *row)
{
    size_t municipality = output_municipality_place(table);
    output_append_csv(text, table->partnership);
    buf_append_byte(text, ',');
    output_append_csv(text, table->measure);
    for (size_t i = 0; i < table->by_count; i++) {
        buf_append_byte(text, ',');
        output_append_csv(text, row->keys[i]);
    }
    buf_append_byte(text, ',');
    if (municipality < table->by_count) {
        output_append_csv(text, output_municipality_name(lists, row->keys[municipality]));
    }
    buf_append_format(text, ",%s,", table->statistic);
    if (row->has_value) {
        append_number(text, row->value);
    }
    append_cell(text, &row->numerator);
    append_cell(text, &row->denominator);
    buf_append_byte(text, ',');
    for (size_t i = 0; i < table->release_count; i++) {
        buf_append_format(text, "%s%s", i == 0 ? "" : " ", table->release_ids[i]);
    }
    buf_append_format(text, ",%s\r\n", table->synthetic ? "true" : "false");
}

enum err_code output_table_csv(const struct table *table, const struct code_lists *lists,
                               struct buf *out, struct err *err)
{
    append_csv_head(out, table);
    for (size_t i = 0; i < table->row_count; i++) {
        append_csv_row(out, table, lists, &table->rows[i]);
    }
    return buf_check(out, err);
}

static json_t *json_texts(const char *const *items, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(array, json_string(items[i]));
    }
    return array;
}

static json_t *json_cell(const struct table_cell *cell)
{
    switch (cell->state) {
    case TABLE_CELL_ABSENT:
        return json_null();
    case TABLE_CELL_EXACT:
        return json_pack("{s:s, s:I}", "state", "exact", "value", (json_int_t)cell->exact);
    case TABLE_CELL_NOISY:
        return json_pack("{s:s, s:f, s:f}", "state", "noisy", "value", cell->noisy, "margin95",
                         cell->margin95);
    default:
        return json_pack("{s:s}", "state", table_cell_state_name(cell->state));
    }
}

static json_t *json_row(const struct table *table, const struct code_lists *lists,
                        const struct table_row *row)
{
    json_t *object = json_object();
    json_t *keys = json_object();
    for (size_t i = 0; i < table->by_count; i++) {
        (void)json_object_set_new(keys, table->by[i], json_string(row->keys[i]));
    }
    (void)json_object_set_new(object, "keys", keys);
    size_t municipality = output_municipality_place(table);
    if (municipality < table->by_count) {
        const char *name = output_municipality_name(lists, row->keys[municipality]);
        (void)json_object_set_new(object, "municipality_name",
                                  name[0] == '\0' ? json_null() : json_string(name));
    }
    (void)json_object_set_new(object, "value",
                              row->has_value ? json_real(row->value) : json_null());
    (void)json_object_set_new(object, "numerator", json_cell(&row->numerator));
    (void)json_object_set_new(object, "denominator", json_cell(&row->denominator));
    return object;
}

const char *const *output_table_caveats(const struct table *table, const struct cli *cli,
                                        size_t *count)
{
    const bool is_danish = cli->lang == CLI_LANG_DA && table->caveat_da_count > 0;
    *count = is_danish ? table->caveat_da_count : table->caveat_count;
    return is_danish ? table->caveats_da : table->caveats;
}

static json_t *json_head(const struct table *table, const struct cli *cli)
{
    size_t caveat_count = 0;
    const char *const *caveats = output_table_caveats(table, cli, &caveat_count);
    json_t *head = json_pack("{s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", //
                             "synthetic", (int)table->synthetic,                                  //
                             "partnership", table->partnership,                                   //
                             "measure", table->measure,                                           //
                             "indicator", table->indicator,                                       //
                             "name_da", table->name_da,                                           //
                             "name_en", table->name_en,                                           //
                             "statistic", table->statistic,                                       //
                             "unit", table->unit,                                                 //
                             "audience", table->audience,                                         //
                             "policy", table->policy,                                             //
                             "query", table->canonical_query,                                     //
                             "sha256", table->sha256,                                             //
                             "citation", table->citation);
    (void)json_object_set_new(head, "releases",
                              json_texts(table->release_ids, table->release_count));
    (void)json_object_set_new(head, "caveats", json_texts(caveats, caveat_count));
    (void)json_object_set_new(head, "by", json_texts(table->by, table->by_count));
    return head;
}

enum err_code output_table_json(const struct table *table, const struct cli *cli,
                                const struct code_lists *lists, struct buf *out, struct err *err)
{
    json_t *head = json_head(table, cli);
    json_t *rows = json_array();
    for (size_t i = 0; i < table->row_count; i++) {
        (void)json_array_append_new(rows, json_row(table, lists, &table->rows[i]));
    }
    (void)json_object_set_new(head, "rows", rows);
    AUTO_HEAP char *dumped = json_dumps(head, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(head);
    if (dumped == NULL) {
        return err_memory(err);
    }
    buf_append_text(out, dumped);
    buf_append_byte(out, '\n');
    return buf_check(out, err);
}

/* A CSV file has no room for what must be said: it goes to the person. */
static void say_caveats(const struct table *table, const struct cli *cli)
{
    if (table->synthetic) {
        cli_say(cli, "%s",
                cli_text(cli, "Synthetic data: generated, no real child.",
                         "Syntetiske data: genererede, ingen virkelige børn."));
    }
    size_t count = 0;
    const char *const *caveats = output_table_caveats(table, cli, &count);
    for (size_t i = 0; i < count; i++) {
        cli_say(cli, "%s: %s", cli_text(cli, "Note", "Bemærk"), caveats[i]);
    }
}

enum err_code output_table_print(const struct table *table, const struct cli *cli, struct err *err)
{
    AUTO_BUF struct buf text = BUF_INIT;
    AUTO(code_lists_free) struct code_lists *lists = NULL;
    enum err_code code = code_lists_load(&lists, err);
    if (code != ERR_OK || cli->format == CLI_FORMAT_TABLE) {
        return code != ERR_OK ? code : output_table_text(table, cli, lists, err);
    }
    if (cli->format == CLI_FORMAT_CSV) {
        code = output_table_csv(table, lists, &text, err);
        say_caveats(table, cli);
    } else {
        code = output_table_json(table, cli, lists, &text, err);
    }
    if (code == ERR_OK && fwrite(text.data, 1, text.len, cli->out) != text.len) {
        code = err_set(err, ERR_UNAVAILABLE, "could not write the output");
    }
    return code;
}
