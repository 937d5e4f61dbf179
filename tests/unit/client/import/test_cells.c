/*
 * Goal: a cell is read as a Danish reader would, or is malformed; never half. Method: tables
 * of cells and values, one column at a time.
 */
#include "support.h"

#include "import/cells.h"
#include "import/record_blob.h"

#include <string.h>

struct fixture {
    struct code_lists *lists;
    struct mapping *mapping;
    struct secret *key;
};

static int fixture_make(void **state)
{
    static struct fixture fixture;
    struct err err = ERR_INIT;
    ASSERT_OK(code_lists_load(&fixture.lists, &err), err);
    ASSERT_OK(mapping_parse(NULL, fixture.lists, &fixture.mapping, &err), err);
    ASSERT_OK(secret_new(PSEUDONYM_KEY_BYTES, &fixture.key, &err), err);
    *state = &fixture;
    return 0;
}

static int fixture_free(void **state)
{
    struct fixture *fixture = *state;
    secret_free(fixture->key);
    mapping_free(fixture->mapping);
    code_lists_free(fixture->lists);
    return 0;
}

/* Reads a row of one or two columns, given by their Danish headers. */
static void read_row(const struct fixture *fixture, enum record_type type,
                     const char *const headers[2], const char *const values[2], struct cells *out)
{
    const struct csv_row header = {.line = 1, .cells = headers, .count = headers[1] ? 2 : 1};
    const struct csv_row row = {.line = 2, .cells = values, .count = header.count};
    struct columns columns;
    struct column_problems problems;
    columns_resolve(fixture->mapping, type, &header, &columns, &problems);
    const struct cells_reader reader = {fixture->mapping, type, 20000};
    cells_read(&reader, &columns, &row, out);
}

static const struct {
    enum record_type type;
    const char *header;
    int field;
    const char *cell;
    enum value_state state;
    int32_t number;
} number_rows[] = {
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "2016-06-30", VALUE_PRESENT, 16982},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "30-06-2016", VALUE_PRESENT, 16982},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "30.06.2016", VALUE_PRESENT, 16982},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "30-06-2016 00:00", VALUE_PRESENT, 16982},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "2016-06-30T00:00:00", VALUE_PRESENT,
     16982},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "31-06-2016", VALUE_MALFORMED, 0},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "30/13/2016", VALUE_MALFORMED, 0},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "42551", VALUE_MALFORMED, 0},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "i går", VALUE_MALFORMED, 0},
    {RECORD_CASE, "Sag oprettet", FIELD_CASE_opened_date, "", VALUE_ABSENT, 0},
    {RECORD_WORKER_MONTH, "Måned", FIELD_WORKER_MONTH_month, "2016-06", VALUE_PRESENT, 16953},
    {RECORD_WORKER_MONTH, "Måned", FIELD_WORKER_MONTH_month, "06-2016", VALUE_PRESENT, 16953},
    {RECORD_WORKER_MONTH, "Måned", FIELD_WORKER_MONTH_month, "06.2016", VALUE_MALFORMED, 0},
    {RECORD_WORKER_MONTH, "Måned", FIELD_WORKER_MONTH_month, "01-06-2016", VALUE_PRESENT, 16953},
    {RECORD_WORKER_MONTH, "Måned", FIELD_WORKER_MONTH_month, "2016-13", VALUE_MALFORMED, 0},
    {RECORD_WORKER_MONTH, "Måned", FIELD_WORKER_MONTH_month, "juni 16", VALUE_MALFORMED, 0},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "1", VALUE_PRESENT, 100},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "0,89", VALUE_PRESENT, 89},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "0.5", VALUE_PRESENT, 50},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "0,8919", VALUE_PRESENT,
     89},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "0,895", VALUE_PRESENT, 90},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "-1", VALUE_PRESENT, -100},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "20000000", VALUE_PRESENT,
     2000000000},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "20000001", VALUE_MALFORMED,
     0},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "99999999999999999999",
     VALUE_MALFORMED, 0},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "1,", VALUE_MALFORMED, 0},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, ",5", VALUE_MALFORMED, 0},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "1.000,5", VALUE_MALFORMED,
     0},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "-", VALUE_MALFORMED, 0},
    {RECORD_WORKER_MONTH, "Årsværk", FIELD_WORKER_MONTH_fte_hundredths, "1e2", VALUE_MALFORMED, 0},
    {RECORD_FOLLOW_UP, "Besluttet interval (dage)", FIELD_FOLLOW_UP_decided_interval_days, "90",
     VALUE_PRESENT, 90},
    {RECORD_FOLLOW_UP, "Besluttet interval (dage)", FIELD_FOLLOW_UP_decided_interval_days, "90,5",
     VALUE_MALFORMED, 0},
    {RECORD_FOLLOW_UP, "Besluttet interval (dage)", FIELD_FOLLOW_UP_decided_interval_days, "-90",
     VALUE_MALFORMED, 0},
    {RECORD_FOLLOW_UP, "Besluttet interval (dage)", FIELD_FOLLOW_UP_decided_interval_days, " 90",
     VALUE_MALFORMED, 0},
    {RECORD_CASE, "Handlekommune", FIELD_CASE_acting_municipality, "0657", VALUE_PRESENT, 657},
    {RECORD_CASE, "Handlekommune", FIELD_CASE_acting_municipality, "Herning", VALUE_PRESENT, 657},
    {RECORD_CASE, "Handlekommune", FIELD_CASE_acting_municipality, "Atlantis", VALUE_PRESENT, 0},
};

static void test_cells_read__numbers_dates_and_months(void **state)
{
    for (size_t i = 0; i < ARRAY_COUNT(number_rows); i++) {
        AUTO_CELLS struct cells cells;
        const char *headers[2] = {number_rows[i].header, NULL};
        const char *values[2] = {number_rows[i].cell, NULL};
        read_row(*state, number_rows[i].type, headers, values, &cells);
        const struct value *value = &cells.record.values[number_rows[i].field];
        if (value->state != number_rows[i].state ||
            (value->state == VALUE_PRESENT && value->as.number != number_rows[i].number)) {
            fail_msg("\"%s\": state %d, number %d", number_rows[i].cell, (int)value->state,
                     value->as.number);
        }
    }
}

static void test_cells_read__codes_follow_the_rows_date(void **state)
{
    static const struct {
        const char *date;
        const char *word;
        const char *code;
    } rows[] = {
        {"2016-01-01", "SEL § 58", "SEL-58"}, {"2016-01-01", "§ 52.3.7", "SEL-52-3-7"},
        {"2024-01-01", "§ 46", "BL-46"},      {"2024-01-01", "§ 32.1.5", "BL-32-1-5"},
        {"2016-01-01", "§ 9999", "?"},        {"", "SEL-58", "SEL-58"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        AUTO_CELLS struct cells cells;
        const char *headers[2] = {"Paragraf", "Startdato"};
        const char *values[2] = {rows[i].word, rows[i].date};
        read_row(*state, RECORD_INTERVENTION, headers, values, &cells);
        assert_string_equal(record_text(&cells.record, FIELD_INTERVENTION_paragraph), rows[i].code);
    }
}

static void test_cells_read__derives_year_and_sex_of_a_case_alone(void **state)
{
    AUTO_CELLS struct cells cells;
    const char *headers[2] = {"CPR-nummer", NULL};
    const char *values[2] = {"710761-4285", NULL};
    read_row(*state, RECORD_CASE, headers, values, &cells);
    assert_int_equal(cells.cpr_result, CPR_REPLACEMENT);
    assert_int_equal(record_number(&cells.record, FIELD_CASE_birth_year, 0), 1961);
    assert_string_equal(record_text(&cells.record, FIELD_CASE_sex), "M");
    values[0] = "511062-5629";
    read_row(*state, RECORD_CASE, headers, values, &cells);
    assert_int_equal(cells.cpr_result, CPR_BAD_DATE);
    assert_int_equal(cells.record.values[FIELD_CASE_case_key].state, VALUE_MALFORMED);
    assert_null(record_text(&cells.record, FIELD_CASE_sex));
    assert_string_equal(cells.cpr.digits, "");
}

static void seal(const struct fixture *fixture, const char *links, struct arena *arena,
                 struct record *out)
{
    struct err err = ERR_INIT;
    AUTO_CELLS struct cells cells;
    const char *headers[2] = {"CPR-nummer", "Foranstaltnings-id"};
    const char *values[2] = {"710761-4285", links};
    read_row(fixture, RECORD_FOLLOW_UP, headers, values, &cells);
    ASSERT_OK(cells_seal(&cells, fixture->key, arena, out, &err), err);
}

static void test_cells_seal__links_are_the_keys_of_the_interventions(void **state)
{
    const struct fixture *fixture = *state;
    struct err err = ERR_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(65536);
    struct record follow_up;
    seal(fixture, " F1 | F2||", arena, &follow_up);
    const struct record_keys *keys = &follow_up.values[FIELD_FOLLOW_UP_intervention_keys].as.keys;
    assert_int_equal(keys->count, 2);
    for (size_t i = 0; i < 2; i++) {
        AUTO_CELLS struct cells cells;
        struct record intervention;
        const char *headers[2] = {"CPR-nummer", "Foranstaltnings-id"};
        const char *values[2] = {"7107614285", i == 0 ? "F1" : "F2"};
        read_row(fixture, RECORD_INTERVENTION, headers, values, &cells);
        ASSERT_OK(cells_seal(&cells, fixture->key, arena, &intervention, &err), err);
        assert_memory_equal(keys->items[i],
                            record_key(&intervention, FIELD_INTERVENTION_intervention_key),
                            RECORD_KEY_BYTES);
    }
    seal(fixture, "||", arena, &follow_up);
    assert_int_equal(follow_up.values[FIELD_FOLLOW_UP_intervention_keys].as.keys.count, 0);
}

static void test_record_blob_read__refuses_cut_and_foreign_bytes(void **state)
{
    const struct fixture *fixture = *state;
    struct err err = ERR_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(1024 * 1024);
    AUTO_BUF struct buf blob = BUF_INIT;
    struct record record;
    struct record back;
    seal(fixture, "F1|F2", arena, &record);
    record.values[FIELD_FOLLOW_UP_followup_date].state = VALUE_MALFORMED;
    record_blob_write(&record, &blob);
    ASSERT_OK(buf_check(&blob, &err), err);
    struct wire_bytes bytes = {blob.data, blob.len};
    ASSERT_OK(record_blob_read(RECORD_FOLLOW_UP, bytes, arena, &back, &err), err);
    assert_int_equal(back.values[FIELD_FOLLOW_UP_followup_date].state, VALUE_MALFORMED);
    assert_int_equal(back.values[FIELD_FOLLOW_UP_intervention_keys].as.keys.count, 2);
    for (size_t len = 0; len < blob.len; len++) {
        bytes.len = len;
        ASSERT_ERR(ERR_CORRUPT, record_blob_read(RECORD_FOLLOW_UP, bytes, arena, &back, &err));
    }
    blob.data[0] = 3;
    bytes.len = blob.len;
    ASSERT_ERR(ERR_CORRUPT, record_blob_read(RECORD_FOLLOW_UP, bytes, arena, &back, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_read__numbers_dates_and_months),
        cmocka_unit_test(test_cells_read__codes_follow_the_rows_date),
        cmocka_unit_test(test_cells_read__derives_year_and_sex_of_a_case_alone),
        cmocka_unit_test(test_cells_seal__links_are_the_keys_of_the_interventions),
        cmocka_unit_test(test_record_blob_read__refuses_cut_and_foreign_bytes),
    };
    return cmocka_run_group_tests(tests, fixture_make, fixture_free);
}
