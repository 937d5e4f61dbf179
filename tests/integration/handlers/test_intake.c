/*
 * Goal: a municipality's batches are stored once, in order, under its own number, with a signed
 * receipt; a broken case is refused alone; its own figures are exact and only its own.
 * Method: packed batches through intake's real gate over both clusters.
 */
#include "support.h"

#include "support/world.h"

#include "crypto/mac.h"
#include "crypto/sign.h"
#include "wire/record_pb.h"
#include "wire/unit_digest.h"

#include "fremgang/v1/own.pb-c.h"
#include "fremgang/v1/submission.pb-c.h"

#include <math.h>
#include <string.h>

#define SLUG "pulje"
#define OTHER "anden"

enum { HERNING = 657, HADERSLEV = 510, FAVRSKOV = 710 };

static const int32_t MEMBERS[] = {167, HADERSLEV, HERNING};
static const int32_t ALONE[] = {HERNING};

static struct world world;
static struct person steward;
static struct person herning;
static struct person haderslev;
static struct person favrskov; /* a member of nothing */

static int set_up(void **state)
{
    (void)state;
    world_start(&world);
    world_enrol(&world, &(struct world_role){"steward", 0, 0}, &steward);
    (void)world_partnership(&world, &steward, SLUG, MEMBERS, 3);
    (void)world_partnership(&world, &steward, OTHER, ALONE, 1);
    world_enrol(&world, &(struct world_role){"municipality", HERNING, 0}, &herning);
    world_enrol(&world, &(struct world_role){"municipality", HADERSLEV, 0}, &haderslev);
    world_enrol(&world, &(struct world_role){"municipality", FAVRSKOV, 0}, &favrskov);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    person_clear(&steward);
    person_clear(&herning);
    person_clear(&haderslev);
    person_clear(&favrskov);
    world_stop(&world);
    return 0;
}

/** A batch being written; its units live in the arena. */
struct batch {
    struct arena *arena;
    Pb__PushRequest push;
    Pb__Unit *units[8];
    uint8_t sync_id[16];
};

static void batch_start(struct batch *batch, uint8_t sync, uint32_t sequence)
{
    *batch = (struct batch){.arena = arena_new(1 << 20), .push = PB__PUSH_REQUEST__INIT};
    memset(batch->sync_id, sync, sizeof(batch->sync_id));
    batch->push.partnership = SLUG;
    batch->push.sync_id = (ProtobufCBinaryData){sizeof(batch->sync_id), batch->sync_id};
    batch->push.sequence = sequence;
}

static Pb__Unit *unit_add(struct batch *batch, uint64_t version)
{
    Pb__Unit *unit = (Pb__Unit *)message_new(&pb__unit__descriptor, batch->arena);
    unit->version = version;
    batch->units[batch->push.n_units++] = unit;
    batch->push.units = batch->units;
    return unit;
}

static void case_add(struct batch *batch, const struct case_build *build, uint64_t version)
{
    struct err err = ERR_INIT;
    Pb__Unit *unit = unit_add(batch, version);
    unit->body_case = PB__UNIT__BODY_CASE_BUNDLE;
    ASSERT_OK(bundle_to_pb(&build->bundle, batch->arena, &unit->case_bundle, &err), err);
}

/** A child in a placement from January 2014. */
static void placed_add(struct batch *batch, unsigned child, const char *place, uint64_t version)
{
    struct case_build build;
    case_build_start(&build, child, "2014-01-01");
    case_build_intervention(&build, child * 10, "SEL-52-3-7", place, "2014-01-15", NULL);
    case_add(batch, &build, version);
}

static void send(const struct person *person, struct batch *batch, const char *key,
                 struct world_answer *answer)
{
    world_call(&world,
               &(struct world_call){.process = PROCESS_INTAKE,
                                    .person = person,
                                    .method = METHOD_SUBMISSION_PUSH,
                                    .request = &batch->push.base,
                                    .idempotency_key = key},
               answer);
    arena_free(batch->arena);
}

static int outcome_at(const struct world_answer *answer, size_t index)
{
    if (answer->code != WIRE_OK) {
        fail_msg("push: %s", answer->message);
    }
    const Pb__PushResponse *push = (const Pb__PushResponse *)answer->response;
    assert_true(index < push->n_verdicts);
    return (int)push->verdicts[index]->outcome;
}

static void test_push__stores_under_the_callers_number(void **state)
{
    (void)state;
    struct batch batch;
    struct world_answer answer;
    batch_start(&batch, 1, 1);
    placed_add(&batch, 1, "FOSTER_GENERAL", 1);
    placed_add(&batch, 2, "FOSTER_GENERAL", 1);
    placed_add(&batch, 3, "INSTITUTION", 1);
    send(&herning, &batch, NULL, &answer);
    assert_int_equal(PB__UNIT_VERDICT__OUTCOME__OUTCOME_STORED, outcome_at(&answer, 0));
    assert_int_equal(2, ((Pb__PushResponse *)answer.response)->next_sequence);
    world_answer_clear(&answer);
    assert_int_equal(3, case_db_number(&world.cases, "SELECT count(*) FROM cases.case_file"
                                                     " WHERE municipality_code = 657"));
    assert_int_equal(0, case_db_number(&world.cases, "SELECT count(*) FROM cases.case_file"
                                                     " WHERE municipality_code <> 657"));
}

static void test_push__the_receipt_says_what_was_received(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct batch batch;
    struct world_answer answer;
    batch_start(&batch, 2, 1);
    placed_add(&batch, 1, "FOSTER_GENERAL", 1); // held already
    placed_add(&batch, 4, "FOSTER_GENERAL", 1);
    send(&herning, &batch, NULL, &answer);
    const Pb__Receipt *receipt = ((Pb__PushResponse *)answer.response)->receipt;
    assert_true(sign_check_one(world.receipt_public_key, SIGN_RECEIPT,
                               (struct sign_field){receipt->body.data, receipt->body.len},
                               receipt->signature.data));
    ProtobufCMessage *message = NULL;
    ASSERT_OK(message_unpack(&pb__receipt_body__descriptor,
                             (struct wire_bytes){receipt->body.data, receipt->body.len},
                             answer.arena, &message, &err),
              err);
    const Pb__ReceiptBody *body = (const Pb__ReceiptBody *)message;
    assert_int_equal(HERNING, body->municipality_code);
    assert_string_equal(SLUG, body->partnership);
    assert_int_equal(1, body->stored);
    assert_int_equal(1, body->unchanged);
    assert_int_equal(0, body->refused);
    assert_int_equal(world.now_us, body->received_at_us);
    world_answer_clear(&answer);
}

static void test_push__a_broken_case_is_refused_alone(void **state)
{
    (void)state;
    struct batch batch;
    struct world_answer answer;
    struct case_build broken;
    case_build_start(&broken, 5, "2014-01-01");
    case_build_intervention(&broken, 50, "SEL-52-3-7", NULL, "2014-01-15", NULL); // no place
    batch_start(&batch, 3, 1);
    case_add(&batch, &broken, 1);
    placed_add(&batch, 6, "FOSTER_GENERAL", 1);
    send(&herning, &batch, NULL, &answer);
    assert_int_equal(PB__UNIT_VERDICT__OUTCOME__OUTCOME_REFUSED, outcome_at(&answer, 0));
    assert_int_equal(PB__UNIT_VERDICT__OUTCOME__OUTCOME_STORED, outcome_at(&answer, 1));
    const Pb__UnitVerdict *verdict = ((Pb__PushResponse *)answer.response)->verdicts[0];
    const Pb__FieldViolation *found = NULL;
    for (size_t i = 0; i < verdict->n_violations; i++) {
        if (strcmp(verdict->violations[i]->field, "place_type") == 0) {
            found = verdict->violations[i];
        }
    }
    assert_non_null(found);
    assert_string_equal("intervention", found->record_type);
    assert_int_equal(1, found->row);
    assert_true(strlen(found->message->da) > 0);
    assert_true(strlen(found->message->en) > 0);
    world_answer_clear(&answer);
}

/* The wire carries any number of days; a calendar, and the database, do not. */
static void test_push__a_date_past_the_calendar_is_refused_alone(void **state)
{
    (void)state;
    static const int32_t DATES[] = {84006, INT32_MAX, 0, INT32_MIN + 1};
    for (size_t i = 0; i < 2 * ARRAY_COUNT(DATES); i++) {
        struct batch batch;
        struct world_answer answer;
        struct case_build build;
        case_build_start(&build, 100, "2014-01-01");
        batch_start(&batch, (uint8_t)(40 + i), 1);
        case_add(&batch, &build, 1);
        Pb__Case *record = batch.units[0]->case_bundle->case_;
        if (i % 2 == 0) {
            record->_closed_date_case = PB__CASE___CLOSED_DATE_CLOSED_DATE;
            record->closed_date = DATES[i / 2];
        } else {
            record->opened_date = DATES[i / 2];
        }
        placed_add(&batch, 101 + (unsigned)i, "FOSTER_GENERAL", 1);
        send(&herning, &batch, NULL, &answer);
        assert_int_equal(PB__UNIT_VERDICT__OUTCOME__OUTCOME_REFUSED, outcome_at(&answer, 0));
        assert_int_equal(PB__UNIT_VERDICT__OUTCOME__OUTCOME_STORED, outcome_at(&answer, 1));
        world_answer_clear(&answer);
    }
}

/* The answers of one municipality are forgotten by its next push, and no other's. */
static void test_push__forgets_answers_after_thirty_days(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct db *db = NULL;
    const char *old = "SELECT count(*) FROM cases.push_result WHERE principal_id = 'p-old'";
    const struct db_statement keep = {
        "test_keep", "INSERT INTO cases.push_result SELECT code, 'p-old', days::text, 'method',"
                     " decode(repeat('00', 32), 'hex'), '', now() - make_interval(days => days)"
                     " FROM (VALUES (657, 31), (657, 29), (510, 31)) AS answer (code, days)"};
    ASSERT_OK(db_begin(world.cases.owner, &(struct db_begin_options){0}, &db, &err), err);
    ASSERT_OK(db_exec(db, keep, DB_NO_PARAMS, NULL, &err), err);
    case_db_commit(db);
    assert_int_equal(3, case_db_number(&world.cases, old));
    struct batch batch;
    struct world_answer answer;
    batch_start(&batch, 60, 1);
    placed_add(&batch, 120, "FOSTER_GENERAL", 1);
    send(&herning, &batch, NULL, &answer);
    assert_int_equal(WIRE_OK, answer.code);
    world_answer_clear(&answer);
    assert_int_equal(2, case_db_number(&world.cases, old));
}

static void test_push__repeated_gives_the_first_answer(void **state)
{
    (void)state;
    struct world_answer answers[2];
    const char *count = "SELECT count(*) FROM cases.case_file";
    int64_t before = case_db_number(&world.cases, count);
    for (size_t i = 0; i < 2; i++) {
        struct batch batch;
        batch_start(&batch, 4, 1);
        placed_add(&batch, 7, "FOSTER_GENERAL", 1);
        send(&herning, &batch, "push-4-1", &answers[i]);
        assert_int_equal(PB__UNIT_VERDICT__OUTCOME__OUTCOME_STORED, outcome_at(&answers[i], 0));
    }
    assert_int_equal(before + 1, case_db_number(&world.cases, count));
    const Pb__Receipt *a = ((Pb__PushResponse *)answers[0].response)->receipt;
    const Pb__Receipt *b = ((Pb__PushResponse *)answers[1].response)->receipt;
    assert_memory_equal(a->signature.data, b->signature.data, 64);
    world_answer_clear(&answers[0]);
    world_answer_clear(&answers[1]);

    struct batch other;
    struct world_answer refused;
    batch_start(&other, 4, 2);
    placed_add(&other, 7, "FOSTER_GENERAL", 2);
    send(&herning, &other, "push-4-1", &refused);
    assert_string_equal("KEY_REUSED", refused.reason);
    world_answer_clear(&refused);
}

static void test_push__refuses_whole_batches(void **state)
{
    (void)state;
    struct {
        const struct person *person;
        const char *slug;
        uint32_t sequence;
        size_t sync_len;
        uint32_t epoch;
        uint64_t version;
        const char *reason; /* "" for none */
        enum wire_code code;
    } cases[] = {
        {&favrskov, SLUG, 1, 16, 0, 1, "NOT_MEMBER", WIRE_PERMISSION_DENIED},
        {&haderslev, OTHER, 1, 16, 0, 1, "NOT_MEMBER", WIRE_PERMISSION_DENIED},
        {&herning, "nowhere", 1, 16, 0, 1, "PARTNERSHIP_UNKNOWN", WIRE_NOT_FOUND},
        {&herning, SLUG, 0, 16, 0, 1, "", WIRE_INVALID_ARGUMENT},
        {&herning, SLUG, 1, 15, 0, 1, "", WIRE_INVALID_ARGUMENT},
        {&herning, SLUG, 1, 16, 1, 1, "EPOCH_UNSUPPORTED", WIRE_INVALID_ARGUMENT},
        {&herning, SLUG, 1, 16, 0, 0, "", WIRE_INVALID_ARGUMENT},
        {&herning, SLUG, 1, 16, 0, UINT64_MAX, "", WIRE_INVALID_ARGUMENT},
        {&herning, SLUG, 2, 16, 0, 1, "PUSH_OUT_OF_ORDER", WIRE_FAILED_PRECONDITION},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct batch batch;
        struct world_answer answer;
        batch_start(&batch, 5, cases[i].sequence);
        batch.push.partnership = cases[i].slug;
        batch.push.sync_id.len = cases[i].sync_len;
        batch.push.pseudonym_epoch = cases[i].epoch;
        placed_add(&batch, 8, "FOSTER_GENERAL", cases[i].version);
        send(cases[i].person, &batch, NULL, &answer);
        if (answer.code != cases[i].code || strcmp(answer.reason, cases[i].reason) != 0) {
            fail_msg("case %zu: %s %s (%s)", i, wire_code_name((int)answer.code), answer.reason,
                     answer.message);
        }
        world_answer_clear(&answer);
    }
}

static void test_push__epoch_zero_is_for_demonstrations(void **state)
{
    (void)state;
    struct batch batch;
    struct world_answer answer;
    world.intake.is_demo = false;
    batch_start(&batch, 6, 1);
    placed_add(&batch, 9, "FOSTER_GENERAL", 1);
    send(&herning, &batch, NULL, &answer);
    world.intake.is_demo = true;
    assert_string_equal("EPOCH_DEMO_ONLY", answer.reason);
    world_answer_clear(&answer);
}

static void test_push__a_unit_without_a_body_or_key_is_refused(void **state)
{
    (void)state;
    static uint8_t key[16] = {1};
    for (size_t i = 0; i < 3; i++) {
        struct batch batch;
        struct world_answer answer;
        Pb__Tombstone tombstone = PB__TOMBSTONE__INIT;
        batch_start(&batch, 7, 1);
        Pb__Unit *unit = unit_add(&batch, 1);
        if (i > 0) {
            unit->body_case = PB__UNIT__BODY_TOMBSTONE;
            unit->tombstone = &tombstone;
        }
        if (i == 2) { // names both a case and a worker-month
            tombstone.case_key = tombstone.worker_key = (ProtobufCBinaryData){sizeof(key), key};
        }
        send(&herning, &batch, NULL, &answer);
        assert_int_equal(WIRE_INVALID_ARGUMENT, answer.code);
        world_answer_clear(&answer);
    }
}

static void status_get(const struct person *person, const char *slug, uint8_t sync,
                       struct world_answer *answer)
{
    uint8_t sync_id[16];
    Pb__StatusRequest request = PB__STATUS_REQUEST__INIT;
    memset(sync_id, sync, sizeof(sync_id));
    request.partnership = slug;
    request.sync_id = (ProtobufCBinaryData){sizeof(sync_id), sync_id};
    world_call(&world,
               &(struct world_call){.process = PROCESS_INTAKE,
                                    .person = person,
                                    .method = METHOD_SUBMISSION_STATUS,
                                    .request = &request.base},
               answer);
}

static void test_status__is_of_the_callers_units(void **state)
{
    (void)state;
    struct world_answer answer;
    struct unit_digest digest;
    uint8_t nothing[UNIT_DIGEST_BYTES];
    unit_digest_start(&digest);
    unit_digest_finish(&digest, nothing);
    status_get(&herning, SLUG, 1, &answer);
    const Pb__StatusResponse *status = (const Pb__StatusResponse *)answer.response;
    assert_int_equal(6, status->cases); // 1, 2, 3, 4, 6, 7
    assert_int_equal(2, status->next_sequence);
    assert_memory_not_equal(nothing, status->units_sha256.data, UNIT_DIGEST_BYTES);
    world_answer_clear(&answer);
    status_get(&haderslev, SLUG, 1, &answer);
    status = (const Pb__StatusResponse *)answer.response;
    assert_int_equal(0, status->cases);
    assert_int_equal(1, status->next_sequence); // Herning's sync run is not known here
    assert_memory_equal(nothing, status->units_sha256.data, UNIT_DIGEST_BYTES);
    world_answer_clear(&answer);
    status_get(&herning, OTHER, 1, &answer);
    assert_int_equal(0, ((Pb__StatusResponse *)answer.response)->cases);
    world_answer_clear(&answer);
    status_get(&favrskov, SLUG, 1, &answer);
    assert_int_equal(WIRE_PERMISSION_DENIED, answer.code);
    world_answer_clear(&answer);
}

static void own_get(const struct person *person, const char *by, struct world_answer *answer)
{
    const char *dimensions[] = {by};
    Pb__OwnTableRequest request = PB__OWN_TABLE_REQUEST__INIT;
    request.partnership = SLUG;
    request.measure = "institution_share";
    request.by = dimensions;
    request.n_by = 1;
    request.period_to = "2014-Q2";
    world_call(&world,
               &(struct world_call){.process = PROCESS_INTAKE,
                                    .person = person,
                                    .method = METHOD_OWN_TABLE,
                                    .request = &request.base},
               answer);
}

static void test_own__figures_are_exact_and_the_callers(void **state)
{
    (void)state;
    struct world_answer answer;
    own_get(&herning, "quarter", &answer);
    assert_int_equal(WIRE_OK, answer.code);
    const Pb__Table *table = ((Pb__OwnTableResponse *)answer.response)->table;
    assert_string_equal("own", table->head->audience);
    assert_true(table->head->synthetic);
    assert_int_equal(2, table->n_rows);
    assert_string_equal("2014-Q1", table->rows[0]->keys[0]);
    assert_int_equal(1, table->rows[0]->numerator->exact); // far below every threshold
    assert_int_equal(6, table->rows[0]->denominator->exact);
    assert_true(fabs(table->rows[0]->value - 1.0 / 6.0) < 1e-12);
    world_answer_clear(&answer);
    own_get(&haderslev, "quarter", &answer);
    assert_int_equal(0, ((Pb__OwnTableResponse *)answer.response)->table->n_rows);
    world_answer_clear(&answer);
}

static void test_own__refuses(void **state)
{
    (void)state;
    struct world_answer answer;
    own_get(&herning, "municipality", &answer);
    assert_int_equal(WIRE_INVALID_ARGUMENT, answer.code);
    world_answer_clear(&answer);
    own_get(&herning, "weather", &answer);
    assert_int_equal(WIRE_NOT_FOUND, answer.code);
    world_answer_clear(&answer);
    own_get(&favrskov, "quarter", &answer);
    assert_string_equal("NOT_MEMBER", answer.reason);
    world_answer_clear(&answer);
}

static void test_intake__audits_in_the_case_cluster_without_a_key(void **state)
{
    (void)state;
    assert_true(case_db_number(&world.cases,
                               "SELECT count(*) FROM audit.entry WHERE verdict = 'OK' AND"
                               " municipality_code = 657 AND subject = 'pulje batch 1 units 3'") ==
                1);
    assert_true(case_db_number(&world.cases, "SELECT count(*) FROM audit.entry WHERE"
                                             " verdict = 'NOT_MEMBER'") > 0);
    assert_true(case_db_number(&world.cases,
                               "SELECT count(*) FROM audit.entry WHERE verdict = 'REPLAY'") == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_push__stores_under_the_callers_number),
        cmocka_unit_test(test_push__the_receipt_says_what_was_received),
        cmocka_unit_test(test_push__a_broken_case_is_refused_alone),
        cmocka_unit_test(test_push__repeated_gives_the_first_answer),
        cmocka_unit_test(test_push__refuses_whole_batches),
        cmocka_unit_test(test_push__epoch_zero_is_for_demonstrations),
        cmocka_unit_test(test_push__a_unit_without_a_body_or_key_is_refused),
        cmocka_unit_test(test_status__is_of_the_callers_units),
        cmocka_unit_test(test_own__figures_are_exact_and_the_callers),
        cmocka_unit_test(test_own__refuses),
        cmocka_unit_test(test_push__a_date_past_the_calendar_is_refused_alone),
        cmocka_unit_test(test_push__forgets_answers_after_thirty_days),
        cmocka_unit_test(test_intake__audits_in_the_case_cluster_without_a_key),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
