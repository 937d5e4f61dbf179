/* output - see output.h. */
#include "output.h"

#include "base/arena.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    OUTPUT_BYTES_MAX = 64 * 1024 * 1024, /* the rows of the largest list, 10 times over */
    COLUMN_GAP = 2,
};

struct row {
    struct row *next;
    const char *values[]; /* one per column; NULL: empty */
};

struct output {
    const struct output_column *columns; /* borrowed */
    size_t column_count;
    struct arena *arena; /* owns the rows */
    struct row *first;
    struct row *last;
    size_t row_count;
    bool failed;
};

struct output *output_new(const struct output_column *columns, size_t column_count)
{
    struct output *output = calloc(1, sizeof(*output));
    struct arena *arena = arena_new(OUTPUT_BYTES_MAX);
    if (output == NULL || arena == NULL) {
        free(output);
        arena_free(arena);
        return NULL;
    }
    *output = (struct output){.columns = columns, .column_count = column_count, .arena = arena};
    return output;
}

void output_free(struct output *output)
{
    if (output != NULL) {
        arena_free(output->arena);
        free(output);
    }
}

static bool copy_values(struct output *output, struct row *row, const char *const *values)
{
    for (size_t i = 0; i < output->column_count; i++) {
        if (values[i] != NULL) {
            row->values[i] = arena_copy(output->arena, values[i], strlen(values[i]));
            if (row->values[i] == NULL) {
                return false;
            }
        }
    }
    return true;
}

void output_add(struct output *output, const char *const *values)
{
    if (output == NULL || output->failed) {
        return;
    }
    struct row *row =
        arena_alloc(output->arena, sizeof(*row) + output->column_count * sizeof(row->values[0]));
    if (row == NULL || !copy_values(output, row, values)) {
        output->failed = true;
        return;
    }
    if (output->last == NULL) {
        output->first = row;
    } else {
        output->last->next = row;
    }
    output->last = row;
    output->row_count++;
}

size_t output_row_count(const struct output *output)
{
    return output == NULL ? 0 : output->row_count;
}

size_t output_text_width(const char *text)
{
    size_t width = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        bool continues = (*at & 0xC0) == 0x80;
        bool combines = (at[0] == 0xCC && at[1] >= 0x80) || (at[0] == 0xCD && at[1] < 0xB0);
        width += continues || combines ? 0 : 1;
    }
    return width;
}

static const char *title_of(const struct output_column *column, const struct cli *cli)
{
    return cli_text(cli, column->title_en, column->title_da);
}

static size_t column_width(const struct output *output, const struct cli *cli, size_t column)
{
    size_t width = output_text_width(title_of(&output->columns[column], cli));
    for (const struct row *row = output->first; row != NULL; row = row->next) {
        const char *value = row->values[column] != NULL ? row->values[column] : "";
        size_t value_width = output_text_width(value);
        width = value_width > width ? value_width : width;
    }
    return width;
}

static void append_spaces(struct buf *line, size_t count)
{
    buf_append_format(line, "%*s", (int)count, "");
}

static void append_aligned(struct buf *line, const struct output_column *column, const char *value,
                           size_t width)
{
    size_t pad = width - output_text_width(value);
    if (column->kind == OUTPUT_NUMBER) {
        append_spaces(line, pad);
        buf_append_text(line, value);
    } else {
        buf_append_text(line, value);
        append_spaces(line, pad);
    }
}

/* Ends the line without the spaces that align a last column of text. */
static void end_line(struct buf *text)
{
    while (text->len > 0 && text->data[text->len - 1] == ' ') {
        text->len--;
    }
    buf_append_byte(text, '\n');
}

static void append_grid(const struct output *output, const struct cli *cli, const size_t *widths,
                        struct buf *text)
{
    for (size_t i = 0; i < output->column_count; i++) {
        append_spaces(text, i == 0 ? 0 : COLUMN_GAP);
        append_aligned(text, &output->columns[i], title_of(&output->columns[i], cli), widths[i]);
    }
    end_line(text);
    for (const struct row *row = output->first; row != NULL; row = row->next) {
        for (size_t i = 0; i < output->column_count; i++) {
            append_spaces(text, i == 0 ? 0 : COLUMN_GAP);
            append_aligned(text, &output->columns[i], row->values[i] != NULL ? row->values[i] : "",
                           widths[i]);
        }
        end_line(text);
    }
}

void output_append_csv(struct buf *line, const char *value)
{
    if (strpbrk(value, ",\"\r\n") == NULL) {
        buf_append_text(line, value);
        return;
    }
    buf_append_byte(line, '"');
    for (; *value != '\0'; value++) {
        if (*value == '"') {
            buf_append_byte(line, '"');
        }
        buf_append_byte(line, (uint8_t)*value);
    }
    buf_append_byte(line, '"');
}

static void append_csv(const struct output *output, struct buf *text)
{
    for (size_t i = 0; i < output->column_count; i++) {
        buf_append_text(text, i == 0 ? "" : ",");
        output_append_csv(text, output->columns[i].name);
    }
    buf_append_text(text, "\r\n");
    for (const struct row *row = output->first; row != NULL; row = row->next) {
        for (size_t i = 0; i < output->column_count; i++) {
            buf_append_text(text, i == 0 ? "" : ",");
            output_append_csv(text, row->values[i] != NULL ? row->values[i] : "");
        }
        buf_append_text(text, "\r\n");
    }
}

static json_t *json_of(const struct output_column *column, const char *value)
{
    char *end;
    if (value == NULL) {
        return json_null();
    }
    if (column->kind == OUTPUT_NUMBER && value[0] != '\0') {
        errno = 0;
        long long number = strtoll(value, &end, 10);
        if (*end == '\0' && errno == 0) {
            return json_integer(number);
        }
    }
    return json_string(value);
}

static enum err_code append_json(const struct output *output, struct buf *text, struct err *err)
{
    json_t *rows = json_array();
    for (const struct row *row = output->first; row != NULL; row = row->next) {
        json_t *object = json_object();
        for (size_t i = 0; i < output->column_count; i++) {
            (void)json_object_set_new(object, output->columns[i].name,
                                      json_of(&output->columns[i], row->values[i]));
        }
        (void)json_array_append_new(rows, object);
    }
    AUTO_HEAP char *dumped = json_dumps(rows, JSON_INDENT(2));
    json_decref(rows);
    if (dumped == NULL) {
        return err_memory(err);
    }
    buf_append_text(text, dumped);
    buf_append_byte(text, '\n');
    return ERR_OK;
}

static enum err_code write_out(const struct cli *cli, const struct buf *text, struct err *err)
{
    enum err_code code = buf_check(text, err);
    if (code == ERR_OK && text->len > 0 &&
        fwrite(text->data, 1, text->len, cli->out) != text->len) {
        return err_set(err, ERR_UNAVAILABLE, "could not write the output");
    }
    return code;
}

enum err_code output_print_aligned(const struct output *output, const struct cli *cli,
                                   struct err *err)
{
    AUTO_BUF struct buf text = BUF_INIT;
    if (output == NULL || output->failed) {
        return err_memory(err);
    }
    AUTO_HEAP size_t *widths = calloc(output->column_count, sizeof(*widths));
    if (widths == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < output->column_count; i++) {
        widths[i] = column_width(output, cli, i);
    }
    append_grid(output, cli, widths, &text);
    return write_out(cli, &text, err);
}

enum err_code output_print(const struct output *output, const struct cli *cli, struct err *err)
{
    AUTO_BUF struct buf text = BUF_INIT;
    enum err_code code = ERR_OK;
    if (output == NULL || output->failed) {
        return err_memory(err);
    }
    switch (cli->format) {
    case CLI_FORMAT_TABLE:
        return output_print_aligned(output, cli, err);
    case CLI_FORMAT_CSV:
        append_csv(output, &text);
        break;
    case CLI_FORMAT_JSON:
        code = append_json(output, &text, err);
        break;
    }
    return code == ERR_OK ? write_out(cli, &text, err) : code;
}

void output_format_time(int64_t time_us, char out[OUTPUT_TIME_BYTES])
{
    struct tm utc;
    time_t seconds = (time_t)(time_us / 1000000);
    out[0] = '\0';
    if (time_us != 0 && gmtime_r(&seconds, &utc) != NULL) {
        (void)strftime(out, OUTPUT_TIME_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
}
