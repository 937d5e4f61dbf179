/* push_store - see push_store.h: stage with binary COPY, decide by version, then one sorted
 * statement a table. */
#include "store/case/push_store.h"

#include "base/limits.h"
#include "embed/embed_queries.h"

#include <assert.h>

enum {
    COPY_COLUMNS_MAX = RECORD_FIELDS_MAX + 1,
    UNIT_COLUMNS = 8,
};

static enum err_code run_all(struct db *db, const struct push_batch *batch,
                             const struct db_statement *statements, size_t n, struct err *err)
{
    struct db_params params =
        DB_PARAMS(db_int(batch->municipality_code), db_int(batch->partnership_id));
    enum err_code rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < n; i++) {
        rc = db_exec(db, statements[i], params, NULL, err);
    }
    return rc;
}

/* The value of a field as its stage column wants it. */
static struct db_value column_of(const struct field_def *field, const struct value *value)
{
    if (value->state != VALUE_PRESENT) {
        return db_null();
    }
    switch (field->kind) {
    case FIELD_KIND_CHILD_KEY:
    case FIELD_KIND_WORKER_KEY:
    case FIELD_KIND_ROW_KEY:
        return db_bytes(value->as.key, RECORD_KEY_BYTES);
    case FIELD_KIND_DATE:
    case FIELD_KIND_MONTH:
        return db_date(value->as.number);
    case FIELD_KIND_YEAR:
    case FIELD_KIND_MUNICIPALITY:
        return db_smallint(value->as.number);
    case FIELD_KIND_INTEGER:
    case FIELD_KIND_HUNDREDTHS:
        return db_int(value->as.number);
    case FIELD_KIND_CODE:
    case FIELD_KIND_NAME:
        return db_text(value->as.text);
    case FIELD_KIND_ROW_KEYS:
        break; // pairs of their own table
    }
    return db_null();
}

static enum err_code copy_record(struct db *db, size_t position, const struct record *record,
                                 struct err *err)
{
    const struct record_def *def = record_def_get(record->type);
    struct db_value columns[COPY_COLUMNS_MAX] = {db_int((int)position)};
    size_t n = 1;
    for (size_t i = 0; i < def->field_count; i++) {
        if (def->fields[i].kind != FIELD_KIND_ROW_KEYS) {
            columns[n] = column_of(&def->fields[i], &record->values[i]);
            n++;
        }
    }
    return db_copy_row(db, columns, n, err);
}

/* The pairs of one follow-up and its interventions. */
static enum err_code copy_pairs(struct db *db, size_t position, const struct record *record,
                                struct err *err)
{
    const struct value *keys = &record->values[FIELD_FOLLOW_UP_intervention_keys];
    enum err_code rc = ERR_OK;
    for (size_t i = 0; keys->state == VALUE_PRESENT && rc == ERR_OK && i < keys->as.keys.count;
         i++) {
        const struct db_value columns[] = {
            db_int((int)position),
            db_bytes(record_key(record, FIELD_FOLLOW_UP_case_key), RECORD_KEY_BYTES),
            db_bytes(record_key(record, FIELD_FOLLOW_UP_followup_key), RECORD_KEY_BYTES),
            db_bytes(keys->as.keys.items[i], RECORD_KEY_BYTES),
        };
        rc = db_copy_row(db, columns, ARRAY_COUNT(columns), err);
    }
    return rc;
}

typedef enum err_code (*copy_fn)(struct db *db, size_t position, const struct record *record,
                                 struct err *err);

/* How the rows of each type of record under a case are staged. */
static const struct {
    enum record_type type;
    copy_fn copy;
    struct db_statement statement;
} CASE_COPIES[] = {
    {RECORD_CASE, copy_record, {"push_copy_case_file", sql_push_copy_case_file}},
    {RECORD_ENROLMENT, copy_record, {"push_copy_enrolment", sql_push_copy_enrolment}},
    {RECORD_INTERVENTION, copy_record, {"push_copy_intervention", sql_push_copy_intervention}},
    {RECORD_FOLLOW_UP, copy_record, {"push_copy_follow_up", sql_push_copy_follow_up}},
    {RECORD_FOLLOW_UP,
     copy_pairs,
     {"push_copy_follow_up_intervention", sql_push_copy_follow_up_intervention}},
    {RECORD_MEASUREMENT, copy_record, {"push_copy_measurement", sql_push_copy_measurement}},
};

static enum err_code stage_case_rows(struct db *db, const struct push_batch *batch, size_t copy,
                                     struct err *err)
{
    enum err_code rc = db_copy_begin(db, CASE_COPIES[copy].statement, err);
    for (size_t i = 0; rc == ERR_OK && i < batch->count; i++) {
        if (batch->units[i].kind != PUSH_CASE) {
            continue;
        }
        const struct record_list *rows = &batch->units[i].bundle->lists[CASE_COPIES[copy].type];
        for (size_t j = 0; rc == ERR_OK && j < rows->count; j++) {
            rc = CASE_COPIES[copy].copy(db, i, &rows->items[j], err);
        }
    }
    return rc == ERR_OK ? db_copy_end(db, err) : rc;
}

static enum err_code stage_worker_months(struct db *db, const struct push_batch *batch,
                                         struct err *err)
{
    enum err_code rc = db_copy_begin(db, DB_SQL(push_copy_worker_month), err);
    for (size_t i = 0; rc == ERR_OK && i < batch->count; i++) {
        if (batch->units[i].kind == PUSH_WORKER_MONTH) {
            rc = copy_record(db, i, batch->units[i].record, err);
        }
    }
    return rc == ERR_OK ? db_copy_end(db, err) : rc;
}

static const uint8_t *unit_key(const struct push_unit *unit)
{
    switch (unit->kind) {
    case PUSH_CASE:
        assert(unit->bundle->lists[RECORD_CASE].count == 1);
        return record_key(&unit->bundle->lists[RECORD_CASE].items[0], FIELD_CASE_case_key);
    case PUSH_WORKER_MONTH:
        return record_key(unit->record, FIELD_WORKER_MONTH_worker_key);
    case PUSH_REMOVE_CASE:
    case PUSH_REMOVE_WORKER_MONTH:
        break;
    }
    return unit->key;
}

static date_t unit_month(const struct push_unit *unit)
{
    if (unit->kind == PUSH_WORKER_MONTH) {
        return record_number(unit->record, FIELD_WORKER_MONTH_month, 0);
    }
    return unit->kind == PUSH_REMOVE_WORKER_MONTH ? unit->month : 0;
}

static enum err_code stage_units(struct db *db, const struct push_batch *batch, struct err *err)
{
    enum err_code rc = db_copy_begin(db, DB_SQL(push_copy_unit), err);
    for (size_t i = 0; rc == ERR_OK && i < batch->count; i++) {
        const struct push_unit *unit = &batch->units[i];
        bool is_case = unit->kind == PUSH_CASE || unit->kind == PUSH_REMOVE_CASE;
        bool is_removed = unit->kind == PUSH_REMOVE_CASE || unit->kind == PUSH_REMOVE_WORKER_MONTH;
        const struct db_value columns[UNIT_COLUMNS] = {
            db_int((int)i),
            db_text(is_case ? "CASE" : "WORKER_MONTH"),
            db_bytes(unit_key(unit), RECORD_KEY_BYTES),
            db_date(unit_month(unit)),
            db_bigint(unit->version),
            db_bool(is_removed),
            db_bool(false),
            db_bool(false),
        };
        rc = db_copy_row(db, columns, UNIT_COLUMNS, err);
    }
    return rc == ERR_OK ? db_copy_end(db, err) : rc;
}

static bool has_kind(const struct push_batch *batch, enum push_kind kind)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->units[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static enum err_code stage(struct db *db, const struct push_batch *batch, struct err *err)
{
    enum err_code rc = db_exec(db, DB_SQL(push_stage_open), DB_NO_PARAMS, NULL, err);
    if (rc == ERR_OK) {
        rc = stage_units(db, batch, err);
    }
    for (size_t i = 0; rc == ERR_OK && has_kind(batch, PUSH_CASE) && i < ARRAY_COUNT(CASE_COPIES);
         i++) {
        rc = stage_case_rows(db, batch, i, err);
    }
    if (rc == ERR_OK && has_kind(batch, PUSH_WORKER_MONTH)) {
        rc = stage_worker_months(db, batch, err);
    }
    return rc;
}

/* Of cases that were held before: their rows go. Of new cases there is nothing to look for. */
static enum err_code clear_cases(struct db *db, const struct push_batch *batch, struct err *err)
{
    static const struct db_statement STATEMENTS[] = {
        {"push_clear_enrolment", sql_push_clear_enrolment},
        {"push_clear_intervention", sql_push_clear_intervention},
        {"push_clear_follow_up", sql_push_clear_follow_up},
        {"push_clear_follow_up_intervention", sql_push_clear_follow_up_intervention},
        {"push_clear_measurement", sql_push_clear_measurement},
        {"push_clear_case_file", sql_push_clear_case_file},
    };
    return run_all(db, batch, STATEMENTS, ARRAY_COUNT(STATEMENTS), err);
}

static enum err_code insert_cases(struct db *db, const struct push_batch *batch, struct err *err)
{
    static const struct db_statement STATEMENTS[] = {
        {"push_insert_case_file", sql_push_insert_case_file},
        {"push_insert_enrolment", sql_push_insert_enrolment},
        {"push_insert_intervention", sql_push_insert_intervention},
        {"push_insert_follow_up", sql_push_insert_follow_up},
        {"push_insert_follow_up_intervention", sql_push_insert_follow_up_intervention},
        {"push_insert_measurement", sql_push_insert_measurement},
    };
    return run_all(db, batch, STATEMENTS, ARRAY_COUNT(STATEMENTS), err);
}

static enum err_code move_worker_months(struct db *db, const struct push_batch *batch,
                                        struct err *err)
{
    static const struct db_statement STATEMENTS[] = {
        {"push_clear_worker_month", sql_push_clear_worker_month},
        {"push_insert_worker_month", sql_push_insert_worker_month},
    };
    return run_all(db, batch, STATEMENTS, ARRAY_COUNT(STATEMENTS), err);
}

struct outcomes {
    enum push_outcome *items;
    size_t count;
    bool any_held; /* one of the accepted units replaces another version */
};

static enum err_code read_outcome(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    struct outcomes *outcomes = ctx;
    size_t position = (size_t)db_row_int(row, 0);
    assert(position < outcomes->count);
    enum push_outcome accepted = db_row_bool(row, 2) ? PUSH_REMOVED : PUSH_STORED;
    outcomes->items[position] = db_row_bool(row, 1) ? accepted : PUSH_UNCHANGED;
    outcomes->any_held |= db_row_bool(row, 3);
    return ERR_OK;
}

static enum err_code accept(struct db *db, const struct push_batch *batch,
                            struct outcomes *outcomes, struct err *err)
{
    static const struct db_statement LOCK = {"push_lock", sql_push_lock};
    static const struct db_statement ACCEPT = {"push_accept", sql_push_accept};
    enum err_code rc = run_all(db, batch, &LOCK, 1, err);
    if (rc == ERR_OK) {
        rc = stage(db, batch, err);
    }
    if (rc == ERR_OK) {
        rc = run_all(db, batch, &ACCEPT, 1, err);
    }
    if (rc == ERR_OK) {
        rc = db_query(db, DB_SQL(push_outcomes), DB_NO_PARAMS,
                      (struct db_reader){read_outcome, outcomes}, err);
    }
    return rc;
}

enum err_code push_store(struct db *db, const struct push_batch *batch, enum push_outcome *outcomes,
                         struct err *err)
{
    if (batch->count > BATCH_UNITS_MAX) {
        return err_set(err, ERR_LIMIT, "a batch holds at most %d units, not %zu", BATCH_UNITS_MAX,
                       batch->count);
    }
    struct outcomes found = {outcomes, batch->count, false};
    enum err_code rc = accept(db, batch, &found, err);
    if (rc == ERR_OK && found.any_held) {
        rc = clear_cases(db, batch, err);
    }
    if (rc == ERR_OK && has_kind(batch, PUSH_CASE)) {
        rc = insert_cases(db, batch, err);
    }
    if (rc == ERR_OK &&
        (has_kind(batch, PUSH_WORKER_MONTH) || has_kind(batch, PUSH_REMOVE_WORKER_MONTH))) {
        rc = move_worker_months(db, batch, err);
    }
    return rc;
}
