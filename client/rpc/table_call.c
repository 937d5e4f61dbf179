/* table_call - see table_call.h. */
#include "rpc/table_call.h"

#include "rpc/exchange.h"

#include "fremgang/v1/own.pb-c.h"
#include "fremgang/v1/table.pb-c.h"

#include <sodium.h>

static const char *text_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* protobuf-c's arrays of strings are not const. */
static const char **texts(const char *const *items)
{
    return (const char **)(uintptr_t)items;
}

static enum err_code make_filters(const struct table_query *query, struct arena *arena,
                                  Pb__TableFilter ***out, struct err *err)
{
    Pb__TableFilter **filters = arena_alloc(arena, (query->filter_count + 1) * sizeof(*filters));
    for (size_t i = 0; filters != NULL && i < query->filter_count; i++) {
        ProtobufCMessage *filter = message_new(&pb__table_filter__descriptor, arena);
        filters[i] = (Pb__TableFilter *)filter;
        if (filters[i] == NULL) {
            return err_memory(err);
        }
        filters[i]->dimension = query->filters[i].dimension;
        filters[i]->codes = texts(query->filters[i].codes);
        filters[i]->n_codes = query->filters[i].code_count;
    }
    if (filters == NULL) {
        return err_memory(err);
    }
    *out = filters;
    return ERR_OK;
}

static struct table_cell cell_of(const Pb__Cell *cell)
{
    if (cell == NULL) {
        return (struct table_cell){.state = TABLE_CELL_ABSENT};
    }
    switch (cell->state_case) {
    case PB__CELL__STATE_EXACT:
        return (struct table_cell){.state = TABLE_CELL_EXACT, .exact = cell->exact};
    case PB__CELL__STATE_NOISY:
        return (struct table_cell){.state = TABLE_CELL_NOISY,
                                   .noisy = cell->noisy->value,
                                   .margin95 = cell->noisy->margin95};
    case PB__CELL__STATE_TOO_FEW_CONTRIBUTORS:
        return (struct table_cell){.state = TABLE_CELL_TOO_FEW_CONTRIBUTORS};
    case PB__CELL__STATE_STRUCTURAL_ZERO:
        return (struct table_cell){.state = TABLE_CELL_STRUCTURAL_ZERO};
    case PB__CELL__STATE_NOT_APPLICABLE:
        return (struct table_cell){.state = TABLE_CELL_NOT_APPLICABLE};
    default: // a state this client does not know is shown as the most careful one
        return (struct table_cell){.state = TABLE_CELL_WITHHELD};
    }
}

static enum err_code copy_rows(const Pb__Table *message, struct table *table, struct err *err)
{
    struct table_row *rows = arena_alloc(table->arena, (message->n_rows + 1) * sizeof(*rows));
    if (rows == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < message->n_rows; i++) {
        const Pb__TableRow *row = message->rows[i];
        if (row->n_keys != table->by_count) {
            return err_set(err, ERR_CORRUPT, "a row of the table has %zu keys, not %zu",
                           row->n_keys, table->by_count);
        }
        rows[i] = (struct table_row){
            .keys = row->keys,
            .numerator = cell_of(row->numerator),
            .denominator = cell_of(row->denominator),
            .has_value = row->_value_case == PB__TABLE_ROW___VALUE_VALUE,
            .value = row->value,
        };
    }
    table->rows = rows;
    table->row_count = message->n_rows;
    return ERR_OK;
}

static void copy_head(const Pb__TableHead *head, struct table *table)
{
    table->measure = head->measure;
    table->indicator = head->indicator;
    table->name_da = head->name_da;
    table->name_en = head->name_en;
    table->statistic = head->statistic;
    table->unit = head->unit;
    table->partnership = head->partnership;
    table->by = head->by;
    table->by_count = head->n_by;
    table->release_ids = head->release_ids;
    table->release_count = head->n_release_ids;
    table->policy = head->policy;
    table->audience = head->audience;
    table->canonical_query = head->canonical_query;
    table->citation = head->citation;
    table->caveats = head->caveats;
    table->caveat_count = head->n_caveats;
    table->caveats_da = head->caveats_da;
    table->caveat_da_count = head->n_caveats_da;
    table->synthetic = head->synthetic;
    if (head->sha256.len == TABLE_HASH_BYTES) {
        (void)sodium_bin2hex(table->sha256, sizeof(table->sha256), head->sha256.data,
                             TABLE_HASH_BYTES);
    }
}

/* Takes the arena, in which the message lives, whether it works or not. */
static enum err_code table_new(const Pb__Table *message, struct arena *arena, struct table **out,
                               struct err *err)
{
    AUTO(arena_free) struct arena *owned = arena;
    if (message == NULL || message->head == NULL) {
        return err_set(err, ERR_CORRUPT, "the answer holds no table");
    }
    struct table *table = arena_alloc(arena, sizeof(*table));
    if (table == NULL) {
        return err_memory(err);
    }
    table->arena = arena;
    copy_head(message->head, table);
    enum err_code code = copy_rows(message, table, err);
    if (code == ERR_OK) {
        (void)STEAL(owned);
        *out = table;
    }
    return code;
}

enum err_code table_get(struct caller *caller, const struct table_query *query, struct table **out,
                        struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__GetTableRequest request = PB__GET_TABLE_REQUEST__INIT;
    ProtobufCMessage *answer;
    if (arena == NULL) {
        return err_memory(err);
    }
    enum err_code code = make_filters(query, arena, &request.filters, err);
    if (code != ERR_OK) {
        return code;
    }
    request.partnership = query->partnership;
    request.measure = query->measure;
    request.by = texts(query->by);
    request.n_by = query->by_count;
    request.n_filters = query->filter_count;
    request.period_from = text_or_empty(query->period_from);
    request.period_to = text_or_empty(query->period_to);
    struct exchange exchange = {.method = METHOD_TABLE_GET, .request = &request.base};
    code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    return table_new(((const Pb__GetTableResponse *)answer)->table, STEAL(arena), out, err);
}

enum err_code table_get_own(struct caller *caller, const struct table_query *query,
                            struct table **out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__OwnTableRequest request = PB__OWN_TABLE_REQUEST__INIT;
    ProtobufCMessage *answer;
    if (arena == NULL) {
        return err_memory(err);
    }
    enum err_code code = make_filters(query, arena, &request.filters, err);
    if (code != ERR_OK) {
        return code;
    }
    request.partnership = query->partnership;
    request.measure = query->measure;
    request.by = texts(query->by);
    request.n_by = query->by_count;
    request.n_filters = query->filter_count;
    request.period_from = text_or_empty(query->period_from);
    request.period_to = text_or_empty(query->period_to);
    struct exchange exchange = {.method = METHOD_OWN_TABLE, .request = &request.base};
    code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    return table_new(((const Pb__OwnTableResponse *)answer)->table, STEAL(arena), out, err);
}
