/*
 * supervise - keeps a few child processes running: starts them, starts them again with
 * growing pauses when they end, passes signals on, and stops them in order.
 *
 *     struct child children[] = {{.name = "intake", .argv = argv, .stop_signal = SIGTERM}};
 *     supervise(children, 1);      // returns after SIGTERM or SIGINT
 *
 * Children die with the supervisor, even when that is killed.
 */
#ifndef FREMGANG_SUPERVISE_H
#define FREMGANG_SUPERVISE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    SUPERVISE_BACKOFF_MS_MIN = 250,
    SUPERVISE_BACKOFF_MS_MAX = 15000,
    /* A child that ran this long starts its pauses from the shortest again. */
    SUPERVISE_STEADY_MS = 30000,
    /* Longer than a server drains. */
    SUPERVISE_STOP_MS = 12000,
};

/** One process to keep. Set name, argv and the signals; the rest is the supervisor's. */
struct child {
    const char *name;
    char *const *argv;                /* argv[0] is the program's path; NULL-ended, borrowed */
    int reload_signal;                /* sent on SIGHUP; 0 for none */
    void (*before_reload)(void *ctx); /* called before it is sent; NULL for none */
    void *ctx;
    int stop_stage; /* children of stage 0 are stopped first, then those of stage 1 */
    pid_t pid;      /* 0 while it does not run */
    int64_t started_at_ms;
    int64_t start_at_ms; /* when to start it again */
    int64_t backoff_ms;
};

/** The pause before the next start of a child that ran for `ran_ms` after a pause of
 * `backoff_ms` (0 at first). */
int64_t supervise_backoff(int64_t backoff_ms, int64_t ran_ms);
/** Blocks the signals that supervise waits for; call before anything else runs. */
void supervise_block_signals(void);
/** Runs the children until SIGTERM or SIGINT, and returns when all have ended. */
void supervise(struct child *children, size_t count);

#endif
