/*
 * login - turns a principal's key into a token of one process kind. Called by caller.c.
 *
 *     struct login_answer answer;
 *     code = login_run(caller, PROCESS_POOL, principal_id, identity, &answer, err);
 */
#ifndef FREMGANG_RPC_LOGIN_H
#define FREMGANG_RPC_LOGIN_H

#include "rpc/caller.h"

struct login_answer {
    struct secret *token; /* given */
    int64_t expires_at_us;
    bool has_receipt_key;
    uint8_t receipt_key[CALLER_RECEIPT_KEY_BYTES];
};

struct login_settings {
    uint32_t process;
    const char *principal_id;
    const struct secret *identity;
};

/** Answers the process's challenge. Errors as caller_call. */
NODISCARD enum err_code login_run(struct caller *caller, const struct login_settings *settings,
                                  struct login_answer *out, struct err *err);

#endif
