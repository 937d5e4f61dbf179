/* table_pb - see table_pb.h. */
#include "handlers/table_pb.h"

#include "handlers/directory.h"

#include <string.h>

enum err_code table_words_filters(const struct call *call, Pb__TableFilter *const *filters,
                                  size_t count, struct query_words *words, struct err *err)
{
    struct query_filter *out = arena_alloc(call->arena, (count + 1) * sizeof(*out));
    if (out == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct query_filter){
            .dimension = filters[i]->dimension,
            .codes = (const char *const *)filters[i]->codes,
            .code_count = filters[i]->n_codes,
        };
    }
    words->filters = out;
    words->filter_count = count;
    return ERR_OK;
}

static Pb__Cell *cell_make(struct call *call, struct cell_value value)
{
    static const Pb__Cell__StateCase STATES[] = {
        [CELL_EXACT] = PB__CELL__STATE_EXACT,
        [CELL_WITHHELD] = PB__CELL__STATE_WITHHELD,
        [CELL_TOO_FEW_CONTRIBUTORS] = PB__CELL__STATE_TOO_FEW_CONTRIBUTORS,
        [CELL_STRUCTURAL_ZERO] = PB__CELL__STATE_STRUCTURAL_ZERO,
        [CELL_NOT_APPLICABLE] = PB__CELL__STATE_NOT_APPLICABLE,
    };
    // The kinds of absence are messages without fields; any of them fits the union's pointer.
    static const ProtobufCMessageDescriptor *const ABSENCES[] = {
        [CELL_WITHHELD] = &pb__withheld_cell__descriptor,
        [CELL_TOO_FEW_CONTRIBUTORS] = &pb__too_few_contributors_cell__descriptor,
        [CELL_STRUCTURAL_ZERO] = &pb__structural_zero_cell__descriptor,
        [CELL_NOT_APPLICABLE] = &pb__not_applicable_cell__descriptor,
    };
    Pb__Cell *cell = call_message(call, &pb__cell__descriptor);
    if (cell == NULL) {
        return NULL;
    }
    cell->state_case = STATES[value.state];
    if (value.state == CELL_EXACT) {
        cell->exact = value.exact;
        return cell;
    }
    cell->withheld = call_message(call, ABSENCES[value.state]);
    return cell->withheld == NULL ? NULL : cell;
}

static Pb__TableRow *row_make(struct call *call, const struct query_row *row, size_t key_count)
{
    Pb__TableRow *out = call_message(call, &pb__table_row__descriptor);
    const char **keys = arena_alloc(call->arena, key_count * sizeof(*keys));
    if (out == NULL || keys == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < key_count; i++) {
        keys[i] = directory_copy(call, row->keys[i]);
        if (keys[i] == NULL) {
            return NULL;
        }
    }
    out->keys = keys;
    out->n_keys = key_count;
    if (row->has_numerator) {
        out->numerator = cell_make(call, row->numerator);
    }
    if (row->has_denominator) {
        out->denominator = cell_make(call, row->denominator);
    }
    if ((row->has_numerator && out->numerator == NULL) ||
        (row->has_denominator && out->denominator == NULL)) {
        return NULL;
    }
    if (row->has_value) {
        out->_value_case = PB__TABLE_ROW___VALUE_VALUE;
        out->value = row->value;
    }
    return out;
}

/** A copied list of texts; `*ok` turns false at the arena's cap. */
static const char **texts_copy(const struct call *call, const char *const *texts, size_t count,
                               bool *ok)
{
    const char **out = arena_alloc(call->arena, (count + 1) * sizeof(*out));
    for (size_t i = 0; i < count && out != NULL; i++) {
        out[i] = directory_copy(call, texts[i]);
        *ok = *ok && out[i] != NULL;
    }
    *ok = *ok && out != NULL;
    return out;
}

/** What is told of the measure: static for the process's life, so not copied. */
static void head_measure(const struct measure *measure, Pb__TableHead *head)
{
    head->measure = measure->slug;
    head->indicator = measure->indicator->id;
    head->name_da = measure->name_da;
    head->name_en = measure->name_en;
    head->statistic = statistic_name(measure->statistic);
    head->unit = measure->indicator->unit;
}

static Pb__TableHead *head_make(struct call *call, const struct query *query,
                                const struct query_scope *scope, const struct query_table *table)
{
    Pb__TableHead *head = call_message(call, &pb__table_head__descriptor);
    if (head == NULL) {
        return NULL;
    }
    bool ok = true;
    head_measure(query->measure, head);
    head->partnership = query->words.partnership;
    head->by = texts_copy(call, query->by, query->by_count, &ok);
    head->n_by = query->by_count;
    head->release_ids = texts_copy(call, scope->release_ids, scope->release_count, &ok);
    head->n_release_ids = scope->release_count;
    head->policy = directory_copy(call, scope->policy);
    head->audience = query_audience_name(query->words.audience);
    head->canonical_query = directory_copy(call, query_table_canonical(table));
    head->citation = directory_copy(call, query_table_citation(table));
    head->sha256.len = QUERY_DIGEST_BYTES;
    head->sha256.data =
        (uint8_t *)arena_copy(call->arena, query_table_sha256(table), QUERY_DIGEST_BYTES);
    size_t caveat_count = 0;
    const char *const *caveats = query_table_caveats(table, &caveat_count);
    head->caveats = texts_copy(call, caveats, caveat_count, &ok);
    head->n_caveats = caveat_count;
    caveats = query_table_caveats_da(table, &caveat_count);
    head->caveats_da = texts_copy(call, caveats, caveat_count, &ok);
    head->n_caveats_da = caveat_count;
    head->synthetic = scope->synthetic;
    ok = ok && head->policy != NULL && head->canonical_query != NULL && head->citation != NULL &&
         head->sha256.data != NULL;
    return ok ? head : NULL;
}

enum err_code table_pb_fill(struct call *call, const struct query *query,
                            const struct query_scope *scope, const struct query_table *table,
                            Pb__Table *out, struct err *err)
{
    size_t count = 0;
    const struct query_row *rows = query_table_rows(table, &count);
    out->head = head_make(call, query, scope, table);
    out->rows = arena_alloc(call->arena, (count + 1) * sizeof(*out->rows));
    if (out->head == NULL || out->rows == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        out->rows[i] = row_make(call, &rows[i], query->by_count);
        if (out->rows[i] == NULL) {
            return err_memory(err);
        }
    }
    out->n_rows = count;
    call->audit_subject = out->head->canonical_query;
    return ERR_OK;
}
