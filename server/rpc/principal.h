/*
 * principal - who calls: a person or a client installation, as the store knows it, and the
 * copy of it that a server keeps for PRINCIPAL_CACHE_SECONDS, so that revocation holds
 * within a minute without a query for every call.
 *
 *     struct principal caller;
 *     code = principal_cache_find(cache, "p-4f2a...", &caller, err);
 */
#ifndef FREMGANG_RPC_PRINCIPAL_H
#define FREMGANG_RPC_PRINCIPAL_H

#include "base/auto.h"
#include "base/clock.h"
#include "base/err.h"

#include <stdint.h>

enum { PRINCIPAL_ID_BYTES_MAX = 64, PRINCIPAL_KEY_BYTES = 32 };

struct principal {
    char id[PRINCIPAL_ID_BYTES_MAX + 1]; /* "" when nobody is authenticated */
    uint32_t role;                       /* one ROLE_* bit */
    int32_t municipality_code;           /* 0 unless ROLE_MUNICIPALITY */
    uint32_t epoch;                      /* grows at revocation; a token of another is refused */
    bool is_revoked;
    uint8_t public_key[PRINCIPAL_KEY_BYTES]; /* Ed25519 */
};

/** Reads one principal from the store. ERR_NOT_FOUND when there is none, ERR_UNAVAILABLE. */
typedef enum err_code (*principal_finder)(void *ctx, const char *id, struct principal *out,
                                          struct err *err);

struct principal_cache;

/** Gives an empty cache over `find`; borrows ctx and clock. ERR_INTERNAL. */
NODISCARD enum err_code principal_cache_new(principal_finder find, void *ctx,
                                            const struct clock *clock, struct principal_cache **out,
                                            struct err *err);
/** Takes. NULL ok. */
void principal_cache_free(struct principal_cache *cache);
DEFINE_AUTO(struct principal_cache, principal_cache_free);

/** A copy at most PRINCIPAL_CACHE_SECONDS old; absent principals are not remembered.
 * Thread-safe. Errors of the finder. */
NODISCARD enum err_code principal_cache_find(struct principal_cache *cache, const char *id,
                                             struct principal *out, struct err *err);

#endif
