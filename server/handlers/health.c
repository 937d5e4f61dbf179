/* health - grpc.health.v1.Health.Check, for load balancers, supervisors and `status`. */
#include "handlers/auth.h"

#include "grpc/health/v1/health.pb-c.h"

#include <string.h>

static bool is_served(uint32_t process, const char *service)
{
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *method = method_at(i);
        if ((method->processes & process) != 0 && strcmp(method->service, service) == 0) {
            return true;
        }
    }
    return false;
}

enum err_code health_check(struct call *call, const ProtobufCMessage *request,
                           ProtobufCMessage *response, struct err *err)
{
    const struct common_services *services = call->services;
    const char *service = ((const PbHealth__HealthCheckRequest *)request)->service;
    PbHealth__HealthCheckResponse *answer = (PbHealth__HealthCheckResponse *)response;
    if (service[0] != '\0' && !is_served(services->process, service)) {
        return err_set(err, ERR_NOT_FOUND, "%s does not serve that service",
                       process_name(services->process));
    }
    bool is_ready = services->is_ready == NULL || services->is_ready(services->ready_ctx);
    answer->status = is_ready ? PB_HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING
                              : PB_HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING;
    return ERR_OK;
}
