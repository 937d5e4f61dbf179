/*
 * make_key - the key files that processes ask for, made by `fremgangd make-key KIND FILE`.
 *
 *     code = make_key("token-intake", "intake-token.key", err);
 */
#ifndef FREMGANG_MAKE_KEY_H
#define FREMGANG_MAKE_KEY_H

#include "base/err.h"

/** Writes a fresh key (mode 0600): 32 random bytes for "token-intake" and "token-pool", an
 * Ed25519 key for "receipt" and "publish". ERR_INVALID (USAGE) for another kind, ERR_CONFLICT
 * when the file exists, ERR_UNAVAILABLE. */
NODISCARD enum err_code make_key(const char *kind, const char *path, struct err *err);

#endif
