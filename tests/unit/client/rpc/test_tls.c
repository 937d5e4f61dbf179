/* Goal: a call reaches only the server whose name the partnership's CA has signed, and only
 * with a client certificate; every other way fails as refused, before a byte of the request
 * is read. Method: certificates made by openssl for this run, and a real TLS listener. */
#include "rep_server.h"

#include "base/auto.h"
#include "base/clock.h"
#include "rpc/channel.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 128 };

/* The files of one run. */
struct pki {
    char dir[PATH_BYTES];
};

static const char MAKE_PKI[] =
    "set -e; cd '%s'; "
    "make_ca() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
    "  -subj /CN=$1 -keyout $1-key.pem -out $1.pem; }; "
    "make_cert() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
    "  -subj /CN=$2 -keyout $3-key.pem -out $3.csr; "
    "  printf 'subjectAltName=DNS:%%s\\n' $2 > $3.ext; "
    "  openssl x509 -req -in $3.csr -CA $1.pem -CAkey $1-key.pem -CAcreateserial -days 2 "
    "    -extfile $3.ext -out $3.pem; }; "
    "{ make_ca ca; make_ca other; make_cert ca fremgang.test server; "
    "  make_cert ca client.test client; make_cert other client.test stranger; "
    "  chmod 600 *-key.pem; echo garbage > garbage.pem; "
    "  cp client-key.pem open-key.pem; chmod 644 open-key.pem; } >log 2>&1";

static int pki_open(void **state)
{
    char command[sizeof(MAKE_PKI) + PATH_BYTES];
    struct pki *pki = calloc(1, sizeof(*pki));
    (void)strcpy(pki->dir, "/tmp/fremgang-tls-XXXXXX");
    if (mkdtemp(pki->dir) == NULL) {
        return -1;
    }
    (void)snprintf(command, sizeof(command), MAKE_PKI, pki->dir);
    *state = pki;
    return system(command);
}

static int pki_close(void **state)
{
    char command[PATH_BYTES + 16];
    struct pki *pki = *state;
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", pki->dir);
    free(pki);
    return system(command);
}

static const char *pki_file(const struct pki *pki, const char *name, char out[2 * PATH_BYTES])
{
    (void)snprintf(out, 2 * PATH_BYTES, "%s/%s", pki->dir, name);
    return out;
}

static enum rep_deed answer_echo(void *ctx, const struct buf *request, struct buf *response)
{
    (void)ctx;
    buf_append(response, request->data, request->len);
    return REP_ANSWER;
}

static nng_tls_config *server_config(const struct pki *pki)
{
    char path[2 * PATH_BYTES];
    char both[2 * PATH_BYTES + 32];
    nng_tls_config *config = NULL;
    (void)snprintf(both, sizeof(both), "cd '%s'; cat server.pem server-key.pem > both.pem",
                   pki->dir);
    assert_int_equal(system(both), 0);
    assert_int_equal(nng_tls_config_alloc(&config, NNG_TLS_MODE_SERVER), 0);
    assert_int_equal(nng_tls_config_ca_file(config, pki_file(pki, "ca.pem", path)), 0);
    assert_int_equal(nng_tls_config_cert_key_file(config, pki_file(pki, "both.pem", path), NULL),
                     0);
    assert_int_equal(nng_tls_config_auth_mode(config, NNG_TLS_AUTH_MODE_REQUIRED), 0);
    return config;
}

/* What a client shows and trusts. */
struct terms {
    const char *ca;
    const char *cert;
    const char *key;
    const char *name;
};

static enum err_code call_with(const struct pki *pki, const char *url, struct terms terms,
                               struct err *err)
{
    char ca[2 * PATH_BYTES];
    char cert[2 * PATH_BYTES];
    char key[2 * PATH_BYTES];
    AUTO(channel_free) struct channel *channel = NULL;
    AUTO_BUF struct buf request = BUF_INIT;
    AUTO_BUF struct buf response = BUF_INIT;
    struct channel_settings settings = {
        .urls = {url},
        .url_count = 1,
        .tls = {pki_file(pki, terms.ca, ca), pki_file(pki, terms.cert, cert),
                pki_file(pki, terms.key, key), terms.name},
    };
    enum err_code code = channel_new(&settings, &channel, err);
    if (code != ERR_OK) {
        return code;
    }
    buf_append_text(&request, "hello");
    return channel_exchange(channel, &request, clock_monotonic_ms() + 40000, &response, err);
}

static void test_channel_exchange__passes_with_the_right_certificates(void **state)
{
    const struct pki *pki = *state;
    struct err err = ERR_INIT;
    struct rep_server server = {.answer = answer_echo};
    nng_tls_config *config = server_config(pki);
    rep_server_start(&server, config);
    struct terms good = {"ca.pem", "client.pem", "client-key.pem", "fremgang.test"};
    ASSERT_OK(call_with(pki, server.url, good, &err), err);
    rep_server_stop(&server);
    nng_tls_config_free(config);
    assert_int_equal(server.requests, 1);
}

static void test_channel_exchange__is_refused_by_either_side(void **state)
{
    static const struct {
        struct terms terms;
        const char *said;
    } cases[] = {
        {{"ca.pem", "client.pem", "client-key.pem", "other.test"}, "a certificate was refused"},
        {{"other.pem", "client.pem", "client-key.pem", "fremgang.test"},
         "a certificate was refused"},
        {{"ca.pem", "stranger.pem", "stranger-key.pem", "fremgang.test"}, ""},
    };
    const struct pki *pki = *state;
    struct rep_server server = {.answer = answer_echo};
    nng_tls_config *config = server_config(pki);
    rep_server_start(&server, config);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct err err = ERR_INIT;
        int64_t start_ms = clock_monotonic_ms();
        enum err_code code = call_with(pki, server.url, cases[i].terms, &err);
        if (code != ERR_DENIED && code != ERR_UNAVAILABLE) {
            fail_msg("case %zu: %s %s", i, err_code_name(code), err.message);
        }
        if (strstr(err.message, cases[i].said) == NULL) {
            fail_msg("case %zu: %s", i, err.message);
        }
        assert_true(clock_monotonic_ms() - start_ms < 30000);
    }
    rep_server_stop(&server);
    nng_tls_config_free(config);
    assert_int_equal(server.requests, 0);
}

static void test_tls_config_new__refuses_bad_files(void **state)
{
    static const struct {
        struct terms terms;
        enum err_code code;
    } cases[] = {
        {{"none.pem", "client.pem", "client-key.pem", "x"}, ERR_NOT_FOUND},
        {{"ca.pem", "none.pem", "client-key.pem", "x"}, ERR_NOT_FOUND},
        {{"ca.pem", "client.pem", "none.pem", "x"}, ERR_NOT_FOUND},
        {{".", "client.pem", "client-key.pem", "x"}, ERR_NOT_FOUND},
        {{"garbage.pem", "client.pem", "client-key.pem", "x"}, ERR_CORRUPT},
        {{"ca.pem", "garbage.pem", "client-key.pem", "x"}, ERR_CORRUPT},
        {{"ca.pem", "client.pem", "open-key.pem", "x"}, ERR_DENIED},
        {{"ca.pem", "client.pem", "client-key.pem", ""}, ERR_INVALID},
    };
    const struct pki *pki = *state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct err err = ERR_INIT;
        enum err_code code = call_with(pki, "tls+tcp://127.0.0.1:1", cases[i].terms, &err);
        if (code != cases[i].code) {
            fail_msg("case %zu: %s: %s", i, err_code_name(code), err.message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channel_exchange__passes_with_the_right_certificates),
        cmocka_unit_test(test_channel_exchange__is_refused_by_either_side),
        cmocka_unit_test(test_tls_config_new__refuses_bad_files),
    };
    return cmocka_run_group_tests(tests, pki_open, pki_close);
}
