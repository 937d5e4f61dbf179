/* table_store - see table_store.h. */
#include "store/release/table_store.h"

#include "embed/embed_queries.h"

#include <stdio.h>
#include <string.h>

static enum err_code cell_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct cell cell = {.period = ""};
    enum cell_state state = CELL_WITHHELD;
    if (!cell_state_find(db_row_text(row, 4), &state)) {
        return err_set(err, ERR_CORRUPT, "a stored cell is in an unrecognized state");
    }
    cell.value = state == CELL_EXACT ? cell_exact(db_row_int(row, 5)) : cell_absent(state);
    snprintf(cell.period, sizeof(cell.period), "%s", db_row_text(row, 0));
    enum err_code rc = cell_code_set(cell.keys[0], db_row_text(row, 1), err);
    if (rc == ERR_OK) {
        rc = cell_code_set(cell.keys[1], db_row_text(row, 2), err);
    }
    if (rc == ERR_OK) {
        rc = cell_code_set(cell.outcome, db_row_text(row, 3), err);
    }
    return rc == ERR_OK ? cell_set_add(ctx, &cell, err) : rc;
}

enum err_code table_load(struct db *db, const struct table_question *question, struct cell_set *out,
                         struct err *err)
{
    return db_query(db, DB_SQL(table_cells),
                    DB_PARAMS(db_int(question->partnership_id),
                              db_text(query_audience_name(question->audience)),
                              db_text(question->indicator),
                              db_text_array(question->dimensions, question->dimension_count),
                              db_text(question->period_from), db_text(question->period_to)),
                    (struct db_reader){cell_read, out}, err);
}

enum err_code table_releases(struct db *db, const struct table_question *question,
                             struct db_reader read, struct err *err)
{
    return db_query(db, DB_SQL(table_releases),
                    DB_PARAMS(db_int(question->partnership_id),
                              db_text(query_audience_name(question->audience)),
                              db_text(question->indicator),
                              db_text_array(question->dimensions, question->dimension_count),
                              db_text(question->period_from), db_text(question->period_to)),
                    read, err);
}
