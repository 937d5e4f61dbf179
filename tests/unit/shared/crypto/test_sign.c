/*
 * Goal: a signature holds for exactly what was signed. Method: RFC 8032's first test vector
 * through libsodium's key form, then every field of a call changed by itself, and bytes moved
 * between neighbouring fields.
 */
#include "support.h"

#include "crypto/sign.h"

#include <sodium.h>
#include <string.h>

static struct secret *new_key(uint8_t public_key[SIGN_PUBLIC_KEY_BYTES])
{
    struct secret *key = NULL;
    struct err err = ERR_INIT;
    ASSERT_OK(sign_key_new(&key, &err), err);
    sign_public_key(key, public_key);
    return key;
}

static struct sign_call sample_call(void)
{
    return (struct sign_call){.method = "/fremgang.v1.SubmissionService/Push",
                              .request_id = "r-1",
                              .idempotency_key = "k-1",
                              .signed_at_us = 1000000,
                              .payload = {"payload", 7}};
}

/* RFC 8032 section 7.1, TEST 1: the public key of the seed. */
static void test_sign_public_key__is_the_rfcs(void **state)
{
    static const uint8_t KEY[SIGN_KEY_BYTES] = {
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92,
        0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b,
        0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60, 0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a,
        0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3,
        0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
    AUTO(secret_free) struct secret *key = NULL;
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(secret_copy(KEY, sizeof(KEY), &key, &err), err);
    sign_public_key(key, public_key);
    assert_memory_equal(public_key, KEY + 32, SIGN_PUBLIC_KEY_BYTES);
    ASSERT_OK(sign_make_one(key, SIGN_ENROL, (struct sign_field){"c", 1}, signature, &err), err);
    assert_true(sign_check_one(public_key, SIGN_ENROL, (struct sign_field){"c", 1}, signature));
}

static void test_sign_check_call__holds_for_what_was_signed_only(void **state)
{
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    AUTO(secret_free) struct secret *key = new_key(public_key);
    struct sign_call call = sample_call();
    struct err err = ERR_INIT;
    struct sign_call changed[7];
    (void)state;
    ASSERT_OK(sign_make_call(key, &call, signature, &err), err);
    assert_true(sign_check_call(public_key, &call, signature));
    for (size_t i = 0; i < 7; i++) {
        changed[i] = call;
    }
    changed[0].method = "/fremgang.v1.SubmissionService/Status";
    changed[1].request_id = "r-2";
    changed[2].idempotency_key = "";
    changed[3].signed_at_us = 1000001;
    changed[4].payload = (struct sign_field){"payloae", 7};
    changed[5].payload = (struct sign_field){"payload", 6};
    changed[6].request_id = "r-1k"; // a byte moved over the border of two fields
    changed[6].idempotency_key = "-1";
    for (size_t i = 0; i < 7; i++) {
        assert_false(sign_check_call(public_key, &changed[i], signature));
    }
}

static void test_sign_check_call__refuses_every_flipped_bit(void **state)
{
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    AUTO(secret_free) struct secret *key = new_key(public_key);
    struct sign_call call = sample_call();
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(sign_make_call(key, &call, signature, &err), err);
    for (size_t bit = 0; bit < SIGN_SIGNATURE_BYTES * 8; bit++) {
        signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_false(sign_check_call(public_key, &call, signature));
        signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}

/* A process that passes another's challenge on must not be able to use the answer there. */
static void test_sign_check_login__holds_at_the_named_process_only(void **state)
{
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    AUTO(secret_free) struct secret *key = new_key(public_key);
    struct sign_login login = {"pool", "p-1", {"challenge", 9}};
    const struct sign_login changed[] = {
        {"intake", "p-1", {"challenge", 9}}, {"", "p-1", {"challenge", 9}},
        {"pool", "p-2", {"challenge", 9}},   {"pool", "p-1", {"challengf", 9}},
        {"poolp", "-1", {"challenge", 9}},   {"pool", "p-1c", {"hallenge", 8}},
    };
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(sign_make_login(key, &login, signature, &err), err);
    assert_true(sign_check_login(public_key, &login, signature));
    for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
        assert_false(sign_check_login(public_key, &changed[i], signature));
    }
    assert_false(sign_check_one(public_key, "fremgang-login-v1", login.challenge, signature));
}

static void test_sign_check_one__keeps_purposes_and_keys_apart(void **state)
{
    static const char *const PURPOSES[] = {"fremgang-login-v1", SIGN_ENROL, SIGN_RECEIPT,
                                           SIGN_MANIFEST};
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t other_public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    AUTO(secret_free) struct secret *key = new_key(public_key);
    AUTO(secret_free) struct secret *other = new_key(other_public_key);
    struct sign_field field = {"same bytes", 10};
    struct err err = ERR_INIT;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        ASSERT_OK(sign_make_one(key, PURPOSES[i], field, signature, &err), err);
        for (size_t j = 0; j < 4; j++) {
            assert_int_equal(sign_check_one(public_key, PURPOSES[j], field, signature), i == j);
        }
        assert_false(sign_check_one(other_public_key, PURPOSES[i], field, signature));
    }
}

/* The bytes under a signature are a contract with every other client. */
static void test_sign_make__covers_domain_nul_and_framed_fields(void **state)
{
    static const uint8_t BYTES[] = "dom\0\0\0\0\2ab\0\0\0\0\0\0\0\1c";
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    AUTO(secret_free) struct secret *key = new_key(public_key);
    const struct sign_field fields[] = {{"ab", 2}, {NULL, 0}, {"c", 1}};
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(sign_make(key, &(struct sign_transcript){"dom", fields, 3}, signature, &err), err);
    assert_int_equal(crypto_sign_verify_detached(signature, BYTES, sizeof(BYTES) - 1, public_key),
                     0);
}

static void test_sign_check__refuses_the_zero_key(void **state)
{
    static const uint8_t ZERO[SIGN_SIGNATURE_BYTES] = {0};
    (void)state;
    assert_false(sign_check_one(ZERO, SIGN_ENROL, (struct sign_field){"c", 1}, ZERO));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign_public_key__is_the_rfcs),
        cmocka_unit_test(test_sign_check_call__holds_for_what_was_signed_only),
        cmocka_unit_test(test_sign_check_call__refuses_every_flipped_bit),
        cmocka_unit_test(test_sign_check_login__holds_at_the_named_process_only),
        cmocka_unit_test(test_sign_check_one__keeps_purposes_and_keys_apart),
        cmocka_unit_test(test_sign_make__covers_domain_nul_and_framed_fields),
        cmocka_unit_test(test_sign_check__refuses_the_zero_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
