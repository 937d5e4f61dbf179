/*
 * auth_call - enrolment: spends a one-time code and registers this installation's key.
 * Called by cmd_enrol.
 *
 *     AUTO(auth_enrolment_free) struct auth_enrolment *enrolment = NULL;
 *     code = auth_enrol(caller, "7K3QD-...", identity, &enrolment, err);
 */
#ifndef FREMGANG_RPC_AUTH_CALL_H
#define FREMGANG_RPC_AUTH_CALL_H

#include "rpc/caller.h"

/** Who the key belongs to from now on. Owns its arena. */
struct auth_enrolment {
    struct arena *arena;
    const char *principal_id;
    const char *role;
    int municipality_code; /* 0 unless the role is municipality */
    const char *const *partnerships;
    size_t partnership_count;
};

/** Enrols. The same code and key give the same idempotency key, so that a call cut short can
 * be made again. ERR_INVALID for a malformed code, else as caller_call. */
NODISCARD enum err_code auth_enrol(struct caller *caller, const char *typed_code,
                                   const struct secret *identity, struct auth_enrolment **out,
                                   struct err *err);
/** Takes the enrolment. NULL ok. */
void auth_enrolment_free(struct auth_enrolment *enrolment);
DEFINE_AUTO(struct auth_enrolment, auth_enrolment_free);

#endif
