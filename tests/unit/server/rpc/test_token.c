/*
 * Goal: a token or challenge is worth something only where, for whom and as long as it was
 * made. Method: one made well, then every cut, every flipped bit, and each condition changed.
 */
#include "support.h"

#include "base/limits.h"
#include "crypto/mac.h"
#include "rpc/token.h"
#include "wire/method.h"

#include <string.h>

enum { NOW_US = 1000000000 };

static struct secret *key_of(char fill)
{
    struct secret *key = NULL;
    struct err err = ERR_INIT;
    ASSERT_OK(secret_new(32, &key, &err), err);
    memset(secret_bytes_mutable(key), fill, 32);
    return key;
}

static struct token sample_token(void)
{
    return (struct token){.principal_id = "p-4f2a",
                          .role = ROLE_MUNICIPALITY,
                          .municipality_code = 657,
                          .epoch = 7,
                          .expires_at_us = NOW_US + 10};
}

static void test_token_read__gives_what_was_written(void **state)
{
    AUTO(secret_free) struct secret *key = key_of('k');
    struct token_reader reader = {PROCESS_INTAKE, key, NOW_US};
    struct token token = sample_token();
    struct token read;
    struct token_bytes bytes;
    struct err err = ERR_INIT;
    (void)state;
    for (size_t len = 1; len <= PRINCIPAL_ID_BYTES_MAX; len += 21) {
        memset(token.principal_id, 'x', len);
        token.principal_id[len] = '\0';
        token_write(&reader, &token, &bytes);
        ASSERT_OK(token_read(&reader, (struct wire_bytes){bytes.data, bytes.len}, &read, &err),
                  err);
        assert_string_equal(read.principal_id, token.principal_id);
        assert_int_equal(read.role, ROLE_MUNICIPALITY);
        assert_int_equal(read.municipality_code, 657);
        assert_int_equal(read.epoch, 7);
        assert_int_equal(read.expires_at_us, NOW_US + 10);
    }
    assert_int_equal(bytes.len, TOKEN_BYTES_MAX);
}

static void test_token_read__refuses_every_cut_and_flip(void **state)
{
    AUTO(secret_free) struct secret *key = key_of('k');
    struct token_reader reader = {PROCESS_INTAKE, key, NOW_US};
    struct token token = sample_token();
    struct token read;
    struct token_bytes bytes;
    struct err err = ERR_INIT;
    (void)state;
    token_write(&reader, &token, &bytes);
    for (size_t len = 0; len < bytes.len; len++) {
        ASSERT_ERR(ERR_DENIED,
                   token_read(&reader, (struct wire_bytes){bytes.data, len}, &read, &err));
        assert_string_equal(err.reason, "TOKEN_INVALID");
    }
    for (size_t bit = 0; bit < bytes.len * 8; bit++) {
        bytes.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        ASSERT_ERR(ERR_DENIED,
                   token_read(&reader, (struct wire_bytes){bytes.data, bytes.len}, &read, &err));
        assert_string_equal(err.reason, "TOKEN_INVALID");
        bytes.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}

static void test_token_read__holds_for_one_process_key_and_time(void **state)
{
    AUTO(secret_free) struct secret *key = key_of('k');
    AUTO(secret_free) struct secret *other = key_of('o');
    struct token token = sample_token();
    struct token_bytes bytes;
    const struct {
        struct token_reader reader;
        const char *reason;
    } cases[] = {
        {{PROCESS_INTAKE, key, NOW_US + 9}, ""},
        {{PROCESS_INTAKE, key, NOW_US + 10}, "TOKEN_EXPIRED"},
        {{PROCESS_INTAKE, key, INT64_MAX}, "TOKEN_EXPIRED"},
        {{PROCESS_POOL, key, NOW_US}, "TOKEN_INVALID"},
        {{PROCESS_KEYS, key, NOW_US}, "TOKEN_INVALID"},
        {{PROCESS_INTAKE, other, NOW_US}, "TOKEN_INVALID"},
    };
    (void)state;
    token_write(&cases[0].reader, &token, &bytes);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct token read;
        struct err err = ERR_INIT;
        enum err_code code =
            token_read(&cases[i].reader, (struct wire_bytes){bytes.data, bytes.len}, &read, &err);
        assert_int_equal(code, cases[i].reason[0] == '\0' ? ERR_OK : ERR_DENIED);
        assert_string_equal(err.reason, cases[i].reason);
    }
}

static void test_challenge_check__holds_for_one_principal_process_and_minute(void **state)
{
    AUTO(secret_free) struct secret *key = key_of('k');
    struct token_bytes bytes;
    struct token_reader maker = {PROCESS_POOL, key, NOW_US};
    const int64_t life_us = (int64_t)CHALLENGE_LIFE_SECONDS * 1000000;
    const struct {
        struct token_reader reader;
        const char *principal;
        enum err_code expected;
    } cases[] = {
        {{PROCESS_POOL, key, NOW_US + life_us - 1}, "p-1", ERR_OK},
        {{PROCESS_POOL, key, NOW_US + life_us}, "p-1", ERR_DENIED},
        {{PROCESS_INTAKE, key, NOW_US}, "p-1", ERR_DENIED},
        {{PROCESS_POOL, key, NOW_US}, "p-2", ERR_DENIED},
        {{PROCESS_POOL, key, NOW_US}, "", ERR_DENIED},
    };
    (void)state;
    challenge_write(&maker, "p-1", &bytes);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err err = ERR_INIT;
        ASSERT_ERR(cases[i].expected,
                   challenge_check(&cases[i].reader, (struct wire_bytes){bytes.data, bytes.len},
                                   cases[i].principal, &err));
    }
}

static void test_token_read__takes_no_challenge_nor_the_other_way(void **state)
{
    AUTO(secret_free) struct secret *key = key_of('k');
    struct token_reader reader = {PROCESS_POOL, key, NOW_US};
    struct token token = sample_token();
    struct token read;
    struct token_bytes bytes;
    struct err err = ERR_INIT;
    (void)state;
    challenge_write(&reader, "p-4f2a", &bytes);
    ASSERT_ERR(ERR_DENIED,
               token_read(&reader, (struct wire_bytes){bytes.data, bytes.len}, &read, &err));
    token_write(&reader, &token, &bytes);
    ASSERT_ERR(ERR_DENIED, challenge_check(&reader, (struct wire_bytes){bytes.data, bytes.len},
                                           "p-4f2a", &err));
}

static void test_challenge_write__never_repeats(void **state)
{
    AUTO(secret_free) struct secret *key = key_of('k');
    struct token_reader maker = {PROCESS_POOL, key, NOW_US};
    struct token_bytes one;
    struct token_bytes two;
    (void)state;
    challenge_write(&maker, "p-1", &one);
    challenge_write(&maker, "p-1", &two);
    assert_int_equal(one.len, two.len);
    assert_memory_not_equal(one.data, two.data, one.len);
}

/* Well MACed, but no token: a maker's mistake must not become a read past the bytes. */
static void test_token_read__refuses_a_maced_length_that_lies(void **state)
{
    enum { ID_LEN_AT = 22 };
    static const uint8_t LENGTHS[] = {0, 5, 7, PRINCIPAL_ID_BYTES_MAX, 255};
    AUTO(secret_free) struct secret *key = key_of('k');
    struct token_reader reader = {PROCESS_POOL, key, NOW_US};
    struct token token = sample_token();
    (void)state;
    assert_int_equal(strlen(token.principal_id), 6);
    for (size_t i = 0; i < sizeof(LENGTHS); i++) {
        struct token_bytes bytes;
        struct token read;
        struct err err = ERR_INIT;
        token_write(&reader, &token, &bytes);
        assert_int_equal(bytes.data[ID_LEN_AT], 6);
        bytes.data[ID_LEN_AT] = LENGTHS[i];
        size_t body_len = bytes.len - MAC_BYTES;
        mac_make(key, "fremgang-token-v1", (struct mac_part){bytes.data, body_len},
                 bytes.data + body_len);
        ASSERT_ERR(ERR_DENIED,
                   token_read(&reader, (struct wire_bytes){bytes.data, bytes.len}, &read, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_token_read__gives_what_was_written),
        cmocka_unit_test(test_token_read__refuses_every_cut_and_flip),
        cmocka_unit_test(test_token_read__holds_for_one_process_key_and_time),
        cmocka_unit_test(test_challenge_check__holds_for_one_principal_process_and_minute),
        cmocka_unit_test(test_token_read__takes_no_challenge_nor_the_other_way),
        cmocka_unit_test(test_challenge_write__never_repeats),
        cmocka_unit_test(test_token_read__refuses_a_maced_length_that_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
