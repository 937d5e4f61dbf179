/* cmd_enrol - `fremgang enrol`: makes the profile's key, spends the one-time code, and keeps
 * partnership keys. A call cut short can be made again with the same code. */
#include "command.h"
#include "crypto/enrolment_code.h"
#include "output.h"
#include "profile.h"
#include "rpc/auth_call.h"
#include "session.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* An option whose file is copied into the profile under a name of its own. */
static enum err_code copy_file(const struct cli *cli, struct profile *profile, const char *option,
                               const char *name, struct err *err)
{
    const char *source = cli_option(cli, option);
    return source == NULL ? ERR_OK : profile_copy_in(profile, source, name, err);
}

static enum err_code copy_tls_files(const struct cli *cli, struct profile *profile, struct err *err)
{
    enum err_code code = copy_file(cli, profile, "ca", "ca.pem", err);
    if (code == ERR_OK) {
        code = copy_file(cli, profile, "cert", "client.pem", err);
    }
    if (code == ERR_OK) {
        code = copy_file(cli, profile, "key", "client-key.pem", err);
    }
    (void)strcpy(profile->ca_file, "ca.pem");
    (void)strcpy(profile->cert_file, "client.pem");
    (void)strcpy(profile->key_file, "client-key.pem");
    return code;
}

static enum err_code add_urls(const struct cli *cli, struct profile *profile, struct err *err)
{
    for (int i = 0; i < PROFILE_SERVER_COUNT; i++) {
        enum profile_server server = (enum profile_server)i;
        const char *option = profile_server_name(server);
        for (size_t j = 0; j < cli_option_count(cli, option); j++) {
            enum err_code code =
                profile_add_url(profile, server, cli_option_at(cli, option, j), err);
            if (code != ERR_OK) {
                return code;
            }
        }
    }
    return ERR_OK;
}

/* Host names alone are verified, so this machine's addresses go by its name. */
static const char *name_of_host(const char *host)
{
    bool is_loopback = strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0;
    return is_loopback ? "localhost" : host;
}

/* The name that the certificate must carry: as said, else the host of the first pool URL. */
static enum err_code set_server_name(const struct cli *cli, struct profile *profile,
                                     struct err *err)
{
    char host[PROFILE_URL_BYTES] = "";
    const char *name = cli_option(cli, "server-name");
    if (name == NULL && profile->urls[PROFILE_POOL].count > 0) {
        const char *url = profile->urls[PROFILE_POOL].items[0];
        const char *start = strstr(url, "://");
        const char *end = strrchr(url, ':');
        if (start != NULL && end > start + 3) {
            (void)snprintf(host, sizeof(host), "%.*s", (int)(end - start - 3), start + 3);
        }
    }
    return profile_set(profile->server_name, sizeof(profile->server_name), "--server-name",
                       name != NULL ? name : name_of_host(host), err);
}

/* "SLUG=FILE" names a key file to copy in. */
static enum err_code take_key(const struct profile *profile, const char *text, struct err *err)
{
    char slug[PROFILE_TEXT_BYTES];
    AUTO(secret_free) struct secret *key = NULL;
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || (size_t)(equals - text) >= sizeof(slug)) {
        return err_set(err, ERR_INVALID, "--partnership-key needs SLUG=FILE, not \"%s\"", text);
    }
    (void)snprintf(slug, sizeof(slug), "%.*s", (int)(equals - text), text);
    enum err_code code = secret_read_file(equals + 1, PROFILE_KEY_BYTES, &key, err);
    return code == ERR_OK ? profile_write_partnership_key(profile, slug, key, err) : code;
}

static enum err_code make_key(const struct profile *profile, const char *slug, struct err *err)
{
    AUTO(secret_free) struct secret *key = NULL;
    enum err_code code = secret_new(PROFILE_KEY_BYTES, &key, err);
    if (code != ERR_OK) {
        return code;
    }
    randombytes_buf(secret_bytes_mutable(key), secret_size(key));
    return profile_write_partnership_key(profile, slug, key, err);
}

static enum err_code keep_partnership_keys(const struct cli *cli, const struct profile *profile,
                                           struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < cli_option_count(cli, "partnership-key"); i++) {
        code = take_key(profile, cli_option_at(cli, "partnership-key", i), err);
    }
    for (size_t i = 0; code == ERR_OK && i < cli_option_count(cli, "new-partnership-key"); i++) {
        code = make_key(profile, cli_option_at(cli, "new-partnership-key", i), err);
    }
    return code;
}

static enum err_code prepare_profile(const struct cli *cli, struct profile *profile,
                                     struct err *err)
{
    AUTO(secret_free) struct secret *identity = NULL;
    enum err_code code = add_urls(cli, profile, err);
    if (code == ERR_OK) {
        code = set_server_name(cli, profile, err);
    }
    if (code == ERR_OK) {
        code = copy_tls_files(cli, profile, err);
    }
    if (code == ERR_OK) {
        (void)strcpy(profile->languages, cli->lang == CLI_LANG_DA ? "da,en" : "en,da");
        code = profile_make_identity(profile, &identity, err);
    }
    return code;
}

static enum err_code write_answer(const struct cli *cli, struct profile *profile,
                                  const struct auth_enrolment *enrolment, struct err *err)
{
    const char *partnership = cli_option(cli, "partnership");
    if (partnership == NULL && enrolment->partnership_count > 0) {
        partnership = enrolment->partnerships[0];
    }
    profile->municipality_code = enrolment->municipality_code;
    enum err_code code = profile_set(profile->principal_id, sizeof(profile->principal_id),
                                     "the principal id", enrolment->principal_id, err);
    if (code == ERR_OK) {
        code = profile_set(profile->role, sizeof(profile->role), "the role", enrolment->role, err);
    }
    if (code == ERR_OK && partnership != NULL) {
        code = profile_set(profile->partnership, sizeof(profile->partnership), "--partnership",
                           partnership, err);
    }
    return code == ERR_OK ? profile_save(profile, err) : code;
}

static enum err_code print_answer(const struct cli *cli, const struct profile *profile,
                                  struct err *err)
{
    static const struct output_column columns[] = {
        {"profile", "Profile", "Profil", OUTPUT_TEXT},
        {"principal_id", "Principal", "Principal", OUTPUT_TEXT},
        {"role", "Role", "Rolle", OUTPUT_TEXT},
        {"municipality", "Municipality", "Kommune", OUTPUT_NUMBER},
        {"partnership", "Partnership", "Partnerskab", OUTPUT_TEXT},
    };
    char municipality[12] = "";
    AUTO(output_free) struct output *output = output_new(columns, ARRAY_COUNT(columns));
    if (profile->municipality_code != 0) {
        (void)snprintf(municipality, sizeof(municipality), "%d", profile->municipality_code);
    }
    output_add(output, (const char *const[]){profile->name, profile->principal_id, profile->role,
                                             municipality, profile->partnership});
    return output_print(output, cli, err);
}

/* Takes the profile. */
static enum err_code spend_code(const struct cli *cli, struct profile *profile, struct err *err)
{
    AUTO(session_close) struct session *session = NULL;
    AUTO(auth_enrolment_free) struct auth_enrolment *enrolment = NULL;
    enum err_code code = session_open_profile(cli, profile, &session, err);
    if (code == ERR_OK) {
        code = auth_enrol(session->caller, cli_option(cli, "code"), session->identity, &enrolment,
                          err);
    }
    if (code == ERR_OK) {
        code = write_answer(cli, session->profile, enrolment, err);
    }
    if (code == ERR_OK) {
        code = keep_partnership_keys(cli, session->profile, err);
    }
    return code == ERR_OK ? print_answer(cli, session->profile, err) : code;
}

static enum err_code enrol_new(const struct cli *cli, struct err *err)
{
    AUTO(profile_free) struct profile *profile = NULL;
    char normal[ENROLMENT_CODE_NORMAL_BYTES];
    // A mistyped code must leave nothing behind: neither folder nor key.
    enum err_code code = enrolment_code_normalise(cli_option(cli, "code"), normal, err);
    sodium_memzero(normal, sizeof(normal));
    if (code == ERR_OK) {
        code = profile_create(cli->profile, &profile, err);
    }
    if (code == ERR_OK) {
        code = prepare_profile(cli, profile, err);
    }
    return code == ERR_OK ? spend_code(cli, STEAL(profile), err) : code;
}

static enum err_code add_keys_only(const struct cli *cli, struct err *err)
{
    AUTO(profile_free) struct profile *profile = NULL;
    enum err_code code = profile_load(cli->profile, &profile, err);
    return code == ERR_OK ? keep_partnership_keys(cli, profile, err) : code;
}

int cmd_enrol(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    bool has_keys = cli_option(cli, "partnership-key") != NULL ||
                    cli_option(cli, "new-partnership-key") != NULL;
    if (argc > 1) {
        return cli_usage(cli, "unexpected word \"%s\"", argv[1]);
    }
    if (cli_option(cli, "code") == NULL && !has_keys) {
        return cli_usage(cli, "--code is missing");
    }
    if (cli_option(cli, "code") != NULL && cli_option(cli, "pool") == NULL) {
        return cli_usage(cli, "--pool is missing");
    }
    enum err_code code =
        cli_option(cli, "code") != NULL ? enrol_new(cli, &err) : add_keys_only(cli, &err);
    return code == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}
