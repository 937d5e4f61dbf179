/* health_call - see health_call.h. */
#include "rpc/health_call.h"

#include "rpc/exchange.h"

#include "grpc/health/v1/health.pb-c.h"

enum err_code health_check(struct caller *caller, uint32_t process, enum health_status *out,
                           struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    PbHealth__HealthCheckRequest request = PB_HEALTH__HEALTH_CHECK_REQUEST__INIT;
    ProtobufCMessage *answer;
    struct exchange exchange = {
        .method = METHOD_HEALTH_CHECK, .process = process, .request = &request.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    switch (((const PbHealth__HealthCheckResponse *)answer)->status) {
    case PB_HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING:
        *out = HEALTH_SERVING;
        break;
    case PB_HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING:
        *out = HEALTH_NOT_SERVING;
        break;
    default:
        *out = HEALTH_UNKNOWN;
        break;
    }
    return ERR_OK;
}
