/* cmd_rpc - `fremgang rpc`: lists and describes the methods from the method table and the
 * .proto texts, and calls one with a packed request. */
#include "base/limits.h"
#include "command.h"
#include "output.h"
#include "rpc/describe.h"
#include "session.h"
#include "subcommand.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 24 };

static const struct output_column COLUMNS[] = {
    {"method", "Method", "Metode", OUTPUT_TEXT},
    {"processes", "Served by", "Betjenes af", OUTPUT_TEXT},
    {"roles", "Roles", "Roller", OUTPUT_TEXT},
    {"effect", "Effect", "Virkning", OUTPUT_TEXT},
    {"signed", "Signed", "Underskrevet", OUTPUT_TEXT},
    {"deadline_ms", "Deadline ms", "Frist ms", OUTPUT_NUMBER},
    {"request_bytes_max", "Request bytes", "Bytes", OUTPUT_NUMBER},
};

static void add_method(const struct method *method, struct output *output)
{
    AUTO_BUF struct buf processes = BUF_INIT;
    AUTO_BUF struct buf roles = BUF_INIT;
    char deadline[NUMBER_BYTES];
    char bytes[NUMBER_BYTES];
    describe_processes(method, &processes);
    describe_roles(method, &roles);
    (void)snprintf(deadline, sizeof(deadline), "%u", method->deadline_ms);
    (void)snprintf(bytes, sizeof(bytes), "%zu", method->request_bytes_max);
    const char *const values[] = {
        method->path,
        buf_text(&processes),
        buf_text(&roles),
        method->effect == METHOD_WRITES ? "writes" : "reads",
        method->signing == METHOD_SIGNED ? "signed" : "unsigned",
        deadline,
        bytes,
    };
    output_add(output, values);
}

static int rpc_list(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    AUTO(output_free) struct output *output = output_new(COLUMNS, ARRAY_COUNT(COLUMNS));
    (void)argc;
    (void)argv;
    for (size_t i = 0; i < method_count(); i++) {
        add_method(method_at(i), output);
    }
    return output_print(output, cli, &err) == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}

static int rpc_describe(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    AUTO_BUF struct buf text = BUF_INIT;
    enum err_code code = describe_name(argc == 0 ? "" : argv[0], &text, &err);
    if (code != ERR_OK) {
        return cli_fail(cli, &err);
    }
    fputs(buf_text(&text), cli->out);
    return CLI_EXIT_OK;
}

/* "-" is standard input. One byte more than allowed is asked for, so that it is seen. */
static enum err_code read_request(const char *path, struct buf *out, struct err *err)
{
    char block[4096];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL) {
        return err_set(err, ERR_NOT_FOUND, "could not open file \"%s\"", path);
    }
    for (size_t n = 1; n > 0 && out->len <= WIRE_MESSAGE_BYTES_MAX;) {
        n = fread(block, 1, sizeof(block), file);
        buf_append(out, block, n);
    }
    bool failed = ferror(file) != 0;
    if (file != stdin) {
        (void)fclose(file);
    }
    if (failed || out->len > WIRE_MESSAGE_BYTES_MAX) {
        return err_set(err, failed ? ERR_UNAVAILABLE : ERR_LIMIT,
                       failed ? "could not read file \"%s\"" : "file \"%s\" is too large", path);
    }
    return buf_check(out, err);
}

static enum err_code find_call(const struct cli *cli, const char *name,
                               struct caller_request *request, struct err *err)
{
    const struct method *method = describe_find(name);
    const char *process = cli_option(cli, "process");
    if (method == NULL) {
        (void)err_set(err, ERR_NOT_FOUND, "there is no method \"%s\"", name);
        return err_hint(err, "`fremgang rpc list` lists them.");
    }
    request->method = method->id;
    request->process = process == NULL ? 0 : process_find(process);
    if (process != NULL && (request->process & method->processes) == 0) {
        return err_set(err, ERR_INVALID, "%s is not served by \"%s\"", method->path, process);
    }
    if (process == NULL && (method->processes & (method->processes - 1)) != 0) {
        (void)err_set(err, ERR_INVALID, "several processes serve %s", method->path);
        return err_hint(err, "Add --process: `fremgang rpc describe %s` names them.", name);
    }
    return ERR_OK;
}

static int rpc_call(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct caller_request request = {.idempotency_key = cli_option(cli, "idempotency-key")};
    const char *data = cli_option(cli, "data");
    AUTO_BUF struct buf bytes = BUF_INIT;
    AUTO_BUF struct buf response = BUF_INIT;
    AUTO(session_close) struct session *session = NULL;
    (void)argc;
    enum err_code code = find_call(cli, argv[0], &request, &err);
    if (code == ERR_OK && data != NULL) {
        code = read_request(data, &bytes, &err);
    }
    if (code == ERR_OK) {
        code = session_open(cli, &session, &err);
    }
    if (code == ERR_OK) {
        request.payload = (struct wire_bytes){bytes.data, bytes.len};
        code = caller_call(session->caller, &request, &response, &err);
    }
    if (code == ERR_OK && response.len > 0 &&
        fwrite(response.data, 1, response.len, cli->out) != response.len) {
        code = err_set(&err, ERR_UNAVAILABLE, "could not write the output");
    }
    return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}

static const struct subcommand SUBCOMMANDS[] = {
    {"list", 0, 0, rpc_list},
    {"describe", 0, 1, rpc_describe},
    {"call", 1, 1, rpc_call},
};

int cmd_rpc(struct cli *cli, int argc, char **argv)
{
    return subcommand_run(cli, argc, argv,
                          (struct subcommands){SUBCOMMANDS, ARRAY_COUNT(SUBCOMMANDS)});
}
