/*
 * Goal: digests are the standards', and a keyed code holds for one purpose. Method: FIPS
 * 180-2's vector for "abc", split over parts, and codes checked under other purposes.
 */
#include "support.h"

#include "crypto/mac.h"

#include <string.h>

static void test_mac_sha256__is_fips_180_whatever_the_parts(void **state)
{
    static const uint8_t EXPECTED[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea};
    static const struct mac_part WHOLE[] = {{"abc", 3}};
    static const struct mac_part SPLIT[] = {{"a", 1}, {"", 0}, {"bc", 2}};
    uint8_t digest[MAC_BYTES];
    (void)state;
    mac_sha256(WHOLE, 1, digest);
    assert_memory_equal(digest, EXPECTED, sizeof(EXPECTED));
    mac_sha256(SPLIT, 3, digest);
    assert_memory_equal(digest, EXPECTED, sizeof(EXPECTED));
}

static void test_mac_check__keeps_purposes_keys_and_bytes_apart(void **state)
{
    AUTO(secret_free) struct secret *key = NULL;
    AUTO(secret_free) struct secret *other = NULL;
    struct mac_part bytes = {"content", 7};
    uint8_t code[MAC_BYTES];
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(secret_copy("0123456789abcdef0123456789abcdef", 32, &key, &err), err);
    ASSERT_OK(secret_copy("0123456789abcdef0123456789abcdeg", 32, &other, &err), err);
    mac_make(key, "purpose", bytes, code);
    assert_true(mac_check(key, "purpose", bytes, code));
    assert_false(mac_check(key, "purpos", (struct mac_part){"econtent", 8}, code));
    assert_false(mac_check(key, "other", bytes, code));
    assert_false(mac_check(other, "purpose", bytes, code));
    assert_false(mac_check(key, "purpose", (struct mac_part){"content", 6}, code));
    code[MAC_BYTES - 1] ^= 1;
    assert_false(mac_check(key, "purpose", bytes, code));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mac_sha256__is_fips_180_whatever_the_parts),
        cmocka_unit_test(test_mac_check__keeps_purposes_keys_and_bytes_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
