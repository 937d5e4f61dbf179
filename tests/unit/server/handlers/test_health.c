/*
 * Goal: a load balancer learns whether this process can work, and of its own services only.
 * Method: a table of services asked for at an intake that is ready or not.
 */
#include "support.h"

#include "handlers/auth.h"

#include "grpc/health/v1/health.pb-c.h"

static bool is_ready(void *ctx)
{
    return *(const bool *)ctx;
}

static void test_health_check__tells_readiness_and_own_services(void **state)
{
    static const struct {
        const char *service;
        bool is_ready;
        enum err_code expected;
        int status;
    } CASES[] = {
        {"", true, ERR_OK, 1},
        {"", false, ERR_OK, 2},
        {"grpc.health.v1.Health", false, ERR_OK, 2},
        {"fremgang.v1.SubmissionService", true, ERR_OK, 1},
        {"fremgang.v1.TableService", true, ERR_NOT_FOUND, 0},
        {"fremgang.v1.submissionservice", true, ERR_NOT_FOUND, 0},
        {"fremgang.v1.SubmissionService/Push", true, ERR_NOT_FOUND, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        bool ready = CASES[i].is_ready;
        struct common_services services = {
            .process = PROCESS_INTAKE, .is_ready = is_ready, .ready_ctx = &ready};
        struct call call = {.services = &services};
        PbHealth__HealthCheckRequest request = PB_HEALTH__HEALTH_CHECK_REQUEST__INIT;
        PbHealth__HealthCheckResponse response = PB_HEALTH__HEALTH_CHECK_RESPONSE__INIT;
        struct err err = ERR_INIT;
        request.service = CASES[i].service;
        ASSERT_ERR(CASES[i].expected, health_check(&call, &request.base, &response.base, &err));
        assert_int_equal(response.status, CASES[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_health_check__tells_readiness_and_own_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
