/* cmd_check - `fremgang check FILES...`: finds errors before anything leaves. Offline. */
#include "command.h"
#include "export_check.h"

static enum err_code assemble_all(struct export_check *check, struct err *err)
{
    enum err_code rc = ERR_OK;
    if (importer_summary(check->importer)->is_refused) {
        return rc; /* with a wrong column every case would look wrong */
    }
    for (size_t i = 0; rc == ERR_OK && i < importer_slot_count(check->importer); i++) {
        rc = importer_assemble(check->importer, i, err);
    }
    return rc == ERR_OK ? importer_assemble(check->importer, IMPORTER_NOWHERE, err) : rc;
}

int cmd_check(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    AUTO(export_check_free) struct export_check *check = NULL;
    const struct export_options options = {.partnership_count = 0};
    if (argc < 2) {
        return cli_usage(cli, "name the export's files");
    }
    enum err_code rc = export_check_open(cli, &options, &check, &err);
    rc = rc == ERR_OK ? export_check_read(check, argc - 1, argv + 1, &err) : rc;
    rc = rc == ERR_OK ? assemble_all(check, &err) : rc;
    rc = rc == ERR_OK ? export_check_print(check, &err) : rc;
    if (rc != ERR_OK) {
        return cli_fail(cli, &err);
    }
    return export_check_blocks(check) ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}
