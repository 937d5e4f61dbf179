/* fremgangd-intake - serves municipal clients: takes pushes into the case cluster, and shows
 * each municipality its own figures. */
#include "handlers/intake/intake.h"
#include "config.h"
#include "crypto/mac.h"
#include "crypto/sign.h"
#include "rpc/server.h"

/* What the process owns, opened in this order. */
struct parts {
    struct secret *token_key;
    struct secret *receipt_key;
    struct catalogue *catalogue;
    struct code_lists *lists;
    struct db_pool *cases;
    struct db_pool *gov;
    uint8_t receipt_public_key[SIGN_PUBLIC_KEY_BYTES];
};

static void parts_close(struct parts *parts)
{
    db_pool_free(parts->gov);
    db_pool_free(parts->cases);
    code_lists_free(parts->lists);
    catalogue_free(parts->catalogue);
    secret_free(parts->receipt_key);
    secret_free(parts->token_key);
}

static enum err_code parts_open(const struct server_config *config, struct parts *parts,
                                struct err *err)
{
    enum err_code rc =
        config_read_key("token-key", config->token_key, MAC_KEY_BYTES, &parts->token_key, err);
    if (rc == ERR_OK) {
        rc = config_read_key("receipt-key", config->receipt_key, SIGN_KEY_BYTES,
                             &parts->receipt_key, err);
    }
    if (rc == ERR_OK) {
        sign_public_key(parts->receipt_key, parts->receipt_public_key);
        rc = catalogue_load(&parts->catalogue, err);
    }
    if (rc == ERR_OK) {
        rc = code_lists_load(&parts->lists, err);
    }
    if (rc == ERR_OK) {
        rc = db_pool_open(config->case_db, config->workers, &parts->cases, err);
    }
    return rc == ERR_OK ? db_pool_open(config->release_db, config->workers, &parts->gov, err) : rc;
}

/* Opens what the handlers need and serves; returns on failure only. */
static enum err_code serve(const struct server_config *config, struct err *err)
{
    __attribute__((cleanup(parts_close))) struct parts parts = {.token_key = NULL};
    struct clock clock = clock_system();
    enum err_code rc = parts_open(config, &parts, err);
    if (rc != ERR_OK) {
        return rc;
    }
    struct intake_services services = {
        .cases = parts.cases,
        .gov = parts.gov,
        .catalogue = parts.catalogue,
        .lists = parts.lists,
        .receipt_key = parts.receipt_key,
        .is_demo = config->is_demo,
    };
    services.common = (struct common_services){
        .process = PROCESS_INTAKE,
        .token_key = parts.token_key,
        .receipt_public_key = parts.receipt_public_key,
        .auth = &INTAKE_AUTH_OPS,
        .auth_ctx = &services,
        .is_ready = intake_is_ready,
        .ready_ctx = &services,
    };
    const struct server_options options = {
        .gate = {.process = PROCESS_INTAKE,
                 .token_key = parts.token_key,
                 .handlers = INTAKE_HANDLERS,
                 .ops = &INTAKE_GATE_OPS,
                 .ops_ctx = &services,
                 .services = &services,
                 .clock = &clock},
        .listen = config->listen,
        .workers = config->workers,
    };
    return server_run(&options, err);
}

int main(int argc, char **argv)
{
    struct server_config config = SERVER_CONFIG_INIT;
    struct err err = ERR_INIT;
    (void)argc;
    int exit_code = config_open("intake", argv, &config);
    if (exit_code == CONFIG_RUN) {
        // Returns on failure only.
        (void)!serve(&config, &err);
        exit_code = config_fail(&config, &err);
    }
    config_clear(&config);
    return exit_code;
}
