/* haproxy - see haproxy.h. Written for HAProxy 2.6 (Debian 12). */
#include "haproxy.h"

#include "base/auto.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* maxconn: 98 municipalities with ten clients each; a connection takes about 50 KB with TLS.
 * Timeouts: a client's idle connection is kept for ten minutes, then it dials again.
 * hard-stop-after: a reload waits this long for calls of the old certificates. */
static const char HEAD[] =
    "# Written by `fremgangd all` at every start; edit its options instead.\n"
    "global\n"
    "    maxconn 1000\n"
    "    hard-stop-after 60s\n"
    "    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n"
    "\n"
    "defaults\n"
    "    mode tcp\n"
    "    timeout connect 5s\n"
    "    timeout client 10m\n"
    "    timeout server 10m\n"
    "    option clitcpka\n";

static const char *const PROCESSES[] = {"intake", "pool", "keys"};

/* Within HAProxy's double quotes a backslash takes the meaning of the next character. */
static enum err_code append_path(struct buf *out, const char *path, struct err *err)
{
    buf_append_byte(out, '"');
    for (const char *at = path; *at != '\0'; at++) {
        if (iscntrl((unsigned char)*at)) {
            return err_set(err, ERR_INVALID, "a file name with control characters");
        }
        if (strchr("\\\"$", *at) != NULL) {
            buf_append_byte(out, '\\');
        }
        buf_append_byte(out, (uint8_t)*at);
    }
    buf_append_byte(out, '"');
    return ERR_OK;
}

static bool is_address(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789abcdefABCDEF.:*[]") == strlen(text);
}

static enum err_code append_door(const struct server_config *config, const char *process,
                                 bool has_revocations, struct buf *out, struct err *err)
{
    buf_append_format(out, "\nfrontend %s\n    bind %s:%d ssl crt ", process, config->bind,
                      config_port(config, process, false));
    enum err_code code = append_path(out, config->certificate, err);
    buf_append_text(out, " ca-file ");
    if (code == ERR_OK) {
        code = append_path(out, config->authority, err);
    }
    if (code == ERR_OK && has_revocations) {
        buf_append_text(out, " crl-file ");
        code = append_path(out, config->revocations, err);
    }
    buf_append_format(out,
                      " verify required\n    default_backend %s\n"
                      "backend %s\n    server %s 127.0.0.1:%d\n",
                      process, process, process, config_port(config, process, true));
    return code;
}

enum err_code haproxy_format(const struct server_config *config, bool has_revocations,
                             struct buf *out, struct err *err)
{
    if (!is_address(config->bind)) {
        return err_set(err, ERR_INVALID, "bind is an IP address or *, not \"%s\"", config->bind);
    }
    buf_append_text(out, HEAD);
    for (size_t i = 0; i < ARRAY_COUNT(PROCESSES); i++) {
        enum err_code code = append_door(config, PROCESSES[i], has_revocations, out, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    return buf_check(out, err);
}

static enum err_code check_readable(const char *what, const char *path, struct err *err)
{
    if (access(path, R_OK) == 0) {
        return ERR_OK;
    }
    return err_set(err, ERR_NOT_FOUND, "could not read %s \"%s\": %s", what, path, strerror(errno));
}

/* Under another name first, so that a reader never sees half of it. */
static enum err_code write_file(const struct buf *text, const char *path, struct err *err)
{
    AUTO_HEAP char *draft = NULL;
    if (asprintf(&draft, "%s.new", path) < 0) {
        draft = NULL;
        return err_memory(err);
    }
    int file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool is_written = file >= 0 && write(file, text->data, text->len) == (ssize_t)text->len;
    bool is_closed = file >= 0 && close(file) == 0;
    if (!is_written || !is_closed || rename(draft, path) != 0) {
        return err_set(err, ERR_UNAVAILABLE, "could not write \"%s\": %s", path, strerror(errno));
    }
    return ERR_OK;
}

/* Only the list in its usual place may be missing. One that was named, or that is there and
 * cannot be read, must not turn into no revocation at all. */
static enum err_code find_revocations(const struct server_config *config, bool *out,
                                      struct err *err)
{
    bool is_there = access(config->revocations, F_OK) == 0 || errno != ENOENT;
    if (!is_there && !config->wants_revocations) {
        *out = false;
        return ERR_OK;
    }
    enum err_code code = check_readable("revocation list", config->revocations, err);
    if (code == ERR_OK) {
        *out = true;
    }
    return code;
}

enum err_code haproxy_write(const struct server_config *config, const char *path, struct err *err)
{
    AUTO_BUF struct buf text = BUF_INIT;
    bool has_revocations = false;
    enum err_code code = check_readable("certificate", config->certificate, err);
    if (code == ERR_OK) {
        code = check_readable("authority", config->authority, err);
    }
    if (code == ERR_OK) {
        code = find_revocations(config, &has_revocations, err);
    }
    if (code == ERR_OK) {
        code = haproxy_format(config, has_revocations, &text, err);
    }
    return code == ERR_OK ? write_file(&text, path, err) : code;
}
