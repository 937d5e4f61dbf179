/* secret - see secret.h. */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct secret {
    size_t size;
    uint8_t *bytes; /* sodium_malloc'd */
};

enum err_code secret_new(size_t size, struct secret **out, struct err *err)
{
    struct secret *secret = calloc(1, sizeof(*secret));
    uint8_t *bytes = sodium_init() < 0 ? NULL : sodium_malloc(size);
    if (secret == NULL || bytes == NULL) {
        sodium_free(bytes);
        free(secret);
        return err_memory(err);
    }
    sodium_memzero(bytes, size);
    *secret = (struct secret){.size = size, .bytes = bytes};
    *out = secret;
    return ERR_OK;
}

enum err_code secret_copy(const void *bytes, size_t size, struct secret **out, struct err *err)
{
    enum err_code code = secret_new(size, out, err);
    if (code == ERR_OK) {
        memcpy((*out)->bytes, bytes, size);
    }
    return code;
}

void secret_free(struct secret *secret)
{
    if (secret == NULL) {
        return;
    }
    sodium_free(secret->bytes);
    free(secret);
}

const uint8_t *secret_bytes(const struct secret *secret)
{
    return secret->bytes;
}

uint8_t *secret_bytes_mutable(struct secret *secret)
{
    return secret->bytes;
}

size_t secret_size(const struct secret *secret)
{
    return secret->size;
}

/* One extra byte is asked for, so that a longer file is seen. */
static enum err_code read_exactly(int file, const char *path, struct secret *secret,
                                  struct err *err)
{
    size_t got = 0;
    uint8_t extra;
    while (got < secret->size) {
        ssize_t n = read(file, secret->bytes + got, secret->size - got);
        if (n <= 0) {
            break;
        }
        got += (size_t)n;
    }
    if (got != secret->size || read(file, &extra, 1) != 0) {
        return err_set(err, ERR_CORRUPT, "key file \"%s\" is not %zu bytes long", path,
                       secret->size);
    }
    return ERR_OK;
}

static enum err_code check_private(int file, const char *path, struct err *err)
{
    struct stat status;
    if (fstat(file, &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        (void)err_set(err, ERR_DENIED, "key file \"%s\" can be read by others", path);
        return err_hint(err, "Run: chmod 600 '%s'", path);
    }
    return ERR_OK;
}

enum err_code secret_read_file(const char *path, size_t size, struct secret **out, struct err *err)
{
    AUTO(secret_free) struct secret *secret = NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return err_set(err, ERR_NOT_FOUND, "could not open key file \"%s\": %s", path,
                       strerror(errno));
    }
    enum err_code code = check_private(file, path, err);
    if (code == ERR_OK) {
        code = secret_new(size, &secret, err);
    }
    if (code == ERR_OK) {
        code = read_exactly(file, path, secret, err);
    }
    (void)close(file);
    if (code == ERR_OK) {
        *out = STEAL(secret);
    }
    return code;
}

enum err_code secret_write_file(const char *path, const struct secret *secret, struct err *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        enum err_code code = errno == EEXIST ? ERR_CONFLICT : ERR_UNAVAILABLE;
        return err_set(err, code, "could not create key file \"%s\": %s", path, strerror(errno));
    }
    ssize_t written = write(file, secret->bytes, secret->size);
    bool synced = fsync(file) == 0;
    if (close(file) != 0 || !synced || written != (ssize_t)secret->size) {
        (void)unlink(path); // half a key would stand in the way of the next try
        return err_set(err, ERR_UNAVAILABLE, "could not write key file \"%s\"", path);
    }
    return ERR_OK;
}
