/*
 * Goal: a key file is read whole, from its owner's hands alone, and never replaced. Method: a
 * folder of the test with files of wrong size and wrong mode.
 */
#include "support.h"

#include "base/secret.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_BYTES = 32, PATH_BYTES = 64 };

static const uint8_t KEY[KEY_BYTES + 1] = "0123456789abcdef0123456789abcdef";

/* A folder with one file. */
struct place {
    char dir[PATH_BYTES];
    char file[PATH_BYTES];
};

static void place_open(struct place *place)
{
    *place = (struct place){.dir = "/tmp/fremgang-secret-XXXXXX"};
    assert_non_null(mkdtemp(place->dir));
    assert_in_range(snprintf(place->file, PATH_BYTES, "%.48s/key", place->dir), 1, PATH_BYTES - 1);
}

static void place_close(struct place *place)
{
    (void)unlink(place->file);
    (void)rmdir(place->dir);
}

#define AUTO_PLACE __attribute__((cleanup(place_close)))

static void place_write(const struct place *place, size_t len, mode_t mode)
{
    int file = open(place->file, O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    assert_true(file >= 0);
    assert_int_equal(write(file, KEY, len), len);
    assert_int_equal(fchmod(file, mode), 0);
    assert_int_equal(close(file), 0);
}

static void test_secret_write_file__makes_a_private_file_that_reads_back(void **state)
{
    AUTO_PLACE struct place place;
    AUTO(secret_free) struct secret *key = NULL;
    AUTO(secret_free) struct secret *again = NULL;
    struct err err = ERR_INIT;
    struct stat status;
    (void)state;
    place_open(&place);
    ASSERT_OK(secret_copy(KEY, KEY_BYTES, &key, &err), err);
    ASSERT_OK(secret_write_file(place.file, key, &err), err);
    assert_int_equal(stat(place.file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    ASSERT_OK(secret_read_file(place.file, KEY_BYTES, &again, &err), err);
    assert_int_equal(secret_size(again), KEY_BYTES);
    assert_memory_equal(secret_bytes(again), KEY, KEY_BYTES);
}

static void test_secret_write_file__never_replaces_a_key(void **state)
{
    AUTO_PLACE struct place place;
    AUTO(secret_free) struct secret *other = NULL;
    AUTO(secret_free) struct secret *kept = NULL;
    struct err err = ERR_INIT;
    (void)state;
    place_open(&place);
    place_write(&place, KEY_BYTES, 0600);
    ASSERT_OK(secret_new(KEY_BYTES, &other, &err), err);
    ASSERT_ERR(ERR_CONFLICT, secret_write_file(place.file, other, &err));
    ASSERT_OK(secret_read_file(place.file, KEY_BYTES, &kept, &err), err);
    assert_memory_equal(secret_bytes(kept), KEY, KEY_BYTES);
}

/* Where nothing can be made. */
static void test_secret_write_file__says_that_it_could_not(void **state)
{
    AUTO(secret_free) struct secret *key = NULL;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(secret_new(KEY_BYTES, &key, &err), err);
    ASSERT_ERR(ERR_UNAVAILABLE, secret_write_file("/nowhere/at/all", key, &err));
}

static void test_secret_read_file__refuses_what_is_not_a_private_key(void **state)
{
    static const struct {
        size_t len;
        mode_t mode;
        enum err_code code;
    } CASES[] = {
        {KEY_BYTES - 1, 0600, ERR_CORRUPT},
        {KEY_BYTES + 1, 0600, ERR_CORRUPT},
        {0, 0600, ERR_CORRUPT},
        {KEY_BYTES, 0640, ERR_DENIED},
        {KEY_BYTES, 0604, ERR_DENIED},
        {KEY_BYTES, 0601, ERR_DENIED},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        AUTO_PLACE struct place place;
        struct secret *key = NULL;
        struct err err = ERR_INIT;
        place_open(&place);
        place_write(&place, CASES[i].len, CASES[i].mode);
        ASSERT_ERR(CASES[i].code, secret_read_file(place.file, KEY_BYTES, &key, &err));
        assert_null(key);
        assert_null(strstr(err.message, "0123456789"));
    }
}

static void test_secret_read_file__says_that_there_is_none(void **state)
{
    struct secret *key = NULL;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_ERR(ERR_NOT_FOUND, secret_read_file("/nowhere/key", KEY_BYTES, &key, &err));
    assert_null(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret_write_file__makes_a_private_file_that_reads_back),
        cmocka_unit_test(test_secret_write_file__never_replaces_a_key),
        cmocka_unit_test(test_secret_write_file__says_that_it_could_not),
        cmocka_unit_test(test_secret_read_file__refuses_what_is_not_a_private_key),
        cmocka_unit_test(test_secret_read_file__says_that_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
