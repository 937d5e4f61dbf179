/* fremgangd-keys - serves grpc.health.v1.Health; blind evaluation of pseudonyms will live
 * here, on its own user and host. It has no database. */
#include "config.h"
#include "handlers/auth.h"
#include "rpc/server.h"

static const call_handler HANDLERS[METHOD_COUNT] = {
    [METHOD_HEALTH_CHECK] = health_check,
};

int main(int argc, char **argv)
{
    struct server_config config = SERVER_CONFIG_INIT;
    struct err err = ERR_INIT;
    (void)argc;
    int exit_code = config_open("keys", argv, &config);
    if (exit_code == CONFIG_RUN) {
        struct clock clock = clock_system();
        struct common_services services = {.process = PROCESS_KEYS};
        struct server_options options = {
            .gate = {.process = PROCESS_KEYS,
                     .handlers = HANDLERS,
                     .services = &services,
                     .clock = &clock},
            .listen = config.listen,
            .workers = config.workers,
        };
        // Returns on failure only.
        (void)!server_run(&options, &err);
        exit_code = config_fail(&config, &err);
    }
    config_clear(&config);
    return exit_code;
}
