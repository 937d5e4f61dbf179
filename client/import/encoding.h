/*
 * encoding - UTF-8 or Windows-1252: which a run of bytes is, and the way from the one to the
 * other. Used by csv.c for each cell.
 *
 *     if (!encoding_is_utf8(bytes, len)) { encoding_append_cp1252(out, bytes, len); }
 */
#ifndef FREMGANG_IMPORT_ENCODING_H
#define FREMGANG_IMPORT_ENCODING_H

#include "base/buf.h"

#include <stdbool.h>

/** Whether every byte is ASCII. */
bool encoding_is_ascii(const uint8_t *bytes, size_t len);
/** Whether the bytes are well-formed UTF-8. */
bool encoding_is_utf8(const uint8_t *bytes, size_t len);
/** Appends the bytes, read as Windows-1252, as UTF-8. False when one of the five bytes that
 * Windows-1252 leaves undefined is among them. */
NODISCARD bool encoding_append_cp1252(struct buf *out, const uint8_t *bytes, size_t len);

#endif
