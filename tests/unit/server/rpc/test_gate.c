/*
 * Goal: no call passes the gate that the method table does not let pass. Method: every
 * process x method x role; a table of calls with one thing wrong each; bytes that are no call.
 */
#include "gate_fixture.h"

static void test_gate_answer__keeps_every_process_method_and_role_apart(void **state)
{
    static const uint32_t ROLES[] = {ROLE_MUNICIPALITY, ROLE_COORDINATOR, ROLE_RESEARCHER,
                                     ROLE_STEWARD};
    (void)state;
    for (uint32_t process = PROCESS_INTAKE; process <= PROCESS_KEYS; process <<= 1) {
        struct gate_fixture fixture;
        fixture_open(&fixture, process);
        for (size_t i = 0; i < method_count() * 4; i++) {
            const struct method *method = method_at(i / 4);
            uint32_t role = ROLES[i % 4];
            bool is_served = (method->processes & process) != 0;
            bool is_allowed = (method->roles & (role | ROLE_ANYONE)) != 0;
            struct ask ask = fixture_ask(&fixture, method->id, role);
            fixture.handled = 0;
            fixture.store.has_answer = false;
            struct answer answer = fixture_send(&fixture, &ask);
            assert_int_equal(fixture.handled, is_served && is_allowed ? 1 : 0);
            assert_int_equal(answer.response.status.code, !is_served   ? WIRE_UNIMPLEMENTED
                                                          : is_allowed ? WIRE_OK
                                                                       : WIRE_PERMISSION_DENIED);
            if (is_served && !is_allowed) {
                assert_string_equal(answer.response.status.reason, "ROLE_DENIED");
                assert_string_equal(answer.trace, "begin audit commit ");
                assert_int_equal(fixture.store.last.code, ERR_DENIED);
            }
        }
        fixture_close(&fixture);
    }
}

static void test_gate_answer__asks_all_but_four_methods_for_a_token(void **state)
{
    int open_methods = 0;
    (void)state;
    for (size_t i = 0; i < method_count(); i++) {
        struct gate_fixture fixture;
        const struct method *method = method_at(i);
        fixture_open(&fixture,
                     (method->processes & PROCESS_POOL) != 0 ? PROCESS_POOL : PROCESS_INTAKE);
        struct ask ask = fixture_ask(&fixture, method->id, ROLE_STEWARD);
        ask.request.token.len = 0;
        struct answer answer = fixture_send(&fixture, &ask);
        if (fixture.handled > 0) {
            open_methods++;
            assert_int_equal(method->roles, ROLE_ANYONE);
        } else {
            assert_int_equal(answer.response.status.code, WIRE_UNAUTHENTICATED);
            assert_string_equal(answer.response.status.reason, "TOKEN_MISSING");
        }
        fixture_close(&fixture);
    }
    assert_int_equal(open_methods, 4); // health, enrolment, challenge, log-in
}

/* One thing wrong with an otherwise good ClosePeriod (municipality, signed, writes). */
enum wrong {
    TOKEN_GARBAGE,
    TOKEN_CUT,
    TOKEN_FLIPPED,
    TOKEN_OF_OTHER_PROCESS,
    TOKEN_EXPIRED_NOW,
    TOKEN_OF_NOBODY,
    TOKEN_OF_OLD_EPOCH,
    TOKEN_OF_OLD_ROLE,
    TOKEN_OF_OLD_MUNICIPALITY,
    PRINCIPAL_IS_REVOKED,
    STORE_AWAY,
    UNSIGNED,
    SIGNED_BY_ANOTHER,
    SIGNED_TOO_EARLY,
    SIGNED_TOO_LATE,
    NO_KEY,
    PAYLOAD_GARBAGE,
    PAYLOAD_TOO_LARGE,
    WAITED_TOO_LONG,
    WAITED_PAST_ITS_OWN,
    METHOD_IS_UNKNOWN,
    WRONG_COUNT
};

static const struct {
    enum wire_code code;
    const char *reason;
    bool is_audited;
} REFUSALS[WRONG_COUNT] = {
    [TOKEN_GARBAGE] = {WIRE_UNAUTHENTICATED, "TOKEN_INVALID", true},
    [TOKEN_CUT] = {WIRE_UNAUTHENTICATED, "TOKEN_INVALID", true},
    [TOKEN_FLIPPED] = {WIRE_UNAUTHENTICATED, "TOKEN_INVALID", true},
    [TOKEN_OF_OTHER_PROCESS] = {WIRE_UNAUTHENTICATED, "TOKEN_INVALID", true},
    [TOKEN_EXPIRED_NOW] = {WIRE_UNAUTHENTICATED, "TOKEN_EXPIRED", true},
    [TOKEN_OF_NOBODY] = {WIRE_UNAUTHENTICATED, "TOKEN_INVALID", true},
    [TOKEN_OF_OLD_EPOCH] = {WIRE_UNAUTHENTICATED, "PRINCIPAL_REVOKED", true},
    [TOKEN_OF_OLD_ROLE] = {WIRE_UNAUTHENTICATED, "TOKEN_INVALID", true},
    [TOKEN_OF_OLD_MUNICIPALITY] = {WIRE_UNAUTHENTICATED, "TOKEN_INVALID", true},
    [PRINCIPAL_IS_REVOKED] = {WIRE_UNAUTHENTICATED, "PRINCIPAL_REVOKED", true},
    [STORE_AWAY] = {WIRE_UNAVAILABLE, "", false},
    [UNSIGNED] = {WIRE_UNAUTHENTICATED, "SIGNATURE_MISSING", true},
    [SIGNED_BY_ANOTHER] = {WIRE_UNAUTHENTICATED, "SIGNATURE_INVALID", true},
    [SIGNED_TOO_EARLY] = {WIRE_UNAUTHENTICATED, "CLOCK_SKEW", true},
    [SIGNED_TOO_LATE] = {WIRE_UNAUTHENTICATED, "CLOCK_SKEW", true},
    [NO_KEY] = {WIRE_INVALID_ARGUMENT, "KEY_MISSING", true},
    [PAYLOAD_GARBAGE] = {WIRE_INVALID_ARGUMENT, "MESSAGE_MALFORMED", true},
    [PAYLOAD_TOO_LARGE] = {WIRE_RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE", false},
    [WAITED_TOO_LONG] = {WIRE_DEADLINE_EXCEEDED, "DEADLINE_PASSED", true},
    [WAITED_PAST_ITS_OWN] = {WIRE_DEADLINE_EXCEEDED, "DEADLINE_PASSED", true},
    [METHOD_IS_UNKNOWN] = {WIRE_UNIMPLEMENTED, "METHOD_UNKNOWN", false},
};

/* A token that the gate's own key made, with one field changed. */
static void remake_token(struct gate_fixture *fixture, struct ask *ask, enum wrong wrong)
{
    struct token_reader maker = {fixture->process, fixture->token_key, fixture->now_us};
    struct token token = {.principal_id = "p-municipality",
                          .role = ROLE_MUNICIPALITY,
                          .municipality_code = 657,
                          .epoch = 3,
                          .expires_at_us = fixture->now_us + 1};
    if (wrong == TOKEN_OF_OTHER_PROCESS) {
        maker.process = PROCESS_INTAKE;
    } else if (wrong == TOKEN_EXPIRED_NOW) {
        token.expires_at_us = fixture->now_us;
    } else if (wrong == TOKEN_OF_NOBODY) {
        (void)snprintf(token.principal_id, sizeof(token.principal_id), "p-nobody");
    } else if (wrong == TOKEN_OF_OLD_EPOCH) {
        token.epoch = 2;
    } else if (wrong == TOKEN_OF_OLD_ROLE) {
        token.role = ROLE_COORDINATOR;
    } else {
        token.municipality_code = 101;
    }
    token_write(&maker, &token, &ask->token);
    ask->request.token.len = ask->token.len;
}

static void spoil_call(struct gate_fixture *fixture, struct ask *ask, enum wrong wrong)
{
    static const uint8_t LARGE[1025];
    const int64_t window_us = (int64_t)SIGNATURE_WINDOW_SECONDS * FIXTURE_SECOND_US;
    struct wire_request *request = &ask->request;
    switch (wrong) {
    case UNSIGNED:
        request->is_signed = false;
        break;
    case SIGNED_BY_ANOTHER:
        ask->signer = 1;
        break;
    case SIGNED_TOO_EARLY:
        request->signed_at_us = fixture->now_us - window_us - 1;
        break;
    case SIGNED_TOO_LATE:
        request->signed_at_us = fixture->now_us + window_us + 1;
        break;
    case NO_KEY:
        request->idempotency_key = "";
        break;
    case PAYLOAD_GARBAGE:
        request->payload = (struct wire_bytes){(const uint8_t *)"\x0A\x05", 2};
        break;
    case PAYLOAD_TOO_LARGE:
        request->payload = (struct wire_bytes){LARGE, sizeof(LARGE)};
        break;
    case WAITED_TOO_LONG:
        request->deadline_ms = 600000; // cut to the method's own 10 s
        ask->received_ago_ms = 10001;
        break;
    case WAITED_PAST_ITS_OWN:
        request->deadline_ms = 50;
        ask->received_ago_ms = 51;
        break;
    default:
        request->method = "/fremgang.v1.AdminService/Closeperiod";
        break;
    }
}

static void spoil(struct gate_fixture *fixture, struct ask *ask, enum wrong wrong)
{
    if (wrong == TOKEN_GARBAGE) {
        ask->request.token = (struct wire_bytes){(const uint8_t *)"garbage", 7};
    } else if (wrong == TOKEN_CUT) {
        ask->request.token.len--;
    } else if (wrong == TOKEN_FLIPPED) {
        ask->token.data[2] ^= 1;
    } else if (wrong == PRINCIPAL_IS_REVOKED) {
        fixture->store.principals[0].is_revoked = true;
    } else if (wrong == STORE_AWAY) {
        fixture->store.failing = "principal";
    } else if (wrong < PRINCIPAL_IS_REVOKED) {
        remake_token(fixture, ask, wrong);
    } else {
        spoil_call(fixture, ask, wrong);
    }
}

static void test_gate_answer__refuses_calls_with_one_thing_wrong(void **state)
{
    (void)state;
    for (enum wrong wrong = 0; wrong < WRONG_COUNT; wrong++) {
        struct gate_fixture fixture;
        fixture_open(&fixture, PROCESS_POOL);
        struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_CLOSE_PERIOD, ROLE_MUNICIPALITY);
        spoil(&fixture, &ask, wrong);
        struct answer answer = fixture_send(&fixture, &ask);
        assert_int_equal(answer.response.status.code, REFUSALS[wrong].code);
        assert_string_equal(answer.response.status.reason, REFUSALS[wrong].reason);
        assert_int_equal(fixture.handled, 0);
        assert_int_equal(answer.response.payload.len, 0);
        assert_string_equal(answer.trace, REFUSALS[wrong].is_audited ? "begin audit commit " : "");
        if (REFUSALS[wrong].is_audited) {
            assert_string_equal(fixture.store.last_reason, REFUSALS[wrong].reason);
        }
        fixture_close(&fixture);
    }
}

static void test_gate_answer__takes_a_call_at_each_limit(void **state)
{
    static const uint8_t UNKNOWN_FIELD[] = {0xFA, 0x07, 0xFC, 0x07};
    const int64_t window_us = (int64_t)SIGNATURE_WINDOW_SECONDS * FIXTURE_SECOND_US;
    uint8_t payload[1024] = {0};
    (void)state;
    memcpy(payload, UNKNOWN_FIELD, sizeof(UNKNOWN_FIELD));
    for (int i = 0; i < 3; i++) {
        struct gate_fixture fixture;
        fixture_open(&fixture, PROCESS_POOL);
        struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_CLOSE_PERIOD, ROLE_MUNICIPALITY);
        if (i == 0) {
            ask.request.payload = (struct wire_bytes){payload, sizeof(payload)};
        } else {
            ask.request.signed_at_us += i == 1 ? window_us : -window_us;
        }
        assert_int_equal(fixture_send(&fixture, &ask).response.status.code, WIRE_OK);
        fixture_close(&fixture);
    }
}

static void test_gate_answer__tells_the_servers_time_to_a_wrong_clock(void **state)
{
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_CLOSE_PERIOD, ROLE_MUNICIPALITY);
    ask.request.signed_at_us = INT64_MIN;
    struct answer answer = fixture_send(&fixture, &ask);
    assert_string_equal(answer.response.status.reason, "CLOCK_SKEW");
    assert_non_null(strstr(answer.response.status.message, "2017-07-14T02:40:00Z"));
    assert_int_equal(answer.response.server_time_us, fixture.now_us);
    fixture_close(&fixture);
}

static void test_gate_answer__refuses_bytes_that_are_no_call(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } CASES[] = {{"", 0},         {"\xFF", 1},         {"GET / HTTP/1.1\r\n\r\n", 18},
                 {"\x12\x00", 2}, {"\x0B\x0B\x0B", 3}, {"\x16\x03\x01\x02\x00", 5}};
    struct gate_fixture fixture;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct wire_bytes bytes = {(const uint8_t *)CASES[i].bytes, CASES[i].len};
        struct answer answer = fixture_send_bytes(&fixture, bytes, 0);
        assert_int_equal(answer.response.status.code, WIRE_INVALID_ARGUMENT);
        assert_string_equal(answer.response.request_id, "");
        assert_string_equal(answer.trace, "");
    }
    AUTO_HEAP uint8_t *large = calloc(1, WIRE_MESSAGE_BYTES_MAX + 1);
    struct wire_bytes bytes = {large, WIRE_MESSAGE_BYTES_MAX + 1};
    assert_int_equal(fixture_send_bytes(&fixture, bytes, 0).response.status.code,
                     WIRE_RESOURCE_EXHAUSTED);
    fixture_close(&fixture);
}

static void test_gate_answer__survives_every_cut_of_a_good_call(void **state)
{
    struct gate_fixture fixture;
    AUTO_BUF struct buf bytes = BUF_INIT;
    (void)state;
    fixture_open(&fixture, PROCESS_POOL);
    struct ask ask = fixture_ask(&fixture, METHOD_ADMIN_CLOSE_PERIOD, ROLE_MUNICIPALITY);
    ask.request.payload = (struct wire_bytes){(const uint8_t *)"\x0A\x01x\x12\x01y", 6};
    ask_pack(&fixture, &ask, &bytes);
    for (size_t len = 0; len < bytes.len; len++) {
        struct wire_bytes cut = {bytes.data, len};
        assert_int_not_equal(fixture_send_bytes(&fixture, cut, 0).response.status.code, WIRE_OK);
    }
    assert_int_equal(fixture.handled, 0);
    fixture_close(&fixture);
}

static void test_gate_refuse_stopping__asks_to_retry(void **state)
{
    struct gate_fixture fixture;
    AUTO_BUF struct buf bytes = BUF_INIT;
    AUTO_BUF struct buf reply = BUF_INIT;
    struct wire_response response;
    struct err err = ERR_INIT;
    (void)state;
    fixture_open(&fixture, PROCESS_INTAKE);
    struct ask ask = fixture_ask(&fixture, METHOD_SUBMISSION_PUSH, ROLE_MUNICIPALITY);
    ask_pack(&fixture, &ask, &bytes);
    gate_refuse_stopping(fixture.gate, (struct wire_bytes){bytes.data, bytes.len}, &reply);
    ASSERT_OK(wire_response_decode((struct wire_bytes){reply.data, reply.len}, fixture.arena,
                                   &response, &err),
              err);
    assert_string_equal(response.request_id, "r-1");
    assert_string_equal(response.status.reason, "SERVER_STOPPING");
    assert_true(response.status.has_retry_after);
    assert_int_equal(fixture.handled, 0);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate_answer__keeps_every_process_method_and_role_apart),
        cmocka_unit_test(test_gate_answer__asks_all_but_four_methods_for_a_token),
        cmocka_unit_test(test_gate_answer__refuses_calls_with_one_thing_wrong),
        cmocka_unit_test(test_gate_answer__takes_a_call_at_each_limit),
        cmocka_unit_test(test_gate_answer__tells_the_servers_time_to_a_wrong_clock),
        cmocka_unit_test(test_gate_answer__refuses_bytes_that_are_no_call),
        cmocka_unit_test(test_gate_answer__survives_every_cut_of_a_good_call),
        cmocka_unit_test(test_gate_refuse_stopping__asks_to_retry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
