/*
 * clock - the time, passed in as a value so that tests can turn it. Nothing else in
 * Fremgang asks the machine for the time.
 *
 *     struct clock clock = clock_system();
 *     int64_t now_us = clock_now_us(&clock);
 */
#ifndef FREMGANG_BASE_CLOCK_H
#define FREMGANG_BASE_CLOCK_H

#include <stdint.h>

struct clock {
    int64_t (*now_us)(void *ctx); /* microseconds since 1970-01-01T00:00:00Z */
    void *ctx;                    /* borrowed */
};

/** The machine's real-time clock. */
struct clock clock_system(void);
/** A clock that reads `*now_us`, for tests. Borrows the pointer. */
struct clock clock_fixed(int64_t *now_us);
int64_t clock_now_us(const struct clock *clock);
int64_t clock_now_seconds(const struct clock *clock);
/** Monotonic milliseconds, for deadlines and durations; never for a date. */
int64_t clock_monotonic_ms(void);

#endif
