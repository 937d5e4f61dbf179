/*
 * Goal: the door that `fremgangd all` writes asks every client for a certificate, on the ports
 * that the configuration says, whatever the paths look like. Method: the text, and what must
 * not become a part of it.
 */
#include "support.h"

#include "base/auto.h"
#include "haproxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[] = "/srv/a b$HOME\"c\\d";
static char certificate[] = "/srv/a b$HOME\"c\\d/server.pem";
static char authority[] = "/srv/ca.crt";
static char revocations[] = "/srv/crl.pem";
static char address[] = "127.0.0.1";

static struct server_config sample(void)
{
    return (struct server_config){.process = "all",
                                  .data_dir = dir,
                                  .certificate = certificate,
                                  .authority = authority,
                                  .revocations = revocations,
                                  .bind = address,
                                  .base_port = 9000};
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void test_haproxy_format__requires_certificates_at_every_door(void **state)
{
    AUTO_BUF struct buf text = BUF_INIT;
    struct server_config config = sample();
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(haproxy_format(&config, false, &text, &err), err);
    const char *written = buf_text(&text);
    assert_int_equal(count_of(written, "    bind "), 3);
    assert_int_equal(count_of(written, " verify required\n"), 3);
    assert_int_equal(count_of(written, " ca-file \"/srv/ca.crt\""), 3);
    assert_int_equal(count_of(written, "crl-file"), 0);
    assert_int_equal(count_of(written, "ssl-min-ver TLSv1.2"), 1);
    assert_int_equal(count_of(written, "bind 127.0.0.1:9001 ssl"), 1);
    assert_int_equal(count_of(written, "bind 127.0.0.1:9003 ssl"), 1);
    assert_int_equal(count_of(written, "server pool 127.0.0.1:9012\n"), 1);
    assert_int_equal(count_of(written, "crt \"/srv/a b\\$HOME\\\"c\\\\d/server.pem\""), 3);
}

static void test_haproxy_format__names_the_revocation_list_when_there_is_one(void **state)
{
    AUTO_BUF struct buf text = BUF_INIT;
    struct server_config config = sample();
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(haproxy_format(&config, true, &text, &err), err);
    assert_int_equal(count_of(buf_text(&text), " crl-file \"/srv/crl.pem\" verify required"), 3);
}

static void test_haproxy_format__refuses_what_could_be_another_directive(void **state)
{
    static const struct {
        const char *bind;
        const char *certificate;
    } CASES[] = {
        {"127.0.0.1:1 name x", "/srv/x"}, {"", "/srv/x"},
        {"localhost", "/srv/x"},          {"127.0.0.1\n", "/srv/x"},
        {"127.0.0.1", "/srv/x\n"},        {"127.0.0.1", "/srv/\x1B"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        AUTO_BUF struct buf text = BUF_INIT;
        AUTO_HEAP char *bind = strdup(CASES[i].bind);
        AUTO_HEAP char *path = strdup(CASES[i].certificate);
        struct server_config config = sample();
        struct err err = ERR_INIT;
        config.bind = bind;
        config.certificate = path;
        ASSERT_ERR(ERR_INVALID, haproxy_format(&config, false, &text, &err));
    }
}

static void test_haproxy_write__refuses_missing_certificates(void **state)
{
    struct server_config config = sample();
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_ERR(ERR_NOT_FOUND, haproxy_write(&config, "/nowhere/haproxy.cfg", &err));
    assert_non_null(strstr(err.message, "certificate"));
}

static void test_config_port__gives_each_process_its_two(void **state)
{
    struct server_config config = sample();
    (void)state;
    assert_int_equal(config_port(&config, "intake", false), 9001);
    assert_int_equal(config_port(&config, "intake", true), 9011);
    assert_int_equal(config_port(&config, "keys", true), 9013);
    assert_int_equal(config_port(&config, "all", true), 0);
    assert_int_equal(config_port(&config, "publish", true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_haproxy_format__requires_certificates_at_every_door),
        cmocka_unit_test(test_haproxy_format__names_the_revocation_list_when_there_is_one),
        cmocka_unit_test(test_haproxy_format__refuses_what_could_be_another_directive),
        cmocka_unit_test(test_haproxy_write__refuses_missing_certificates),
        cmocka_unit_test(test_config_port__gives_each_process_its_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
