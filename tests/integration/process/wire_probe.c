/*
 * wire-probe - a client that knows nothing of the protocol: it sends any bytes as one nng REQ
 * message and prints the answer's bytes. One hexadecimal line in, one line out, so that a test
 * in any language can say anything to a listener.
 *
 *     wire-probe --url tls+tcp://127.0.0.1:7701 --ca ca.crt --cert c.crt --key c.key <lines
 *     wire-probe --url tcp://127.0.0.1:7711 --timeout-ms 2000
 *
 * An answer is its hexadecimal digits; what nng refuses is "! " and nng's own words. It links
 * nothing of Fremgang on purpose.
 */
#include <getopt.h>
#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>
#include <nng/supplemental/tls/tls.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct probe {
    const char *url;
    const char *ca;
    const char *cert;
    const char *key;
    const char *server_name;
    bool is_insecure; /* does not check the server's certificate */
    int timeout_ms;
};

enum { EXIT_OK, EXIT_FAILED, EXIT_USAGE, NEVER_MS = 24 * 3600 * 1000 };

static int fail(const char *what, int code)
{
    (void)fprintf(stderr, "wire-probe: %s: %s\n", what, nng_strerror(code));
    return EXIT_FAILED;
}

/* The file's text, or NULL; the caller's to free. */
static char *read_text(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL || getdelim(&text, &size, '\0', file) < 0) {
        (void)fprintf(stderr, "wire-probe: could not read \"%s\"\n", path);
        free(text);
        text = NULL;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return text;
}

static int set_certificates(nng_tls_config *config, const struct probe *probe)
{
    char *ca = probe->ca == NULL ? NULL : read_text(probe->ca);
    char *cert = probe->cert == NULL ? NULL : read_text(probe->cert);
    char *key = probe->key == NULL ? NULL : read_text(probe->key);
    int code = 0;
    if (ca != NULL) {
        code = nng_tls_config_ca_chain(config, ca, NULL);
    }
    if (code == 0 && cert != NULL && key != NULL) {
        code = nng_tls_config_own_cert(config, cert, key, NULL);
    }
    free(ca);
    free(cert);
    free(key);
    return code;
}

static int set_tls(nng_dialer dialer, const struct probe *probe)
{
    nng_tls_config *config = NULL;
    int code = nng_tls_config_alloc(&config, NNG_TLS_MODE_CLIENT);
    if (code != 0) {
        return code;
    }
    code = nng_tls_config_auth_mode(config, probe->is_insecure ? NNG_TLS_AUTH_MODE_NONE
                                                               : NNG_TLS_AUTH_MODE_REQUIRED);
    if (code == 0) {
        code = nng_tls_config_server_name(config, probe->server_name);
    }
    if (code == 0) {
        code = set_certificates(config, probe);
    }
    if (code == 0) {
        code = nng_dialer_set_ptr(dialer, NNG_OPT_TLS_CONFIG, config);
    }
    nng_tls_config_free(config);
    return code;
}

/* One socket that dials for ever and sends each message once. */
static int dial(const struct probe *probe, nng_socket *socket)
{
    nng_dialer dialer;
    int code = nng_req0_open(socket);
    if (code == 0) {
        code = nng_socket_set_ms(*socket, NNG_OPT_REQ_RESENDTIME, NEVER_MS);
    }
    if (code == 0) {
        code = nng_socket_set_ms(*socket, NNG_OPT_RECVTIMEO, probe->timeout_ms);
    }
    if (code == 0) {
        code = nng_socket_set_ms(*socket, NNG_OPT_SENDTIMEO, probe->timeout_ms);
    }
    if (code == 0) {
        code = nng_dialer_create(&dialer, *socket, probe->url);
    }
    if (code == 0 && strncmp(probe->url, "tls", 3) == 0) {
        code = set_tls(dialer, probe);
    }
    return code == 0 ? nng_dialer_start(dialer, NNG_FLAG_NONBLOCK) : code;
}

static int digit_of(int letter)
{
    static const char DIGITS[] = "0123456789abcdef";
    const char *at = letter == '\0' ? NULL : strchr(DIGITS, letter);
    return at == NULL ? -1 : (int)(at - DIGITS);
}

/* Reads the line's digits over itself; the number of bytes, or -1. */
static ssize_t read_hex(char *line)
{
    size_t len = strcspn(line, "\n");
    for (size_t i = 0; i + 1 < len; i += 2) {
        int high = digit_of(line[i]);
        int low = digit_of(line[i + 1]);
        if (high < 0 || low < 0) {
            return -1;
        }
        line[i / 2] = (char)(high * 16 + low);
    }
    return len % 2 == 0 ? (ssize_t)(len / 2) : -1;
}

static void print_message(nng_msg *message)
{
    const unsigned char *bytes = nng_msg_body(message);
    for (size_t i = 0; i < nng_msg_len(message); i++) {
        (void)printf("%02x", bytes[i]);
    }
    (void)putchar('\n');
    nng_msg_free(message);
}

/* The other side's refusal is an answer too. */
static void ask(nng_socket socket, const char *bytes, size_t len)
{
    nng_msg *message = NULL;
    int code = nng_msg_alloc(&message, 0);
    if (code == 0) {
        code = nng_msg_append(message, bytes, len);
    }
    if (code == 0) {
        code = nng_sendmsg(socket, message, 0);
    }
    if (code != 0) {
        nng_msg_free(message);
    } else {
        code = nng_recvmsg(socket, &message, 0);
    }
    if (code == 0) {
        print_message(message);
    } else {
        (void)printf("! %s\n", nng_strerror(code));
    }
    (void)fflush(stdout);
}

static int run(const struct probe *probe)
{
    nng_socket socket;
    char *line = NULL;
    size_t size = 0;
    int exit_code = EXIT_OK;
    int code = dial(probe, &socket);
    if (code != 0) {
        return fail(probe->url, code);
    }
    while (exit_code == EXIT_OK && getline(&line, &size, stdin) > 0) {
        ssize_t len = read_hex(line);
        if (len < 0) {
            (void)fprintf(stderr, "wire-probe: a line that is not hexadecimal\n");
            exit_code = EXIT_USAGE;
        } else {
            ask(socket, line, (size_t)len);
        }
    }
    free(line);
    // nng_close may wait for a peer that never reads; nothing is left to be kept.
    (void)fflush(stdout);
    _exit(exit_code);
}

int main(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        {"url", required_argument, NULL, 'u'},         {"ca", required_argument, NULL, 'a'},
        {"cert", required_argument, NULL, 'c'},        {"key", required_argument, NULL, 'k'},
        {"server-name", required_argument, NULL, 'n'}, {"timeout-ms", required_argument, NULL, 't'},
        {"insecure", no_argument, NULL, 'i'},          {NULL, 0, NULL, 0},
    };
    struct probe probe = {.server_name = "localhost", .timeout_ms = 10000};
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        switch (option) {
        case 'u':
            probe.url = optarg;
            break;
        case 'a':
            probe.ca = optarg;
            break;
        case 'c':
            probe.cert = optarg;
            break;
        case 'k':
            probe.key = optarg;
            break;
        case 'n':
            probe.server_name = optarg;
            break;
        case 't':
            probe.timeout_ms = atoi(optarg);
            break;
        case 'i':
            probe.is_insecure = true;
            break;
        default:
            return EXIT_USAGE;
        }
    }
    if (probe.url == NULL) {
        (void)fprintf(stderr, "usage: wire-probe --url URL [--ca FILE --cert FILE --key FILE] "
                              "[--server-name NAME] [--insecure] [--timeout-ms N]\n");
        return EXIT_USAGE;
    }
    return run(&probe);
}
