/*
 * Goal: an error keeps its meaning across the wire. Method: every error code there and back,
 * every reason of the table, and what must stay behind.
 */
#include "support.h"

#include "wire/status.h"

#include <string.h>

static void test_wire_code__keeps_every_error_code(void **state)
{
    (void)state;
    for (int code = ERR_OK; code <= ERR_INTERNAL; code++) {
        struct err err = {.code = (enum err_code)code};
        assert_int_equal(wire_code_to_err((int)wire_code_from_err(&err)), code);
    }
}

static void test_wire_code_to_err__never_takes_a_failure_for_success(void **state)
{
    (void)state;
    for (int code = -2; code < 40; code++) {
        assert_int_equal(wire_code_to_err(code) == ERR_OK, code == WIRE_OK);
    }
}

static void test_wire_code_name__names_each(void **state)
{
    (void)state;
    assert_string_equal(wire_code_name(WIRE_OK), "OK");
    assert_string_equal(wire_code_name(WIRE_UNAUTHENTICATED), "UNAUTHENTICATED");
    assert_string_equal(wire_code_name(17), "UNKNOWN");
    assert_string_equal(wire_code_name(-1), "UNKNOWN");
}

static const struct {
    const char *reason;
    enum wire_code code;
} REASONS[] = {
#define REASON(reason, code, hint_da, hint_en) {reason, code},
#include "wire/reason_table.def"
#undef REASON
};

static void test_wire_status_from_err__gives_each_reason_code_and_hints(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(REASONS) / sizeof(REASONS[0]); i++) {
        struct err err = ERR_INIT;
        assert_true(strlen(REASONS[i].reason) < ERR_REASON_BYTES_MAX);
        (void)err_set(&err, ERR_DENIED, "no");
        (void)err_reason(&err, REASONS[i].reason);
        struct wire_status status = wire_status_from_err(&err);
        assert_int_equal(status.code, REASONS[i].code);
        assert_string_equal(status.reason, REASONS[i].reason);
        assert_true(status.hint_da[0] != '\0' && status.hint_en[0] != '\0');
    }
}

static void test_wire_status_from_err__leaves_the_detail_behind(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    (void)err_set(&err, ERR_UNAVAILABLE, "the store is away");
    (void)err_detail(&err, "connection to server on socket failed");
    struct wire_status status = wire_status_from_err(&err);
    assert_string_equal(status.message, "the store is away");
    assert_string_equal(status.hint_en, "");
    assert_int_equal(status.code, WIRE_UNAVAILABLE);
}

static void test_wire_status_from_err__prefers_the_callers_hint(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    (void)err_set(&err, ERR_DENIED, "no");
    (void)err_reason(&err, "TOKEN_EXPIRED");
    (void)err_hint(&err, "Own words.");
    assert_string_equal(wire_status_from_err(&err).hint_en, "Own words.");
}

static void test_wire_status_to_err__fills_the_clients_record(void **state)
{
    struct wire_status status = {.code = WIRE_UNAUTHENTICATED,
                                 .message = "the token has expired",
                                 .reason = "TOKEN_EXPIRED",
                                 .hint_en = "Log in again."};
    struct wire_status bare = {.code = WIRE_INTERNAL};
    struct wire_status ok = {.code = WIRE_OK};
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_ERR(ERR_DENIED, wire_status_to_err(&status, &err));
    assert_string_equal(err.message, "the token has expired");
    assert_string_equal(err.reason, "TOKEN_EXPIRED");
    assert_string_equal(err.hint, "Log in again.");
    ASSERT_ERR(ERR_INTERNAL, wire_status_to_err(&bare, &err));
    assert_string_equal(err.reason, "");
    ASSERT_ERR(ERR_OK, wire_status_to_err(&ok, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire_code__keeps_every_error_code),
        cmocka_unit_test(test_wire_code_to_err__never_takes_a_failure_for_success),
        cmocka_unit_test(test_wire_code_name__names_each),
        cmocka_unit_test(test_wire_status_from_err__gives_each_reason_code_and_hints),
        cmocka_unit_test(test_wire_status_from_err__leaves_the_detail_behind),
        cmocka_unit_test(test_wire_status_from_err__prefers_the_callers_hint),
        cmocka_unit_test(test_wire_status_to_err__fills_the_clients_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
