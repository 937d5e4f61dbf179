/* sign - see sign.h. */
#include "crypto/sign.h"

#include "base/buf.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(SIGN_KEY_BYTES == crypto_sign_SECRETKEYBYTES, "libsodium's secret key");
static_assert(SIGN_PUBLIC_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "libsodium's public key");
static_assert(SIGN_SIGNATURE_BYTES == crypto_sign_BYTES, "libsodium's signature");

enum { CALL_FIELDS = 5, LOGIN_FIELDS = 3, TIME_BYTES = 8 };

enum err_code sign_key_new(struct secret **out, struct err *err)
{
    AUTO(secret_free) struct secret *key = NULL;
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    enum err_code code = secret_new(SIGN_KEY_BYTES, &key, err);
    if (code != ERR_OK) {
        return code;
    }
    if (crypto_sign_keypair(public_key, secret_bytes_mutable(key)) != 0) {
        return err_set(err, ERR_INTERNAL, "could not make an Ed25519 key");
    }
    *out = STEAL(key);
    return ERR_OK;
}

void sign_public_key(const struct secret *key, uint8_t out[SIGN_PUBLIC_KEY_BYTES])
{
    assert(secret_size(key) == SIGN_KEY_BYTES);
    (void)crypto_sign_ed25519_sk_to_pk(out, secret_bytes(key));
}

static void put_big_endian(uint8_t *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

static void append_transcript(struct buf *out, const struct sign_transcript *transcript)
{
    size_t total = strlen(transcript->domain) + 1;
    for (size_t i = 0; i < transcript->field_count; i++) {
        total += sizeof(uint32_t) + transcript->fields[i].len;
    }
    buf_reserve(out, total);
    buf_append(out, transcript->domain, strlen(transcript->domain) + 1);
    for (size_t i = 0; i < transcript->field_count; i++) {
        uint8_t length[sizeof(uint32_t)];
        assert(transcript->fields[i].len <= UINT32_MAX);
        put_big_endian(length, transcript->fields[i].len, sizeof(length));
        buf_append(out, length, sizeof(length));
        buf_append(out, transcript->fields[i].data, transcript->fields[i].len);
    }
}

enum err_code sign_make(const struct secret *key, const struct sign_transcript *transcript,
                        uint8_t out[SIGN_SIGNATURE_BYTES], struct err *err)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    assert(secret_size(key) == SIGN_KEY_BYTES);
    append_transcript(&bytes, transcript);
    enum err_code code = buf_check(&bytes, err);
    if (code == ERR_OK) {
        (void)crypto_sign_detached(out, NULL, bytes.data, bytes.len, secret_bytes(key));
    }
    return code;
}

bool sign_check(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES],
                const struct sign_transcript *transcript,
                const uint8_t signature[SIGN_SIGNATURE_BYTES])
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    append_transcript(&bytes, transcript);
    return buf_check(&bytes, NULL) == ERR_OK &&
           crypto_sign_verify_detached(signature, bytes.data, bytes.len, public_key) == 0;
}

static void call_fields(const struct sign_call *call, uint8_t time[TIME_BYTES],
                        struct sign_field out[CALL_FIELDS])
{
    put_big_endian(time, (uint64_t)call->signed_at_us, TIME_BYTES);
    out[0] = (struct sign_field){call->method, strlen(call->method)};
    out[1] = (struct sign_field){call->request_id, strlen(call->request_id)};
    out[2] = (struct sign_field){call->idempotency_key, strlen(call->idempotency_key)};
    out[3] = (struct sign_field){time, TIME_BYTES};
    out[4] = call->payload;
}

enum err_code sign_make_call(const struct secret *key, const struct sign_call *call,
                             uint8_t out[SIGN_SIGNATURE_BYTES], struct err *err)
{
    uint8_t time[TIME_BYTES];
    struct sign_field fields[CALL_FIELDS];
    call_fields(call, time, fields);
    return sign_make(key, &(struct sign_transcript){"fremgang-call-v1", fields, CALL_FIELDS}, out,
                     err);
}

bool sign_check_call(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES], const struct sign_call *call,
                     const uint8_t signature[SIGN_SIGNATURE_BYTES])
{
    uint8_t time[TIME_BYTES];
    struct sign_field fields[CALL_FIELDS];
    call_fields(call, time, fields);
    return sign_check(
        public_key, &(struct sign_transcript){"fremgang-call-v1", fields, CALL_FIELDS}, signature);
}

static void login_fields(const struct sign_login *login, struct sign_field out[LOGIN_FIELDS])
{
    out[0] = (struct sign_field){login->process, strlen(login->process)};
    out[1] = (struct sign_field){login->principal_id, strlen(login->principal_id)};
    out[2] = login->challenge;
}

enum err_code sign_make_login(const struct secret *key, const struct sign_login *login,
                              uint8_t out[SIGN_SIGNATURE_BYTES], struct err *err)
{
    struct sign_field fields[LOGIN_FIELDS];
    login_fields(login, fields);
    return sign_make(key, &(struct sign_transcript){"fremgang-login-v1", fields, LOGIN_FIELDS}, out,
                     err);
}

bool sign_check_login(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES],
                      const struct sign_login *login, const uint8_t signature[SIGN_SIGNATURE_BYTES])
{
    struct sign_field fields[LOGIN_FIELDS];
    login_fields(login, fields);
    return sign_check(public_key,
                      &(struct sign_transcript){"fremgang-login-v1", fields, LOGIN_FIELDS},
                      signature);
}

enum err_code sign_make_one(const struct secret *key, const char *domain, struct sign_field field,
                            uint8_t out[SIGN_SIGNATURE_BYTES], struct err *err)
{
    return sign_make(key, &(struct sign_transcript){domain, &field, 1}, out, err);
}

bool sign_check_one(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES], const char *domain,
                    struct sign_field field, const uint8_t signature[SIGN_SIGNATURE_BYTES])
{
    return sign_check(public_key, &(struct sign_transcript){domain, &field, 1}, signature);
}
