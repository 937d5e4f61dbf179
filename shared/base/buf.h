/*
 * buf - a growing run of bytes, always followed by a NUL so that text can be read as a
 * string. Grows by doubling up to BUF_BYTES_MAX. A failed append is remembered and makes
 * the later ones do nothing, so that a run of appends is checked once, at its end.
 *
 *     AUTO_BUF struct buf line = BUF_INIT;        // owns nothing yet
 *     buf_append_text(&line, "id;");
 *     buf_append_format(&line, "%d", number);
 *     if (buf_check(&line, err) != ERR_OK) { ... }
 */
#ifndef FREMGANG_BASE_BUF_H
#define FREMGANG_BASE_BUF_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct buf {
    uint8_t *data; /* owned; NULL while nothing was added */
    size_t len;
    size_t capacity;
    enum err_code failed; /* ERR_OK, or the first failure */
};

#define BUF_INIT                                                                                   \
    {                                                                                              \
        .data = NULL                                                                               \
    }
/** `AUTO_BUF struct buf b = BUF_INIT;` clears it when the scope ends. */
#define AUTO_BUF __attribute__((cleanup(buf_clear)))

/** Frees the bytes and makes it empty. NULL ok. */
void buf_clear(struct buf *buf);
/** Empties it and forgets a failure, but keeps the memory. */
void buf_reset(struct buf *buf);
/** ERR_OK, or why the first failing append failed: ERR_LIMIT over BUF_BYTES_MAX,
 * ERR_INTERNAL when memory is out. */
NODISCARD enum err_code buf_check(const struct buf *buf, struct err *err);
/** Makes room for `more` bytes beyond len. */
void buf_reserve(struct buf *buf, size_t more);
/** Copies `len` bytes to the end. */
void buf_append(struct buf *buf, const void *bytes, size_t len);
void buf_append_text(struct buf *buf, const char *text);
void buf_append_byte(struct buf *buf, uint8_t byte);
void buf_append_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/** The bytes as text; "" when nothing was added. Borrowed until the next change. */
const char *buf_text(const struct buf *buf);
/** Gives the bytes (heap, NUL-ended) and empties the buffer; NULL when an append failed. */
char *buf_steal_text(struct buf *buf);

#endif
