/* cmd_own - `fremgang own MEASURE`: a municipality's own exact figures, from intake. */
#include "command.h"
#include "output_table.h"
#include "query.h"
#include "session.h"

int cmd_own(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    const char *partnership = NULL;
    AUTO(query_free) struct query *query = NULL;
    AUTO(session_close) struct session *session = NULL;
    AUTO(table_free) struct table *table = NULL;
    if (query_parse(cli, argc, argv, &query, &err) != ERR_OK) {
        return cli_usage(cli, "%s", err.message);
    }
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = session_partnership(cli, session, &partnership, &err);
    }
    if (code == ERR_OK) {
        code = table_get_own(session->caller, query_table(query, partnership), &table, &err);
    }
    if (code == ERR_OK) {
        code = output_table_print(table, cli, &err);
    }
    return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}
