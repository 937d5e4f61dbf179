/*
 * Goal: a door is never written that lets revoked certificates in because a list could not be
 * read. Method: files in a folder of the test, each missing in turn.
 */
#include "support.h"

#include "base/auto.h"
#include "base/buf.h"
#include "haproxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 128, TEXT_BYTES = 8192 };

/* A folder with certificate and authority, and what HAProxy is told. */
struct door {
    char dir[PATH_BYTES];
    char certificate[PATH_BYTES];
    char authority[PATH_BYTES];
    char revocations[PATH_BYTES];
    char file[PATH_BYTES];
    char bind[16];
    struct server_config config;
};

static void touch(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

static void path_of(const struct door *door, const char *name, char out[PATH_BYTES])
{
    assert_in_range(snprintf(out, PATH_BYTES, "%.64s/%s", door->dir, name), 1, PATH_BYTES - 1);
}

static void door_open(struct door *door)
{
    *door = (struct door){.dir = "/tmp/fremgang-door-XXXXXX", .bind = "127.0.0.1"};
    assert_non_null(mkdtemp(door->dir));
    path_of(door, "server.pem", door->certificate);
    path_of(door, "ca.crt", door->authority);
    path_of(door, "crl.pem", door->revocations);
    path_of(door, "haproxy.cfg", door->file);
    touch(door->certificate);
    touch(door->authority);
    door->config = (struct server_config){.process = "all",
                                          .base_port = 9000,
                                          .bind = door->bind,
                                          .certificate = door->certificate,
                                          .authority = door->authority,
                                          .revocations = door->revocations};
}

static void door_close(struct door *door)
{
    const char *const paths[] = {door->certificate, door->authority, door->revocations, door->file};
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        (void)unlink(paths[i]);
    }
    (void)rmdir(door->dir);
}

#define AUTO_DOOR __attribute__((cleanup(door_close)))

static bool is_written_with(const struct door *door, const char *part)
{
    char text[TEXT_BYTES] = "";
    struct stat status;
    FILE *file = fopen(door->file, "r");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    return strstr(text, part) != NULL;
}

static void test_haproxy_write__takes_the_list_in_its_usual_place_when_it_appears(void **state)
{
    AUTO_DOOR struct door door;
    struct err err = ERR_INIT;
    (void)state;
    door_open(&door);
    ASSERT_OK(haproxy_write(&door.config, door.file, &err), err);
    assert_true(is_written_with(&door, "verify required"));
    assert_false(is_written_with(&door, "crl-file"));
    touch(door.revocations);
    ASSERT_OK(haproxy_write(&door.config, door.file, &err), err);
    assert_true(is_written_with(&door, " crl-file \""));
}

static void test_haproxy_write__wants_the_list_that_was_named(void **state)
{
    AUTO_DOOR struct door door;
    struct err err = ERR_INIT;
    (void)state;
    door_open(&door);
    door.config.wants_revocations = true;
    ASSERT_ERR(ERR_NOT_FOUND, haproxy_write(&door.config, door.file, &err));
    assert_non_null(strstr(err.message, "revocation list"));
    assert_int_not_equal(access(door.file, F_OK), 0);
    touch(door.revocations);
    ASSERT_OK(haproxy_write(&door.config, door.file, &err), err);
    assert_true(is_written_with(&door, " crl-file \""));
}

/* A path through a file is neither readable nor known to be missing. */
static void test_haproxy_write__takes_an_unreadable_list_for_no_missing_one(void **state)
{
    AUTO_DOOR struct door door;
    struct err err = ERR_INIT;
    (void)state;
    door_open(&door);
    path_of(&door, "ca.crt/crl.pem", door.revocations);
    ASSERT_ERR(ERR_NOT_FOUND, haproxy_write(&door.config, door.file, &err));
    assert_int_not_equal(access(door.file, F_OK), 0);
}

static void test_haproxy_write__wants_certificate_and_authority(void **state)
{
    AUTO_DOOR struct door door;
    struct err err = ERR_INIT;
    (void)state;
    door_open(&door);
    assert_int_equal(unlink(door.authority), 0);
    ASSERT_ERR(ERR_NOT_FOUND, haproxy_write(&door.config, door.file, &err));
    assert_non_null(strstr(err.message, "authority"));
    assert_int_equal(unlink(door.certificate), 0);
    ASSERT_ERR(ERR_NOT_FOUND, haproxy_write(&door.config, door.file, &err));
    assert_non_null(strstr(err.message, "certificate"));
    assert_int_not_equal(access(door.file, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_haproxy_write__takes_the_list_in_its_usual_place_when_it_appears),
        cmocka_unit_test(test_haproxy_write__wants_the_list_that_was_named),
        cmocka_unit_test(test_haproxy_write__takes_an_unreadable_list_for_no_missing_one),
        cmocka_unit_test(test_haproxy_write__wants_certificate_and_authority),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
