/*
 * token - what a logged-in principal shows with every call, and the challenge that it signs
 * to get one. Both are stateless: MACed with a key that only one process kind holds, naming
 * that kind and when they end.
 *
 *     code = token_read(&reader, bytes, &token, err);     // gate
 *
 * A token says who called when it was made; what that principal may do now comes from the
 * principal itself.
 */
#ifndef FREMGANG_RPC_TOKEN_H
#define FREMGANG_RPC_TOKEN_H

#include "base/secret.h"
#include "rpc/principal.h"
#include "wire/message.h"

enum {
    TOKEN_NONCE_BYTES = 16,
    /* kind, process, role, municipality, epoch, end, id length, id, nonce, MAC */
    TOKEN_BYTES_MAX = 1 + 1 + 4 + 4 + 4 + 8 + 1 + PRINCIPAL_ID_BYTES_MAX + TOKEN_NONCE_BYTES + 32,
};

struct token {
    char principal_id[PRINCIPAL_ID_BYTES_MAX + 1];
    uint32_t role; /* ROLE_* bit */
    int32_t municipality_code;
    uint32_t epoch;
    int64_t expires_at_us;
};

/** A finished token or challenge. */
struct token_bytes {
    uint8_t data[TOKEN_BYTES_MAX];
    size_t len;
};

/** The process kind that makes and reads, its key (MAC_KEY_BYTES), and its time. */
struct token_reader {
    uint32_t process;
    const struct secret *key;
    int64_t now_us;
};

/** Makes the token. */
void token_write(const struct token_reader *maker, const struct token *token,
                 struct token_bytes *out);
/** Reads a token. ERR_DENIED: TOKEN_INVALID for anything that this process kind did not make,
 * TOKEN_EXPIRED. */
NODISCARD enum err_code token_read(const struct token_reader *reader, struct wire_bytes bytes,
                                   struct token *out, struct err *err);

/** Makes a challenge for one principal id, good for CHALLENGE_LIFE_SECONDS. */
void challenge_write(const struct token_reader *maker, const char *principal_id,
                     struct token_bytes *out);
/** ERR_DENIED with CHALLENGE_INVALID unless this process kind made it for that principal and
 * it has not ended. */
NODISCARD enum err_code challenge_check(const struct token_reader *reader, struct wire_bytes bytes,
                                        const char *principal_id, struct err *err);

#endif
