/*
 * file_read - a file's bytes through the CSV parser: the one place of the import that opens
 * files.
 *
 *     uint64_t size;
 *     struct file_handlers handlers = {.row = {row_came, ctx}, .size = &size};
 *     code = file_read("sager.csv", &handlers, err);
 */
#ifndef FREMGANG_IMPORT_FILE_READ_H
#define FREMGANG_IMPORT_FILE_READ_H

#include "import/csv.h"

struct file_handlers {
    struct csv_handler row;
    void (*bytes)(void *ctx, size_t bytes); /* after each piece; NULL: nobody looks */
    void *ctx;                              /* of `bytes` */
    uint64_t *size;                         /* set to the file's size; NULL ok */
};

/** Reads the file to its end. ERR_NOT_FOUND when it cannot be opened or is no regular file,
 * ERR_UNAVAILABLE when reading fails, and as csv_feed. */
NODISCARD enum err_code file_read(const char *path, const struct file_handlers *handlers,
                                  struct err *err);

#endif
