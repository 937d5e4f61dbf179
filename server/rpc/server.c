/* server - see server.h. */
#include "rpc/server.h"

#include "base/limits.h"
#include "base/log.h"
#include "rpc/listener.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Threads inherit the mask, so that signals come to sigwait alone. SIGHUP is the
 * supervisor's word to HAProxy; a server has nothing to reload. */
static void block_signals(sigset_t *set)
{
    (void)sigemptyset(set);
    (void)sigaddset(set, SIGTERM);
    (void)sigaddset(set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
}

/* nng_close on a busy socket can deadlock, so the process ends around it. nng calls an answer
 * sent when its pipe has taken it; the pause lets the last ones reach the kernel. */
static _Noreturn void end(struct listener *listener)
{
    const struct timespec pause = {.tv_nsec = SERVER_FLUSH_MS * 1000000L};
    char left[16];
    bool is_idle = listener_drain(listener, SERVER_DRAIN_MS_MAX);
    (void)snprintf(left, sizeof(left), "%d", is_idle ? 0 : listener_active(listener));
    log_info("stopped", "calls_left", left, NULL);
    (void)nanosleep(&pause, NULL);
    _exit(0);
}

enum err_code server_run(const struct server_options *options, struct err *err)
{
    sigset_t stop;
    int signal_number = 0;
    AUTO(gate_free) struct gate *gate = NULL;
    struct listener *listener = NULL;
    block_signals(&stop);
    enum err_code code = gate_new(&options->gate, &gate, err);
    if (code == ERR_OK) {
        code = listener_start(&(struct listener_options){.gate = gate,
                                                         .url = options->listen,
                                                         .workers = options->workers},
                              &listener, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    log_info("serving", "listen", options->listen, NULL);
    while (sigwait(&stop, &signal_number) != 0) {
    }
    end(listener);
}
