/* fremgangd - the front: `fremgangd PROCESS ...` becomes fremgangd-PROCESS of its own
 * directory; `all` runs the serving processes behind HAProxy; `make-key` makes key files. */
#include "base/auto.h"
#include "base/log.h"
#include "config.h"
#include "haproxy.h"
#include "make_key.h"
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct process {
    const char *name;
    const char *help;
};

static const struct process PROCESSES[] = {
    {"intake", "serves municipal clients: push, status, own figures"},
    {"pool", "serves coordinators, researchers, stewards: released tables, governance"},
    {"keys", "serves pseudonym evaluation (health alone, until it holds its key)"},
    {"publish", "makes one release, then ends"},
    {"migrate", "brings both databases to this version, then ends"},
    {"enrol-code", "gives stewards their codes"},
};

static int show_help(FILE *out)
{
    (void)fprintf(out, "Usage: fremgangd COMMAND [options]\n\n"
                       "Serving processes and jobs of Fremgang, each a program of its own:\n");
    for (size_t i = 0; i < ARRAY_COUNT(PROCESSES); i++) {
        (void)fprintf(out, "  %-12s %s\n", PROCESSES[i].name, PROCESSES[i].help);
    }
    (void)fprintf(out,
                  "Of the front itself:\n"
                  "  all          runs intake, pool, keys and HAProxy, and keeps them running\n"
                  "  make-key     KIND FILE: writes a new key; KIND is token-intake,\n"
                  "               token-pool, receipt or publish\n\n"
                  "Each has --help. Example:\n"
                  "  fremgangd all --config /etc/fremgang.ini\n");
    return out == stdout ? 0 : 2;
}

/* The path of `name` beside this program; false when it would not fit. */
static bool sibling_path(const char *name, char out[PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (len <= 0) {
        return false;
    }
    out[len] = '\0';
    char *slash = strrchr(out, '/');
    size_t room = slash == NULL ? 0 : (size_t)(PATH_MAX - (slash + 1 - out));
    int written = slash == NULL ? -1 : snprintf(slash + 1, room, "fremgangd-%s", name);
    return written > 0 && (size_t)written < room;
}

/* Becomes the program; returns only when that failed. */
static int run_process(const char *name, char **argv)
{
    char path[PATH_MAX];
    if (sibling_path(name, path)) {
        argv[0] = path;
        (void)execv(path, argv);
    }
    (void)fprintf(stderr, "fremgangd: could not start fremgangd-%s: %s\n", name, strerror(errno));
    return 1;
}

static int run_make_key(int argc, char **argv)
{
    struct server_config config = {.process = "make-key"};
    struct err err = ERR_INIT;
    if (argc != 3) {
        return show_help(stderr);
    }
    return make_key(argv[1], argv[2], &err) == ERR_OK ? 0 : config_fail(&config, &err);
}

static enum err_code write_pid(const char *path, struct err *err)
{
    if (path[0] == '\0') {
        return ERR_OK;
    }
    FILE *file = fopen(path, "we");
    bool is_written = file != NULL && fprintf(file, "%d\n", (int)getpid()) > 0;
    bool is_closed = file != NULL && fclose(file) == 0;
    if (!is_written || !is_closed) {
        return err_set(err, ERR_UNAVAILABLE, "could not write pid file \"%s\": %s", path,
                       strerror(errno));
    }
    return ERR_OK;
}

/* What one serving process is started with: the options of `all`, which it takes as well. */
static enum err_code child_arguments(const char *name, char **argv, char *path, char ***out,
                                     struct err *err)
{
    size_t count = 0;
    while (argv[count] != NULL) {
        count++;
    }
    char **copy = calloc(count + 1, sizeof(*copy));
    if (copy == NULL || !sibling_path(name, path)) {
        free(copy);
        return err_set(err, ERR_INTERNAL, "cannot tell where fremgangd-%s lies", name);
    }
    memcpy(copy, argv, count * sizeof(*copy));
    copy[0] = path;
    *out = copy;
    return ERR_OK;
}

/* What HAProxy's file is made of, for writing it again. */
struct door {
    const struct server_config *config;
    char *file;
};

/* A revocation list may have appeared since. What cannot be written leaves the old file. */
static void rewrite_door(void *ctx)
{
    const struct door *door = ctx;
    struct err err = ERR_INIT;
    if (haproxy_write(door->config, door->file, &err) != ERR_OK) {
        log_err(LOG_ERROR, "configuration of HAProxy not written", &err, NULL);
    }
}

static enum err_code run_children(struct door *door, char **argv, struct err *err)
{
    static const char *const NAMES[] = {"intake", "pool", "keys"};
    static char master_worker[] = "-W";
    static char foreground[] = "-db";
    static char file_option[] = "-f";
    char paths[ARRAY_COUNT(NAMES)][PATH_MAX];
    char *haproxy[] = {door->config->haproxy, master_worker, foreground,
                       file_option,           door->file,    NULL};
    struct child children[ARRAY_COUNT(NAMES) + 1] = {
        [ARRAY_COUNT(NAMES)] = {.name = "haproxy",
                                .argv = haproxy,
                                .reload_signal = SIGUSR2,
                                .before_reload = rewrite_door,
                                .ctx = door,
                                .stop_stage = 1}};
    char **arguments[ARRAY_COUNT(NAMES)] = {NULL};
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < ARRAY_COUNT(NAMES) && code == ERR_OK; i++) {
        code = child_arguments(NAMES[i], argv, paths[i], &arguments[i], err);
        children[i] = (struct child){.name = NAMES[i], .argv = arguments[i]};
    }
    if (code == ERR_OK) {
        supervise(children, ARRAY_COUNT(children));
    }
    for (size_t i = 0; i < ARRAY_COUNT(NAMES); i++) {
        free(arguments[i]);
    }
    return code;
}

static enum err_code run_all(const struct server_config *config, char **argv, struct err *err)
{
    AUTO_HEAP char *haproxy_file = NULL;
    if (asprintf(&haproxy_file, "%s/haproxy.cfg", config->data_dir) < 0) {
        haproxy_file = NULL;
        return err_memory(err);
    }
    enum err_code code = haproxy_write(config, haproxy_file, err);
    if (code == ERR_OK) {
        code = write_pid(config->pid_file, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct door door = {config, haproxy_file};
    code = run_children(&door, argv, err);
    if (config->pid_file[0] != '\0') {
        (void)unlink(config->pid_file);
    }
    return code;
}

static int main_all(char **argv)
{
    struct server_config config = SERVER_CONFIG_INIT;
    struct err err = ERR_INIT;
    int exit_code = config_open("all", argv, &config);
    if (exit_code == CONFIG_RUN) {
        supervise_block_signals();
        exit_code = run_all(&config, argv, &err) == ERR_OK ? 0 : config_fail(&config, &err);
    }
    config_clear(&config);
    return exit_code;
}

int main(int argc, char **argv)
{
    const char *command = argc < 2 ? "" : argv[1];
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0) {
        return show_help(stdout);
    }
    if (strcmp(command, "--version") == 0) {
        (void)printf("fremgangd %s\n", FREMGANG_VERSION);
        return 0;
    }
    if (strcmp(command, "all") == 0) {
        return main_all(argv + 1);
    }
    if (strcmp(command, "make-key") == 0) {
        return run_make_key(argc - 1, argv + 1);
    }
    for (size_t i = 0; i < ARRAY_COUNT(PROCESSES); i++) {
        if (strcmp(PROCESSES[i].name, command) == 0) {
            return run_process(command, argv + 1);
        }
    }
    return show_help(stderr);
}
