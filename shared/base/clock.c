/* clock - see clock.h. */
#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t system_now_us(void *ctx)
{
    (void)ctx;
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t fixed_now_us(void *ctx)
{
    return *(int64_t *)ctx;
}

struct clock clock_system(void)
{
    return (struct clock){.now_us = system_now_us, .ctx = NULL};
}

struct clock clock_fixed(int64_t *now_us)
{
    return (struct clock){.now_us = fixed_now_us, .ctx = now_us};
}

int64_t clock_now_us(const struct clock *clock)
{
    return clock->now_us(clock->ctx);
}

int64_t clock_now_seconds(const struct clock *clock)
{
    return clock_now_us(clock) / 1000000;
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
