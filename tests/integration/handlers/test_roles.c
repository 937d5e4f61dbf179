/*
 * Goal: every role can call every method where the rule says so, and nowhere else: role x
 * method x process, through the real gates and both databases.
 * Method: the rule is written out below by hand, apart from the method table, so that a wrong
 * row of either is found. An allowed call with an empty request may fail for what it says, but
 * never for who sends it.
 */
#include "support.h"

#include "support/world.h"

#include <string.h>

/* Method, processes, roles: i intake, p pool, k keys; m municipality, c coordinator,
 * r researcher, s steward, * anyone. */
static const struct {
    enum method_id method;
    const char *processes;
    const char *roles;
} RULES[] = {
    {METHOD_HEALTH_CHECK, "ipk", "*"},
    {METHOD_AUTH_ENROL, "p", "*"},
    {METHOD_AUTH_CHALLENGE, "ip", "*"},
    {METHOD_AUTH_LOG_IN, "ip", "*"},
    {METHOD_SUBMISSION_PUSH, "i", "m"},
    {METHOD_SUBMISSION_STATUS, "i", "m"},
    {METHOD_OWN_TABLE, "i", "m"},
    {METHOD_CATALOGUE_INDICATORS, "p", "mcrs"},
    {METHOD_CATALOGUE_RELEASES, "p", "crs"},
    {METHOD_TABLE_GET, "p", "crs"},
    {METHOD_ADMIN_CREATE_PARTNERSHIP, "p", "s"},
    {METHOD_ADMIN_CREATE_CODE, "p", "s"},
    {METHOD_ADMIN_REVOKE, "p", "s"},
    {METHOD_ADMIN_GRANT_PERMIT, "p", "s"},
    {METHOD_ADMIN_CLOSE_PERIOD, "p", "m"},
    {METHOD_ADMIN_LIST_STAGED, "p", "s"},
    {METHOD_ADMIN_APPROVE, "p", "s"},
    {METHOD_ADMIN_WITHDRAW, "p", "s"},
};

static const struct {
    uint32_t bit;
    char letter;
} PROCESSES[] = {{PROCESS_INTAKE, 'i'}, {PROCESS_POOL, 'p'}, {PROCESS_KEYS, 'k'}};

static const struct {
    struct world_role role;
    char letter;
} ROLES[] = {
    {{"municipality", 657, 0}, 'm'},
    {{"coordinator", 0, 0}, 'c'},
    {{"researcher", 0, 0}, 'r'},
    {{"steward", 0, 0}, 's'},
};

enum { NOBODY = ARRAY_COUNT(ROLES), CALLERS };

static struct world world;
static struct person people[ARRAY_COUNT(ROLES)];

static int set_up(void **state)
{
    (void)state;
    world_start(&world);
    for (size_t i = 0; i < ARRAY_COUNT(ROLES); i++) {
        world_enrol(&world, &ROLES[i].role, &people[i]);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(ROLES); i++) {
        person_clear(&people[i]);
    }
    world_stop(&world);
    return 0;
}

/** The code that a refusal for who or where must have; WIRE_OK: none of the three. */
static enum wire_code refusal(size_t rule, size_t process, size_t caller)
{
    if (strchr(RULES[rule].processes, PROCESSES[process].letter) == NULL) {
        return WIRE_UNIMPLEMENTED;
    }
    if (strcmp(RULES[rule].roles, "*") == 0) {
        return WIRE_OK;
    }
    if (caller == NOBODY) {
        return WIRE_UNAUTHENTICATED;
    }
    return strchr(RULES[rule].roles, ROLES[caller].letter) == NULL ? WIRE_PERMISSION_DENIED
                                                                   : WIRE_OK;
}

/** Whether the gate, and not the handler, refused the call. */
static bool is_gate_refusal(const struct world_answer *answer)
{
    static const char *const REASONS[] = {
        "METHOD_ELSEWHERE",  "METHOD_UNKNOWN", "TOKEN_MISSING",     "TOKEN_INVALID",
        "TOKEN_EXPIRED",     "ROLE_DENIED",    "PRINCIPAL_REVOKED", "SIGNATURE_MISSING",
        "SIGNATURE_INVALID", "CLOCK_SKEW",     "KEY_MISSING"};
    for (size_t i = 0; i < ARRAY_COUNT(REASONS); i++) {
        if (strcmp(REASONS[i], answer->reason) == 0) {
            return true;
        }
    }
    return false;
}

static void one_call(size_t rule, size_t process, size_t caller)
{
    const enum wire_code expected = refusal(rule, process, caller);
    const struct method *method = method_at(RULES[rule].method);
    struct world_answer answer;
    world_call(&world,
               &(struct world_call){.process = PROCESSES[process].bit,
                                    .person = caller == NOBODY ? NULL : &people[caller],
                                    .method = RULES[rule].method},
               &answer);
    const bool is_fault = answer.code == WIRE_INTERNAL || answer.code == WIRE_UNAVAILABLE ||
                          answer.code == WIRE_DATA_LOSS;
    if (is_fault || (expected == WIRE_OK ? is_gate_refusal(&answer) : answer.code != expected)) {
        fail_msg("%s at %s by caller %zu: %s (%s), expected %s", method->path,
                 process_name(PROCESSES[process].bit), caller, wire_code_name((int)answer.code),
                 answer.message, wire_code_name((int)expected));
    }
    world_answer_clear(&answer);
}

static void test_gate__every_role_method_and_process(void **state)
{
    (void)state;
    for (size_t rule = 0; rule < ARRAY_COUNT(RULES); rule++) {
        for (size_t process = 0; process < ARRAY_COUNT(PROCESSES); process++) {
            for (size_t caller = 0; caller < CALLERS; caller++) {
                one_call(rule, process, caller);
            }
        }
    }
}

static void test_gate__the_rules_name_every_method_once(void **state)
{
    (void)state;
    bool is_named[METHOD_COUNT] = {false};
    for (size_t i = 0; i < ARRAY_COUNT(RULES); i++) {
        assert_false(is_named[RULES[i].method]);
        is_named[RULES[i].method] = true;
    }
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (!is_named[i]) {
            fail_msg("%s is in no rule", method_at(i)->path);
        }
    }
}

static void test_gate__a_token_of_another_process_is_none(void **state)
{
    (void)state;
    assert_int_equal(WIRE_OK, world_call_code(&world, &(struct world_call){
                                                          .process = PROCESS_POOL,
                                                          .person = &people[0],
                                                          .method = METHOD_CATALOGUE_INDICATORS}));
    assert_int_equal(
        WIRE_UNAUTHENTICATED,
        world_call_code(&world, &(struct world_call){.process = PROCESS_POOL,
                                                     .person = &people[0],
                                                     .method = METHOD_CATALOGUE_INDICATORS,
                                                     .token_process = PROCESS_INTAKE}));
    assert_int_equal(WIRE_UNAUTHENTICATED,
                     world_call_code(&world, &(struct world_call){.process = PROCESS_INTAKE,
                                                                  .person = &people[0],
                                                                  .method = METHOD_OWN_TABLE,
                                                                  .token_process = PROCESS_POOL}));
}

static void test_gate__signed_methods_refuse_unsigned_and_old_calls(void **state)
{
    (void)state;
    enum { STEWARD = 3, WINDOW_US = 300 * 1000000 };
    static const struct {
        int64_t ago_us;
        bool is_unsigned;
        enum wire_code code;
    } CASES[] = {
        {0, true, WIRE_UNAUTHENTICATED},
        {WINDOW_US + 1000000, false, WIRE_UNAUTHENTICATED},
        {-WINDOW_US - 1000000, false, WIRE_UNAUTHENTICATED},
        {WINDOW_US - 1000000, false, WIRE_OK},
    };
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        const struct world_call call = {.process = PROCESS_POOL,
                                        .person = &people[STEWARD],
                                        .method = METHOD_ADMIN_LIST_STAGED,
                                        .signed_at_us = world.now_us - CASES[i].ago_us,
                                        .is_unsigned = CASES[i].is_unsigned};
        assert_int_equal(CASES[i].code, world_call_code(&world, &call));
    }
}

static void test_gate__refusals_are_audited(void **state)
{
    (void)state;
    const char *count = "SELECT count(*) FROM audit.entry WHERE verdict = 'ROLE_DENIED'"
                        " AND method LIKE '%TableService/Get' AND role = 'municipality'";
    int64_t before = world_release_number(&world, count);
    assert_int_equal(WIRE_PERMISSION_DENIED,
                     world_call_code(&world, &(struct world_call){.process = PROCESS_POOL,
                                                                  .person = &people[0],
                                                                  .method = METHOD_TABLE_GET}));
    assert_int_equal(before + 1, world_release_number(&world, count));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate__every_role_method_and_process),
        cmocka_unit_test(test_gate__the_rules_name_every_method_once),
        cmocka_unit_test(test_gate__a_token_of_another_process_is_none),
        cmocka_unit_test(test_gate__signed_methods_refuse_unsigned_and_old_calls),
        cmocka_unit_test(test_gate__refusals_are_audited),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
