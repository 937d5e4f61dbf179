/* config - see config.h. The options are the table below; which process shows which in its
 * help is a column. All take all, so that one file serves all. */
#include "config.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/log.h"
#include "options.h"

#include <stdlib.h>
#include <string.h>

enum {
    FOR_INTAKE = 1,
    FOR_POOL = 2,
    FOR_KEYS = 4,
    FOR_ALL = 8,
    FOR_SERVERS = FOR_INTAKE | FOR_POOL | FOR_KEYS,
};

struct config_row {
    int shown; /* FOR_* bits */
    struct option_row row;
};

#define TEXT(name_, field, value_, fallback_, help_)                                               \
    {                                                                                              \
        .name = name_, .kind = OPTION_TEXT, .offset = offsetof(struct server_config, field),       \
        .fallback = fallback_, .value = value_, .help = help_                                      \
    }

static const struct config_row ROWS[] = {
    {FOR_SERVERS | FOR_ALL, TEXT("data-dir", data_dir, "DIR", "/var/lib/fremgang",
                                 "where files lie that are not named below")},
    {FOR_SERVERS | FOR_ALL,
     {.name = "base-port",
      .kind = OPTION_NUMBER,
      .offset = offsetof(struct server_config, base_port),
      .fallback = "7700",
      .min = 1,
      .max = 65000,
      .value = "PORT",
      .help = "TLS on PORT+1 intake, +2 pool, +3 keys; loopback on +11, +12, +13"}},
    {FOR_SERVERS, TEXT("listen", listen, "URL", "",
                       "loopback address, when not by base-port: tcp://127.0.0.1:PORT")},
    {FOR_INTAKE | FOR_ALL,
     TEXT("case-db", case_db, "CONNINFO", "", "libpq connection string of the case cluster")},
    {FOR_INTAKE | FOR_POOL | FOR_ALL, TEXT("release-db", release_db, "CONNINFO", "",
                                           "libpq connection string of the release cluster")},
    {FOR_INTAKE | FOR_POOL | FOR_ALL,
     TEXT("token-key", token_key, "FILE", "", "key that MACs this process kind's tokens")},
    {FOR_INTAKE | FOR_ALL, TEXT("receipt-key", receipt_key, "FILE", "", "key that signs receipts")},
    {FOR_SERVERS | FOR_ALL,
     {.name = "workers",
      .kind = OPTION_NUMBER,
      .offset = offsetof(struct server_config, workers),
      .fallback = "8",
      .min = 1,
      .max = SERVER_WORKERS_MAX,
      .value = "N",
      .help = "threads that answer calls, each with its database connection"}},
    {FOR_INTAKE | FOR_POOL | FOR_ALL,
     {.name = "demo",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct server_config, is_demo),
      .fallback = "no",
      .help = "take synthetic data with pseudonym epoch 0; never with real data"}},
    {FOR_SERVERS | FOR_ALL,
     TEXT("log-level", log_level, "LEVEL", "info", "debug, info, warn or error")},
    {FOR_ALL, TEXT("bind", bind, "ADDRESS", "127.0.0.1",
                   "address that the TLS ports listen on; * for every one")},
    {FOR_ALL, TEXT("certificate", certificate, "FILE", "",
                   "server certificate and key in one file; else DATA-DIR/server.pem")},
    {FOR_ALL, TEXT("authority", authority, "FILE", "",
                   "who signs client certificates; else DATA-DIR/ca.crt")},
    {FOR_ALL, TEXT("revocations", revocations, "FILE", "",
                   "revocation list; else DATA-DIR/crl.pem when it exists")},
    {FOR_ALL, TEXT("haproxy", haproxy, "FILE", "/usr/sbin/haproxy", "the HAProxy program")},
    {FOR_ALL, TEXT("pid-file", pid_file, "FILE", "", "written at start, removed at the end")},
};

struct process_row {
    const char *name;
    int bit;
    int port_offset;
    const char *summary;
    const char *example;
};

static const struct process_row PROCESSES[] = {
    {"intake", FOR_INTAKE, 1,
     "Usage: fremgangd intake [options]\n\n"
     "Takes what municipalities send, and shows each its own figures. The only serving process\n"
     "that can reach the case cluster.\n",
     "Example:\n"
     "  fremgangd make-key token-intake intake-token.key\n"
     "  fremgangd intake --case-db 'host=/run/case dbname=fremgang user=fremgang_intake' \\\n"
     "      --release-db 'host=/run/release dbname=fremgang user=fremgang_intake_gov' \\\n"
     "      --token-key intake-token.key --receipt-key receipt.key\n"},
    {"pool", FOR_POOL, 2,
     "Usage: fremgangd pool [options]\n\n"
     "Answers from protected releases, and keeps partnerships, people and permits. Has no way to\n"
     "the case cluster.\n",
     "Example:\n"
     "  fremgangd pool --release-db 'host=/run/release dbname=fremgang user=fremgang_pool' \\\n"
     "      --token-key pool-token.key\n"},
    {"keys", FOR_KEYS, 3,
     "Usage: fremgangd keys [options]\n\n"
     "Answers grpc.health.v1.Health. Blind evaluation of pseudonyms belongs to this process.\n",
     "Example:\n  fremgangd keys --listen tcp://127.0.0.1:7713\n"},
    {"all", FOR_ALL, 0,
     "Usage: fremgangd all [options]\n\n"
     "Runs intake, pool and keys behind HAProxy, which asks every client for a certificate.\n"
     "Restarts what ends. SIGTERM stops all; SIGHUP makes HAProxy read certificates and\n"
     "revocations again without dropping a call.\n",
     "Example:\n  fremgangd all --config /etc/fremgang.ini --pid-file "
     "/run/fremgang/fremgangd.pid\n"},
};

static const char *const PROCESS_NAMES[] = {"intake", "pool", "keys", "all", NULL};

/* A process's own view of ROWS. */
struct config_view {
    struct option_row rows[ARRAY_COUNT(ROWS)];
    struct option_set set;
};

static const struct process_row *process_find_row(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(PROCESSES); i++) {
        if (strcmp(PROCESSES[i].name, name) == 0) {
            return &PROCESSES[i];
        }
    }
    return NULL;
}

static void view_fill(const struct process_row *process, struct config_view *view)
{
    for (size_t i = 0; i < ARRAY_COUNT(ROWS); i++) {
        view->rows[i] = ROWS[i].row;
        view->rows[i].is_hidden = (ROWS[i].shown & process->bit) == 0;
    }
    view->set = (struct option_set){.process = process->name,
                                    .processes = PROCESS_NAMES,
                                    .summary = process->summary,
                                    .example = process->example,
                                    .rows = view->rows,
                                    .row_count = ARRAY_COUNT(ROWS)};
}

int config_port(const struct server_config *config, const char *process, bool is_loopback)
{
    const struct process_row *row = process_find_row(process);
    int offset = row == NULL ? 0 : row->port_offset;
    return offset == 0 ? 0 : config->base_port + offset + (is_loopback ? 10 : 0);
}

/* DATA-DIR/name, when the option was not given. */
static enum err_code fill_path(const struct server_config *config, const char *name, char **path,
                               struct err *err)
{
    char *filled = NULL;
    if ((*path)[0] != '\0') {
        return ERR_OK;
    }
    if (asprintf(&filled, "%s/%s", config->data_dir, name) < 0) {
        return err_memory(err);
    }
    free(*path);
    *path = filled;
    return ERR_OK;
}

static enum err_code fill_listen(struct server_config *config, struct err *err)
{
    int port = config_port(config, config->process, true);
    char *url = NULL;
    if (config->listen[0] != '\0' || port == 0) {
        return ERR_OK;
    }
    if (asprintf(&url, "tcp://127.0.0.1:%d", port) < 0) {
        return err_memory(err);
    }
    free(config->listen);
    config->listen = url;
    return ERR_OK;
}

static enum err_code set_log(const struct server_config *config, struct err *err)
{
    static const char *const LEVELS[] = {"debug", "info", "warn", "error"};
    log_set_process(config->process);
    for (size_t i = 0; i < ARRAY_COUNT(LEVELS); i++) {
        if (strcmp(config->log_level, LEVELS[i]) == 0) {
            log_set_level((enum log_level)i);
            return ERR_OK;
        }
    }
    (void)err_set(err, ERR_INVALID, "log-level is debug, info, warn or error, not \"%s\"",
                  config->log_level);
    return err_reason(err, "USAGE");
}

static enum err_code finish(struct server_config *config, struct err *err)
{
    enum err_code code = set_log(config, err);
    config->wants_revocations = config->revocations[0] != '\0';
    if (code == ERR_OK) {
        code = fill_listen(config, err);
    }
    if (code == ERR_OK) {
        code = fill_path(config, "server.pem", &config->certificate, err);
    }
    if (code == ERR_OK) {
        code = fill_path(config, "ca.crt", &config->authority, err);
    }
    return code == ERR_OK ? fill_path(config, "crl.pem", &config->revocations, err) : code;
}

int config_open(const char *process, char *const *argv, struct server_config *out)
{
    struct config_view view;
    struct err err = ERR_INIT;
    enum option_action action = OPTIONS_RUN;
    const struct process_row *row = process_find_row(process);
    view_fill(row, &view);
    out->process = row->name;
    enum err_code code = options_read(&view.set, argv + 1, out, &action, &err);
    if (code == ERR_OK && action == OPTIONS_RUN) {
        code = finish(out, &err);
    }
    if (code != ERR_OK) {
        return config_fail(out, &err);
    }
    if (action == OPTIONS_HELP) {
        options_help(&view.set, stdout);
    } else if (action == OPTIONS_VERSION) {
        (void)printf("fremgangd %s\n", FREMGANG_VERSION);
    }
    return action == OPTIONS_RUN ? CONFIG_RUN : 0;
}

void config_clear(struct server_config *config)
{
    struct config_view view;
    view_fill(&PROCESSES[0], &view);
    options_clear(&view.set, config);
}

enum err_code config_read_key(const char *option, const char *path, size_t size,
                              struct secret **out, struct err *err)
{
    if (path[0] == '\0') {
        (void)err_set(err, ERR_INVALID, "option --%s is missing", option);
        (void)err_hint(err, "Make the file with: fremgangd make-key; see its --help.");
        return err_reason(err, "USAGE");
    }
    enum err_code code = secret_read_file(path, size, out, err);
    if (code == ERR_NOT_FOUND) {
        return err_hint(err, "Make the file with: fremgangd make-key; see its --help.");
    }
    return code;
}

int config_fail(const struct server_config *config, const struct err *err)
{
    (void)fprintf(stderr, "fremgangd %s: %s\n", config->process, err->message);
    if (err->detail[0] != '\0') {
        (void)fprintf(stderr, "  detail: %s\n", err->detail);
    }
    if (err->hint[0] != '\0') {
        (void)fprintf(stderr, "  hint: %s\n", err->hint);
    }
    if (strcmp(err->reason, "USAGE") == 0) {
        return 2;
    }
    return err->code == ERR_UNAVAILABLE || err->code == ERR_TIMEOUT ? 3 : 1;
}
