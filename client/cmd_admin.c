/* cmd_admin - `fremgang admin`: a data steward registers partnerships, makes enrolment codes,
 * ends principals and grants permits. */
#include "command.h"
#include "output.h"
#include "rpc/admin_call.h"
#include "session.h"
#include "subcommand.h"

#include <stdlib.h>
#include <string.h>

enum {
    MEMBERS_MAX = 98, /* Danish municipalities */
    NAMES_MAX = 16,   /* partnerships of a coordinator, roles of an agreement */
};

static enum err_code read_date(const struct cli *cli, const char *option, date_t *out,
                               struct err *err)
{
    const char *text;
    enum err_code code = subcommand_need(cli, option, &text, err);
    if (code == ERR_OK && !date_parse(text, strlen(text), out)) {
        return err_set(err, ERR_INVALID, "--%s needs a date like 2026-03-01, not \"%s\"", option,
                       text);
    }
    return code;
}

static enum err_code read_municipality(const char *text, size_t len, int32_t *out, struct err *err)
{
    char digits[4] = "";
    if (len == 3 && strspn(text, "0123456789") >= 3) {
        memcpy(digits, text, len);
        *out = (int32_t)strtol(digits, NULL, 10);
        return ERR_OK;
    }
    return err_set(err, ERR_INVALID, "\"%.*s\" is not a municipality's code like 657", (int)len,
                   text);
}

static enum err_code read_members(const char *text, int32_t members[MEMBERS_MAX], size_t *count,
                                  struct err *err)
{
    *count = 0;
    for (;;) {
        size_t len = strcspn(text, ",");
        if (*count == MEMBERS_MAX) {
            return err_set(err, ERR_INVALID, "more than %d members", MEMBERS_MAX);
        }
        enum err_code code = read_municipality(text, len, &members[*count], err);
        if (code != ERR_OK) {
            return code;
        }
        (*count)++;
        if (text[len] == '\0') {
            return ERR_OK;
        }
        text += len + 1;
    }
}

static enum err_code read_repeated(const struct cli *cli, const char *option,
                                   const char *names[NAMES_MAX], size_t *count, struct err *err)
{
    *count = cli_option_count(cli, option);
    if (*count > NAMES_MAX) {
        return err_set(err, ERR_INVALID, "more than %d times --%s", NAMES_MAX, option);
    }
    for (size_t i = 0; i < *count; i++) {
        names[i] = cli_option_at(cli, option, i);
    }
    return ERR_OK;
}

static enum err_code read_partnership(const struct cli *cli,
                                      struct admin_partnership_request *request,
                                      int32_t members[MEMBERS_MAX], const char *named_to[NAMES_MAX],
                                      struct err *err)
{
    const char *list;
    enum err_code code = subcommand_need(cli, "name", &request->name, err);
    if (code == ERR_OK) {
        code = subcommand_need(cli, "members", &list, err);
    }
    if (code == ERR_OK) {
        code = read_members(list, members, &request->member_count, err);
    }
    if (code == ERR_OK) {
        code = read_date(cli, "from", &request->from_date, err);
    }
    if (code == ERR_OK) {
        code = read_date(cli, "until", &request->to_date, err);
    }
    if (code == ERR_OK) {
        code = read_repeated(cli, "named-to", named_to, &request->named_to_count, err);
    }
    request->members = members;
    request->named_to = named_to;
    request->synthetic = cli_option(cli, "synthetic") != NULL;
    return code;
}

static int admin_partnership_create(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct admin_partnership_request request = {.slug = argv[0]};
    int32_t members[MEMBERS_MAX];
    const char *named_to[NAMES_MAX];
    int32_t number;
    AUTO(session_close) struct session *session = NULL;
    (void)argc;
    if (read_partnership(cli, &request, members, named_to, &err) != ERR_OK) {
        return cli_usage(cli, "%s", err.message);
    }
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = admin_create_partnership(session->caller, &request, &number, &err);
    }
    if (code != ERR_OK) {
        return cli_fail(cli, &err);
    }
    cli_say(cli, "partnership \"%s\" has number %d", argv[0], number);
    return CLI_EXIT_OK;
}

static enum err_code print_code(const struct cli *cli, const struct admin_code *made,
                                struct err *err)
{
    static const struct output_column columns[] = {
        {"code", "Code", "Kode", OUTPUT_TEXT},
        {"expires_at", "Works until", "Gælder til", OUTPUT_TEXT},
    };
    char expires[OUTPUT_TIME_BYTES];
    AUTO(output_free) struct output *output = output_new(columns, ARRAY_COUNT(columns));
    output_format_time(made->expires_at_us, expires);
    output_add(output, (const char *const[]){made->text, expires});
    return output_print(output, cli, err);
}

static enum err_code read_code(const struct cli *cli, struct admin_code_request *request,
                               const char *partnerships[NAMES_MAX], struct err *err)
{
    const char *municipality = cli_option(cli, "municipality");
    int32_t number = 0;
    enum err_code code = subcommand_need(cli, "name", &request->name, err);
    if (code == ERR_OK && municipality != NULL) {
        code = read_municipality(municipality, strlen(municipality), &number, err);
    }
    if (code == ERR_OK) {
        code = read_repeated(cli, "partnership", partnerships, &request->partnership_count, err);
    }
    request->municipality_code = number;
    request->partnerships = partnerships;
    return code;
}

static int admin_code_create(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct admin_code_request request = {.role = argv[0]};
    const char *partnerships[NAMES_MAX];
    struct admin_code made;
    AUTO(session_close) struct session *session = NULL;
    (void)argc;
    if (read_code(cli, &request, partnerships, &err) != ERR_OK) {
        return cli_usage(cli, "%s", err.message);
    }
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = admin_create_code(session->caller, &request, &made, &err);
    }
    if (code == ERR_OK) {
        code = print_code(cli, &made, &err);
    }
    return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}

static int admin_revoke_principal(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    uint32_t epoch;
    AUTO(session_close) struct session *session = NULL;
    (void)argc;
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = admin_revoke(session->caller, argv[0], &epoch, &err);
    }
    if (code != ERR_OK) {
        return cli_fail(cli, &err);
    }
    cli_say(cli, "%s: ended; its tokens stop within a minute", argv[0]);
    return CLI_EXIT_OK;
}

static enum err_code read_permit(const struct cli *cli, struct admin_permit_request *request,
                                 struct err *err)
{
    enum err_code code = subcommand_need(cli, "partnership", &request->partnership, err);
    if (code == ERR_OK) {
        code = subcommand_need(cli, "purpose", &request->purpose, err);
    }
    return code == ERR_OK ? read_date(cli, "until", &request->until_date, err) : code;
}

static int admin_permit_grant(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct admin_permit_request request = {.principal_id = argv[0]};
    int64_t number;
    AUTO(session_close) struct session *session = NULL;
    (void)argc;
    if (read_permit(cli, &request, &err) != ERR_OK) {
        return cli_usage(cli, "%s", err.message);
    }
    enum err_code code = session_open(cli, &session, &err);
    if (code == ERR_OK) {
        code = admin_grant_permit(session->caller, &request, &number, &err);
    }
    if (code != ERR_OK) {
        return cli_fail(cli, &err);
    }
    cli_say(cli, "permit %lld granted to %s", (long long)number, argv[0]);
    return CLI_EXIT_OK;
}

static const struct subcommand SUBCOMMANDS[] = {
    {"partnership-create", 1, 1, admin_partnership_create},
    {"code-create", 1, 1, admin_code_create},
    {"revoke", 1, 1, admin_revoke_principal},
    {"permit-grant", 1, 1, admin_permit_grant},
};

int cmd_admin(struct cli *cli, int argc, char **argv)
{
    return subcommand_run(cli, argc, argv,
                          (struct subcommands){SUBCOMMANDS, ARRAY_COUNT(SUBCOMMANDS)});
}
