/*
 * auth - AuthService for every process: enrolment, challenge, log-in. And the services that
 * every process's handlers share, found through call->services.
 *
 *     struct intake_services {
 *         struct common_services common;   // must be the first member
 *         ...
 *     };
 */
#ifndef FREMGANG_HANDLERS_AUTH_H
#define FREMGANG_HANDLERS_AUTH_H

#include "base/secret.h"
#include "rpc/call.h"

/** What a spent enrolment code gave. The strings live in call->arena. */
struct enrolment {
    struct principal principal;
    const char *const *partnerships; /* slugs */
    size_t partnership_count;
};

/** The store as AuthService needs it. `ctx` is common_services.auth_ctx. */
struct auth_ops {
    /** Spends a code (normal form, crypto/enrolment_code.h) in call->transaction and
     * registers a principal with the public key. ERR_NOT_FOUND when the code is unknown,
     * spent or expired: the three look alike. Only pool needs it. */
    enum err_code (*spend_enrolment_code)(void *ctx, struct call *call, const char *code,
                                          const uint8_t public_key[PRINCIPAL_KEY_BYTES],
                                          struct enrolment *out, struct err *err);
    /** The principal as it is now, not from a cache. ERR_NOT_FOUND. */
    principal_finder principal_find;
};

/** First member of every process's services. Borrows all. */
struct common_services {
    uint32_t process;                  /* PROCESS_* bit */
    const struct secret *token_key;    /* MAC_KEY_BYTES */
    const uint8_t *receipt_public_key; /* SIGN_PUBLIC_KEY_BYTES; NULL when it signs none */
    const struct auth_ops *auth;       /* NULL in keys */
    void *auth_ctx;
    /** Whether the process can do its work now; NULL means always. */
    bool (*is_ready)(void *ready_ctx);
    void *ready_ctx;
};

/** AuthService.Enrol. ERR_INVALID for a malformed code or key, ERR_DENIED for a wrong proof
 * or a code that cannot be spent. */
NODISCARD enum err_code auth_enrol(struct call *call, const ProtobufCMessage *request,
                                   ProtobufCMessage *response, struct err *err);
/** AuthService.Challenge: stateless; says nothing about whether the principal exists. */
NODISCARD enum err_code auth_challenge(struct call *call, const ProtobufCMessage *request,
                                       ProtobufCMessage *response, struct err *err);
/** AuthService.LogIn. ERR_DENIED, the same for an unknown principal and a wrong key. */
NODISCARD enum err_code auth_log_in(struct call *call, const ProtobufCMessage *request,
                                    ProtobufCMessage *response, struct err *err);
/** grpc.health.v1.Health.Check. ERR_NOT_FOUND for a service the process does not serve. */
NODISCARD enum err_code health_check(struct call *call, const ProtobufCMessage *request,
                                     ProtobufCMessage *response, struct err *err);

#endif
