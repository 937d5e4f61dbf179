/* buf - see buf.h. */
#include "base/buf.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST_CAPACITY = 64 };

void buf_clear(struct buf *buf)
{
    if (buf == NULL) {
        return;
    }
    free(buf->data);
    *buf = (struct buf)BUF_INIT;
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->failed = ERR_OK;
    if (buf->data != NULL) {
        buf->data[0] = '\0';
    }
}

enum err_code buf_check(const struct buf *buf, struct err *err)
{
    if (buf->failed == ERR_LIMIT) {
        return err_set(err, ERR_LIMIT, "text longer than %d bytes", BUF_BYTES_MAX);
    }
    return buf->failed == ERR_OK ? ERR_OK : err_memory(err);
}

/* The capacity that holds `wanted` bytes; doubling keeps appends linear. */
static size_t grown_capacity(size_t capacity, size_t wanted)
{
    capacity = capacity == 0 ? BUF_FIRST_CAPACITY : capacity;
    while (capacity < wanted) {
        capacity *= 2;
    }
    return capacity;
}

void buf_reserve(struct buf *buf, size_t more)
{
    if (more > BUF_BYTES_MAX || buf->len > BUF_BYTES_MAX - more) {
        buf->failed = ERR_LIMIT;
    }
    if (buf->failed != ERR_OK || buf->len + more + 1 <= buf->capacity) {
        return;
    }
    size_t capacity = grown_capacity(buf->capacity, buf->len + more + 1);
    uint8_t *data = realloc(buf->data, capacity);
    if (data == NULL) {
        buf->failed = ERR_INTERNAL;
        return;
    }
    buf->data = data;
    buf->capacity = capacity;
    buf->data[buf->len] = '\0';
}

void buf_append(struct buf *buf, const void *bytes, size_t len)
{
    buf_reserve(buf, len);
    if (buf->failed != ERR_OK) {
        return;
    }
    if (len > 0) {
        memcpy(buf->data + buf->len, bytes, len);
    }
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void buf_append_text(struct buf *buf, const char *text)
{
    buf_append(buf, text, strlen(text));
}

void buf_append_byte(struct buf *buf, uint8_t byte)
{
    buf_append(buf, &byte, 1);
}

void buf_append_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int wanted = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (wanted < 0 && buf->failed == ERR_OK) {
        buf->failed = ERR_INTERNAL; // nothing was written, which must not pass for done
    }
    buf_reserve(buf, (size_t)(wanted < 0 ? 0 : wanted));
    if (buf->failed == ERR_OK && wanted > 0) {
        (void)vsnprintf((char *)buf->data + buf->len, (size_t)wanted + 1, format, again);
        buf->len += (size_t)wanted;
    }
    va_end(again);
}

const char *buf_text(const struct buf *buf)
{
    return buf->data == NULL ? "" : (const char *)buf->data;
}

char *buf_steal_text(struct buf *buf)
{
    buf_reserve(buf, 0);
    if (buf->failed != ERR_OK) {
        return NULL;
    }
    char *text = (char *)buf->data;
    *buf = (struct buf)BUF_INIT;
    return text;
}
