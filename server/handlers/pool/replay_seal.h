/*
 * replay_seal - seals the answers that pool keeps for repetitions: one of them holds a
 * one-time code, which the database must not show. Called by pool's gate.
 *
 *     rc = replay_seal(token_key, answer, &sealed, err);
 *     rc = replay_open(token_key, kept, arena, &answer, err);
 */
#ifndef FREMGANG_HANDLERS_POOL_REPLAY_SEAL_H
#define FREMGANG_HANDLERS_POOL_REPLAY_SEAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "wire/message.h"

/** Appends nonce and sealed bytes, under a key made from the process's token key. ERR_INTERNAL. */
NODISCARD enum err_code replay_seal(const struct secret *token_key, struct wire_bytes answer,
                                    struct buf *out, struct err *err);
/** Opens into the arena. ERR_CORRUPT when the bytes are no answer sealed by this key. */
NODISCARD enum err_code replay_open(const struct secret *token_key, struct wire_bytes sealed,
                                    struct arena *arena, struct wire_bytes *out, struct err *err);

#endif
