/* query_compute - cells to rows: filter, sort into groups, merge, one statistic. See query.h. */
#include "domain/query_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEMBERS_MIN = 3, /* a pool of fewer would show one member to the other */
    OUTCOMES_MAX = 64,
    KEY_NONE = -1, /* a key that no dimension of the source gives */
};

/** A cell under the keys of its row. */
struct entry {
    char keys[QUERY_BY_MAX][CELL_CODE_BYTES];
    const struct cell *cell;
};

/** Where each key of the row comes from in one source. */
struct mapping {
    const struct query *query;
    const struct query_source *source;
    size_t key_count;       /* query->by without the outcome */
    int from[QUERY_BY_MAX]; /* index into the source's dimensions, or KEY_NONE */
};

int code_compare(const char *a, const char *b)
{
    char *a_end = NULL;
    char *b_end = NULL;
    const long a_number = strtol(a, &a_end, 10);
    const long b_number = strtol(b, &b_end, 10);
    const bool a_is_number = a_end != a;
    const bool b_is_number = b_end != b;
    if (a_is_number != b_is_number) {
        return a_is_number ? -1 : 1;
    }
    if (a_is_number && a_number != b_number) {
        return a_number < b_number ? -1 : 1;
    }
    return strcmp(a, b);
}

bool query_filter_passes(const struct query *query, const char *dimension, const char *code)
{
    for (size_t i = 0; i < query->words.filter_count; i++) {
        const struct query_filter *filter = &query->words.filters[i];
        if (strcmp(filter->dimension, dimension) != 0) {
            continue;
        }
        for (size_t j = 0; j < filter->code_count; j++) {
            if (strcmp(filter->codes[j], code) == 0) {
                return true;
            }
        }
        return false;
    }
    return true;
}

static struct mapping mapping_make(const struct query *query, const struct query_source *source)
{
    struct mapping mapping = {.query = query, .source = source, .key_count = query->by_count};
    if (query->measure->statistic == STATISTIC_DISTRIBUTION) {
        mapping.key_count--;
    }
    for (size_t i = 0; i < mapping.key_count; i++) {
        mapping.from[i] = KEY_NONE;
        for (size_t j = 0; j < source->dimension_count; j++) {
            if (strcmp(query->by[i], source->dimensions[j]) == 0) {
                mapping.from[i] = (int)j;
            }
        }
    }
    return mapping;
}

static bool is_wanted(const struct mapping *mapping, const struct cell *cell)
{
    const struct query *query = mapping->query;
    if (strcmp(cell->period, query->period_from) < 0 ||
        (query->period_to[0] != '\0' && strcmp(cell->period, query->period_to) > 0) ||
        !query_filter_passes(query, query->by[0], cell->period)) {
        return false;
    }
    for (size_t i = 0; i < mapping->source->dimension_count; i++) {
        if (!query_filter_passes(query, mapping->source->dimensions[i], cell->keys[i])) {
            return false;
        }
    }
    return !mapping->source->is_pool ||
           query_filter_passes(query, "municipality", QUERY_POOL_KEY) ||
           query->words.audience == AUDIENCE_POOLED;
}

static void entry_fill(const struct mapping *mapping, const struct cell *cell, struct entry *entry)
{
    entry->cell = cell;
    memcpy(entry->keys[0], cell->period, sizeof(cell->period));
    for (size_t i = 1; i < mapping->key_count; i++) {
        // Only the municipality can be missing in a source: it is the one of the pool.
        const char *key =
            mapping->from[i] == KEY_NONE ? QUERY_POOL_KEY : cell->keys[mapping->from[i]];
        memcpy(entry->keys[i], key, strlen(key) + 1);
    }
}

/** Compares two runs of QUERY_BY_MAX keys, given by their first letter. */
static int keys_compare(const char *a, const char *b)
{
    int order = 0;
    for (size_t i = 0; i < QUERY_BY_MAX && order == 0; i++) {
        order = code_compare(a + i * CELL_CODE_BYTES, b + i * CELL_CODE_BYTES);
    }
    return order;
}

static int entry_compare(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    int order = keys_compare(left->keys[0], right->keys[0]);
    return order != 0 ? order : code_compare(left->cell->outcome, right->cell->outcome);
}

/** Where the catalogue lists an outcome; one it does not list comes last. */
static size_t outcome_place(const struct code_run *outcomes, const char *outcome)
{
    size_t place = 0;
    while (place < outcomes->count && strcmp(outcomes->codes[place], outcome) != 0) {
        place++;
    }
    return place;
}

static int outcome_compare(const struct query *query, const char *a, const char *b)
{
    const size_t a_place = outcome_place(query->outcomes, a);
    const size_t b_place = outcome_place(query->outcomes, b);
    if (a_place != b_place) {
        return a_place < b_place ? -1 : 1;
    }
    return code_compare(a, b);
}

/** By keys; the outcome of a distribution as the catalogue lists it. */
static int row_compare(const void *a, const void *b, void *ctx)
{
    const struct query *query = ctx;
    const struct query_row *left = a;
    const struct query_row *right = b;
    const bool ends_in_outcome =
        query->measure->statistic == STATISTIC_DISTRIBUTION && query->outcomes != NULL;
    int order = 0;
    for (size_t i = 0; i < query->by_count && order == 0; i++) {
        order = ends_in_outcome && i + 1 == query->by_count
                    ? outcome_compare(query, left->keys[i], right->keys[i])
                    : code_compare(left->keys[i], right->keys[i]);
    }
    return order;
}

struct query_row *query_table_add(struct query_table *table, const struct group *group)
{
    if (table->row_count == table->row_capacity) {
        size_t capacity = table->row_capacity == 0 ? 64 : table->row_capacity * 2;
        struct query_row *rows = reallocarray(table->rows, capacity, sizeof(*rows));
        if (rows == NULL) {
            return NULL;
        }
        table->rows = rows;
        table->row_capacity = capacity;
    }
    struct query_row *row = &table->rows[table->row_count++];
    *row = (struct query_row){.has_value = false};
    memcpy(row->keys, group->keys, sizeof(row->keys));
    return row;
}

/** Merges equal outcomes of the sorted entries [from, to). A category that lacks an outcome
 * which others of the group have was not published for it. */
static enum err_code outcomes_merge(const struct entry *entries, size_t count, struct group *group,
                                    struct group_outcome out[OUTCOMES_MAX], struct err *err)
{
    size_t parts_max = 0;
    group->outcome_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct cell *cell = entries[i].cell;
        struct group_outcome *last =
            group->outcome_count > 0 ? &out[group->outcome_count - 1] : NULL;
        if (last == NULL || strcmp(last->outcome, cell->outcome) != 0) {
            if (group->outcome_count == OUTCOMES_MAX) {
                return err_set(err, ERR_LIMIT, "more than %d outcomes", OUTCOMES_MAX);
            }
            last = &out[group->outcome_count++];
            *last = (struct group_outcome){cell->outcome, cell->value, 1};
        } else {
            last->value = cell_add(last->value, cell->value);
            last->parts++;
        }
        parts_max = last->parts > parts_max ? last->parts : parts_max;
    }
    for (size_t i = 0; i < group->outcome_count && group->kind == CELLS_PROTECTED; i++) {
        if (out[i].parts < parts_max) {
            out[i].value = cell_add(out[i].value, cell_absent(CELL_WITHHELD));
        }
    }
    group->outcomes = out;
    return ERR_OK;
}

static enum err_code groups_compute(struct entry *entries, size_t count, struct group *group,
                                    struct query_table *table, struct err *err)
{
    struct group_outcome outcomes[OUTCOMES_MAX];
    qsort(entries, count, sizeof(*entries), entry_compare);
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && keys_compare(entries[from].keys[0], entries[to].keys[0]) == 0) {
            to++;
        }
        group->keys = entries[from].keys;
        enum err_code rc = outcomes_merge(&entries[from], to - from, group, outcomes, err);
        if (rc == ERR_OK) {
            rc = statistic_rows(group, table, err);
        }
        if (rc != ERR_OK) {
            return rc;
        }
    }
    return ERR_OK;
}

static enum err_code source_compute(const struct mapping *mapping, const struct cell_set *set,
                                    struct query_table *table, struct err *err)
{
    const size_t cell_count = cell_set_count(set);
    AUTO_HEAP struct entry *entries = calloc(cell_count + 1, sizeof(*entries));
    if (entries == NULL) {
        return err_memory(err);
    }
    size_t count = 0;
    for (size_t i = 0; i < cell_count; i++) {
        const struct cell *cell = cell_set_at(set, i);
        if (is_wanted(mapping, cell)) {
            entry_fill(mapping, cell, &entries[count++]);
        }
    }
    struct group group = {.query = mapping->query, .kind = cell_set_kind(set)};
    return groups_compute(entries, count, &group, table, err);
}

static bool is_member_in(const struct query_member *member, const char *period_text)
{
    struct period period;
    return period_parse(period_text, &period) && member->from_date <= period_last_day(period) &&
           period_first_day(period) < member->to_date;
}

static size_t members_in(const struct query_scope *scope, const char *period)
{
    size_t count = 0;
    for (size_t i = 0; i < scope->member_count; i++) {
        count += is_member_in(&scope->members[i], period) ? 1 : 0;
    }
    return count;
}

static void row_hide(struct query_row *row, enum cell_state state)
{
    row->numerator = cell_absent(state);
    row->denominator = cell_absent(state);
    row->has_value = false;
    row->value = 0.0;
}

/** A pooled audience learns nothing of a pool of fewer than three, by public fact. */
static void small_pools_hide(struct query_table *table, const struct query_scope *scope)
{
    for (size_t i = 0; i < table->row_count; i++) {
        if (members_in(scope, table->rows[i].keys[0]) < MEMBERS_MIN) {
            row_hide(&table->rows[i], CELL_TOO_FEW_CONTRIBUTORS);
        }
    }
}

/** Where the municipality stands in a row's keys. */
static size_t municipality_key(const struct query *query)
{
    size_t key = 0;
    while (strcmp(query->by[key], "municipality") != 0) {
        key++;
    }
    return key;
}

/** Puts a withheld row for each member beside the pool's row, so that a pooled audience sees
 * who takes part and that single figures are not shown. */
static enum err_code members_append(struct query_table *table, const struct query *query,
                                    const struct query_scope *scope, struct err *err)
{
    const size_t pool_rows = table->row_count;
    const size_t key = municipality_key(query);
    for (size_t i = 0; i < pool_rows; i++) {
        for (size_t j = 0; j < scope->member_count; j++) {
            char code[CELL_CODE_BYTES];
            snprintf(code, sizeof(code), "%d", scope->members[j].municipality_code);
            if (!is_member_in(&scope->members[j], table->rows[i].keys[0]) ||
                !query_filter_passes(query, "municipality", code)) {
                continue;
            }
            struct query_row pool = table->rows[i];
            struct query_row *row = query_table_add(table, &(struct group){.keys = pool.keys});
            if (row == NULL) {
                return err_memory(err);
            }
            row->has_numerator = pool.has_numerator;
            row->has_denominator = pool.has_denominator;
            memcpy(row->keys[key], code, sizeof(code));
            row_hide(row, CELL_WITHHELD);
        }
    }
    return ERR_OK;
}

/** Drops the pool's rows when a filter on municipality leaves them out. */
static void pool_filter(struct query_table *table, const struct query *query)
{
    const size_t key = municipality_key(query);
    size_t kept = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        if (query_filter_passes(query, "municipality", table->rows[i].keys[key])) {
            table->rows[kept++] = table->rows[i];
        }
    }
    table->row_count = kept;
}

static enum err_code pooled_finish(struct query_table *table, const struct query *query,
                                   const struct query_scope *scope, struct err *err)
{
    enum err_code rc = ERR_OK;
    small_pools_hide(table, scope);
    if (query->is_by_municipality) {
        rc = members_append(table, query, scope, err);
        pool_filter(table, query);
    }
    return rc;
}

enum err_code query_compute(const struct query *query, const struct query_scope *scope,
                            const struct cell_set *const *sets, struct query_table **out,
                            struct err *err)
{
    AUTO(query_table_free) struct query_table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        return err_memory(err);
    }
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < query->source_count && rc == ERR_OK; i++) {
        const struct mapping mapping = mapping_make(query, &query->sources[i]);
        rc = source_compute(&mapping, sets[i], table, err);
    }
    if (rc == ERR_OK && query->words.audience == AUDIENCE_POOLED) {
        rc = pooled_finish(table, query, scope, err);
    }
    if (rc != ERR_OK) {
        return rc;
    }
    if (table->row_count > 1) {
        struct query copy = *query; // qsort_r's context is not const
        qsort_r(table->rows, table->row_count, sizeof(*table->rows), row_compare, &copy);
    }
    rc = query_table_name(table, query, scope, err);
    if (rc == ERR_OK) {
        *out = STEAL(table);
    }
    return rc;
}
