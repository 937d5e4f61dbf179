/* profile - see profile.h. profile.ini is read and written in profile_ini.c. */
#include "profile.h"

#include "profile_ini.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    NAME_BYTES_MAX = 64,
    FILE_COPY_BYTES_MAX = 1024 * 1024, /* a CA bundle of some hundred certificates */
};

static const char *const SERVER_NAMES[] = {"intake", "pool", "keys"};

const char *profile_server_name(enum profile_server server)
{
    return SERVER_NAMES[server];
}

bool profile_name_is_valid(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    return len > 0 && len <= NAME_BYTES_MAX && name[len] == '\0';
}

static enum err_code path_format(char out[PROFILE_PATH_BYTES], struct err *err, const char *first,
                                 const char *second)
{
    char path[PROFILE_PATH_BYTES];
    int len = snprintf(path, sizeof(path), "%s%s", first, second);
    if (len < 0 || (size_t)len >= sizeof(path)) {
        return err_set(err, ERR_LIMIT, "a path is longer than %d bytes", PROFILE_PATH_BYTES - 1);
    }
    memcpy(out, path, (size_t)len + 1);
    return ERR_OK;
}

static enum err_code profiles_dir(char out[PROFILE_PATH_BYTES], struct err *err)
{
    const char *home = getenv("FREMGANG_HOME");
    if (home != NULL && home[0] != '\0') {
        return path_format(out, err, home, "/profiles");
    }
    home = getenv("HOME");
    if (home == NULL || home[0] == '\0') {
        return err_set(err, ERR_INVALID, "neither FREMGANG_HOME nor HOME is set");
    }
    return path_format(out, err, home, "/.config/fremgang/profiles");
}

/* Makes every missing folder of the path, readable by its owner alone. */
static enum err_code make_dirs(const char *path, struct err *err)
{
    char part[PROFILE_PATH_BYTES];
    size_t len = strlen(path);
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != '\0') {
            continue;
        }
        part[i] = '\0';
        if (mkdir(part, S_IRWXU) != 0 && errno != EEXIST) {
            return err_set(err, ERR_UNAVAILABLE, "could not make folder \"%s\": %s", part,
                           strerror(errno));
        }
        part[i] = i < len ? '/' : '\0';
    }
    return ERR_OK;
}

static enum err_code profile_new(const char *name, struct profile **out, struct err *err)
{
    char dir[PROFILE_PATH_BYTES];
    if (!profile_name_is_valid(name)) {
        (void)err_set(err, ERR_INVALID, "\"%s\" is not a profile name", name);
        return err_hint(err, "Use at most 64 lower-case letters, digits, \"-\" and \"_\".");
    }
    enum err_code code = profiles_dir(dir, err);
    if (code != ERR_OK) {
        return code;
    }
    struct profile *profile = calloc(1, sizeof(*profile));
    if (profile == NULL) {
        return err_memory(err);
    }
    (void)strcpy(profile->name, name);
    int len = snprintf(profile->dir, sizeof(profile->dir), "%s/%s", dir, name);
    if (len < 0 || (size_t)len >= sizeof(profile->dir)) {
        profile_free(profile);
        return err_set(err, ERR_LIMIT, "a path is longer than %d bytes", PROFILE_PATH_BYTES - 1);
    }
    *out = profile;
    return ERR_OK;
}

enum err_code profile_create(const char *name, struct profile **out, struct err *err)
{
    AUTO(profile_free) struct profile *profile = NULL;
    char path[PROFILE_PATH_BYTES];
    enum err_code code = profile_new(name, &profile, err);
    if (code == ERR_OK) {
        code = profile_path(profile, PROFILE_INI_FILE, path, err);
    }
    if (code == ERR_OK && access(path, F_OK) == 0) {
        (void)err_set(err, ERR_CONFLICT, "profile \"%s\" exists already", name);
        return err_hint(err, "Choose another name with --profile.");
    }
    if (code == ERR_OK) {
        code = make_dirs(profile->dir, err);
    }
    if (code == ERR_OK) {
        *out = STEAL(profile);
    }
    return code;
}

enum err_code profile_load(const char *name, struct profile **out, struct err *err)
{
    AUTO(profile_free) struct profile *profile = NULL;
    enum err_code code = profile_new(name, &profile, err);
    if (code == ERR_OK) {
        code = profile_ini_read(profile, err);
    }
    if (code == ERR_OK) {
        *out = STEAL(profile);
    }
    return code;
}

enum err_code profile_save(const struct profile *profile, struct err *err)
{
    return profile_ini_write(profile, err);
}

void profile_free(struct profile *profile)
{
    free(profile);
}

/* inih cuts a value at " ;" and trims it; a control character would end the line. */
static bool text_survives(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == ';') {
            return false;
        }
    }
    return len == 0 || (text[0] != ' ' && text[len - 1] != ' ');
}

enum err_code profile_set(char *field, size_t size, const char *what, const char *text,
                          struct err *err)
{
    size_t len = strlen(text);
    if (len >= size) {
        return err_set(err, ERR_INVALID, "%s is longer than %zu bytes", what, size - 1);
    }
    if (!text_survives(text)) {
        return err_set(err, ERR_INVALID, "%s has a character that profile.ini cannot hold", what);
    }
    memcpy(field, text, len + 1);
    return ERR_OK;
}

enum err_code profile_add_url(struct profile *profile, enum profile_server server, const char *url,
                              struct err *err)
{
    struct profile_urls *urls = &profile->urls[server];
    if (urls->count == PROFILE_URLS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d %s servers", PROFILE_URLS_MAX,
                       profile_server_name(server));
    }
    enum err_code code =
        profile_set(urls->items[urls->count], PROFILE_URL_BYTES, "a server's URL", url, err);
    if (code == ERR_OK) {
        urls->count++;
    }
    return code;
}

enum err_code profile_path(const struct profile *profile, const char *file,
                           char out[PROFILE_PATH_BYTES], struct err *err)
{
    if (file[0] == '\0' || file[0] == '/') {
        return path_format(out, err, file, "");
    }
    char dir[PROFILE_PATH_BYTES + 1];
    (void)snprintf(dir, sizeof(dir), "%s/", profile->dir);
    return path_format(out, err, dir, file);
}

enum err_code profile_outbox_path(const struct profile *profile, char out[PROFILE_PATH_BYTES],
                                  struct err *err)
{
    return profile_path(profile, "outbox.sqlite", out, err);
}

static enum err_code read_small_file(const char *path, struct secret **out, struct err *err)
{
    struct stat status;
    AUTO(secret_free) struct secret *bytes = NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        (void)close(file);
        return err_set(err, ERR_NOT_FOUND, "could not open file \"%s\"", path);
    }
    if (status.st_size > FILE_COPY_BYTES_MAX) {
        (void)close(file);
        return err_set(err, ERR_LIMIT, "file \"%s\" is larger than %d bytes", path,
                       FILE_COPY_BYTES_MAX);
    }
    enum err_code code = secret_new((size_t)status.st_size, &bytes, err);
    if (code == ERR_OK && read(file, secret_bytes_mutable(bytes), secret_size(bytes)) !=
                              (ssize_t)secret_size(bytes)) {
        code = err_set(err, ERR_UNAVAILABLE, "could not read file \"%s\"", path);
    }
    (void)close(file);
    if (code == ERR_OK) {
        *out = STEAL(bytes);
    }
    return code;
}

enum err_code profile_copy_in(const struct profile *profile, const char *source, const char *name,
                              struct err *err)
{
    AUTO(secret_free) struct secret *bytes = NULL;
    char path[PROFILE_PATH_BYTES];
    char fresh[PROFILE_PATH_BYTES];
    enum err_code code = profile_path(profile, name, path, err);
    if (code == ERR_OK) {
        code = path_format(fresh, err, path, ".new");
    }
    if (code == ERR_OK) {
        code = read_small_file(source, &bytes, err);
    }
    if (code == ERR_OK) {
        (void)unlink(fresh);
        code = secret_write_file(fresh, bytes, err);
    }
    if (code == ERR_OK && rename(fresh, path) != 0) {
        code = err_set(err, ERR_UNAVAILABLE, "could not write \"%s\": %s", path, strerror(errno));
    }
    return code;
}

enum err_code profile_read_identity(const struct profile *profile, struct secret **out,
                                    struct err *err)
{
    char path[PROFILE_PATH_BYTES];
    enum err_code code = profile_path(profile, "identity.key", path, err);
    return code != ERR_OK ? code : secret_read_file(path, PROFILE_IDENTITY_BYTES, out, err);
}

static enum err_code write_new_identity(const char *path, struct err *err)
{
    AUTO(secret_free) struct secret *key = NULL;
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    enum err_code code = secret_new(PROFILE_IDENTITY_BYTES, &key, err);
    if (code != ERR_OK) {
        return code;
    }
    (void)crypto_sign_keypair(public_key, secret_bytes_mutable(key));
    return secret_write_file(path, key, err);
}

enum err_code profile_make_identity(const struct profile *profile, struct secret **out,
                                    struct err *err)
{
    char path[PROFILE_PATH_BYTES];
    enum err_code code = profile_path(profile, "identity.key", path, err);
    if (code == ERR_OK && access(path, F_OK) != 0) {
        code = write_new_identity(path, err);
    }
    return code != ERR_OK ? code : secret_read_file(path, PROFILE_IDENTITY_BYTES, out, err);
}

static enum err_code partnership_key_path(const struct profile *profile, const char *slug,
                                          char out[PROFILE_PATH_BYTES], struct err *err)
{
    char file[PROFILE_TEXT_BYTES];
    if (!profile_name_is_valid(slug)) {
        return err_set(err, ERR_INVALID, "\"%s\" is not a partnership's short name", slug);
    }
    (void)snprintf(file, sizeof(file), "partnership-%s.key", slug);
    return profile_path(profile, file, out, err);
}

enum err_code profile_read_partnership_key(const struct profile *profile, const char *slug,
                                           struct secret **out, struct err *err)
{
    char path[PROFILE_PATH_BYTES];
    enum err_code code = partnership_key_path(profile, slug, path, err);
    if (code == ERR_OK) {
        code = secret_read_file(path, PROFILE_KEY_BYTES, out, err);
    }
    if (code == ERR_NOT_FOUND) {
        (void)err_set(err, ERR_NOT_FOUND, "profile \"%s\" has no key for partnership \"%s\"",
                      profile->name, slug);
        return err_hint(err, "Run: fremgang enrol --profile %s --partnership-key %s=FILE",
                        profile->name, slug);
    }
    return code;
}

enum err_code profile_write_partnership_key(const struct profile *profile, const char *slug,
                                            const struct secret *key, struct err *err)
{
    char path[PROFILE_PATH_BYTES];
    enum err_code code = partnership_key_path(profile, slug, path, err);
    if (code == ERR_OK && secret_size(key) != PROFILE_KEY_BYTES) {
        return err_set(err, ERR_INVALID, "a partnership key must be %d bytes, not %zu",
                       PROFILE_KEY_BYTES, secret_size(key));
    }
    return code != ERR_OK ? code : secret_write_file(path, key, err);
}
