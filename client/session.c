/* session - see session.h. */
#include "session.h"

#include <stdlib.h>
#include <string.h>

static enum err_code resolve_paths(struct session *session, struct err *err)
{
    const struct profile *profile = session->profile;
    enum err_code code = profile_path(profile, profile->ca_file, session->ca_file, err);
    if (code == ERR_OK) {
        code = profile_path(profile, profile->cert_file, session->cert_file, err);
    }
    if (code == ERR_OK) {
        code = profile_path(profile, profile->key_file, session->key_file, err);
    }
    return code;
}

static enum err_code make_caller(const struct cli *cli, struct session *session, struct err *err)
{
    const struct profile *profile = session->profile;
    struct caller_settings settings = {
        .tls = {session->ca_file, session->cert_file, session->key_file, profile->server_name},
        .principal_id = profile->principal_id,
        .identity = session->identity,
        .receipt_key = profile->receipt_key_pinned ? profile->receipt_key : NULL,
        .danish = cli->lang == CLI_LANG_DA,
        .clock = clock_system(),
    };
    for (size_t i = 0; i < PROFILE_SERVER_COUNT; i++) {
        settings.url_counts[i] = profile->urls[i].count;
        for (size_t j = 0; j < profile->urls[i].count; j++) {
            settings.urls[i][j] = profile->urls[i].items[j];
        }
    }
    return caller_new(&settings, &session->caller, err);
}

enum err_code session_open_profile(const struct cli *cli, struct profile *profile,
                                   struct session **out, struct err *err)
{
    AUTO(session_close) struct session *session = calloc(1, sizeof(*session));
    if (session == NULL) {
        profile_free(profile);
        return err_memory(err);
    }
    session->profile = profile;
    enum err_code code = profile_read_identity(profile, &session->identity, err);
    if (code == ERR_OK) {
        code = resolve_paths(session, err);
    }
    if (code == ERR_OK) {
        code = make_caller(cli, session, err);
    }
    if (code == ERR_OK) {
        *out = STEAL(session);
    }
    return code;
}

enum err_code session_open(const struct cli *cli, struct session **out, struct err *err)
{
    struct profile *profile = NULL;
    enum err_code code = profile_load(cli->profile, &profile, err);
    return code == ERR_OK ? session_open_profile(cli, profile, out, err) : code;
}

/* A pin that cannot be written is learnt again by the next run. */
static void pin_receipt_key(struct session *session)
{
    if (session->caller == NULL || !caller_has_learnt_receipt_key(session->caller)) {
        return;
    }
    struct profile *profile = session->profile;
    memcpy(profile->receipt_key, caller_receipt_key(session->caller), PROFILE_KEY_BYTES);
    profile->receipt_key_pinned = true;
    enum err_code code = profile_save(profile, NULL);
    (void)code;
}

void session_close(struct session *session)
{
    if (session == NULL) {
        return;
    }
    pin_receipt_key(session);
    caller_free(session->caller);
    secret_free(session->identity);
    profile_free(session->profile);
    free(session);
}

enum err_code session_partnership(const struct cli *cli, const struct session *session,
                                  const char **out, struct err *err)
{
    const char *named = cli_option(cli, "partnership");
    if (named == NULL && session->profile->partnership[0] == '\0') {
        (void)err_set(err, ERR_INVALID, "no partnership is named");
        return err_hint(err, "Add --partnership SLUG.");
    }
    *out = named != NULL ? named : session->profile->partnership;
    return ERR_OK;
}
