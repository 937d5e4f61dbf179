/* fremgangd-pool - serves coordinators, researchers and stewards from the release cluster. It
 * links nothing that reaches the case cluster. */
#include "handlers/pool/pool.h"
#include "config.h"
#include "crypto/mac.h"
#include "rpc/server.h"
#include "store/release/call_store.h"

static enum err_code expire_answers(struct db_pool *releases, struct err *err)
{
    AUTO(db_rollback) struct db *db = NULL;
    enum err_code rc = db_begin(releases, &(struct db_begin_options){.timeout_ms = 0}, &db, err);
    if (rc == ERR_OK) {
        rc = call_replay_expire(db, err);
    }
    return rc == ERR_OK ? db_commit(STEAL(db), err) : rc;
}

/* Opens what the handlers need and serves; returns on failure only. */
static enum err_code serve(const struct server_config *config, struct err *err)
{
    AUTO(secret_free) struct secret *token_key = NULL;
    AUTO(db_pool_free) struct db_pool *releases = NULL;
    AUTO(catalogue_free) struct catalogue *catalogue = NULL;
    struct clock clock = clock_system();
    enum err_code rc =
        config_read_key("token-key", config->token_key, MAC_KEY_BYTES, &token_key, err);
    if (rc == ERR_OK) {
        rc = catalogue_load(&catalogue, err);
    }
    if (rc == ERR_OK) {
        rc = db_pool_open(config->release_db, config->workers, &releases, err);
    }
    if (rc == ERR_OK) {
        rc = expire_answers(releases, err);
    }
    if (rc != ERR_OK) {
        return rc;
    }
    struct pool_services services = {.releases = releases, .catalogue = catalogue};
    services.common = (struct common_services){
        .process = PROCESS_POOL,
        .token_key = token_key,
        .auth = &POOL_AUTH_OPS,
        .auth_ctx = &services,
        .is_ready = pool_is_ready,
        .ready_ctx = &services,
    };
    const struct server_options options = {
        .gate = {.process = PROCESS_POOL,
                 .token_key = token_key,
                 .handlers = POOL_HANDLERS,
                 .ops = &POOL_GATE_OPS,
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
    int exit_code = config_open("pool", argv, &config);
    if (exit_code == CONFIG_RUN) {
        // Returns on failure only.
        (void)!serve(&config, &err);
        exit_code = config_fail(&config, &err);
    }
    config_clear(&config);
    return exit_code;
}
