/* breaker - see breaker.h. */
#include "rpc/breaker.h"

bool breaker_admits(const struct breaker *breaker, int64_t now_ms)
{
    return breaker->failures < BREAKER_FAILURES_MAX || now_ms >= breaker->resting_till;
}

static int64_t rest_ms(uint32_t failures)
{
    int64_t rest = BREAKER_REST_MS_MIN;
    for (uint32_t i = BREAKER_FAILURES_MAX; i < failures && rest < BREAKER_REST_MS_MAX; i++) {
        rest *= 2;
    }
    return rest < BREAKER_REST_MS_MAX ? rest : BREAKER_REST_MS_MAX;
}

void breaker_report(struct breaker *breaker, bool worked, int64_t now_ms)
{
    if (worked) {
        *breaker = (struct breaker)BREAKER_INIT;
        return;
    }
    if (breaker->failures < UINT32_MAX) {
        breaker->failures++;
    }
    if (breaker->failures >= BREAKER_FAILURES_MAX) {
        breaker->resting_till = now_ms + rest_ms(breaker->failures);
    }
}
