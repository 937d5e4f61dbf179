/* Goal: a profile survives saving and loading whole, keys are private files, and bad names,
 * lines and values are refused. Method: a fresh $FREMGANG_HOME per test. */
#include "support.h"

#include "profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int home_open(void **state)
{
    char template[] = "/tmp/fremgang-profile-XXXXXX";
    if (mkdtemp(template) == NULL) {
        return -1;
    }
    *state = strdup(template);
    return setenv("FREMGANG_HOME", template, 1);
}

static int home_close(void **state)
{
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
    free(*state);
    return system(command);
}

static struct profile *profile_made(const char *name)
{
    struct err err = ERR_INIT;
    struct profile *profile = NULL;
    ASSERT_OK(profile_create(name, &profile, &err), err);
    return profile;
}

static void file_write(const struct profile *profile, const char *name, const char *text)
{
    char path[PROFILE_PATH_BYTES];
    struct err err = ERR_INIT;
    ASSERT_OK(profile_path(profile, name, path, &err), err);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static mode_t file_mode(const struct profile *profile, const char *name)
{
    char path[PROFILE_PATH_BYTES];
    struct err err = ERR_INIT;
    struct stat status;
    ASSERT_OK(profile_path(profile, name, path, &err), err);
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 0777;
}

static void test_profile_save__comes_back_whole(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(profile_free) struct profile *profile = profile_made("herning");
    AUTO(profile_free) struct profile *loaded = NULL;
    (void)strcpy(profile->principal_id, "p-0123456789abcdef");
    (void)strcpy(profile->role, "municipality");
    profile->municipality_code = 657;
    ASSERT_OK(profile_add_url(profile, PROFILE_INTAKE, "tls+tcp://a.example:7701", &err), err);
    ASSERT_OK(profile_add_url(profile, PROFILE_INTAKE, "tls+tcp://b.example:7701", &err), err);
    ASSERT_OK(profile_add_url(profile, PROFILE_POOL, "tls+tcp://a.example:7702", &err), err);
    (void)strcpy(profile->server_name, "fremgang.example");
    (void)strcpy(profile->ca_file, "ca.pem");
    (void)strcpy(profile->cert_file, "/etc/cert.pem");
    (void)strcpy(profile->key_file, "client-key.pem");
    (void)strcpy(profile->partnership, "sverigesprogrammet");
    (void)strcpy(profile->languages, "da,en");
    profile->receipt_key_pinned = true;
    memset(profile->receipt_key, 0xa5, sizeof(profile->receipt_key));
    ASSERT_OK(profile_save(profile, &err), err);
    ASSERT_OK(profile_load("herning", &loaded, &err), err);
    assert_memory_equal(profile, loaded, sizeof(*profile));
    assert_int_equal(file_mode(profile, "profile.ini"), 0600);
    assert_int_equal(file_mode(profile, "."), 0700);
}

static void test_profile_save__replaces_the_old_one(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(profile_free) struct profile *profile = profile_made("x");
    AUTO(profile_free) struct profile *loaded = NULL;
    (void)strcpy(profile->role, "researcher");
    ASSERT_OK(profile_save(profile, &err), err);
    (void)strcpy(profile->role, "steward");
    file_write(profile, "profile.ini.new", "half a lin");
    ASSERT_OK(profile_save(profile, &err), err);
    ASSERT_OK(profile_load("x", &loaded, &err), err);
    assert_string_equal(loaded->role, "steward");
}

static void test_profile_create__refuses_bad_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",     ".",
        "..",   "a/b",
        "../x", "Herning",
        "a b",  "hørning",
        "a\n",  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct err err = ERR_INIT;
        struct profile *profile = NULL;
        ASSERT_ERR(ERR_INVALID, profile_create(names[i], &profile, &err));
        ASSERT_ERR(ERR_INVALID, profile_load(names[i], &profile, &err));
        assert_null(profile);
    }
    assert_true(profile_name_is_valid(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")); // 64
}

static void test_profile_create__keeps_an_existing_one(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct profile *again = NULL;
    AUTO(profile_free) struct profile *profile = profile_made("x");
    profile_free(profile_made("x")); // never saved: an enrolment that was cut short
    ASSERT_OK(profile_save(profile, &err), err);
    ASSERT_ERR(ERR_CONFLICT, profile_create("x", &again, &err));
    assert_null(again);
}

static void test_profile_load__says_when_there_is_none(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct profile *profile = NULL;
    ASSERT_ERR(ERR_NOT_FOUND, profile_load("nobody", &profile, &err));
    assert_string_equal(err.message, "there is no profile \"nobody\"");
    assert_non_null(strstr(err.hint, "fremgang enrol"));
}

static void test_profile_load__names_the_wrong_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *line;
    } cases[] = {
        {"nonsense\n", "line 1 "},
        {"[principal]\nid = x\nidd = y\n", "line 3 "},
        {"[principal]\nmunicipality = 657x\n", "line 2 "},
        {"[principal]\nmunicipality = -1\n", "line 2 "},
        {"[principal]\nmunicipality =\n", "line 2 "},
        {"[servers]\nreceipt_key = abcd\n", "line 2 "},
        {"[servers]\nreceipt_key = zz\n", "line 2 "},
        {"[servers]\npool=a\npool=b\npool=c\npool=d\npool=e\n", "line 6 "},
        {"[elsewhere]\npool = a\n", "line 2 "},
    };
    AUTO(profile_free) struct profile *profile = profile_made("x");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct err err = ERR_INIT;
        struct profile *loaded = NULL;
        file_write(profile, "profile.ini", cases[i].text);
        ASSERT_ERR(ERR_CORRUPT, profile_load("x", &loaded, &err));
        assert_null(loaded);
        assert_int_equal(strncmp(err.message, cases[i].line, strlen(cases[i].line)), 0);
    }
}

static void test_profile_set__refuses_what_the_file_cannot_hold(void **state)
{
    (void)state;
    static const char *const wrong[] = {"a\nb", "a ;b", " a", "a ", "a\tb", "123456789"};
    char field[9] = "before";
    struct err err = ERR_INIT;
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        ASSERT_ERR(ERR_INVALID, profile_set(field, sizeof(field), "name", wrong[i], &err));
        assert_string_equal(field, "before");
    }
    ASSERT_OK(profile_set(field, sizeof(field), "name", "12345678", &err), err);
    assert_string_equal(field, "12345678");
}

static void test_profile_add_url__stops_at_the_limit(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(profile_free) struct profile *profile = profile_made("x");
    for (int i = 0; i < PROFILE_URLS_MAX; i++) {
        ASSERT_OK(profile_add_url(profile, PROFILE_KEYS, "tls+tcp://k:1", &err), err);
    }
    ASSERT_ERR(ERR_LIMIT, profile_add_url(profile, PROFILE_KEYS, "tls+tcp://k:1", &err));
    assert_int_equal(profile->urls[PROFILE_KEYS].count, PROFILE_URLS_MAX);
}

static void test_profile_make_identity__makes_it_once_and_privately(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(profile_free) struct profile *profile = profile_made("x");
    AUTO(secret_free) struct secret *first = NULL;
    AUTO(secret_free) struct secret *second = NULL;
    ASSERT_ERR(ERR_NOT_FOUND, profile_read_identity(profile, &first, &err));
    ASSERT_OK(profile_make_identity(profile, &first, &err), err);
    ASSERT_OK(profile_make_identity(profile, &second, &err), err);
    assert_memory_equal(secret_bytes(first), secret_bytes(second), PROFILE_IDENTITY_BYTES);
    assert_int_equal(file_mode(profile, "identity.key"), 0600);
}

static void test_profile_read_identity__refuses_a_key_others_can_read(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    char path[PROFILE_PATH_BYTES];
    AUTO(profile_free) struct profile *profile = profile_made("x");
    AUTO(secret_free) struct secret *key = NULL;
    ASSERT_OK(profile_make_identity(profile, &key, &err), err);
    ASSERT_OK(profile_path(profile, "identity.key", path, &err), err);
    assert_int_equal(chmod(path, 0640), 0);
    struct secret *again = NULL;
    ASSERT_ERR(ERR_DENIED, profile_read_identity(profile, &again, &err));
    assert_null(again);
}

static void test_profile_write_partnership_key__never_replaces_one(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(profile_free) struct profile *profile = profile_made("x");
    AUTO(secret_free) struct secret *key = NULL;
    AUTO(secret_free) struct secret *read = NULL;
    AUTO(secret_free) struct secret *shorter = NULL;
    ASSERT_OK(secret_new(PROFILE_KEY_BYTES, &key, &err), err);
    ASSERT_OK(secret_new(PROFILE_KEY_BYTES - 1, &shorter, &err), err);
    memset(secret_bytes_mutable(key), 7, PROFILE_KEY_BYTES);
    ASSERT_ERR(ERR_INVALID, profile_write_partnership_key(profile, "p4", shorter, &err));
    ASSERT_ERR(ERR_INVALID, profile_write_partnership_key(profile, "../p4", key, &err));
    ASSERT_ERR(ERR_NOT_FOUND, profile_read_partnership_key(profile, "p4", &read, &err));
    assert_non_null(strstr(err.hint, "--partnership-key p4=FILE"));
    ASSERT_OK(profile_write_partnership_key(profile, "p4", key, &err), err);
    ASSERT_ERR(ERR_CONFLICT, profile_write_partnership_key(profile, "p4", key, &err));
    ASSERT_OK(profile_read_partnership_key(profile, "p4", &read, &err), err);
    assert_memory_equal(secret_bytes(read), secret_bytes(key), PROFILE_KEY_BYTES);
    assert_int_equal(file_mode(profile, "partnership-p4.key"), 0600);
}

static void test_profile_copy_in__copies_privately_or_says_why_not(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    char source[PROFILE_PATH_BYTES];
    AUTO(profile_free) struct profile *profile = profile_made("x");
    file_write(profile, "source.pem", "certificate\n");
    ASSERT_OK(profile_path(profile, "source.pem", source, &err), err);
    ASSERT_OK(profile_copy_in(profile, source, "ca.pem", &err), err);
    ASSERT_OK(profile_copy_in(profile, source, "ca.pem", &err), err);
    assert_int_equal(file_mode(profile, "ca.pem"), 0600);
    ASSERT_ERR(ERR_NOT_FOUND, profile_copy_in(profile, "/nonexistent", "ca.pem", &err));
    ASSERT_ERR(ERR_NOT_FOUND, profile_copy_in(profile, profile->dir, "ca.pem", &err));
    assert_int_equal(truncate(source, 1024 * 1024 + 1), 0);
    ASSERT_ERR(ERR_LIMIT, profile_copy_in(profile, source, "ca.pem", &err));
}

static void test_profile_path__refuses_a_path_too_long(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    char file[PROFILE_PATH_BYTES + 8];
    char path[PROFILE_PATH_BYTES] = "before";
    AUTO(profile_free) struct profile *profile = profile_made("x");
    memset(file, 'a', sizeof(file) - 1);
    file[sizeof(file) - 1] = '\0';
    ASSERT_ERR(ERR_LIMIT, profile_path(profile, file, path, &err));
    assert_string_equal(path, "before");
    ASSERT_OK(profile_path(profile, "/etc/x", path, &err), err);
    assert_string_equal(path, "/etc/x");
    ASSERT_OK(profile_path(profile, "", path, &err), err);
    assert_string_equal(path, "");
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_open, home_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(test_profile_save__comes_back_whole),
        IN_HOME(test_profile_save__replaces_the_old_one),
        IN_HOME(test_profile_create__refuses_bad_names),
        IN_HOME(test_profile_create__keeps_an_existing_one),
        IN_HOME(test_profile_load__says_when_there_is_none),
        IN_HOME(test_profile_load__names_the_wrong_line),
        IN_HOME(test_profile_set__refuses_what_the_file_cannot_hold),
        IN_HOME(test_profile_add_url__stops_at_the_limit),
        IN_HOME(test_profile_make_identity__makes_it_once_and_privately),
        IN_HOME(test_profile_read_identity__refuses_a_key_others_can_read),
        IN_HOME(test_profile_write_partnership_key__never_replaces_one),
        IN_HOME(test_profile_copy_in__copies_privately_or_says_why_not),
        IN_HOME(test_profile_path__refuses_a_path_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
