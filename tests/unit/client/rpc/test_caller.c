/* Goal: a call logs in once, signs what must be signed, keeps its idempotency key over the
 * retries, gives up on what cannot pass, and believes no answer that is not its own. Method:
 * a process made of the wire library behind a real socket. */
#include "fake_pair.h"

#include "rpc/auth_call.h"
#include "rpc/health_call.h"
#include "rpc/table_call.h"

#include "fremgang/v1/table.pb-c.h"
#include "grpc/health/v1/health.pb-c.h"

static void answer_empty(struct fake_process *process, const struct wire_request *request,
                         struct wire_response *response, struct buf *payload)
{
    (void)process;
    (void)request;
    (void)response;
    (void)payload;
}

/* Busy twice, then well. */
static void answer_busy_twice(struct fake_process *process, const struct wire_request *request,
                              struct wire_response *response, struct buf *payload)
{
    (void)request;
    (void)payload;
    if (process->call_count <= 2) {
        response->status = (struct wire_status){.code = WIRE_UNAVAILABLE,
                                                .message = "busy",
                                                .reason = "SERVER_BUSY",
                                                .has_retry_after = true,
                                                .retry_after_ms = 30};
    }
}

static void answer_denied(struct fake_process *process, const struct wire_request *request,
                          struct wire_response *response, struct buf *payload)
{
    (void)process;
    (void)request;
    (void)payload;
    response->status = (struct wire_status){.code = WIRE_PERMISSION_DENIED,
                                            .message = "not for your role",
                                            .reason = "ROLE_DENIED",
                                            .hint_en = "See the roles.",
                                            .hint_da = "Se rollerne."};
}

/* The first token is worn out. */
static void answer_expired_once(struct fake_process *process, const struct wire_request *request,
                                struct wire_response *response, struct buf *payload)
{
    (void)process;
    (void)payload;
    if (memcmp(request->token.data, "token-1", 7) == 0) {
        response->status = (struct wire_status){
            .code = WIRE_UNAUTHENTICATED, .message = "token expired", .reason = "TOKEN_EXPIRED"};
    }
}

static void answer_always_expired(struct fake_process *process, const struct wire_request *request,
                                  struct wire_response *response, struct buf *payload)
{
    (void)process;
    (void)request;
    (void)payload;
    response->status = (struct wire_status){
        .code = WIRE_UNAUTHENTICATED, .message = "token expired", .reason = "TOKEN_EXPIRED"};
}

static enum err_code call(struct fake_pair *pair, enum method_id method, struct err *err)
{
    AUTO_BUF struct buf response = BUF_INIT;
    struct caller_request request = {.method = method};
    return caller_call(pair->caller, &request, &response, err);
}

static void test_caller_call__logs_in_once_for_many_calls(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_empty};
    fake_pair_open(&pair, PROCESS_POOL);
    for (int i = 0; i < 3; i++) {
        ASSERT_OK(call(&pair, METHOD_TABLE_GET, &err), err);
    }
    assert_int_equal(pair.process.log_ins, 1);
    assert_int_equal(pair.process.call_count, 3);
    assert_string_equal(pair.process.calls[2].token, "token-1");
    assert_string_equal(pair.process.calls[2].method, "/fremgang.v1.TableService/Get");
    assert_string_equal(pair.process.calls[2].idempotency_key, "");
    assert_false(pair.process.calls[2].signature_holds);
    assert_in_range(pair.process.calls[2].deadline_ms, 1, 10000);
}

static void test_caller_call__signs_what_the_table_marks(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_empty};
    fake_pair_open(&pair, PROCESS_POOL);
    ASSERT_OK(call(&pair, METHOD_ADMIN_WITHDRAW, &err), err);
    assert_true(pair.process.calls[0].signature_holds);
    assert_int_equal(strlen(pair.process.calls[0].idempotency_key), 32);
    ASSERT_OK(call(&pair, METHOD_ADMIN_LIST_STAGED, &err), err);
    assert_true(pair.process.calls[1].signature_holds);
    assert_string_equal(pair.process.calls[1].idempotency_key, "");
}

static void test_caller_call__keeps_the_key_over_retries(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_busy_twice};
    fake_pair_open(&pair, PROCESS_POOL);
    int64_t start_ms = clock_monotonic_ms();
    ASSERT_OK(call(&pair, METHOD_ADMIN_APPROVE, &err), err);
    const struct fake_call *calls = pair.process.calls;
    assert_int_equal(pair.process.call_count, 3);
    assert_true(clock_monotonic_ms() - start_ms >= 60);
    assert_string_equal(calls[0].idempotency_key, calls[2].idempotency_key);
    assert_string_not_equal(calls[0].request_id, calls[1].request_id);
    assert_true(calls[0].signature_holds && calls[1].signature_holds && calls[2].signature_holds);
}

static void test_caller_call__does_not_repeat_a_refusal(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_denied};
    fake_pair_open(&pair, PROCESS_POOL);
    ASSERT_ERR(ERR_DENIED, call(&pair, METHOD_ADMIN_APPROVE, &err));
    assert_int_equal(pair.process.call_count, 1);
    assert_string_equal(err.reason, "ROLE_DENIED");
    assert_string_equal(err.hint, "See the roles.");
    assert_non_null(strstr(err.detail, pair.process.calls[0].request_id));
}

static void test_caller_call__renews_a_refused_token_once(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_expired_once};
    fake_pair_open(&pair, PROCESS_POOL);
    ASSERT_OK(call(&pair, METHOD_TABLE_GET, &err), err);
    assert_int_equal(pair.process.log_ins, 2);
    assert_string_equal(pair.process.calls[1].token, "token-2");
    pair.process.answer = answer_always_expired;
    ASSERT_ERR(ERR_DENIED, call(&pair, METHOD_TABLE_GET, &err));
    assert_int_equal(pair.process.log_ins, 3);
}

static void test_caller_call__is_refused_with_a_wrong_key(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_empty};
    fake_pair_open(&pair, PROCESS_POOL);
    pair.process.public_key[0] ^= 1;
    ASSERT_ERR(ERR_DENIED, call(&pair, METHOD_TABLE_GET, &err));
    assert_string_equal(err.reason, "LOGIN_REFUSED");
    assert_int_equal(pair.process.call_count, 0);
}

static void test_caller_call__believes_no_answer_but_its_own(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_empty};
    fake_pair_open(&pair, PROCESS_POOL);
    pair.process.wrong_request_id = true;
    ASSERT_ERR(ERR_CORRUPT, call(&pair, METHOD_TABLE_GET, &err));
    pair.process.wrong_request_id = false;
    pair.process.garbage = true;
    ASSERT_ERR(ERR_CORRUPT, call(&pair, METHOD_TABLE_GET, &err));
}

static void test_caller_call__says_what_the_profile_lacks(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_BUF struct buf response = BUF_INIT;
    AUTO(caller_free) struct caller *caller = NULL;
    struct caller_settings settings = {.clock = clock_system()};
    struct caller_request request = {.method = METHOD_TABLE_GET};
    settings.urls[1][0] = "tcp://127.0.0.1:1";
    settings.url_counts[1] = 1;
    ASSERT_OK(caller_new(&settings, &caller, &err), err);
    ASSERT_ERR(ERR_INVALID, caller_call(caller, &request, &response, &err));
    assert_string_equal(err.message, "the profile is not enrolled");
    request.method = METHOD_OWN_TABLE;
    ASSERT_ERR(ERR_INVALID, caller_call(caller, &request, &response, &err));
    assert_string_equal(err.message, "the profile names no intake server");
}

static void test_caller_call__pins_the_receipt_key(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct secret *other = NULL;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_expired_once};
    fake_pair_open(&pair, PROCESS_INTAKE);
    ASSERT_OK(sign_key_new(&pair.process.receipt_key, &err), err);
    assert_null(caller_receipt_key(pair.caller));
    ASSERT_OK(call(&pair, METHOD_OWN_TABLE, &err), err);
    assert_non_null(caller_receipt_key(pair.caller));
    assert_true(caller_has_learnt_receipt_key(pair.caller));
    ASSERT_OK(sign_key_new(&other, &err), err);
    secret_free(pair.process.receipt_key);
    pair.process.receipt_key = other;
    pair.process.answer = answer_always_expired; // makes it log in again
    ASSERT_ERR(ERR_CORRUPT, call(&pair, METHOD_OWN_TABLE, &err));
    assert_string_equal(err.reason, "RECEIPT_KEY_CHANGED");
}

static void answer_serving(struct fake_process *process, const struct wire_request *request,
                           struct wire_response *response, struct buf *payload)
{
    struct err err = ERR_INIT;
    PbHealth__HealthCheckResponse answer = PB_HEALTH__HEALTH_CHECK_RESPONSE__INIT;
    (void)process;
    (void)request;
    (void)response;
    answer.status = PB_HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING;
    ASSERT_OK(message_pack(&answer.base, payload, &err), err);
}

static void test_health_check__needs_no_log_in(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    enum health_status status = HEALTH_UNKNOWN;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_serving};
    fake_pair_open(&pair, PROCESS_KEYS);
    ASSERT_OK(health_check(pair.caller, PROCESS_KEYS, &status, &err), err);
    assert_int_equal(status, HEALTH_NOT_SERVING);
    assert_int_equal(pair.process.log_ins, 0);
    assert_string_equal(pair.process.calls[0].token, "");
}

/* Two rows: a withheld numerator, and one whose keys do not fit when call_count is even. */
static void answer_table(struct fake_process *process, const struct wire_request *request,
                         struct wire_response *response, struct buf *payload)
{
    struct err err = ERR_INIT;
    Pb__GetTableResponse answer = PB__GET_TABLE_RESPONSE__INIT;
    Pb__Table table = PB__TABLE__INIT;
    Pb__TableHead head = PB__TABLE_HEAD__INIT;
    Pb__TableRow row = PB__TABLE_ROW__INIT;
    Pb__Cell numerator = PB__CELL__INIT;
    Pb__Cell denominator = PB__CELL__INIT;
    Pb__WithheldCell withheld = PB__WITHHELD_CELL__INIT;
    const char *by[] = {"quarter", "municipality"};
    const char *keys[] = {"2014-Q1", "657"};
    Pb__TableRow *rows[] = {&row};
    (void)request;
    (void)response;
    head.by = by;
    head.n_by = 2;
    head.synthetic = true;
    row.keys = keys;
    row.n_keys = process->call_count % 2 == 0 ? 1 : 2;
    numerator.state_case = PB__CELL__STATE_WITHHELD;
    numerator.withheld = &withheld;
    denominator.state_case = PB__CELL__STATE_EXACT;
    denominator.exact = 60;
    row.numerator = &numerator;
    row.denominator = &denominator;
    table.head = &head;
    table.rows = rows;
    table.n_rows = 1;
    answer.table = &table;
    ASSERT_OK(message_pack(&answer.base, payload, &err), err);
}

static void test_table_get__keeps_a_withheld_cell_without_a_number(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    const char *by[] = {"quarter", "municipality"};
    const char *codes[] = {"F"};
    struct table_filter filter = {"sex", codes, 1};
    struct table_query query = {.partnership = "p4",
                                .measure = "institution_share",
                                .by = by,
                                .by_count = 2,
                                .filters = &filter,
                                .filter_count = 1};
    AUTO(table_free) struct table *table = NULL;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_table};
    fake_pair_open(&pair, PROCESS_POOL);
    ASSERT_OK(table_get(pair.caller, &query, &table, &err), err);
    assert_int_equal(table->row_count, 1);
    assert_string_equal(table->rows[0].keys[1], "657");
    assert_int_equal(table->rows[0].numerator.state, TABLE_CELL_WITHHELD);
    assert_int_equal(table->rows[0].numerator.exact, 0);
    assert_int_equal(table->rows[0].denominator.exact, 60);
    assert_false(table->rows[0].has_value);
    assert_true(table->synthetic);
    struct table *odd = NULL;
    ASSERT_ERR(ERR_CORRUPT, table_get(pair.caller, &query, &odd, &err));
    assert_null(odd);
}

static void test_table_get__refuses_an_answer_without_a_table(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct table_query query = {.partnership = "p4", .measure = "institution_share"};
    struct table *table = NULL;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_empty};
    fake_pair_open(&pair, PROCESS_POOL);
    ASSERT_ERR(ERR_CORRUPT, table_get(pair.caller, &query, &table, &err));
    assert_null(table);
}

static void test_auth_enrol__refuses_a_mistyped_code_before_calling(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct auth_enrolment *enrolment = NULL;
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_empty};
    fake_pair_open(&pair, PROCESS_POOL);
    ASSERT_ERR(ERR_INVALID, auth_enrol(pair.caller, "12345", pair.identity, &enrolment, &err));
    assert_null(strstr(err.message, "12345"));
    assert_int_equal(pair.process.call_count, 0);
}

static void test_auth_enrol__repeats_with_the_same_key(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    const char *code = "7K3QD-7K3QD-7K3QD-7K3QD";
    AUTO_PAIR struct fake_pair pair = {.process.answer = answer_empty};
    fake_pair_open(&pair, PROCESS_POOL);
    for (int i = 0; i < 2; i++) {
        AUTO(auth_enrolment_free) struct auth_enrolment *enrolment = NULL;
        ASSERT_OK(auth_enrol(pair.caller, code, pair.identity, &enrolment, &err), err);
    }
    assert_int_equal(pair.process.log_ins, 0);
    assert_string_equal(pair.process.calls[0].idempotency_key,
                        pair.process.calls[1].idempotency_key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_caller_call__logs_in_once_for_many_calls),
        cmocka_unit_test(test_caller_call__signs_what_the_table_marks),
        cmocka_unit_test(test_caller_call__keeps_the_key_over_retries),
        cmocka_unit_test(test_caller_call__does_not_repeat_a_refusal),
        cmocka_unit_test(test_caller_call__renews_a_refused_token_once),
        cmocka_unit_test(test_caller_call__is_refused_with_a_wrong_key),
        cmocka_unit_test(test_caller_call__believes_no_answer_but_its_own),
        cmocka_unit_test(test_caller_call__says_what_the_profile_lacks),
        cmocka_unit_test(test_caller_call__pins_the_receipt_key),
        cmocka_unit_test(test_health_check__needs_no_log_in),
        cmocka_unit_test(test_table_get__keeps_a_withheld_cell_without_a_number),
        cmocka_unit_test(test_table_get__refuses_an_answer_without_a_table),
        cmocka_unit_test(test_auth_enrol__refuses_a_mistyped_code_before_calling),
        cmocka_unit_test(test_auth_enrol__repeats_with_the_same_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
