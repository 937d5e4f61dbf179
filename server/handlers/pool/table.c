/* table - TableService.Get: stored cells of visible releases, merged and named. See pool.h. */
#include "handlers/pool/pool.h"
#include "handlers/table_pb.h"
#include "store/release/table_store.h"

#include "fremgang/v1/table.pb-c.h"

#include <stdio.h>
#include <string.h>

enum { RELEASES_MAX = 256, CAVEATS_MAX = 256, CAVEAT_BYTES = 96, MUNICIPALITY_BYTES = 16 };

/** What the answer is made from. */
struct reading {
    struct call *call;
    struct query query;
    struct cell_set *sets[QUERY_SOURCES_MAX]; /* owned */
    const char *releases[RELEASES_MAX];
    size_t release_count;
    const char *caveats[CAVEATS_MAX];
    const char *caveats_da[CAVEATS_MAX];
    size_t caveat_count;
    const char *policy; /* of the newest release */
};

static void reading_clear(struct reading *reading)
{
    for (size_t i = 0; i < QUERY_SOURCES_MAX; i++) {
        cell_set_free(reading->sets[i]);
    }
}

static struct table_question question_of(const struct reading *reading, size_t source,
                                         int partnership_id)
{
    const struct query *query = &reading->query;
    return (struct table_question){
        .partnership_id = partnership_id,
        .audience = query->words.audience,
        .indicator = query->measure->indicator->id,
        .dimensions = query->sources[source].dimensions,
        .dimension_count = query->sources[source].dimension_count,
        .period_from = query->period_from,
        .period_to = query->period_to,
    };
}

/** Notes in both languages that a municipality is left out of a period. */
static enum err_code left_out_add(struct reading *reading, const char *period,
                                  const char *municipality, struct err *err)
{
    char en[CAVEAT_BYTES];
    char da[CAVEAT_BYTES];
    snprintf(en, sizeof(en), "%s: municipality %s is left out (period not closed)", period,
             municipality);
    snprintf(da, sizeof(da), "%s: kommune %s er udeladt (perioden er ikke lukket)", period,
             municipality);
    const char *copy_en = directory_copy(reading->call, en);
    const char *copy_da = directory_copy(reading->call, da);
    if (copy_en == NULL || copy_da == NULL) {
        return err_memory(err);
    }
    reading->caveats[reading->caveat_count] = copy_en;
    reading->caveats_da[reading->caveat_count] = copy_da;
    reading->caveat_count++;
    return ERR_OK;
}

/** One caveat for each member left out, "2014-Q3 657" from "2014-Q3 657|2014-Q4 657". Only those
 * of the indicator's kind of period matter. */
static enum err_code left_out_note(struct reading *reading, const char *left_out, struct err *err)
{
    const enum period_kind kind = reading->query.measure->indicator->period_kind;
    enum err_code rc = ERR_OK;
    while (*left_out != '\0' && reading->caveat_count < CAVEATS_MAX && rc == ERR_OK) {
        char municipality[MUNICIPALITY_BYTES];
        char name[PERIOD_TEXT_BYTES];
        struct period period;
        const size_t len = strcspn(left_out, "|");
        snprintf(name, sizeof(name), "%.*s", PERIOD_TEXT_BYTES - 1, left_out);
        if (len > sizeof(name) && period_parse(name, &period) && period.kind == kind) {
            snprintf(municipality, sizeof(municipality), "%.*s", (int)(len - sizeof(name)),
                     left_out + sizeof(name));
            rc = left_out_add(reading, name, municipality, err);
        }
        left_out += len + (left_out[len] == '|' ? 1 : 0);
    }
    return rc;
}

static enum err_code release_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct reading *reading = ctx;
    if (reading->release_count == RELEASES_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d releases; name fewer periods", RELEASES_MAX);
    }
    const char *id = directory_copy(reading->call, db_row_text(row, 0));
    reading->policy = directory_copy(reading->call, db_row_text(row, 1));
    if (id == NULL || reading->policy == NULL) {
        return err_memory(err);
    }
    reading->releases[reading->release_count++] = id;
    return left_out_note(reading, db_row_text(row, 2), err);
}

static enum err_code cells_load(struct reading *reading, int partnership_id, struct err *err)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < reading->query.source_count && rc == ERR_OK; i++) {
        const struct table_question question = question_of(reading, i, partnership_id);
        rc = cell_set_new(CELLS_PROTECTED, &reading->sets[i], err);
        if (rc == ERR_OK) {
            rc = table_load(reading->call->transaction, &question, reading->sets[i], err);
        }
        if (rc == ERR_OK && i == 0) { // the tables of one indicator are released together
            rc = table_releases(reading->call->transaction, &question,
                                (struct db_reader){release_read, reading}, err);
        }
    }
    return rc;
}

static enum err_code releases_require(const struct reading *reading, struct err *err)
{
    if (reading->release_count > 0) {
        return ERR_OK;
    }
    err_set(err, ERR_NOT_FOUND, "no release of %s holds this table",
            reading->query.words.partnership);
    err_reason(err, "NO_RELEASE");
    return err_hint(err, "`fremgang releases` lists what is released.");
}

static enum err_code reading_answer(struct reading *reading, const struct partnership *partnership,
                                    Pb__GetTableResponse *answer, struct err *err)
{
    const struct query_scope scope = {
        .members = partnership->members,
        .member_count = partnership->member_count,
        .release_ids = reading->releases,
        .release_count = reading->release_count,
        .policy = reading->policy,
        .synthetic = partnership->synthetic,
        .caveats = reading->caveats,
        .caveats_da = reading->caveats_da,
        .caveat_count = reading->caveat_count,
    };
    AUTO(query_table_free) struct query_table *table = NULL;
    enum err_code rc = query_compute(&reading->query, &scope,
                                     (const struct cell_set *const *)reading->sets, &table, err);
    if (rc != ERR_OK) {
        return rc;
    }
    answer->table = call_message(reading->call, &pb__table__descriptor);
    if (answer->table == NULL) {
        return err_memory(err);
    }
    return table_pb_fill(reading->call, &reading->query, &scope, table, answer->table, err);
}

static enum err_code words_read(const struct call *call, const Pb__GetTableRequest *get,
                                struct query_words *out, struct err *err)
{
    *out = (struct query_words){
        .partnership = get->partnership,
        .measure = get->measure,
        .by = (const char *const *)get->by,
        .by_count = get->n_by,
        .period_from = get->period_from,
        .period_to = get->period_to,
    };
    return table_words_filters(call, get->filters, get->n_filters, out, err);
}

enum err_code pool_get_table(struct call *call, const ProtobufCMessage *request,
                             ProtobufCMessage *response, struct err *err)
{
    const struct pool_services *services = call->services;
    const Pb__GetTableRequest *get = (const Pb__GetTableRequest *)request;
    AUTO(partnership_free) struct partnership *partnership = NULL;
    __attribute__((cleanup(reading_clear))) struct reading reading = {.call = call, .policy = ""};
    struct query_words words;
    enum err_code rc = partnership_find(call->transaction, get->partnership, &partnership, err);
    if (rc == ERR_OK) {
        rc = words_read(call, get, &words, err);
    }
    if (rc == ERR_OK) {
        rc = pool_audience(call, partnership, &words.audience, err);
    }
    if (rc == ERR_OK) {
        rc = query_plan(services->catalogue, &words, &reading.query, err);
    }
    if (rc == ERR_OK) {
        rc = cells_load(&reading, partnership->id, err);
    }
    if (rc == ERR_OK) {
        rc = releases_require(&reading, err);
    }
    return rc == ERR_OK
               ? reading_answer(&reading, partnership, (Pb__GetTableResponse *)response, err)
               : rc;
}
