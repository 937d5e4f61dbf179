/*
 * retry - whether and when a failed attempt is made again: full jitter (Brooker, 2015,
 * "Exponential backoff and jitter") that honours the server's retry_after. Pure: the time
 * and the random number come in. Called by caller.c.
 *
 *     struct retry retry = retry_until(clock_monotonic_ms() + deadline_ms);
 *     while (attempt() != ERR_OK && retry_wait(&retry, &failure, random, now_ms, &wait_ms)) {
 *         sleep_ms(wait_ms);
 *     }
 */
#ifndef FREMGANG_RPC_RETRY_H
#define FREMGANG_RPC_RETRY_H

#include "base/err.h"

#include <stdint.h>

enum {
    RETRY_ATTEMPTS_MAX = 8,     /* with the delays below: about 12 s of waiting on average */
    RETRY_DELAY_MS_FIRST = 100, /* longest wait before the second attempt */
    RETRY_DELAY_MS_MAX = 5000,  /* longest wait before any */
};

struct retry {
    uint32_t attempts;   /* failed so far */
    int64_t deadline_ms; /* monotonic */
};

/** How an attempt failed. */
struct retry_failure {
    enum err_code code;
    uint32_t retry_after_ms; /* as the server asked; 0 when it did not */
};

/** No attempt made yet; none will start after the deadline (monotonic ms). */
struct retry retry_until(int64_t deadline_ms);
/** Counts the failure. True when the attempt should be made again after `*wait_ms`: the
 * failure may pass by itself, attempts remain, and the wait ends before the deadline.
 * `random` is any 32 random bits. */
bool retry_wait(struct retry *retry, const struct retry_failure *failure, uint32_t random,
                int64_t now_ms, uint32_t *wait_ms);

#endif
