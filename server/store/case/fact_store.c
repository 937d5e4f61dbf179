/* fact_store - see fact_store.h. */
#include "store/case/fact_store.h"

#include "embed/embed_queries.h"

#include <assert.h>
#include <string.h>

/* One statement a fact: a view over all facts would be planned for those not asked for. */
static const struct {
    const char *fact;
    struct db_statement statement;
} FACTS[] = {
    {"child_at_date", {"fact_child_at_date", sql_fact_child_at_date}},
    {"child_move", {"fact_child_move", sql_fact_child_move}},
    {"obligation", {"fact_obligation", sql_fact_obligation}},
    {"followup_interval", {"fact_followup_interval", sql_fact_followup_interval}},
    {"worker_at_date", {"fact_worker_at_date", sql_fact_worker_at_date}},
    {"measurement_pair", {"fact_measurement_pair", sql_fact_measurement_pair}},
    {"measurement_change", {"fact_measurement_change", sql_fact_measurement_change}},
};

static size_t find_fact(const char *fact)
{
    size_t i = 0;
    while (i < ARRAY_COUNT(FACTS) && strcmp(FACTS[i].fact, fact) != 0) {
        i++;
    }
    return i;
}

bool fact_exists(const char *fact)
{
    return find_fact(fact) < ARRAY_COUNT(FACTS);
}

static enum err_code read_row(const struct db_row *row, void *ctx, struct err *err)
{
    const struct fact_reader *reader = ctx;
    struct db_bytes subject = db_row_bytes(row, 4);
    assert(subject.len == FACT_SUBJECT_BYTES);
    struct fact_row fact = {
        .municipality_code = (int)db_row_int(row, 0),
        .partnership_id = (int)db_row_int(row, 1),
        .period_kind = db_row_text(row, 2),
        .period = db_row_text(row, 3),
        .subject = subject.data,
        .sex = db_row_text(row, 5),
        .age_band = db_row_text(row, 6),
        .target_group = db_row_text(row, 7),
        .placement_type = db_row_text(row, 8),
        .ladder_step = db_row_text(row, 9),
        .measure_kind = db_row_text(row, 10),
        .rule = db_row_text(row, 11),
        .outcome = db_row_text(row, 12),
        .units = db_row_int(row, 13),
        .numerator_hundredths = db_row_int(row, 14),
        .denominator_hundredths = db_row_int(row, 15),
    };
    return reader->read(reader->ctx, &fact, err);
}

enum err_code fact_read(struct db *db, const struct fact_query *query, struct fact_reader reader,
                        struct err *err)
{
    size_t fact = find_fact(query->fact);
    if (fact == ARRAY_COUNT(FACTS)) {
        return err_set(err, ERR_NOT_FOUND, "there is no fact \"%s\"", query->fact);
    }
    enum err_code rc = db_exec(db, DB_SQL(fact_settings), DB_NO_PARAMS, NULL, err);
    for (size_t i = 0; rc == ERR_OK && i < query->municipality_count; i++) {
        rc = db_query(db, FACTS[fact].statement,
                      DB_PARAMS(db_int(query->municipalities[i]), db_int(query->partnership_id),
                                db_text(query->period_from), db_text(query->period_to),
                                db_text(query->rule == NULL ? "" : query->rule)),
                      (struct db_reader){read_row, &reader}, err);
    }
    return rc;
}
