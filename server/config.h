/*
 * config - what the serving processes and their supervisor are told: options and file, as
 * `fremgangd PROCESS --help` explains. Read once, by server/main.
 *
 *     struct server_config config = SERVER_CONFIG_INIT;
 *     int exit_code = config_open("intake", argv, &config);
 *     if (exit_code != CONFIG_RUN) {
 *         return exit_code;      // help was printed, or the mistake
 *     }
 */
#ifndef FREMGANG_CONFIG_H
#define FREMGANG_CONFIG_H

#include "base/err.h"
#include "base/secret.h"

/** Texts are owned by the config and never NULL; "" when not given. */
struct server_config {
    const char *process; /* static */
    char *data_dir;
    char *case_db;     /* libpq connection string */
    char *release_db;  /* libpq connection string */
    char *listen;      /* tcp://127.0.0.1:PORT */
    char *token_key;   /* file */
    char *receipt_key; /* file */
    char *log_level;
    int base_port;
    int workers;
    bool is_demo;
    /* of `all` */
    char *bind;             /* address that HAProxy listens on */
    char *certificate;      /* file: server certificate and key */
    char *authority;        /* file: who signs client certificates */
    char *revocations;      /* file: revocation list */
    bool wants_revocations; /* the list was named: without it nothing is served */
    char *haproxy;          /* program */
    char *pid_file;
};

#define SERVER_CONFIG_INIT                                                                         \
    {                                                                                              \
        .process = NULL                                                                            \
    }

/** config_open's answer when the process is to go on. */
enum { CONFIG_RUN = -1 };

/** TLS ports are base_port + 1, 2, 3 for intake, pool, keys; the loopback ones behind them
 * are 10 higher. 0 for a name that is none of the three. */
int config_port(const struct server_config *config, const char *process, bool is_loopback);

/** Reads the options of `process` ("intake", "pool", "keys", "all") from argv, sets log level
 * and the log's process name. CONFIG_RUN, or the exit code after printing help (0) or the
 * mistake (2). The config is cleared by config_clear in every case. */
int config_open(const char *process, char *const *argv, struct server_config *out);
/** Frees the texts. */
void config_clear(struct server_config *config);

/** Reads a key file that an option names. ERR_INVALID when the option was not given; else
 * errors of secret_read_file, with the command that makes such a key as hint. */
NODISCARD enum err_code config_read_key(const char *option, const char *path, size_t size,
                                        struct secret **out, struct err *err);

/** Prints what stopped the process on stderr, with the hint. Returns exit code 2 for usage,
 * 3 for what may work later, else 1. */
int config_fail(const struct server_config *config, const struct err *err);

#endif
