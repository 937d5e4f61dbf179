/*
 * sign - Ed25519 keys and what is signed with them. A transcript is a domain string, a NUL,
 * and the fields, each behind its length as 4 bytes big-endian: no two meanings give the
 * same bytes.
 *
 *     AUTO(secret_free) struct secret *key = NULL;
 *     code = sign_key_new(&key, err);
 *     code = sign_make_one(key, SIGN_RECEIPT, body, signature, err);
 */
#ifndef FREMGANG_CRYPTO_SIGN_H
#define FREMGANG_CRYPTO_SIGN_H

#include "base/err.h"
#include "base/secret.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SIGN_KEY_BYTES = 64, /* libsodium's secret key: seed and public key */
    SIGN_PUBLIC_KEY_BYTES = 32,
    SIGN_SIGNATURE_BYTES = 64,
};

struct sign_field {
    const void *data;
    size_t len;
};

/** What is signed: a purpose, and the fields it covers. Borrows all. */
struct sign_transcript {
    const char *domain; /* "fremgang-call-v1" */
    const struct sign_field *fields;
    size_t field_count;
};

/** What a signed call covers. */
struct sign_call {
    const char *method; /* full gRPC path */
    const char *request_id;
    const char *idempotency_key; /* "" when the method only reads */
    int64_t signed_at_us;
    struct sign_field payload; /* the packed request message */
};

/** What a log-in proves: that the owner of the key wants a token of this process kind. The
 * signer names the kind itself, so that one process cannot pass another's challenge on and
 * log in there with the answer. */
struct sign_login {
    const char *process; /* "intake", "pool" */
    const char *principal_id;
    struct sign_field challenge;
};

/** Gives a fresh secret key (SIGN_KEY_BYTES, as secret_write_file stores it). ERR_INTERNAL. */
NODISCARD enum err_code sign_key_new(struct secret **out, struct err *err);
/** The public half of a secret key. */
void sign_public_key(const struct secret *key, uint8_t out[SIGN_PUBLIC_KEY_BYTES]);

/** Signs a transcript. ERR_LIMIT over BUF_BYTES_MAX, ERR_INTERNAL when memory is out; so do
 * the other makers. */
NODISCARD enum err_code sign_make(const struct secret *key,
                                  const struct sign_transcript *transcript,
                                  uint8_t out[SIGN_SIGNATURE_BYTES], struct err *err);
/** Whether `signature` is the key owner's over the transcript; false also out of memory. */
NODISCARD bool sign_check(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES],
                          const struct sign_transcript *transcript,
                          const uint8_t signature[SIGN_SIGNATURE_BYTES]);

/** "fremgang-call-v1" over method, request id, idempotency key, time (8 bytes big-endian)
 * and payload. */
NODISCARD enum err_code sign_make_call(const struct secret *key, const struct sign_call *call,
                                       uint8_t out[SIGN_SIGNATURE_BYTES], struct err *err);
NODISCARD bool sign_check_call(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES],
                               const struct sign_call *call,
                               const uint8_t signature[SIGN_SIGNATURE_BYTES]);

/** "fremgang-login-v1" over process, principal id and challenge. */
NODISCARD enum err_code sign_make_login(const struct secret *key, const struct sign_login *login,
                                        uint8_t out[SIGN_SIGNATURE_BYTES], struct err *err);
NODISCARD bool sign_check_login(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES],
                                const struct sign_login *login,
                                const uint8_t signature[SIGN_SIGNATURE_BYTES]);

/** One field under one of the purposes below. */
NODISCARD enum err_code sign_make_one(const struct secret *key, const char *domain,
                                      struct sign_field field, uint8_t out[SIGN_SIGNATURE_BYTES],
                                      struct err *err);
NODISCARD bool sign_check_one(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES], const char *domain,
                              struct sign_field field,
                              const uint8_t signature[SIGN_SIGNATURE_BYTES]);

/** Over the enrolment code in normal form, see crypto/enrolment_code.h. */
#define SIGN_ENROL "fremgang-enrol-v1"
/** Over the packed ReceiptBody. */
#define SIGN_RECEIPT "fremgang-receipt-v1"
/** Over the canonical manifest of a release. */
#define SIGN_MANIFEST "fremgang-manifest-v1"

#endif
