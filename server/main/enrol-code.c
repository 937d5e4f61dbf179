/* fremgangd-enrol-code - the operator's way in: makes one-time codes at the machine, for the
 * stewards. Those make all others' codes through AdminService. Codes go to stdout, one a line;
 * the database keeps their digests. */
#include "base/clock.h"
#include "base/limits.h"
#include "config.h"
#include "crypto/enrolment_code.h"
#include "options.h"
#include "store/release/gov_store.h"

#include <stdio.h>

enum { CODES_MAX = 20 };

struct enrol_options {
    char *release_db;
    char *role;
    char *name;
    int count;
};

static const struct option_row ROWS[] = {
    {.name = "release-db",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct enrol_options, release_db),
     .fallback = "",
     .value = "CONNINFO",
     .help = "the release cluster, as its owner"},
    {.name = "role",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct enrol_options, role),
     .fallback = "steward",
     .value = "ROLE",
     .help = "steward or researcher"},
    {.name = "name",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct enrol_options, name),
     .fallback = "",
     .value = "NAME",
     .help = "name of the person, as the log shows it"},
    {.name = "count",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct enrol_options, count),
     .fallback = "1",
     .min = 1,
     .max = CODES_MAX,
     .value = "N",
     .help = "how many codes"},
};

static const struct option_set SET = {
    .process = "enrol-code",
    .summary = "Makes one-time codes that enrol stewards. A code works once, for seven days.",
    .example = "Example:\n"
               "  fremgangd enrol-code --role steward --name \"Steward A\" \\\n"
               "      --release-db \"host=/run/fremgang/release dbname=fremgang"
               " user=fremgang_owner\"",
    .rows = ROWS,
    .row_count = ARRAY_COUNT(ROWS),
};

static enum err_code code_make(struct db *db, const struct enrol_options *options,
                               char text[ENROLMENT_CODE_TEXT_BYTES], struct err *err)
{
    char normal[ENROLMENT_CODE_NORMAL_BYTES];
    struct clock clock = clock_system();
    struct gov_code code = {
        .role = options->role,
        .name = options->name,
        .expires_at_us =
            clock_now_us(&clock) + (int64_t)ENROLMENT_CODE_DAYS * 24 * 60 * 60 * 1000000,
    };
    enrolment_code_new(text);
    enum err_code rc = enrolment_code_normalise(text, normal, err);
    if (rc == ERR_OK) {
        enrolment_code_hash(normal, code.sha256);
        rc = gov_code_create(db, &code, err);
    }
    return rc;
}

static enum err_code codes_make(const struct enrol_options *options, struct err *err)
{
    AUTO(db_pool_free) struct db_pool *pool = NULL;
    AUTO(db_rollback) struct db *db = NULL;
    char codes[CODES_MAX][ENROLMENT_CODE_TEXT_BYTES];
    if (options->name[0] == '\0') {
        err_set(err, ERR_INVALID, "--name is needed");
        return err_reason(err, "USAGE");
    }
    enum err_code rc = db_pool_open(options->release_db, 1, &pool, err);
    if (rc == ERR_OK) {
        rc = db_begin(pool, &(struct db_begin_options){.timeout_ms = 0}, &db, err);
    }
    for (int i = 0; i < options->count && rc == ERR_OK; i++) {
        rc = code_make(db, options, codes[i], err);
    }
    if (rc == ERR_OK) {
        rc = db_commit(STEAL(db), err);
    }
    for (int i = 0; i < options->count && rc == ERR_OK; i++) {
        (void)puts(codes[i]);
    }
    return rc;
}

int main(int argc, char **argv)
{
    struct enrol_options options = {.count = 0};
    struct server_config config = {.process = "enrol-code"};
    enum option_action action = OPTIONS_RUN;
    struct err err = ERR_INIT;
    int exit_code = 0;
    (void)argc;
    enum err_code rc = options_read(&SET, argv + 1, &options, &action, &err);
    if (rc == ERR_OK && action == OPTIONS_HELP) {
        options_help(&SET, stdout);
    } else if (rc == ERR_OK && action == OPTIONS_VERSION) {
        (void)printf("fremgangd %s\n", FREMGANG_VERSION);
    } else if (rc != ERR_OK || codes_make(&options, &err) != ERR_OK) {
        exit_code = config_fail(&config, &err);
    }
    options_clear(&SET, &options);
    return exit_code;
}
