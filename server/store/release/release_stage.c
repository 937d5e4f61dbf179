/* release_stage - stores a new release with its protected tables. See release_store.h. */
#include "store/release/release_store.h"

#include "embed/embed_queries.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHA256_BYTES = 32,
    SIGNATURE_BYTES = 64,
    CELLS_AT_ONCE = 2000, /* one statement's arrays: about 200 KB */
};

/** The columns of a run of cells, side by side. */
struct columns {
    const char *periods[CELLS_AT_ONCE];
    const char *keys[RELEASED_DIMENSIONS_MAX][CELLS_AT_ONCE];
    const char *outcomes[CELLS_AT_ONCE];
    const char *states[CELLS_AT_ONCE];
    int64_t values[CELLS_AT_ONCE];
    size_t count;
};

static void audience_count(const struct release_draft *draft, enum released_audience audience,
                           int64_t *shown, int64_t *withheld)
{
    *shown = 0;
    *withheld = 0;
    for (size_t i = 0; i < draft->table_count; i++) {
        const struct released_table *table = draft->tables[i];
        if (released_table_audience(table) != audience) {
            continue;
        }
        for (size_t j = 0; j < released_table_cell_count(table); j++) {
            enum released_state state = released_table_cell(table, j).state;
            *shown += state == RELEASED_EXACT ? 1 : 0;
            *withheld += state == RELEASED_WITHHELD ? 1 : 0;
        }
    }
}

/** Counts what the widest audience is shown: the pooled one, or the named one where no pool is
 * large enough to be shown at all. */
static void cells_count(const struct release_draft *draft, int64_t *shown, int64_t *withheld)
{
    audience_count(draft, RELEASED_POOLED, shown, withheld);
    if (*shown == 0 && *withheld == 0) {
        audience_count(draft, RELEASED_NAMED, shown, withheld);
    }
}

static enum err_code head_insert(struct db *db, const struct release_draft *draft, struct err *err)
{
    int64_t shown = 0;
    int64_t withheld = 0;
    cells_count(draft, &shown, &withheld);
    enum err_code rc = db_exec(
        db, DB_SQL(release_insert),
        DB_PARAMS(db_text(draft->release_id), db_int(draft->partnership_id), db_text(draft->policy),
                  db_bytes(draft->manifest.data, draft->manifest.len),
                  db_bytes(draft->manifest_sha256, SHA256_BYTES),
                  db_bytes(draft->manifest_signature, SIGNATURE_BYTES), db_bool(draft->synthetic),
                  db_bigint(shown), db_bigint(withheld)),
        NULL, err);
    if (rc == ERR_CONFLICT) {
        return err_set(err, ERR_CONFLICT, "release %.80s is there already", draft->release_id);
    }
    return rc;
}

static enum err_code periods_insert(struct db *db, const struct release_draft *draft,
                                    struct err *err)
{
    enum err_code rc = db_exec(db, DB_SQL(release_insert_periods),
                               DB_PARAMS(db_text(draft->release_id), db_int(draft->partnership_id),
                                         db_text_array(draft->periods, draft->period_count)),
                               NULL, err);
    if (rc == ERR_CONFLICT) {
        return err_set(err, ERR_CONFLICT, "a period of %.80s was released before",
                       draft->release_id);
    }
    return rc;
}

static enum err_code left_out_insert(struct db *db, const struct release_draft *draft,
                                     struct err *err)
{
    if (draft->left_out_count == 0) {
        return ERR_OK;
    }
    AUTO_HEAP const char **periods = calloc(draft->left_out_count, sizeof(*periods));
    AUTO_HEAP int64_t *codes = calloc(draft->left_out_count, sizeof(*codes));
    if (periods == NULL || codes == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < draft->left_out_count; i++) {
        periods[i] = draft->left_out[i].period;
        codes[i] = draft->left_out[i].municipality_code;
    }
    return db_exec(db, DB_SQL(release_insert_left_out),
                   DB_PARAMS(db_text(draft->release_id),
                             db_text_array(periods, draft->left_out_count),
                             db_int_array(codes, draft->left_out_count)),
                   NULL, err);
}

static void cell_append(struct columns *columns, const struct released_table *table, size_t index)
{
    const struct released_cell cell = released_table_cell(table, index);
    const size_t row = columns->count++;
    columns->periods[row] = cell.period;
    for (size_t i = 0; i < RELEASED_DIMENSIONS_MAX; i++) {
        columns->keys[i][row] = cell.keys[i] == NULL ? "" : cell.keys[i];
    }
    columns->outcomes[row] = cell.outcome;
    columns->states[row] = released_state_name(cell.state);
    columns->values[row] = 0;
    if (released_table_value(table, index, &columns->values[row])) {
        assert(cell.state == RELEASED_EXACT);
    }
}

static enum err_code columns_insert(struct db *db, const char *release_id, int table_number,
                                    struct columns *columns, struct err *err)
{
    const size_t n = columns->count;
    columns->count = 0;
    return db_exec(db, DB_SQL(release_insert_cells),
                   DB_PARAMS(db_text(release_id), db_int(table_number),
                             db_text_array(columns->periods, n), db_text_array(columns->keys[0], n),
                             db_text_array(columns->keys[1], n),
                             db_text_array(columns->outcomes, n), db_text_array(columns->states, n),
                             db_int_array(columns->values, n)),
                   NULL, err);
}

static enum err_code table_insert(struct db *db, const struct release_draft *draft, size_t index,
                                  struct columns *columns, struct err *err)
{
    const struct released_table *table = draft->tables[index];
    const int number = (int)index + 1;
    const char *dimensions[RELEASED_DIMENSIONS_MAX];
    const size_t dimension_count = released_table_dimension_count(table);
    for (size_t i = 0; i < dimension_count; i++) {
        dimensions[i] = released_table_dimension(table, i);
    }
    enum err_code rc = db_exec(
        db, DB_SQL(release_insert_table),
        DB_PARAMS(db_text(draft->release_id), db_int(number),
                  db_text(released_audience_name(released_table_audience(table))),
                  db_text(released_table_name(table)), db_text(released_table_indicator(table)),
                  db_text_array(dimensions, dimension_count)),
        NULL, err);
    const size_t cell_count = released_table_cell_count(table);
    for (size_t i = 0; i < cell_count && rc == ERR_OK; i++) {
        cell_append(columns, table, i);
        if (columns->count == CELLS_AT_ONCE || i + 1 == cell_count) {
            rc = columns_insert(db, draft->release_id, number, columns, err);
        }
    }
    return rc;
}

enum err_code release_stage(struct db *db, const struct release_draft *draft, struct err *err)
{
    AUTO_HEAP struct columns *columns = calloc(1, sizeof(*columns));
    if (columns == NULL) {
        return err_memory(err);
    }
    enum err_code rc = head_insert(db, draft, err);
    if (rc == ERR_OK) {
        rc = periods_insert(db, draft, err);
    }
    if (rc == ERR_OK) {
        rc = left_out_insert(db, draft, err);
    }
    for (size_t i = 0; i < draft->table_count && rc == ERR_OK; i++) {
        rc = table_insert(db, draft, i, columns, err);
    }
    return rc;
}
