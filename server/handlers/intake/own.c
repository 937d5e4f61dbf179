/* own - OwnService.Table: the caller's own exact figures, counted from its own facts. The
 * table is planned and computed by the code that answers pool's questions. See intake.h. */
#include "handlers/intake/intake.h"
#include "handlers/table_pb.h"
#include "store/case/fact_store.h"

#include "fremgang/v1/own.pb-c.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The facts' columns that can be a dimension or an outcome. */
static const struct {
    const char *name;
    size_t offset;
} COLUMNS[] = {
    {"sex", offsetof(struct fact_row, sex)},
    {"age_band", offsetof(struct fact_row, age_band)},
    {"target_group", offsetof(struct fact_row, target_group)},
    {"placement_type", offsetof(struct fact_row, placement_type)},
    {"ladder_step", offsetof(struct fact_row, ladder_step)},
    {"measure_kind", offsetof(struct fact_row, measure_kind)},
    {"outcome", offsetof(struct fact_row, outcome)},
};

enum { COLUMN_NONE = -1 };

/** Facts being counted into cells. */
struct counting {
    const struct query *query;
    int keys[PLAN_DIMENSIONS_MAX]; /* columns of the dimensions */
    int outcome;                   /* column, or COLUMN_NONE for a ratio */
    struct cell_set *cells;
};

static int column_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(COLUMNS); i++) {
        if (strcmp(COLUMNS[i].name, name) == 0) {
            return (int)i;
        }
    }
    return COLUMN_NONE;
}

static const char *column_text(const struct fact_row *row, int column)
{
    return *(const char *const *)((const char *)row + COLUMNS[column].offset);
}

static enum err_code cell_count(struct counting *counting, struct cell *cell, const char *outcome,
                                int64_t value, struct err *err)
{
    cell->value = cell_exact(value);
    enum err_code rc = cell_code_set(cell->outcome, outcome, err);
    return rc == ERR_OK ? cell_set_add(counting->cells, cell, err) : rc;
}

static enum err_code fact_count(void *ctx, const struct fact_row *row, struct err *err)
{
    struct counting *counting = ctx;
    struct cell cell = {.period = ""};
    snprintf(cell.period, sizeof(cell.period), "%s", row->period);
    for (size_t i = 0; i < counting->query->sources[0].dimension_count; i++) {
        enum err_code rc = cell_code_set(cell.keys[i], column_text(row, counting->keys[i]), err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    if (counting->outcome == COLUMN_NONE) {
        enum err_code rc =
            cell_count(counting, &cell, CELL_OUTCOME_NUMERATOR, row->numerator_hundredths, err);
        return rc == ERR_OK ? cell_count(counting, &cell, CELL_OUTCOME_DENOMINATOR,
                                         row->denominator_hundredths, err)
                            : rc;
    }
    const char *outcome = column_text(row, counting->outcome);
    if (strcmp(outcome, CATALOGUE_OUTCOME_NONE) == 0) {
        return ERR_OK; // the measure does not count this unit
    }
    return cell_count(counting, &cell, outcome, row->units, err);
}

static enum err_code counting_open(struct counting *counting, struct err *err)
{
    const struct query *query = counting->query;
    counting->outcome = column_find(query->measure->outcome_column);
    for (size_t i = 0; i < query->sources[0].dimension_count; i++) {
        counting->keys[i] = column_find(query->sources[0].dimensions[i]);
        if (counting->keys[i] == COLUMN_NONE) {
            return err_set(err, ERR_INTERNAL, "dimension %s is no column of the facts",
                           query->sources[0].dimensions[i]);
        }
    }
    return cell_set_new(CELLS_EXACT, &counting->cells, err);
}

/** The last period that had ended by `today` and began inside the partnership. */
static struct period period_last(enum period_kind kind, const struct partnership *partnership,
                                 date_t today)
{
    const date_t end = partnership->to_date <= today ? partnership->to_date - 1 : today - 1;
    struct period last = period_of(kind, end);
    if (period_last_day(last) < today) {
        return last;
    }
    return period_of(kind, period_first_day(last) - 1);
}

/** Counts the facts of the asked periods, at most those of the partnership's time. */
static enum err_code facts_count(struct call *call, const struct partnership *partnership,
                                 struct counting *counting, struct err *err)
{
    const struct query *query = counting->query;
    const enum period_kind kind = query->measure->indicator->period_kind;
    const int municipality = call->principal.municipality_code;
    char first[PERIOD_TEXT_BYTES];
    char last[PERIOD_TEXT_BYTES];
    period_format(period_of(kind, partnership->from_date), first);
    period_format(period_last(kind, partnership, directory_today(call->clock)), last);
    if (strcmp(query->period_from, first) > 0) {
        memcpy(first, query->period_from, sizeof(first));
    }
    if (query->period_to[0] != '\0' && strcmp(query->period_to, last) < 0) {
        memcpy(last, query->period_to, sizeof(last));
    }
    const struct fact_query facts = {
        .fact = query->measure->fact,
        .rule = query->measure->rule,
        .partnership_id = partnership->id,
        .municipalities = &municipality,
        .municipality_count = 1,
        .period_from = first,
        .period_to = last,
    };
    return fact_read(call->transaction, &facts, (struct fact_reader){fact_count, counting}, err);
}

static enum err_code answer_fill(struct call *call, const struct partnership *partnership,
                                 const struct counting *counting, Pb__OwnTableResponse *answer,
                                 struct err *err)
{
    const struct query_scope scope = {.policy = "", .synthetic = partnership->synthetic};
    const struct cell_set *sets[] = {counting->cells};
    AUTO(query_table_free) struct query_table *table = NULL;
    enum err_code rc = query_compute(counting->query, &scope, sets, &table, err);
    if (rc != ERR_OK) {
        return rc;
    }
    answer->table = call_message(call, &pb__table__descriptor);
    return answer->table == NULL
               ? err_memory(err)
               : table_pb_fill(call, counting->query, &scope, table, answer->table, err);
}

static enum err_code question_plan(const struct call *call, const Pb__OwnTableRequest *ask,
                                   struct query *out, struct err *err)
{
    const struct intake_services *services = call->services;
    struct query_words words = {
        .partnership = ask->partnership,
        .measure = ask->measure,
        .by = (const char *const *)ask->by,
        .by_count = ask->n_by,
        .period_from = ask->period_from,
        .period_to = ask->period_to,
        .audience = AUDIENCE_OWN,
    };
    enum err_code rc = table_words_filters(call, ask->filters, ask->n_filters, &words, err);
    return rc == ERR_OK ? query_plan(services->catalogue, &words, out, err) : rc;
}

enum err_code intake_own_table(struct call *call, const ProtobufCMessage *request,
                               ProtobufCMessage *response, struct err *err)
{
    const Pb__OwnTableRequest *ask = (const Pb__OwnTableRequest *)request;
    AUTO(partnership_free) struct partnership *partnership = NULL;
    struct query query;
    struct counting counting = {.query = &query};
    enum err_code rc = intake_membership(call, ask->partnership, &partnership, err);
    if (rc == ERR_OK) {
        rc = question_plan(call, ask, &query, err);
    }
    if (rc == ERR_OK) {
        rc = counting_open(&counting, err);
    }
    if (rc == ERR_OK) {
        rc = facts_count(call, partnership, &counting, err);
    }
    if (rc == ERR_OK) {
        rc = answer_fill(call, partnership, &counting, (Pb__OwnTableResponse *)response, err);
    }
    cell_set_free(counting.cells);
    return rc;
}
