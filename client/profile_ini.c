/* profile_ini - see profile_ini.h. */
#include "profile_ini.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A text field of the file: where it stands and where it goes. */
struct text_field {
    const char *section;
    const char *key;
    size_t offset;
    size_t size;
};

#define TEXT_FIELD(section, key, member)                                                           \
    {                                                                                              \
        section, key, offsetof(struct profile, member), sizeof(((struct profile *)0)->member)      \
    }
static const struct text_field TEXT_FIELDS[] = {
    TEXT_FIELD("principal", "id", principal_id),
    TEXT_FIELD("principal", "role", role),
    TEXT_FIELD("servers", "server_name", server_name),
    TEXT_FIELD("servers", "ca", ca_file),
    TEXT_FIELD("servers", "certificate", cert_file),
    TEXT_FIELD("servers", "private_key", key_file),
    TEXT_FIELD("defaults", "partnership", partnership),
    TEXT_FIELD("defaults", "languages", languages),
};

static bool read_number(const char *value, int *out)
{
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < 0 || number > INT16_MAX) {
        return false;
    }
    *out = (int)number;
    return true;
}

static bool read_receipt_key(struct profile *profile, const char *value)
{
    size_t len;
    profile->receipt_key_pinned = sodium_hex2bin(profile->receipt_key, PROFILE_KEY_BYTES, value,
                                                 strlen(value), NULL, &len, NULL) == 0 &&
                                  len == PROFILE_KEY_BYTES &&
                                  strlen(value) == 2 * PROFILE_KEY_BYTES;
    return profile->receipt_key_pinned;
}

static bool read_server(struct profile *profile, const char *key, const char *value)
{
    for (int i = 0; i < PROFILE_SERVER_COUNT; i++) {
        enum profile_server server = (enum profile_server)i;
        if (strcmp(key, profile_server_name(server)) == 0) {
            return profile_add_url(profile, server, value, NULL) == ERR_OK;
        }
    }
    return strcmp(key, "receipt_key") == 0 && read_receipt_key(profile, value);
}

/* inih's handler: 0 makes it remember the line as wrong. */
static int read_line(void *ctx, const char *section, const char *key, const char *value)
{
    struct profile *profile = ctx;
    for (size_t i = 0; i < ARRAY_COUNT(TEXT_FIELDS); i++) {
        const struct text_field *field = &TEXT_FIELDS[i];
        if (strcmp(section, field->section) == 0 && strcmp(key, field->key) == 0) {
            char *at = (char *)profile + field->offset;
            return profile_set(at, field->size, key, value, NULL) == ERR_OK;
        }
    }
    if (strcmp(section, "principal") == 0 && strcmp(key, "municipality") == 0) {
        return read_number(value, &profile->municipality_code);
    }
    return strcmp(section, "servers") == 0 && read_server(profile, key, value);
}

enum err_code profile_ini_read(struct profile *profile, struct err *err)
{
    char path[PROFILE_PATH_BYTES];
    enum err_code code = profile_path(profile, PROFILE_INI_FILE, path, err);
    if (code != ERR_OK) {
        return code;
    }
    int line = ini_parse(path, read_line, profile);
    if (line < 0) {
        (void)err_set(err, ERR_NOT_FOUND, "there is no profile \"%s\"", profile->name);
        (void)err_detail(err, "could not open file \"%s\"", path);
        return err_hint(err, "Run: fremgang enrol --profile %s --code CODE --pool URL",
                        profile->name);
    }
    if (line > 0) {
        (void)err_set(err, ERR_CORRUPT, "line %d of \"%s\" is not a setting of a profile", line,
                      path);
        return err_hint(err, "Correct the line; a line holds at most 199 bytes.");
    }
    return ERR_OK;
}

static void append_section(struct buf *text, const struct profile *profile, const char *section)
{
    buf_append_format(text, "%s[%s]\n", text->len == 0 ? "" : "\n", section);
    for (size_t i = 0; i < ARRAY_COUNT(TEXT_FIELDS); i++) {
        const char *value = (const char *)profile + TEXT_FIELDS[i].offset;
        if (strcmp(section, TEXT_FIELDS[i].section) == 0 && value[0] != '\0') {
            buf_append_format(text, "%s = %s\n", TEXT_FIELDS[i].key, value);
        }
    }
}

static void append_servers(struct buf *text, const struct profile *profile)
{
    for (int i = 0; i < PROFILE_SERVER_COUNT; i++) {
        const struct profile_urls *urls = &profile->urls[i];
        for (size_t j = 0; j < urls->count; j++) {
            buf_append_format(text, "%s = %s\n", profile_server_name((enum profile_server)i),
                              urls->items[j]);
        }
    }
    if (profile->receipt_key_pinned) {
        char hex[2 * PROFILE_KEY_BYTES + 1];
        (void)sodium_bin2hex(hex, sizeof(hex), profile->receipt_key, PROFILE_KEY_BYTES);
        buf_append_format(text, "receipt_key = %s\n", hex);
    }
}

static enum err_code write_through(const char *path, const struct buf *text, struct err *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return err_set(err, ERR_UNAVAILABLE, "could not write \"%s\": %s", path, strerror(errno));
    }
    bool written = write(file, text->data, text->len) == (ssize_t)text->len && fsync(file) == 0;
    if (close(file) != 0 || !written) {
        return err_set(err, ERR_UNAVAILABLE, "could not write \"%s\"", path);
    }
    return ERR_OK;
}

static void sync_dir(const char *dir)
{
    int file = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        (void)fsync(file);
        (void)close(file);
    }
}

enum err_code profile_ini_write(const struct profile *profile, struct err *err)
{
    AUTO_BUF struct buf text = BUF_INIT;
    char path[PROFILE_PATH_BYTES];
    char fresh[PROFILE_PATH_BYTES];
    append_section(&text, profile, "principal");
    if (profile->municipality_code != 0) {
        buf_append_format(&text, "municipality = %d\n", profile->municipality_code);
    }
    append_section(&text, profile, "servers");
    append_servers(&text, profile);
    append_section(&text, profile, "defaults");
    enum err_code code = buf_check(&text, err);
    if (code == ERR_OK) {
        code = profile_path(profile, PROFILE_INI_FILE, path, err);
    }
    if (code == ERR_OK) {
        code = profile_path(profile, PROFILE_INI_FILE ".new", fresh, err);
    }
    if (code == ERR_OK) {
        code = write_through(fresh, &text, err);
    }
    if (code == ERR_OK && rename(fresh, path) != 0) {
        code = err_set(err, ERR_UNAVAILABLE, "could not write \"%s\": %s", path, strerror(errno));
    }
    if (code == ERR_OK) {
        sync_dir(profile->dir);
    }
    return code;
}
