/*
 * session - the profile of this run and a caller made from it. Every verb that talks to a
 * server opens one.
 *
 *     AUTO(session_close) struct session *session = NULL;
 *     if (session_open(cli, &session, &err) != ERR_OK) {
 *         return cli_fail(cli, &err);
 *     }
 *     code = submission_push(session->caller, &batch, &result, &err);
 */
#ifndef FREMGANG_SESSION_H
#define FREMGANG_SESSION_H

#include "cli.h"
#include "profile.h"
#include "rpc/caller.h"

struct session {
    struct profile *profile;
    struct secret *identity;
    struct caller *caller;
    char ca_file[PROFILE_PATH_BYTES]; /* whole paths, borrowed by the caller */
    char cert_file[PROFILE_PATH_BYTES];
    char key_file[PROFILE_PATH_BYTES];
};

/** Loads the profile that `cli` names and its identity key. Errors as profile_load and
 * profile_read_identity. */
NODISCARD enum err_code session_open(const struct cli *cli, struct session **out, struct err *err);
/** As session_open, with a profile that may not be enrolled yet; takes the profile. */
NODISCARD enum err_code session_open_profile(const struct cli *cli, struct profile *profile,
                                             struct session **out, struct err *err);
/** Pins a receipt key that was learnt, then takes the session. NULL ok. */
void session_close(struct session *session);
DEFINE_AUTO(struct session, session_close);

/** The partnership a verb works on: --partnership, else the profile's default. ERR_INVALID
 * when neither is there. Borrowed. */
NODISCARD enum err_code session_partnership(const struct cli *cli, const struct session *session,
                                            const char **out, struct err *err);

#endif
