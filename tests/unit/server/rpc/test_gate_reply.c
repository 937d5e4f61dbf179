/*
 * Goal: what goes into a handler and out of it is whole: the evidence of a signature, and an
 * answer of the largest size that can be sent. Method: handlers that look and that fill.
 */
#include "gate_fixture.h"

#include "base/auto.h"

#include "fremgang/v1/auth.pb-c.h"

/* Tag and length of the one field: 1 byte and 4. */
enum { ANSWER_BYTES_MAX = WIRE_MESSAGE_BYTES_MAX - WIRE_ENVELOPE_BYTES_MAX, FIELD_HEAD_BYTES = 5 };

static size_t challenge_len;

static enum err_code answer_long(struct call *call, const ProtobufCMessage *request,
                                 ProtobufCMessage *response, struct err *err)
{
    Pb__ChallengeResponse *answer = (Pb__ChallengeResponse *)response;
    (void)request;
    answer->challenge.data = arena_alloc(call->arena, challenge_len);
    answer->challenge.len = challenge_len;
    return answer->challenge.data == NULL ? err_memory(err) : ERR_OK;
}

static void test_gate_answer__sends_the_largest_answer_and_no_larger(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    fixture.handlers[METHOD_AUTH_CHALLENGE] = answer_long;
    struct ask ask = fixture_ask(&fixture, METHOD_AUTH_CHALLENGE, ROLE_STEWARD);
    challenge_len = ANSWER_BYTES_MAX - FIELD_HEAD_BYTES;
    struct answer answer = fixture_send(&fixture, &ask);
    assert_int_equal(answer.response.status.code, WIRE_OK);
    assert_int_equal(answer.response.payload.len, ANSWER_BYTES_MAX);
    challenge_len++;
    answer = fixture_send(&fixture, &ask);
    assert_int_equal(answer.response.status.code, WIRE_RESOURCE_EXHAUSTED);
    assert_string_equal(answer.response.status.reason, "REPLY_TOO_LARGE");
    assert_int_equal(answer.response.payload.len, 0);
    fixture_close(&fixture);
}

/* The signature is kept as evidence of what a steward asked for. */
static enum err_code want_evidence(struct call *call, struct err *err)
{
    bool has = call->signature != NULL;
    if (has != (call->method->signing == METHOD_SIGNED)) {
        return err_set(err, ERR_CONFLICT, "signature lost or invented");
    }
    return !has || call->signed_at_us == clock_now_us(call->clock)
               ? ERR_OK
               : err_set(err, ERR_CONFLICT, "another time than the signed one");
}

static void test_gate_answer__hands_the_signature_to_the_handler(void **state)
{
    static const enum method_id METHODS[] = {METHOD_ADMIN_REVOKE, METHOD_ADMIN_LIST_STAGED,
                                             METHOD_TABLE_GET};
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(METHODS); i++) {
        struct gate_fixture fixture;
        fixture_open(&fixture, PROCESS_POOL);
        fixture.handle = want_evidence;
        struct ask ask = fixture_ask(&fixture, METHODS[i], ROLE_STEWARD);
        assert_int_equal(fixture_send(&fixture, &ask).response.status.code, WIRE_OK);
        fixture_close(&fixture);
    }
}

/* A signature is wanted for reading what only stewards see, as for changing it. */
static void test_gate_answer__wants_signed_reads_signed(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_LIST_STAGED, ROLE_STEWARD);
    ask.request.is_signed = false;
    assert_string_equal(fixture_send(&fixture, &ask).response.status.reason, "SIGNATURE_MISSING");
    ask = fixture_ask(&fixture, METHOD_ADMIN_LIST_STAGED, ROLE_STEWARD);
    ask.signer = 0;
    assert_string_equal(fixture_send(&fixture, &ask).response.status.reason, "SIGNATURE_INVALID");
    assert_int_equal(fixture.handled, 0);
    fixture_close(&fixture);
}

/* The call's own deadline may be what failed it: the audit has time of its own. */
static void test_gate_answer__audits_a_call_that_came_too_late(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_REVOKE, ROLE_STEWARD);
    ask.received_ago_ms = method_at(METHOD_ADMIN_REVOKE)->deadline_ms + 1;
    struct answer answer = fixture_send(&fixture, &ask);
    assert_string_equal(answer.response.status.reason, "DEADLINE_PASSED");
    assert_string_equal(answer.trace, "begin audit commit ");
    assert_int_equal(fixture.store.last.code, ERR_TIMEOUT);
    assert_true(fixture.store.audit_left_ms > 0);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate_answer__sends_the_largest_answer_and_no_larger),
        cmocka_unit_test(test_gate_answer__hands_the_signature_to_the_handler),
        cmocka_unit_test(test_gate_answer__wants_signed_reads_signed),
        cmocka_unit_test(test_gate_answer__audits_a_call_that_came_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
