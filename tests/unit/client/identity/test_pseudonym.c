/*
 * Goal: a pseudonym depends on key, context, child and id, and on nothing else; epoch 0 is
 * the documented HMAC. Method: the bytes are computed again with libsodium.
 */
#include "support.h"

#include "identity/pseudonym.h"

#include <sodium.h>
#include <string.h>

struct keys {
    struct secret *first;
    struct secret *second;
};

static int keys_make(void **state)
{
    static struct keys keys;
    static const uint8_t first[PSEUDONYM_KEY_BYTES] = {1};
    static const uint8_t second[PSEUDONYM_KEY_BYTES] = {2};
    struct err err = ERR_INIT;
    ASSERT_OK(secret_copy(first, sizeof(first), &keys.first, &err), err);
    ASSERT_OK(secret_copy(second, sizeof(second), &keys.second, &err), err);
    *state = &keys;
    return 0;
}

static int keys_free(void **state)
{
    struct keys *keys = *state;
    secret_free(keys->first);
    secret_free(keys->second);
    return 0;
}

static void child_read(const char *text, struct cpr *cpr)
{
    assert_true(cpr_is_usable(cpr_parse(text, strlen(text), 20000, cpr)));
}

static void test_pseudonym_child__is_the_documented_hmac(void **state)
{
    const struct keys *keys = *state;
    struct cpr cpr;
    child_read("710761-4285", &cpr);
    uint8_t got[PSEUDONYM_BYTES];
    uint8_t want[crypto_auth_hmacsha256_BYTES];
    static const char text[] = "child\0"
                               "7107614285";
    pseudonym_child(keys->first, &cpr, got);
    crypto_auth_hmacsha256(want, (const uint8_t *)text, sizeof(text) - 1,
                           secret_bytes(keys->first));
    assert_memory_equal(got, want, sizeof(got));
}

static void test_pseudonym_child__spelling_does_not_matter_but_key_and_child_do(void **state)
{
    const struct keys *keys = *state;
    struct cpr cpr;
    uint8_t a[PSEUDONYM_BYTES];
    uint8_t b[PSEUDONYM_BYTES];
    child_read("710761-4285", &cpr);
    pseudonym_child(keys->first, &cpr, a);
    child_read("7107614285", &cpr);
    pseudonym_child(keys->first, &cpr, b);
    assert_memory_equal(a, b, sizeof(a));
    pseudonym_child(keys->second, &cpr, b);
    assert_memory_not_equal(a, b, sizeof(a));
    child_read("720761-4285", &cpr);
    pseudonym_child(keys->first, &cpr, b);
    assert_memory_not_equal(a, b, sizeof(a));
}

static void test_pseudonym_row__depends_on_context_child_and_id(void **state)
{
    const struct keys *keys = *state;
    static const uint8_t child[PSEUDONYM_BYTES] = {7};
    static const uint8_t other[PSEUDONYM_BYTES] = {8};
    uint8_t base[PSEUDONYM_BYTES];
    uint8_t out[PSEUDONYM_BYTES];
    pseudonym_row(keys->first, "intervention", child, "F1", base);
    pseudonym_row(keys->first, "intervention", child, "F1", out);
    assert_memory_equal(base, out, sizeof(out));
    pseudonym_row(keys->first, "follow_up", child, "F1", out);
    assert_memory_not_equal(base, out, sizeof(out));
    pseudonym_row(keys->first, "intervention", other, "F1", out);
    assert_memory_not_equal(base, out, sizeof(out));
    pseudonym_row(keys->first, "intervention", child, "F2", out);
    assert_memory_not_equal(base, out, sizeof(out));
    pseudonym_row(keys->second, "intervention", child, "F1", out);
    assert_memory_not_equal(base, out, sizeof(out));
}

static void test_pseudonym_worker__is_no_child_of_the_same_text(void **state)
{
    const struct keys *keys = *state;
    struct cpr cpr;
    child_read("710761-4285", &cpr);
    uint8_t child[PSEUDONYM_BYTES];
    uint8_t worker[PSEUDONYM_BYTES];
    pseudonym_child(keys->first, &cpr, child);
    pseudonym_worker(keys->first, "7107614285", 10, worker);
    assert_memory_not_equal(child, worker, sizeof(child));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pseudonym_child__is_the_documented_hmac),
        cmocka_unit_test(test_pseudonym_child__spelling_does_not_matter_but_key_and_child_do),
        cmocka_unit_test(test_pseudonym_row__depends_on_context_child_and_id),
        cmocka_unit_test(test_pseudonym_worker__is_no_child_of_the_same_text),
    };
    return cmocka_run_group_tests(tests, keys_make, keys_free);
}
