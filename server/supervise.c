/* supervise - see supervise.h. One thread; signals are waited for, never handled. */
#include "supervise.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STOP_STAGES = 2, NUMBER_TEXT_BYTES = 24, EXIT_NOT_STARTED = 127 };

static sigset_t waited_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGCHLD);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    return set;
}

void supervise_block_signals(void)
{
    sigset_t set = waited_signals();
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
}

int64_t supervise_backoff(int64_t backoff_ms, int64_t ran_ms)
{
    if (backoff_ms == 0 || ran_ms >= SUPERVISE_STEADY_MS) {
        return SUPERVISE_BACKOFF_MS_MIN;
    }
    return backoff_ms * 2 < SUPERVISE_BACKOFF_MS_MAX ? backoff_ms * 2 : SUPERVISE_BACKOFF_MS_MAX;
}

static void log_number(const char *event, const struct child *child, const char *key, int value)
{
    char text[NUMBER_TEXT_BYTES];
    (void)snprintf(text, sizeof(text), "%d", value);
    log_info(event, "child", child->name, key, text, NULL);
}

/* Never returns: the child becomes the program or ends. */
static _Noreturn void become(const struct child *child, pid_t supervisor)
{
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() == supervisor) {
        (void)execv(child->argv[0], child->argv);
    }
    _exit(EXIT_NOT_STARTED);
}

static void child_start(struct child *child)
{
    pid_t supervisor = getpid();
    pid_t pid = fork();
    child->started_at_ms = clock_monotonic_ms();
    if (pid == 0) {
        become(child, supervisor);
    }
    if (pid < 0) {
        child->backoff_ms = supervise_backoff(child->backoff_ms, 0);
        child->start_at_ms = child->started_at_ms + child->backoff_ms;
        log_warn("could not fork", "child", child->name, NULL);
        return;
    }
    child->pid = pid;
    log_number("started", child, "pid", (int)pid);
}

static void child_ended(struct child *child, int status)
{
    int64_t now_ms = clock_monotonic_ms();
    child->pid = 0;
    child->backoff_ms = supervise_backoff(child->backoff_ms, now_ms - child->started_at_ms);
    child->start_at_ms = now_ms + child->backoff_ms;
    if (WIFSIGNALED(status)) {
        log_number("ended", child, "signal", WTERMSIG(status));
    } else {
        log_number("ended", child, "exit_code", WEXITSTATUS(status));
    }
}

static void reap(struct child *children, size_t count)
{
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        for (size_t i = 0; i < count; i++) {
            if (children[i].pid == pid) {
                child_ended(&children[i], status);
            }
        }
    }
}

/* Starts what is due and says how long nothing will be. */
static int64_t start_due(struct child *children, size_t count)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t wait_ms = SUPERVISE_BACKOFF_MS_MAX;
    for (size_t i = 0; i < count; i++) {
        struct child *child = &children[i];
        if (child->pid == 0 && child->start_at_ms <= now_ms) {
            child_start(child);
        }
        if (child->pid == 0 && child->start_at_ms - now_ms < wait_ms) {
            wait_ms = child->start_at_ms - now_ms;
        }
    }
    return wait_ms > 0 ? wait_ms : 1;
}

static int wait_signal(int64_t wait_ms)
{
    sigset_t set = waited_signals();
    struct timespec wait = {.tv_sec = (time_t)(wait_ms / 1000),
                            .tv_nsec = (long)(wait_ms % 1000) * 1000000};
    int signal_number = sigtimedwait(&set, NULL, &wait);
    return signal_number < 0 ? 0 : signal_number;
}

static void reload(const struct child *children, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (children[i].pid > 0 && children[i].reload_signal != 0) {
            if (children[i].before_reload != NULL) {
                children[i].before_reload(children[i].ctx);
            }
            (void)kill(children[i].pid, children[i].reload_signal);
            log_info("reloading", "child", children[i].name, NULL);
        }
    }
}

static size_t signal_stage(const struct child *children, size_t count, int stage, int number)
{
    size_t running = 0;
    for (size_t i = 0; i < count; i++) {
        if (children[i].pid > 0 && children[i].stop_stage == stage) {
            running++;
            if (number != 0) {
                (void)kill(children[i].pid, number);
            }
        }
    }
    return running;
}

/* Asks one stage to end, waits, and kills what stays. */
static void stop_stage(struct child *children, size_t count, int stage)
{
    int64_t until_ms = clock_monotonic_ms() + SUPERVISE_STOP_MS;
    (void)signal_stage(children, count, stage, SIGTERM);
    while (signal_stage(children, count, stage, 0) > 0) {
        int64_t left_ms = until_ms - clock_monotonic_ms();
        if (left_ms <= 0) {
            (void)signal_stage(children, count, stage, SIGKILL);
            left_ms = SUPERVISE_BACKOFF_MS_MIN;
        }
        (void)wait_signal(left_ms);
        reap(children, count);
    }
}

void supervise(struct child *children, size_t count)
{
    int signal_number = 0;
    while (signal_number != SIGTERM && signal_number != SIGINT) {
        reap(children, count);
        signal_number = wait_signal(start_due(children, count));
        if (signal_number == SIGHUP) {
            reload(children, count);
        }
    }
    log_info("stopping", NULL);
    for (int stage = 0; stage < STOP_STAGES; stage++) {
        stop_stage(children, count, stage);
    }
}
