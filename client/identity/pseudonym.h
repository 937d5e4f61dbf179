/*
 * pseudonym - the keyed pseudonyms of children, workers and rows in one partnership. Called
 * by client/import alone. Another partnership has another key, so nobody can link the two.
 *
 *     uint8_t key[PSEUDONYM_BYTES];
 *     pseudonym_child(partnership_key, &cpr, key);
 *     pseudonym_row(partnership_key, "intervention", key, id, strlen(id), row_key);
 *
 * Epoch 0: the first 16 bytes of HMAC-SHA256(partnership key, context || 0x00 || inner).
 * `inner` comes from one function, inner_of_child in pseudonym.c; an epoch in which a second
 * party takes part replaces that function alone. A server takes epoch 0 only as a demo.
 */
#ifndef FREMGANG_IDENTITY_PSEUDONYM_H
#define FREMGANG_IDENTITY_PSEUDONYM_H

#include "base/secret.h"
#include "identity/cpr.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PSEUDONYM_BYTES = 16,
    PSEUDONYM_KEY_BYTES = 32,
    PSEUDONYM_EPOCH = 0,
};

/** Writes the child's pseudonym. `cpr` must have been read as usable (asserted). */
void pseudonym_child(const struct secret *key, const struct cpr *cpr, uint8_t out[PSEUDONYM_BYTES]);
/** Writes the pseudonym of a worker's local id. */
void pseudonym_worker(const struct secret *key, const char *id, size_t len,
                      uint8_t out[PSEUDONYM_BYTES]);
/** Writes the pseudonym of a row's local id; ids need to be unique within the child only.
 * `context` is the record type's name. */
void pseudonym_row(const struct secret *key, const char *context,
                   const uint8_t child[PSEUDONYM_BYTES], const char *id,
                   uint8_t out[PSEUDONYM_BYTES]);

#endif
