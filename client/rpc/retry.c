/* retry - see retry.h. */
#include "rpc/retry.h"

struct retry retry_until(int64_t deadline_ms)
{
    return (struct retry){.deadline_ms = deadline_ms};
}

/* A limit passes by itself only when the server says after how long. */
static bool may_pass(const struct retry_failure *failure)
{
    return failure->code == ERR_UNAVAILABLE || failure->code == ERR_TIMEOUT ||
           failure->retry_after_ms > 0;
}

static uint32_t delay_max_ms(uint32_t attempts)
{
    uint32_t delay = RETRY_DELAY_MS_FIRST;
    for (uint32_t i = 1; i < attempts && delay < RETRY_DELAY_MS_MAX; i++) {
        delay *= 2;
    }
    return delay < RETRY_DELAY_MS_MAX ? delay : RETRY_DELAY_MS_MAX;
}

bool retry_wait(struct retry *retry, const struct retry_failure *failure, uint32_t random,
                int64_t now_ms, uint32_t *wait_ms)
{
    retry->attempts++;
    if (!may_pass(failure) || retry->attempts >= RETRY_ATTEMPTS_MAX) {
        return false;
    }
    uint32_t jitter = random % (delay_max_ms(retry->attempts) + 1);
    int64_t wait = (int64_t)failure->retry_after_ms + jitter;
    if (now_ms + wait >= retry->deadline_ms) {
        return false;
    }
    *wait_ms = (uint32_t)wait;
    return true;
}
