/* case_db - see case_db.h. */
#include "support/case_db.h"

#include "store/migrate/migrate.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

static struct db_pool *open_as(const struct case_db *db, const char *role)
{
    struct err err = ERR_INIT;
    struct db_pool *pool = NULL;
    ASSERT_OK(db_pool_open(cluster_conninfo_for(&db->cluster, role), 4, &pool, &err), err);
    return pool;
}

void case_db_start(struct case_db *db)
{
    struct err err = ERR_INIT;
    struct migrate_options options = {.dry_run = false};
    cluster_start(&db->cluster);
    db->owner = open_as(db, "postgres");
    ASSERT_OK(migrate_case(db->owner, &options, &err), err);
    db->intake = open_as(db, "fremgang_intake");
    db->publish = open_as(db, "fremgang_publish");
}

void case_db_stop(struct case_db *db)
{
    db_pool_free(db->owner);
    db_pool_free(db->intake);
    db_pool_free(db->publish);
    cluster_stop(&db->cluster);
}

struct db *case_db_begin(struct case_db *db, int municipality_code)
{
    char role[16];
    struct err err = ERR_INIT;
    struct db *transaction = NULL;
    (void)snprintf(role, sizeof(role), "muni_%d", municipality_code);
    struct db_begin_options options = {.role = role};
    ASSERT_OK(db_begin(db->intake, &options, &transaction, &err), err);
    return transaction;
}

void case_db_commit(struct db *db)
{
    struct err err = ERR_INIT;
    ASSERT_OK(db_commit(db, &err), err);
}

static enum err_code read_number(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(int64_t *)ctx = db_row_int(row, 0);
    return ERR_OK;
}

int64_t case_db_number(struct case_db *db, const char *sql)
{
    struct err err = ERR_INIT;
    struct db *transaction = NULL;
    int64_t number = -1;
    struct db_begin_options options = {.read_only = true};
    ASSERT_OK(db_begin(db->owner, &options, &transaction, &err), err);
    ASSERT_OK(db_query_one(transaction, (struct db_statement){"test_number", sql}, DB_NO_PARAMS,
                           (struct db_reader){read_number, &number}, &err),
              err);
    db_rollback(transaction);
    return number;
}

enum push_outcome case_db_push(struct case_db *db, int municipality_code, int partnership_id,
                               const struct case_build *build, int64_t version)
{
    struct err err = ERR_INIT;
    struct push_unit unit = {.kind = PUSH_CASE, .version = version, .bundle = &build->bundle};
    struct push_batch batch = {municipality_code, partnership_id, &unit, 1};
    enum push_outcome outcome = PUSH_UNCHANGED;
    struct db *transaction = case_db_begin(db, municipality_code);
    ASSERT_OK(push_store(transaction, &batch, &outcome, &err), err);
    case_db_commit(transaction);
    return outcome;
}

const uint8_t *case_key_of(unsigned number)
{
    static uint8_t keys[8][RECORD_KEY_BYTES];
    static unsigned next;
    uint8_t *key = keys[next++ % 8];
    memset(key, 0, RECORD_KEY_BYTES);
    key[0] = (uint8_t)(number >> 8);
    key[1] = (uint8_t)number;
    return key;
}

date_t case_date(const char *text)
{
    date_t date = DATE_NONE;
    if (text != NULL) {
        assert_true(date_parse(text, strlen(text), &date));
    }
    return date;
}

/* A new row of a type with its case key, visible in the bundle. */
static struct record *add_row(struct case_build *build, enum record_type type, int case_field)
{
    assert_true(build->counts[type] < CASE_BUILD_ROWS_MAX);
    struct record *row = &build->rows[type][build->counts[type]];
    build->counts[type]++;
    *row = (struct record){.type = type};
    if (type != RECORD_CASE) {
        const uint8_t *key = record_key(&build->rows[RECORD_CASE][0], FIELD_CASE_case_key);
        record_set_key(row, case_field, key);
    }
    build->bundle.lists[type] = (struct record_list){build->rows[type], build->counts[type]};
    return row;
}

static void set_date(struct record *row, int field, const char *text)
{
    if (text != NULL) {
        record_set_number(row, field, case_date(text));
    }
}

void case_build_start(struct case_build *build, unsigned child, const char *from)
{
    memset(build, 0, sizeof(*build));
    struct record *row = add_row(build, RECORD_CASE, 0);
    record_set_key(row, FIELD_CASE_case_key, case_key_of(child));
    record_set_number(row, FIELD_CASE_birth_year, 2006);
    record_set_text(row, FIELD_CASE_sex, "M");
    set_date(row, FIELD_CASE_opened_date, from);
    record_set_text(row, FIELD_CASE_target_group, "OTHER");
    row = add_row(build, RECORD_ENROLMENT, FIELD_ENROLMENT_case_key);
    set_date(row, FIELD_ENROLMENT_from_date, from);
}

void case_build_intervention(struct case_build *build, unsigned id, const char *paragraph,
                             const char *place_type, const char *start, const char *end)
{
    struct record *row = add_row(build, RECORD_INTERVENTION, FIELD_INTERVENTION_case_key);
    record_set_key(row, FIELD_INTERVENTION_intervention_key, case_key_of(id));
    record_set_text(row, FIELD_INTERVENTION_paragraph, paragraph);
    if (place_type != NULL) {
        record_set_text(row, FIELD_INTERVENTION_place_type, place_type);
    }
    set_date(row, FIELD_INTERVENTION_start_date, start);
    set_date(row, FIELD_INTERVENTION_end_date, end);
}

void case_build_follow_up(struct case_build *build, unsigned id, const char *date,
                          unsigned intervention)
{
    struct record *row = add_row(build, RECORD_FOLLOW_UP, FIELD_FOLLOW_UP_case_key);
    size_t place = build->counts[RECORD_FOLLOW_UP] - 1;
    record_set_key(row, FIELD_FOLLOW_UP_followup_key, case_key_of(id));
    set_date(row, FIELD_FOLLOW_UP_followup_date, date);
    memcpy(build->links[place][0], case_key_of(intervention), RECORD_KEY_BYTES);
    row->values[FIELD_FOLLOW_UP_intervention_keys] = (struct value){
        .state = VALUE_PRESENT,
        .as.keys = {.items = (const uint8_t(*)[RECORD_KEY_BYTES])build->links[place], .count = 1}};
}

void case_build_measurement(struct case_build *build, unsigned id, const char *date, int score)
{
    struct record *row = add_row(build, RECORD_MEASUREMENT, FIELD_MEASUREMENT_case_key);
    record_set_key(row, FIELD_MEASUREMENT_measurement_key, case_key_of(id));
    record_set_text(row, FIELD_MEASUREMENT_instrument, "WHO5");
    record_set_text(row, FIELD_MEASUREMENT_instrument_version, "1998");
    record_set_text(row, FIELD_MEASUREMENT_informant, "CHILD");
    set_date(row, FIELD_MEASUREMENT_measured_date, date);
    record_set_number(row, FIELD_MEASUREMENT_score_hundredths, score * 100);
}
