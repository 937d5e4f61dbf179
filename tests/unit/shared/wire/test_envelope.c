/*
 * Goal: what one side encodes the other reads, and nothing else is taken for an envelope.
 * Method: round trips, then one broken thing at a time, every cut, and every flipped bit.
 */
#include "support.h"

#include "base/limits.h"
#include "wire/envelope.h"

#include <string.h>

static struct wire_request sample_request(void)
{
    struct wire_request request = {
        .method = "/fremgang.v1.SubmissionService/Push",
        .request_id = "r-1",
        .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        .client_version = "fremgang/0.1.0",
        .token = {(const uint8_t *)"token", 5},
        .deadline_ms = 1500,
        .idempotency_key = "k-1",
        .is_signed = true,
        .signed_at_us = -5,
        .payload = {(const uint8_t *)"\x00\x01\x02", 3},
    };
    memset(request.signature, 0xA5, sizeof(request.signature));
    return request;
}

static enum err_code round_trip(const struct wire_request *request, struct arena *arena,
                                struct wire_request *out, struct err *err)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    ASSERT_OK(wire_request_encode(request, &bytes, err), *err);
    return wire_request_decode((struct wire_bytes){bytes.data, bytes.len}, arena, out, err);
}

static void test_wire_request_decode__reads_what_was_encoded(void **state)
{
    AUTO(arena_free) struct arena *arena = arena_new(65536);
    struct wire_request request = sample_request();
    struct wire_request read;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(round_trip(&request, arena, &read, &err), err);
    assert_string_equal(read.method, request.method);
    assert_string_equal(read.request_id, "r-1");
    assert_string_equal(read.traceparent, request.traceparent);
    assert_string_equal(read.client_version, "fremgang/0.1.0");
    assert_int_equal(read.token.len, 5);
    assert_memory_equal(read.token.data, "token", 5);
    assert_int_equal(read.deadline_ms, 1500);
    assert_string_equal(read.idempotency_key, "k-1");
    assert_true(read.is_signed);
    assert_memory_equal(read.signature, request.signature, WIRE_SIGNATURE_BYTES);
    assert_int_equal(read.signed_at_us, -5);
    assert_int_equal(read.payload.len, 3);
    assert_memory_equal(read.payload.data, "\x00\x01\x02", 3);
}

static void test_wire_request_decode__tells_unsigned_from_signed(void **state)
{
    AUTO(arena_free) struct arena *arena = arena_new(65536);
    struct wire_request request = {.method = "/m", .request_id = "r"};
    struct wire_request read;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(round_trip(&request, arena, &read, &err), err);
    assert_false(read.is_signed);
    assert_string_equal(read.idempotency_key, "");
    assert_int_equal(read.token.len, 0);
    assert_int_equal(read.payload.len, 0);
}

#define CHARACTERS_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_wire_request_decode__holds_ids_to_their_rule(void **state)
{
    static const struct {
        const char *request_id;
        const char *idempotency_key;
        const char *traceparent;
        enum err_code expected;
    } CASES[] = {
        {CHARACTERS_64, CHARACTERS_64, CHARACTERS_64, ERR_OK},
        {"r", "", "", ERR_OK},
        {"", "k", "", ERR_INVALID},
        {CHARACTERS_64 "x", "k", "", ERR_INVALID},
        {"r", CHARACTERS_64 "x", "", ERR_INVALID},
        {"r", "k", CHARACTERS_64 "x", ERR_INVALID},
        {"a b", "k", "", ERR_INVALID},
        {"a\nb", "k", "", ERR_INVALID},
        {"r", "k\x1B[0m", "", ERR_INVALID},
        {"r\xC3\xB8", "k", "", ERR_INVALID},
        {"r", "k\x7F", "", ERR_INVALID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        AUTO(arena_free) struct arena *arena = arena_new(65536);
        struct wire_request request = sample_request();
        struct wire_request read;
        struct err err = ERR_INIT;
        request.request_id = CASES[i].request_id;
        request.idempotency_key = CASES[i].idempotency_key;
        request.traceparent = CASES[i].traceparent;
        ASSERT_ERR(CASES[i].expected, round_trip(&request, arena, &read, &err));
    }
}

static void test_wire_request_decode__refuses_wrong_parts(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } CASES[] = {
        {"", 0},           // no metadata
        {"\x0A\x02/m", 4}, // method alone
        {"\x12\x00", 2},   // metadata without id
        {"\x12\x09\x0A\x01r\x3A\x04\x0A\x02"
         "AB",
         11},                             // signature of 2 bytes
        {"\x12\x05\x0A\x01r\x3A\x00", 7}, // signature of none
        {"\x12\x03\x0A\x01\xFF", 5},      // id that is not UTF-8
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        AUTO(arena_free) struct arena *arena = arena_new(65536);
        struct wire_request read = {.method = "untouched"};
        struct err err = ERR_INIT;
        struct wire_bytes bytes = {(const uint8_t *)CASES[i].bytes, CASES[i].len};
        ASSERT_ERR(ERR_INVALID, wire_request_decode(bytes, arena, &read, &err));
        assert_string_equal(err.reason, "MESSAGE_MALFORMED");
        assert_string_equal(read.method, "untouched");
    }
}

static void test_wire_request_decode__survives_every_cut_and_flip(void **state)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    struct wire_request request = sample_request();
    struct wire_request read;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(wire_request_encode(&request, &bytes, &err), err);
    for (size_t len = 0; len < bytes.len; len++) {
        AUTO(arena_free) struct arena *arena = arena_new(65536);
        // Heap of the exact size, so that a read past the end is seen.
        AUTO_HEAP uint8_t *cut = malloc(len == 0 ? 1 : len);
        memcpy(cut, bytes.data, len);
        if (wire_request_decode((struct wire_bytes){cut, len}, arena, &read, &err) == ERR_OK) {
            assert_string_equal(read.request_id, "r-1");
        }
    }
    for (size_t bit = 0; bit < bytes.len * 8; bit++) {
        AUTO(arena_free) struct arena *arena = arena_new(65536);
        bytes.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        enum err_code code =
            wire_request_decode((struct wire_bytes){bytes.data, bytes.len}, arena, &read, &err);
        assert_true(code == ERR_OK || code == ERR_INVALID || code == ERR_LIMIT);
        bytes.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}

static void test_wire_request__is_held_to_the_wires_limit(void **state)
{
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    AUTO_BUF struct buf bytes = BUF_INIT;
    AUTO_HEAP uint8_t *payload = calloc(1, WIRE_MESSAGE_BYTES_MAX);
    struct wire_request request = {.method = "/m", .request_id = "r"};
    struct wire_request read;
    struct err err = ERR_INIT;
    (void)state;
    // "/m" takes 4 bytes, the metadata 5, the payload's head 5.
    request.payload = (struct wire_bytes){payload, WIRE_MESSAGE_BYTES_MAX - 14};
    ASSERT_OK(wire_request_encode(&request, &bytes, &err), err);
    assert_int_equal(bytes.len, WIRE_MESSAGE_BYTES_MAX);
    ASSERT_OK(wire_request_decode((struct wire_bytes){bytes.data, bytes.len}, arena, &read, &err),
              err);
    buf_append_byte(&bytes, 0);
    ASSERT_ERR(ERR_LIMIT,
               wire_request_decode((struct wire_bytes){bytes.data, bytes.len}, arena, &read, &err));
    assert_string_equal(err.reason, "MESSAGE_TOO_LARGE");
    request.payload.len++;
    buf_reset(&bytes);
    ASSERT_ERR(ERR_LIMIT, wire_request_encode(&request, &bytes, &err));
    assert_int_equal(bytes.len, 0);
}

static void test_wire_response_decode__reads_status_and_violations(void **state)
{
    AUTO(arena_free) struct arena *arena = arena_new(65536);
    AUTO_BUF struct buf bytes = BUF_INIT;
    struct wire_violation violations[] = {
        {"followup.date_before_start", "follow_up", "followup_date", 3, "dansk", "english"},
        {"case.too_many", "case", NULL, 0, NULL, NULL},
    };
    struct wire_response response = {
        .request_id = "r-9",
        .status = {.code = WIRE_INVALID_ARGUMENT,
                   .message = "two rules broken",
                   .reason = "BATCH_INVALID",
                   .hint_da = "ret",
                   .hint_en = "fix",
                   .has_retry_after = true,
                   .retry_after_ms = 0,
                   .violations = violations,
                   .violation_count = 2},
        .server_time_us = 42,
    };
    struct wire_response read;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(wire_response_encode(&response, &bytes, &err), err);
    ASSERT_OK(wire_response_decode((struct wire_bytes){bytes.data, bytes.len}, arena, &read, &err),
              err);
    assert_string_equal(read.request_id, "r-9");
    assert_int_equal(read.server_time_us, 42);
    assert_int_equal(read.status.code, WIRE_INVALID_ARGUMENT);
    assert_string_equal(read.status.message, "two rules broken");
    assert_string_equal(read.status.reason, "BATCH_INVALID");
    assert_string_equal(read.status.hint_da, "ret");
    assert_string_equal(read.status.hint_en, "fix");
    assert_true(read.status.has_retry_after);
    assert_int_equal(read.status.retry_after_ms, 0);
    assert_int_equal(read.status.violation_count, 2);
    assert_string_equal(read.status.violations[0].rule, "followup.date_before_start");
    assert_int_equal(read.status.violations[0].row, 3);
    assert_string_equal(read.status.violations[0].da, "dansk");
    assert_string_equal(read.status.violations[1].field, "");
    assert_string_equal(read.status.violations[1].en, "");
}

static void test_wire_response_decode__tells_absent_retry_from_zero(void **state)
{
    AUTO(arena_free) struct arena *arena = arena_new(65536);
    AUTO_BUF struct buf bytes = BUF_INIT;
    struct wire_response response = {.request_id = "r", .payload = {(const uint8_t *)"P", 1}};
    struct wire_response read;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(wire_response_encode(&response, &bytes, &err), err);
    ASSERT_OK(wire_response_decode((struct wire_bytes){bytes.data, bytes.len}, arena, &read, &err),
              err);
    assert_false(read.status.has_retry_after);
    assert_int_equal(read.status.code, WIRE_OK);
    assert_string_equal(read.status.hint_en, "");
    assert_memory_equal(read.payload.data, "P", 1);
}

static void test_wire_response_decode__refuses_garbage(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } CASES[] = {
        {"", 0}, {"\x0A\x01r", 3}, {"\x12\x05", 2}, {"\xFF\xFF", 2}, {"\x12\x02\x12\x09", 4}};
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        AUTO(arena_free) struct arena *arena = arena_new(65536);
        struct wire_response read;
        struct err err = ERR_INIT;
        struct wire_bytes bytes = {(const uint8_t *)CASES[i].bytes, CASES[i].len};
        ASSERT_ERR(ERR_INVALID, wire_response_decode(bytes, arena, &read, &err));
    }
}

static void test_wire_response_decode__reads_unheard_codes_as_unknown(void **state)
{
    static const char *const CODES[] = {"\x12\x02\x08\x11", "\x12\x02\x08\x7F"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        AUTO(arena_free) struct arena *arena = arena_new(65536);
        struct wire_response read;
        struct err err = ERR_INIT;
        struct wire_bytes bytes = {(const uint8_t *)CODES[i], 4};
        ASSERT_OK(wire_response_decode(bytes, arena, &read, &err), err);
        assert_int_equal(read.status.code, WIRE_UNKNOWN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire_request_decode__reads_what_was_encoded),
        cmocka_unit_test(test_wire_request_decode__tells_unsigned_from_signed),
        cmocka_unit_test(test_wire_request_decode__holds_ids_to_their_rule),
        cmocka_unit_test(test_wire_request_decode__refuses_wrong_parts),
        cmocka_unit_test(test_wire_request_decode__survives_every_cut_and_flip),
        cmocka_unit_test(test_wire_request__is_held_to_the_wires_limit),
        cmocka_unit_test(test_wire_response_decode__reads_status_and_violations),
        cmocka_unit_test(test_wire_response_decode__tells_absent_retry_from_zero),
        cmocka_unit_test(test_wire_response_decode__refuses_garbage),
        cmocka_unit_test(test_wire_response_decode__reads_unheard_codes_as_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
