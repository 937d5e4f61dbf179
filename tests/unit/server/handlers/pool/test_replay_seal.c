/*
 * Goal: a kept answer opens with the key that sealed it and with no other, whole and unchanged.
 * Method: every byte of a sealed answer turned, every shorter length, another key.
 */
#include "support.h"

#include "crypto/mac.h"
#include "handlers/pool/replay_seal.h"

#include <string.h>

static struct secret *key_make(uint8_t byte)
{
    struct err err = ERR_INIT;
    struct secret *key = NULL;
    ASSERT_OK(secret_new(MAC_KEY_BYTES, &key, &err), err);
    memset(secret_bytes_mutable(key), byte, MAC_KEY_BYTES);
    return key;
}

static enum err_code open_with(const struct secret *key, const struct buf *sealed, size_t len,
                               struct arena *arena, struct wire_bytes *out)
{
    struct err err = ERR_INIT;
    return replay_open(key, (struct wire_bytes){sealed->data, len}, arena, out, &err);
}

static void test_replay_open__gives_the_answer_back(void **state)
{
    (void)state;
    static const char *const ANSWERS[] = {"", "x", "an answer with a one-time code"};
    AUTO(secret_free) struct secret *key = key_make(7);
    AUTO(arena_free) struct arena *arena = arena_new(1 << 16);
    for (size_t i = 0; i < ARRAY_COUNT(ANSWERS); i++) {
        struct err err = ERR_INIT;
        AUTO_BUF struct buf sealed = BUF_INIT;
        struct wire_bytes answer = {(const uint8_t *)ANSWERS[i], strlen(ANSWERS[i])};
        struct wire_bytes out = {NULL, 0};
        ASSERT_OK(replay_seal(key, answer, &sealed, &err), err);
        ASSERT_ERR(ERR_OK, open_with(key, &sealed, sealed.len, arena, &out));
        assert_int_equal(answer.len, out.len);
        assert_memory_equal(answer.data, out.data, answer.len);
        if (answer.len > 1) {
            assert_null(memmem(sealed.data, sealed.len, answer.data, answer.len));
        }
    }
}

static void test_replay_open__refuses_changed_bytes_and_keys(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(secret_free) struct secret *key = key_make(7);
    AUTO(secret_free) struct secret *other = key_make(8);
    AUTO(arena_free) struct arena *arena = arena_new(1 << 16);
    AUTO_BUF struct buf sealed = BUF_INIT;
    struct wire_bytes out = {NULL, 0};
    ASSERT_OK(replay_seal(key, (struct wire_bytes){(const uint8_t *)"answer", 6}, &sealed, &err),
              err);
    ASSERT_ERR(ERR_CORRUPT, open_with(other, &sealed, sealed.len, arena, &out));
    for (size_t len = 0; len < sealed.len; len++) {
        ASSERT_ERR(ERR_CORRUPT, open_with(key, &sealed, len, arena, &out));
    }
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.data[i] ^= 1;
        ASSERT_ERR(ERR_CORRUPT, open_with(key, &sealed, sealed.len, arena, &out));
        sealed.data[i] ^= 1;
    }
    assert_null(out.data);
    ASSERT_ERR(ERR_OK, open_with(key, &sealed, sealed.len, arena, &out));
}

static void test_replay_open__an_arena_at_its_cap_is_no_crash(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(secret_free) struct secret *key = key_make(7);
    AUTO(arena_free) struct arena *arena = arena_new(16);
    AUTO_BUF struct buf sealed = BUF_INIT;
    uint8_t answer[4096] = {0};
    struct wire_bytes out = {NULL, 0};
    ASSERT_OK(replay_seal(key, (struct wire_bytes){answer, sizeof(answer)}, &sealed, &err), err);
    ASSERT_ERR(ERR_INTERNAL, open_with(key, &sealed, sealed.len, arena, &out));
    assert_null(out.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay_open__gives_the_answer_back),
        cmocka_unit_test(test_replay_open__refuses_changed_bytes_and_keys),
        cmocka_unit_test(test_replay_open__an_arena_at_its_cap_is_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
