/* encoding - Windows-1252 differs from Latin-1 in 0x80 to 0x9F only. */
#include "import/encoding.h"

#include <utf8proc.h>

/* Unicode's published table cp1252.txt; 0: undefined. */
static const uint16_t cp1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

bool encoding_is_ascii(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

bool encoding_is_utf8(const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t used = utf8proc_iterate(bytes + at, (utf8proc_ssize_t)(len - at), &point);
        if (used <= 0) {
            return false;
        }
        at += (size_t)used;
    }
    return true;
}

bool encoding_append_cp1252(struct buf *out, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint32_t point = bytes[i];
        if (point >= 0x80 && point < 0xA0) {
            point = cp1252[point - 0x80];
        }
        if (point == 0 && bytes[i] != 0) {
            return false;
        }
        uint8_t encoded[4];
        utf8proc_ssize_t used = utf8proc_encode_char((utf8proc_int32_t)point, encoded);
        buf_append(out, encoded, (size_t)used);
    }
    return true;
}
