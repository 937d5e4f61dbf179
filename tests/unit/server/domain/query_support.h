/*
 * query_support - verbs of the query tests: the shipped catalogue, cells from a table, a
 * planned question, a computed table. Included by tests/unit/server/domain/test_query*.c.
 *
 *     struct query query = planned((struct query_words){.measure = "institution_share"});
 *     table = computed(&query, NULL, CELLS(CELLS_PROTECTED, GIVEN), NULL);
 */
#ifndef FREMGANG_TESTS_UNIT_SERVER_DOMAIN_QUERY_SUPPORT_H
#define FREMGANG_TESTS_UNIT_SERVER_DOMAIN_QUERY_SUPPORT_H

#include "support.h"

#include "domain/query.h"

#include <string.h>

static struct catalogue *catalogue; /* opened once for the program */

static const struct query_member THREE[] = {
    {167, 15000, 18000}, {510, 15000, 18000}, {657, 15000, 18000}};
static const char *const RELEASES[] = {"p-2014-Q2-1"};

/** One cell in a test's table. */
struct given {
    const char *period;
    const char *keys[2];
    const char *outcome;
    int64_t value;
    enum cell_state state;
};

static inline int catalogue_open(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    return catalogue_load(&catalogue, &err) == ERR_OK ? 0 : 1;
}

static inline int catalogue_close(void **state)
{
    (void)state;
    catalogue_free(catalogue);
    return 0;
}

static inline struct cell_set *cells_make(enum cell_set_kind kind, const struct given *given,
                                          size_t n)
{
    struct err err = ERR_INIT;
    struct cell_set *set = NULL;
    ASSERT_OK(cell_set_new(kind, &set, &err), err);
    for (size_t i = 0; i < n; i++) {
        struct cell cell = {.value = given[i].state == CELL_EXACT ? cell_exact(given[i].value)
                                                                  : cell_absent(given[i].state)};
        memcpy(cell.period, given[i].period, strlen(given[i].period) + 1);
        for (size_t j = 0; j < 2; j++) {
            const char *key = given[i].keys[j] == NULL ? "" : given[i].keys[j];
            ASSERT_OK(cell_code_set(cell.keys[j], key, &err), err);
        }
        ASSERT_OK(cell_code_set(cell.outcome, given[i].outcome, &err), err);
        ASSERT_OK(cell_set_add(set, &cell, &err), err);
    }
    return set;
}
#define CELLS(kind, given) cells_make(kind, given, sizeof(given) / sizeof((given)[0]))

static inline struct query planned(struct query_words words)
{
    struct err err = ERR_INIT;
    struct query query;
    words.partnership = "p";
    words.period_from = words.period_from == NULL ? "" : words.period_from;
    words.period_to = words.period_to == NULL ? "" : words.period_to;
    ASSERT_OK(query_plan(catalogue, &words, &query, &err), err);
    return query;
}

static inline struct query_table *computed(const struct query *query,
                                           const struct query_scope *given, struct cell_set *first,
                                           struct cell_set *second)
{
    struct err err = ERR_INIT;
    struct query_scope scope = given != NULL ? *given
                                             : (struct query_scope){.members = THREE,
                                                                    .member_count = 3,
                                                                    .release_ids = RELEASES,
                                                                    .release_count = 1,
                                                                    .policy = "suppress-t5-w5"};
    const struct cell_set *sets[] = {first, second};
    struct query_table *table = NULL;
    ASSERT_OK(query_compute(query, &scope, sets, &table, &err), err);
    cell_set_free(first);
    cell_set_free(second);
    return table;
}

static inline const struct query_row *row_at(const struct query_table *table, size_t index)
{
    size_t count = 0;
    const struct query_row *rows = query_table_rows(table, &count);
    assert_true(index < count);
    return &rows[index];
}

static inline size_t row_count(const struct query_table *table)
{
    size_t count = 0;
    query_table_rows(table, &count);
    return count;
}

#endif
