/* file_read - see file_read.h. */
#include "import/file_read.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PIECE_BYTES = 64 * 1024 };

static void file_close(FILE **file)
{
    if (*file != NULL) {
        (void)fclose(*file);
    }
}

static enum err_code pieces_read(FILE *file, const struct file_handlers *handlers, struct csv *csv,
                                 struct err *err)
{
    uint8_t bytes[PIECE_BYTES];
    enum err_code rc = ERR_OK;
    size_t len;
    while (rc == ERR_OK && (len = fread(bytes, 1, sizeof(bytes), file)) > 0) {
        rc = csv_feed(csv, bytes, len, err);
        if (rc == ERR_OK && handlers->bytes != NULL) {
            handlers->bytes(handlers->ctx, len);
        }
    }
    sodium_memzero(bytes, sizeof(bytes));
    if (rc == ERR_OK && ferror(file) != 0) {
        return err_set(err, ERR_UNAVAILABLE, "could not read the file: %s", strerror(errno));
    }
    return rc == ERR_OK ? csv_finish(csv, err) : rc;
}

enum err_code file_read(const char *path, const struct file_handlers *handlers, struct err *err)
{
    struct stat status;
    __attribute__((cleanup(file_close))) FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode)) {
        (void)err_set(err, ERR_NOT_FOUND, "cannot open file \"%.180s\": %s", path,
                      file == NULL ? strerror(errno) : "not a regular file");
        return err_hint(err, "Check the path and that you may read the file.");
    }
    (void)setvbuf(file, NULL, _IONBF, 0); /* no second copy of the cells */
    if (handlers->size != NULL) {
        *handlers->size = (uint64_t)status.st_size;
    }
    AUTO(csv_free) struct csv *csv = NULL;
    enum err_code rc = csv_new(&handlers->row, 0, &csv, err);
    return rc == ERR_OK ? pieces_read(file, handlers, csv, err) : rc;
}
