/*
 * Goal: the method table holds together, so that dispatch, authorisation and docs can trust
 * every row. Method: rules over all rows, and names that must not be found.
 */
#include "support.h"

#include "base/limits.h"
#include "wire/method.h"

#include <protobuf-c/protobuf-c.h>

#include <string.h>

static const uint32_t ALL_PROCESSES = PROCESS_INTAKE | PROCESS_POOL | PROCESS_KEYS;
static const uint32_t ALL_ROLES =
    ROLE_MUNICIPALITY | ROLE_COORDINATOR | ROLE_RESEARCHER | ROLE_STEWARD | ROLE_ANYONE;

static void test_method_at__rows_are_complete(void **state)
{
    (void)state;
    assert_int_equal(method_count(), METHOD_COUNT);
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *method = method_at(i);
        assert_int_equal(method->id, i);
        assert_true(method->processes != 0 && (method->processes & ~ALL_PROCESSES) == 0);
        assert_true(method->roles != 0 && (method->roles & ~ALL_ROLES) == 0);
        assert_true(method->deadline_ms > 0);
        assert_true(method->request_bytes_max + WIRE_ENVELOPE_BYTES_MAX <= WIRE_MESSAGE_BYTES_MAX);
        assert_int_equal(method->request->magic, PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC);
        assert_int_equal(method->response->magic, PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC);
        assert_ptr_not_equal(method->request, method->response);
    }
}

static void test_method_at__what_changes_data_is_guarded(void **state)
{
    (void)state;
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *method = method_at(i);
        if (method->effect == METHOD_WRITES) {
            assert_int_equal(method->audit, AUDIT_CHANGE);
            // Enrolment proves its key itself; everything else that writes is signed.
            assert_true(method->signing == METHOD_SIGNED || method->id == METHOD_AUTH_ENROL);
        }
        if (method->roles == ROLE_STEWARD) {
            assert_int_equal(method->signing, METHOD_SIGNED);
        }
        if (method->roles == ROLE_ANYONE) {
            assert_int_equal(method->signing, METHOD_UNSIGNED);
            assert_true(method->request_bytes_max <= 1024);
        }
    }
}

static void test_method_at__municipal_data_stays_with_intake(void **state)
{
    static const char *const MUNICIPAL[] = {"fremgang.v1.SubmissionService",
                                            "fremgang.v1.OwnService"};
    (void)state;
    for (size_t i = 0; i < method_count(); i++) {
        for (size_t j = 0; j < 2; j++) {
            if (strcmp(method_at(i)->service, MUNICIPAL[j]) == 0) {
                assert_int_equal(method_at(i)->processes, PROCESS_INTAKE);
                assert_int_equal(method_at(i)->roles, ROLE_MUNICIPALITY);
            }
        }
    }
}

static void test_method_find__finds_each_path_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *method = method_at(i);
        assert_ptr_equal(method_find(method->path), method);
        assert_int_equal(method->path[0], '/');
        assert_memory_equal(method->path + 1, method->service, strlen(method->service));
    }
    assert_string_equal(method_at(METHOD_HEALTH_CHECK)->path, "/grpc.health.v1.Health/Check");
}

static void test_method_find__refuses_what_is_no_path(void **state)
{
    static const char *const PATHS[] = {
        "",
        "/",
        "Check",
        "grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/check",
        "/grpc.health.v1.Health/Check/",
        "/grpc.health.v1.Health/Checks",
        "/grpc.health.v1.Health",
        "//grpc.health.v1.Health/Check",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(PATHS) / sizeof(PATHS[0]); i++) {
        assert_null(method_find(PATHS[i]));
    }
}

static void test_role_find__knows_principals_roles_only(void **state)
{
    static const uint32_t ROLES[] = {ROLE_MUNICIPALITY, ROLE_COORDINATOR, ROLE_RESEARCHER,
                                     ROLE_STEWARD};
    static const char *const WRONG[] = {"anyone", "", "Steward", "admin", "steward "};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(role_find(role_name(ROLES[i])), ROLES[i]);
    }
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(role_find(WRONG[i]), 0);
    }
    assert_null(role_name(ROLE_COORDINATOR | ROLE_STEWARD));
    assert_null(role_name(0));
}

static void test_process_find__knows_three(void **state)
{
    (void)state;
    assert_int_equal(process_find("intake"), PROCESS_INTAKE);
    assert_int_equal(process_find("pool"), PROCESS_POOL);
    assert_int_equal(process_find("keys"), PROCESS_KEYS);
    assert_int_equal(process_find("publish"), 0);
    assert_null(process_name(ALL_PROCESSES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_method_at__rows_are_complete),
        cmocka_unit_test(test_method_at__what_changes_data_is_guarded),
        cmocka_unit_test(test_method_at__municipal_data_stays_with_intake),
        cmocka_unit_test(test_method_find__finds_each_path_once),
        cmocka_unit_test(test_method_find__refuses_what_is_no_path),
        cmocka_unit_test(test_role_find__knows_principals_roles_only),
        cmocka_unit_test(test_process_find__knows_three),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
