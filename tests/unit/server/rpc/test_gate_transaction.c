/*
 * Goal: what passes the gate is done, remembered and recorded in one transaction, or not at
 * all; refusals are recorded without becoming a flood. Method: the store's trace of each call,
 * with a store that fails at each step in turn.
 */
#include "gate_fixture.h"

static void test_gate_answer__does_all_of_a_write_in_one_transaction(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_INTAKE);
    struct ask ask = fixture_ask(&fixture, METHOD_SUBMISSION_PUSH, ROLE_MUNICIPALITY);
    struct answer answer = fixture_send(&fixture, &ask);
    assert_int_equal(answer.response.status.code, WIRE_OK);
    assert_string_equal(answer.trace, "begin find handle store audit commit ");
    assert_string_equal(answer.response.request_id, "r-1");
    assert_int_equal(answer.response.server_time_us, fixture.now_us);
    ask = fixture_ask(&fixture, METHOD_OWN_TABLE, ROLE_MUNICIPALITY);
    assert_string_equal(fixture_send(&fixture, &ask).trace, "begin handle audit commit ");
    ask = fixture_ask(&fixture, METHOD_SUBMISSION_STATUS, ROLE_MUNICIPALITY);
    assert_string_equal(fixture_send(&fixture, &ask).trace, "begin handle commit ");
    ask = fixture_ask(&fixture, METHOD_HEALTH_CHECK, ROLE_MUNICIPALITY);
    assert_string_equal(fixture_send(&fixture, &ask).trace, "handle ");
    fixture_close(&fixture);
}

static void test_gate_answer__gives_a_repeated_call_its_first_answer(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_CLOSE_PERIOD, ROLE_MUNICIPALITY);
    (void)fixture_send(&fixture, &ask);
    memcpy(fixture.store.answer, "\x0A\x01q", 3);
    fixture.store.answer_len = 3;
    ask.request.request_id = "r-2"; // another attempt of the same call
    struct answer answer = fixture_send(&fixture, &ask);
    assert_int_equal(answer.response.status.code, WIRE_OK);
    assert_int_equal(answer.response.payload.len, 3);
    assert_memory_equal(answer.response.payload.data, "\x0A\x01q", 3);
    assert_int_equal(fixture.handled, 1);
    assert_true(fixture.store.last.is_replay);
    assert_string_equal(answer.trace, "begin find audit commit ");
    fixture_close(&fixture);
}

static void test_gate_answer__refuses_a_key_that_named_another_request(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_CLOSE_PERIOD, ROLE_MUNICIPALITY);
    (void)fixture_send(&fixture, &ask);
    ask.request.payload = (struct wire_bytes){(const uint8_t *)"\x0A\x01x", 3};
    struct answer answer = fixture_send(&fixture, &ask);
    assert_int_equal(answer.response.status.code, WIRE_ABORTED);
    assert_string_equal(answer.response.status.reason, "KEY_REUSED");
    assert_string_equal(answer.trace, "begin find rollback begin audit commit ");
    // The same bytes for another method are another request, too.
    ask = fixture_ask(&fixture, METHOD_ADMIN_REVOKE, ROLE_STEWARD);
    assert_string_equal(fixture_send(&fixture, &ask).response.status.reason, "KEY_REUSED");
    assert_int_equal(fixture.handled, 1);
    fixture_close(&fixture);
}

static void test_gate_answer__undoes_all_when_a_step_fails(void **state)
{
    static const struct {
        const char *step;
        const char *trace;
    } CASES[] = {
        {"begin", "begin "},
        {"find", "begin find rollback "},
        {"handle", "begin find handle rollback "},
        {"store", "begin find handle store rollback "},
        {"audit", "begin find handle store audit rollback "},
        {"commit", "begin find handle store audit commit "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct gate_fixture fixture;
        fixture_open(&fixture, PROCESS_INTAKE);
        struct ask ask = fixture_ask(&fixture, METHOD_SUBMISSION_PUSH, ROLE_MUNICIPALITY);
        fixture.store.failing = CASES[i].step;
        struct answer answer = fixture_send(&fixture, &ask);
        assert_int_equal(answer.response.status.code, WIRE_UNAVAILABLE);
        assert_true(answer.response.status.has_retry_after);
        assert_int_equal(answer.response.payload.len, 0);
        assert_string_equal(answer.trace, CASES[i].trace);
        fixture_close(&fixture);
    }
}

static enum err_code refuse_with_violations(struct call *call, struct err *err)
{
    for (uint32_t i = 0; i < CALL_VIOLATIONS_MAX + 1; i++) {
        call_violate(call, &(struct wire_violation){.rule = "a.rule", .row = i + 1, .en = "so"});
    }
    return err_set(err, ERR_INVALID, "many rules broken");
}

static enum err_code fail_silently(struct call *call, struct err *err)
{
    (void)call;
    (void)err;
    return ERR_CONFLICT;
}

static enum err_code succeed_after_a_stumble(struct call *call, struct err *err)
{
    (void)call;
    (void)err_set(err, ERR_NOT_FOUND, "first try");
    return ERR_OK;
}

static void test_gate_answer__passes_the_handlers_words_on(void **state)
{
    static const struct {
        enum err_code (*handle)(struct call *call, struct err *err);
        enum wire_code code;
        const char *trace;
        size_t violations;
    } CASES[] = {
        {refuse_with_violations, WIRE_INVALID_ARGUMENT,
         "begin find handle rollback begin audit commit ", CALL_VIOLATIONS_MAX},
        {fail_silently, WIRE_INTERNAL, "begin find handle rollback begin audit commit ", 0},
        {succeed_after_a_stumble, WIRE_OK, "begin find handle store audit commit ", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct gate_fixture fixture;
        fixture_open(&fixture, PROCESS_INTAKE);
        struct ask ask = fixture_ask(&fixture, METHOD_SUBMISSION_PUSH, ROLE_MUNICIPALITY);
        fixture.handle = CASES[i].handle;
        struct answer answer = fixture_send(&fixture, &ask);
        assert_int_equal(answer.response.status.code, CASES[i].code);
        assert_int_equal(answer.response.status.violation_count, CASES[i].violations);
        assert_string_equal(answer.trace, CASES[i].trace);
        fixture_close(&fixture);
    }
}

static void test_gate_answer__answers_a_refusal_that_cannot_be_audited(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_REVOKE, ROLE_COORDINATOR);
    fixture.store.failing = "audit";
    struct answer answer = fixture_send(&fixture, &ask);
    assert_string_equal(answer.response.status.reason, "ROLE_DENIED");
    assert_string_equal(answer.trace, "begin audit rollback ");
    fixture_close(&fixture);
}

static void test_gate_answer__bounds_the_audit_of_callers_without_a_name(void **state)
{
    struct gate_fixture fixture;
    int audited = 0;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    for (int i = 0; i < ANONYMOUS_AUDITS_PER_MINUTE_MAX + 20; i++) {
        struct ask ask = fixture_ask(&fixture, METHOD_TABLE_GET, ROLE_COORDINATOR);
        ask.request.token.len = 0;
        audited += fixture_send(&fixture, &ask).trace[0] != '\0';
    }
    assert_int_equal(audited, ANONYMOUS_AUDITS_PER_MINUTE_MAX);
    // Whoever has a name is recorded nevertheless.
    struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_REVOKE, ROLE_COORDINATOR);
    assert_string_equal(fixture_send(&fixture, &ask).trace, "begin audit commit ");
    fixture.now_us += (int64_t)60 * FIXTURE_SECOND_US;
    ask = fixture_ask(&fixture, METHOD_TABLE_GET, ROLE_COORDINATOR);
    ask.request.token.len = 0;
    assert_string_equal(fixture_send(&fixture, &ask).trace, "begin audit commit ");
    fixture_close(&fixture);
}

static void test_gate_answer__sees_a_revocation_within_thirty_seconds(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    struct ask ask = fixture_ask(&fixture, METHOD_TABLE_GET, ROLE_COORDINATOR);
    assert_int_equal(fixture_send(&fixture, &ask).response.status.code, WIRE_OK);
    fixture.store.principals[1].epoch++;
    fixture.now_us += (int64_t)PRINCIPAL_CACHE_SECONDS * FIXTURE_SECOND_US - 1;
    assert_int_equal(fixture_send(&fixture, &ask).response.status.code, WIRE_OK);
    fixture.now_us += 1;
    assert_string_equal(fixture_send(&fixture, &ask).response.status.reason, "PRINCIPAL_REVOKED");
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate_answer__does_all_of_a_write_in_one_transaction),
        cmocka_unit_test(test_gate_answer__gives_a_repeated_call_its_first_answer),
        cmocka_unit_test(test_gate_answer__refuses_a_key_that_named_another_request),
        cmocka_unit_test(test_gate_answer__undoes_all_when_a_step_fails),
        cmocka_unit_test(test_gate_answer__passes_the_handlers_words_on),
        cmocka_unit_test(test_gate_answer__answers_a_refusal_that_cannot_be_audited),
        cmocka_unit_test(test_gate_answer__bounds_the_audit_of_callers_without_a_name),
        cmocka_unit_test(test_gate_answer__sees_a_revocation_within_thirty_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
