/*
 * breaker - keeps a caller from waiting on an endpoint that has just failed. Pure: the time
 * comes in. Called by channel.c.
 *
 *     if (breaker_admits(&breaker, now_ms)) {
 *         breaker_report(&breaker, exchange(...) == ERR_OK, now_ms);
 *     }
 *
 * After BREAKER_FAILURES_MAX failures in a row the endpoint rests; the rest doubles with
 * each further failure, and its end lets calls try again.
 */
#ifndef FREMGANG_RPC_BREAKER_H
#define FREMGANG_RPC_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

enum {
    BREAKER_FAILURES_MAX = 2,        /* one may be a restart; two in a row are an outage */
    BREAKER_REST_MS_MIN = 1000,      /* a server restarts in about a second */
    BREAKER_REST_MS_MAX = 30 * 1000, /* a person waits; longer would hide a recovery */
};

struct breaker {
    uint32_t failures;    /* in a row */
    int64_t resting_till; /* monotonic ms; 0 when never rested */
};

#define BREAKER_INIT                                                                               \
    {                                                                                              \
        .failures = 0                                                                              \
    }

/** Whether a call may be made now. */
bool breaker_admits(const struct breaker *breaker, int64_t now_ms);
/** Takes note of how a call ended. */
void breaker_report(struct breaker *breaker, bool worked, int64_t now_ms);

#endif
