/* Goal: a push is marked as received only when a receipt, signed by the pinned key, speaks of
 * exactly the bytes sent. Method: a server that answers well, then with one thing wrong. */
#include "fake_pair.h"

#include "base/limits.h"
#include "crypto/mac.h"
#include "rpc/submission_call.h"

#include "fremgang/v1/submission.pb-c.h"

/* What the server gets wrong. */
enum fault {
    FAULT_NONE,
    FAULT_NO_RECEIPT,
    FAULT_OTHER_KEY,
    FAULT_CHANGED_BODY,
    FAULT_OTHER_HASH,
    FAULT_OTHER_SYNC,
    FAULT_OTHER_SEQUENCE,
    FAULT_OTHER_PARTNERSHIP,
    FAULT_MISSING_VERDICT,
    FAULT_STRANGE_VERDICT,
    FAULT_COUNT
};

/* Read by the server's thread between two calls of the test. */
static enum fault fault_of_run;

static void fill_body(Pb__ReceiptBody *body, const Pb__PushRequest *request,
                      const uint8_t hash[MAC_BYTES])
{
    body->municipality_code = 657;
    body->partnership = fault_of_run == FAULT_OTHER_PARTNERSHIP ? "p0" : request->partnership;
    body->sync_id = request->sync_id;
    body->sequence = request->sequence + (fault_of_run == FAULT_OTHER_SEQUENCE);
    body->request_sha256 = (ProtobufCBinaryData){MAC_BYTES, (uint8_t *)(uintptr_t)hash};
    body->stored = 1;
    body->refused = 1;
    body->received_at_us = 42;
    if (fault_of_run == FAULT_OTHER_SYNC) {
        body->sync_id.len--;
    }
}

static void sign_receipt(struct fake_process *process, struct buf *body, Pb__Receipt *receipt,
                         uint8_t signature[SIGN_SIGNATURE_BYTES])
{
    struct err err = ERR_INIT;
    AUTO(secret_free) struct secret *other = NULL;
    ASSERT_OK(sign_key_new(&other, &err), err);
    const struct secret *key = fault_of_run == FAULT_OTHER_KEY ? other : process->receipt_key;
    ASSERT_OK(sign_make_one(key, SIGN_RECEIPT, (struct sign_field){body->data, body->len},
                            signature, &err),
              err);
    if (fault_of_run == FAULT_CHANGED_BODY) {
        body->data[body->len - 1] ^= 1;
    }
    receipt->body = (ProtobufCBinaryData){body->len, body->data};
    receipt->signature = (ProtobufCBinaryData){SIGN_SIGNATURE_BYTES, signature};
}

static void answer_push(struct fake_process *process, const struct wire_request *request,
                        struct wire_response *response, struct buf *payload)
{
    struct err err = ERR_INIT;
    AUTO_BUF struct buf body_bytes = BUF_INIT;
    uint8_t hash[MAC_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    Pb__PushResponse answer = PB__PUSH_RESPONSE__INIT;
    Pb__UnitVerdict stored = PB__UNIT_VERDICT__INIT;
    Pb__UnitVerdict refused = PB__UNIT_VERDICT__INIT;
    Pb__FieldViolation violation = PB__FIELD_VIOLATION__INIT;
    Pb__LocalizedMessage message = PB__LOCALIZED_MESSAGE__INIT;
    Pb__Receipt receipt = PB__RECEIPT__INIT;
    Pb__ReceiptBody body = PB__RECEIPT_BODY__INIT;
    Pb__FieldViolation *violations[] = {&violation};
    Pb__UnitVerdict *verdicts[] = {&stored, &refused};
    Pb__PushRequest *pushed =
        pb__push_request__unpack(NULL, request->payload.len, request->payload.data);
    (void)response;
    assert_non_null(pushed);
    assert_int_equal(pushed->n_units, 2);
    assert_int_equal(pushed->units[1]->version, 8);
    mac_sha256(&(struct mac_part){request->payload.data, request->payload.len}, 1, hash);
    hash[0] ^= fault_of_run == FAULT_OTHER_HASH;
    fill_body(&body, pushed, hash);
    ASSERT_OK(message_pack(&body.base, &body_bytes, &err), err);
    sign_receipt(process, &body_bytes, &receipt, signature);
    stored.outcome = fault_of_run == FAULT_STRANGE_VERDICT
                         ? PB__UNIT_VERDICT__OUTCOME__OUTCOME_UNSPECIFIED
                         : PB__UNIT_VERDICT__OUTCOME__OUTCOME_STORED;
    refused.outcome = PB__UNIT_VERDICT__OUTCOME__OUTCOME_REFUSED;
    message.da = "dansk";
    message.en = "english";
    violation.rule = "followup.date_before_start";
    violation.message = &message;
    refused.violations = violations;
    refused.n_violations = 1;
    answer.verdicts = verdicts;
    answer.n_verdicts = fault_of_run == FAULT_MISSING_VERDICT ? 1 : 2;
    answer.receipt = fault_of_run == FAULT_NO_RECEIPT ? NULL : &receipt;
    answer.next_sequence = pushed->sequence + 1;
    ASSERT_OK(message_pack(&answer.base, payload, &err), err);
    pb__push_request__free_unpacked(pushed, NULL);
}

/* A packed Unit of nothing but a version. */
static void pack_unit(uint64_t version, struct buf *out)
{
    struct err err = ERR_INIT;
    Pb__Unit unit = PB__UNIT__INIT;
    unit.version = version;
    ASSERT_OK(message_pack(&unit.base, out, &err), err);
}

static enum err_code push(struct fake_pair *pair, struct submission_result **out, struct err *err)
{
    AUTO_BUF struct buf first = BUF_INIT;
    AUTO_BUF struct buf second = BUF_INIT;
    pack_unit(7, &first);
    pack_unit(8, &second);
    const struct wire_bytes units[] = {{first.data, first.len}, {second.data, second.len}};
    struct submission_batch batch = {
        .partnership = "sverigesprogrammet", .sequence = 3, .units = units, .unit_count = 2};
    memset(batch.sync_id, 0xab, sizeof(batch.sync_id));
    return submission_push(pair->caller, &batch, out, err);
}

static void pair_open(struct fake_pair *pair)
{
    struct err err = ERR_INIT;
    ASSERT_OK(sign_key_new(&pair->process.receipt_key, &err), err);
    fake_pair_open(pair, PROCESS_INTAKE);
}

static void test_submission_push__gives_verdicts_and_receipt(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(submission_result_free) struct submission_result *result = NULL;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_push};
    pair_open(&pair);
    fault_of_run = FAULT_NONE;
    ASSERT_OK(push(&pair, &result, &err), err);
    assert_int_equal(result->verdict_count, 2);
    assert_int_equal(result->verdicts[0].outcome, SUBMISSION_STORED);
    assert_int_equal(result->verdicts[0].violation_count, 0);
    assert_int_equal(result->verdicts[1].outcome, SUBMISSION_REFUSED);
    assert_string_equal(result->verdicts[1].violations[0].rule, "followup.date_before_start");
    assert_string_equal(result->verdicts[1].violations[0].da, "dansk");
    assert_int_equal(result->next_sequence, 4);
    assert_int_equal(result->stored, 1);
    assert_int_equal(result->refused, 1);
    assert_int_equal(result->received_at_us, 42);
    assert_int_equal(result->receipt_signature.len, SIGN_SIGNATURE_BYTES);
    assert_true(pair.process.calls[0].signature_holds);
}

static void test_submission_push__has_one_key_per_batch(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_push};
    pair_open(&pair);
    fault_of_run = FAULT_NONE;
    for (int i = 0; i < 2; i++) {
        AUTO(submission_result_free) struct submission_result *result = NULL;
        ASSERT_OK(push(&pair, &result, &err), err);
    }
    assert_string_equal(pair.process.calls[0].idempotency_key,
                        "abababababababababababababababab-3");
    assert_string_equal(pair.process.calls[1].idempotency_key,
                        "abababababababababababababababab-3");
}

static void test_submission_push__refuses_every_faulty_answer(void **state)
{
    (void)state;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_push};
    pair_open(&pair);
    for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        struct err err = ERR_INIT;
        struct submission_result *result = NULL;
        fault_of_run = (enum fault)fault;
        enum err_code code = push(&pair, &result, &err);
        if (code != ERR_CORRUPT) {
            fail_msg("fault %d: %s %s", fault, err_code_name(code), err.message);
        }
        assert_null(result);
    }
}

static void test_submission_push__refuses_a_batch_over_the_limit(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct submission_result *result = NULL;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_push};
    pair_open(&pair);
    struct submission_batch batch = {.partnership = "p", .unit_count = BATCH_UNITS_MAX + 1};
    ASSERT_ERR(ERR_LIMIT, submission_push(pair.caller, &batch, &result, &err));
    assert_int_equal(pair.process.call_count, 0);
}

static void answer_status(struct fake_process *process, const struct wire_request *request,
                          struct wire_response *response, struct buf *payload)
{
    struct err err = ERR_INIT;
    uint8_t hash[SUBMISSION_HASH_BYTES] = {9};
    Pb__StatusResponse answer = PB__STATUS_RESPONSE__INIT;
    (void)request;
    (void)response;
    answer.cases = 75;
    answer.next_sequence = 4;
    answer.units_sha256 = (ProtobufCBinaryData){process->call_count == 1 ? sizeof(hash) : 5, hash};
    ASSERT_OK(message_pack(&answer.base, payload, &err), err);
}

static void test_submission_ask_status__reads_what_is_held(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct submission_status status = {.cases = 1};
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_status};
    pair_open(&pair);
    ASSERT_OK(submission_ask_status(pair.caller, "p4", NULL, &status, &err), err);
    assert_int_equal(status.cases, 75);
    assert_int_equal(status.next_sequence, 4);
    assert_int_equal(status.units_sha256[0], 9);
    ASSERT_ERR(ERR_CORRUPT, submission_ask_status(pair.caller, "p4", NULL, &status, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_submission_push__gives_verdicts_and_receipt),
        cmocka_unit_test(test_submission_push__has_one_key_per_batch),
        cmocka_unit_test(test_submission_push__refuses_every_faulty_answer),
        cmocka_unit_test(test_submission_push__refuses_a_batch_over_the_limit),
        cmocka_unit_test(test_submission_ask_status__reads_what_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
