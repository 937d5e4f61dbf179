/* query - see query.h. */
#include "query.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum {
    QUERY_BYTES_MAX = 64 * 1024, /* a command line is shorter */
    LIST_MAX = 256,              /* 98 municipalities and more */
    FILTERS_MAX = 16,
};

struct query {
    struct arena *arena;
    struct table_query table;
    struct table_filter filters[FILTERS_MAX];
};

void query_free(struct query *query)
{
    if (query != NULL) {
        arena_free(query->arena);
        free(query);
    }
}

static enum err_code query_new(struct query **out, struct err *err)
{
    struct query *query = calloc(1, sizeof(*query));
    struct arena *arena = arena_new(QUERY_BYTES_MAX);
    if (query == NULL || arena == NULL) {
        free(query);
        arena_free(arena);
        return err_memory(err);
    }
    query->arena = arena;
    *out = query;
    return ERR_OK;
}

/* Splits at commas; empty items are refused. */
static enum err_code split(struct query *query, const char *text, const char *const **out,
                           size_t *count, struct err *err)
{
    const char **items = arena_alloc(query->arena, LIST_MAX * sizeof(*items));
    size_t n = 0;
    for (const char *at = text; items != NULL; at++) {
        size_t len = strcspn(at, ",");
        if (len == 0 || n == LIST_MAX) {
            return err_set(err, ERR_INVALID, "\"%s\" is not a list like a,b,c", text);
        }
        items[n] = arena_copy(query->arena, at, len);
        if (items[n++] == NULL) {
            return err_memory(err);
        }
        at += len;
        if (*at == '\0') {
            break;
        }
    }
    *out = items;
    *count = n;
    return items == NULL ? err_memory(err) : ERR_OK;
}

static enum err_code add_filter(struct query *query, const char *text, struct err *err)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text) {
        (void)err_set(err, ERR_INVALID, "--where needs DIMENSION=CODE, not \"%s\"", text);
        return err_hint(err, "For example: --where sex=F --where municipality=657,756");
    }
    if (query->table.filter_count == FILTERS_MAX) {
        return err_set(err, ERR_INVALID, "more than %d times --where", FILTERS_MAX);
    }
    struct table_filter *filter = &query->filters[query->table.filter_count];
    filter->dimension = arena_copy(query->arena, text, (size_t)(equals - text));
    if (filter->dimension == NULL) {
        return err_memory(err);
    }
    enum err_code code = split(query, equals + 1, &filter->codes, &filter->code_count, err);
    if (code == ERR_OK) {
        query->table.filter_count++;
    }
    return code;
}

static enum err_code read_options(const struct cli *cli, struct query *query, struct err *err)
{
    const char *by = cli_option(cli, "by");
    // Without --by the server counts by the measure's own kind of period.
    enum err_code code =
        by == NULL ? ERR_OK : split(query, by, &query->table.by, &query->table.by_count, err);
    for (size_t i = 0; code == ERR_OK && i < cli_option_count(cli, "where"); i++) {
        code = add_filter(query, cli_option_at(cli, "where", i), err);
    }
    query->table.filters = query->filters;
    query->table.period_from = cli_option(cli, "from");
    query->table.period_to = cli_option(cli, "to");
    return code;
}

enum err_code query_parse(const struct cli *cli, int argc, char **argv, struct query **out,
                          struct err *err)
{
    AUTO(query_free) struct query *query = NULL;
    if (argc != 2) {
        (void)err_set(err, ERR_INVALID, argc < 2 ? "no measure is named" : "more than one measure");
        return err_hint(err, "`fremgang indicators` lists the measures.");
    }
    enum err_code code = query_new(&query, err);
    if (code == ERR_OK) {
        code = read_options(cli, query, err);
    }
    if (code == ERR_OK) {
        query->table.measure = argv[1];
        *out = STEAL(query);
    }
    return code;
}

const struct table_query *query_table(struct query *query, const char *partnership)
{
    query->table.partnership = partnership;
    return &query->table;
}
