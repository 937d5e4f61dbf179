/* reference_table - see reference_table.h. */
#include "domain/reference_table.h"

#include <stdbool.h>
#include <string.h>

/** One line being read: where, and the cells so far. */
struct line {
    const char *at;
    const char *cells[REFERENCE_COLUMNS_MAX];
    size_t count;
};

static enum err_code quoted_read(struct line *line, char *out, size_t *len, struct err *err)
{
    line->at++;
    for (;;) {
        if (*line->at == '\0' || *line->at == '\n') {
            return err_set(err, ERR_CORRUPT, "a quote is open at the end of its line");
        }
        if (*line->at == '"') {
            if (line->at[1] != '"') {
                line->at++;
                return ERR_OK;
            }
            line->at++;
        }
        out[(*len)++] = *line->at++;
    }
}

/** Reads one cell; the separator behind it is left. */
static enum err_code cell_read(struct line *line, struct arena *arena, struct err *err)
{
    if (line->count == REFERENCE_COLUMNS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d columns", REFERENCE_COLUMNS_MAX);
    }
    const bool is_quoted = *line->at == '"';
    const size_t most = strcspn(line->at, is_quoted ? "\n" : ",\r\n");
    char *cell = arena_alloc(arena, most + 1);
    if (cell == NULL) {
        return err_memory(err);
    }
    size_t len = 0;
    if (is_quoted) {
        enum err_code rc = quoted_read(line, cell, &len, err);
        if (rc != ERR_OK) {
            return rc;
        }
    } else {
        memcpy(cell, line->at, most);
        len = most;
        line->at += most;
    }
    cell[len] = '\0';
    line->cells[line->count++] = cell;
    return ERR_OK;
}

static enum err_code line_read(struct line *line, struct arena *arena, const char *const **out,
                               struct err *err)
{
    line->count = 0;
    for (;;) {
        enum err_code rc = cell_read(line, arena, err);
        if (rc != ERR_OK) {
            return rc;
        }
        if (*line->at != ',') {
            break;
        }
        line->at++;
    }
    line->at += strspn(line->at, "\r\n");
    const char **cells = arena_alloc(arena, line->count * sizeof(*cells));
    if (cells == NULL) {
        return err_memory(err);
    }
    memcpy(cells, line->cells, line->count * sizeof(*cells));
    *out = cells;
    return ERR_OK;
}

enum err_code reference_table_parse(const char *text, struct arena *arena,
                                    struct reference_table *out, struct err *err)
{
    struct line line = {.at = text};
    enum err_code rc = line_read(&line, arena, &out->header, err);
    if (rc != ERR_OK) {
        return rc;
    }
    out->column_count = line.count;
    const char *const **rows = arena_alloc(arena, REFERENCE_ROWS_MAX * sizeof(*rows));
    if (rows == NULL) {
        return err_memory(err);
    }
    size_t count = 0;
    while (*line.at != '\0') {
        if (count == REFERENCE_ROWS_MAX) {
            return err_set(err, ERR_LIMIT, "%s: more than %d rows", out->name, REFERENCE_ROWS_MAX);
        }
        rc = line_read(&line, arena, &rows[count], err);
        if (rc != ERR_OK) {
            return rc;
        }
        if (line.count != out->column_count) {
            return err_set(err, ERR_CORRUPT, "%s: row %zu has %zu cells, the header has %zu",
                           out->name, count + 1, line.count, out->column_count);
        }
        count++;
    }
    out->rows = rows;
    out->row_count = count;
    return ERR_OK;
}

enum err_code reference_table_column(const struct reference_table *table, const char *name,
                                     size_t *out, struct err *err)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->header[i], name) == 0) {
            *out = i;
            return ERR_OK;
        }
    }
    return err_set(err, ERR_CORRUPT, "%s has no column \"%s\"", table->name, name);
}
