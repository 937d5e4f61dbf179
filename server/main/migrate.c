/*
 * fremgangd migrate - brings the databases to this program's schema, then ends.
 *
 *     fremgangd migrate --case-db "host=... dbname=fremgang" --release-db "host=..." [--dry-run]
 *
 * Each step done is a line on stdout. The log-in must own the databases.
 */
#include "store/migrate/migrate.h"

#include "base/log.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNAVAILABLE = 3 };

struct arguments {
    const char *case_db;
    const char *release_db;
    bool dry_run;
};

static const char USAGE[] =
    "usage: fremgangd migrate [--case-db CONNINFO] [--release-db CONNINFO] [--dry-run]\n"
    "  --case-db CONNINFO     migrate the case cluster\n"
    "  --release-db CONNINFO  migrate the release cluster\n"
    "  --dry-run              list what would be done, change nothing\n";

static void print_step(void *ctx, const char *step)
{
    (void)ctx;
    (void)printf("%s\n", step);
}

/* -1 to go on, else the exit code. */
static int parse(int argc, char **argv, struct arguments *out)
{
    static const struct option OPTIONS[] = {
        {"case-db", required_argument, NULL, 'c'}, {"release-db", required_argument, NULL, 'r'},
        {"dry-run", no_argument, NULL, 'n'},       {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},       {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", OPTIONS, NULL)) != -1) {
        switch (option) {
        case 'c':
            out->case_db = optarg;
            break;
        case 'r':
            out->release_db = optarg;
            break;
        case 'n':
            out->dry_run = true;
            break;
        case 'h':
            (void)fputs(USAGE, stdout);
            return EXIT_OK;
        case 'V':
            (void)puts("fremgangd migrate " FREMGANG_VERSION);
            return EXIT_OK;
        default:
            (void)fputs(USAGE, stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < argc || (out->case_db == NULL && out->release_db == NULL)) {
        (void)fputs(USAGE, stderr);
        return EXIT_USAGE;
    }
    return -1;
}

typedef enum err_code (*migrate_fn)(struct db_pool *pool, const struct migrate_options *options,
                                    struct err *err);

static enum err_code run(const char *conninfo, migrate_fn migrate,
                         const struct migrate_options *options, struct err *err)
{
    if (conninfo == NULL) {
        return ERR_OK;
    }
    AUTO(db_pool_free) struct db_pool *pool = NULL;
    enum err_code rc = db_pool_open(conninfo, 1, &pool, err);
    return rc == ERR_OK ? migrate(pool, options, err) : rc;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {NULL, NULL, false};
    int exit_code = parse(argc, argv, &arguments);
    if (exit_code >= 0) {
        return exit_code;
    }
    log_set_process("migrate");
    struct err err = ERR_INIT;
    struct migrate_options options = {.dry_run = arguments.dry_run, .report = print_step};
    enum err_code rc = run(arguments.case_db, migrate_case, &options, &err);
    if (rc == ERR_OK) {
        rc = run(arguments.release_db, migrate_release, &options, &err);
    }
    if (rc != ERR_OK) {
        log_err(LOG_ERROR, "migration failed", &err, NULL);
        return rc == ERR_UNAVAILABLE ? EXIT_UNAVAILABLE : EXIT_FAILED;
    }
    return EXIT_OK;
}
