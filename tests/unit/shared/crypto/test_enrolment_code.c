/*
 * Goal: a code survives a person's typing, and nothing else is taken for one. Method: fresh
 * codes retyped in other ways, and a table of what is no code.
 */
#include "support.h"

#include "crypto/enrolment_code.h"

#include <string.h>

static void test_enrolment_code_normalise__reads_codes_as_people_type_them(void **state)
{
    static const char *const TYPED[] = {
        "7K3QD-01ABC-DEFGH-JKMNP",    "7k3qd-01abc-defgh-jkmnp", "7K3QD01ABCDEFGHJKMNP",
        "7K3QD 01ABC DEFGH JKMNP",    "7K3QD-OIABC-DEFGH-JKMNP", "7k3qd-olabc-defgh-jkmnp",
        " 7K3QD--01ABC-DEFGH-JKMNP ",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(TYPED) / sizeof(TYPED[0]); i++) {
        char normal[ENROLMENT_CODE_NORMAL_BYTES];
        struct err err = ERR_INIT;
        ASSERT_OK(enrolment_code_normalise(TYPED[i], normal, &err), err);
        assert_string_equal(normal, "7K3QD01ABCDEFGHJKMNP");
    }
}

static void test_enrolment_code_normalise__refuses_what_is_none(void **state)
{
    static const char *const TYPED[] = {
        "",
        "-",
        "7K3QD-01ABC-DEFGH-JKMN",
        "7K3QD-01ABC-DEFGH-JKMNPQ",
        "7K3QD-01ABC-DEFGH-JKMNU",
        "7K3QD_01ABC_DEFGH_JKMNP",
        "7K3QD-01ABC-DEFGH-JKMN\xC3\xB8",
        "7K3QD-01ABC-DEFGH-JKM\nP",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(TYPED) / sizeof(TYPED[0]); i++) {
        char normal[ENROLMENT_CODE_NORMAL_BYTES] = "untouched";
        struct err err = ERR_INIT;
        ASSERT_ERR(ERR_INVALID, enrolment_code_normalise(TYPED[i], normal, &err));
        assert_string_equal(err.reason, "ENROLMENT_CODE_MALFORMED");
        assert_string_equal(normal, "untouched");
        // The message must not give a half-right code away.
        assert_true(TYPED[i][0] == '\0' || strlen(TYPED[i]) < 4 ||
                    strstr(err.message, TYPED[i]) == NULL);
    }
}

static void test_enrolment_code_new__gives_codes_that_differ(void **state)
{
    char last[ENROLMENT_CODE_TEXT_BYTES] = "";
    (void)state;
    for (int i = 0; i < 50; i++) {
        char code[ENROLMENT_CODE_TEXT_BYTES];
        char normal[ENROLMENT_CODE_NORMAL_BYTES];
        struct err err = ERR_INIT;
        enrolment_code_new(code);
        assert_int_equal(strlen(code), ENROLMENT_CODE_TEXT_BYTES - 1);
        assert_int_equal(code[5], '-');
        ASSERT_OK(enrolment_code_normalise(code, normal, &err), err);
        assert_string_not_equal(code, last);
        memcpy(last, code, sizeof(last));
    }
}

/* The digest is fixed by sha256sum(1). */
static void test_enrolment_code_hash__is_sha256_of_the_normal_form(void **state)
{
    static const uint8_t START[] = {0x99, 0xd3, 0xa7, 0xbb, 0x86, 0x7f, 0x00, 0xe3};
    uint8_t hash[ENROLMENT_CODE_HASH_BYTES];
    (void)state;
    enrolment_code_hash("7K3QD01ABCDEFGHJKMNP", hash);
    assert_memory_equal(hash, START, sizeof(START));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enrolment_code_normalise__reads_codes_as_people_type_them),
        cmocka_unit_test(test_enrolment_code_normalise__refuses_what_is_none),
        cmocka_unit_test(test_enrolment_code_new__gives_codes_that_differ),
        cmocka_unit_test(test_enrolment_code_hash__is_sha256_of_the_normal_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
