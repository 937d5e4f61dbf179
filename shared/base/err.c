/* err - see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const CODE_NAMES[] = {
    [ERR_OK] = "ok",
    [ERR_INVALID] = "invalid",
    [ERR_NOT_FOUND] = "not found",
    [ERR_DENIED] = "denied",
    [ERR_CONFLICT] = "conflict",
    [ERR_LIMIT] = "limit",
    [ERR_UNAVAILABLE] = "unavailable",
    [ERR_TIMEOUT] = "timeout",
    [ERR_CORRUPT] = "corrupt",
    [ERR_INTERNAL] = "internal",
};

enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
{
    if (err == NULL) {
        return code;
    }
    va_list args;
    *err = (struct err){.code = code};
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    return code;
}

enum err_code err_reason(struct err *err, const char *reason)
{
    if (err == NULL) {
        return ERR_INTERNAL;
    }
    (void)snprintf(err->reason, sizeof(err->reason), "%s", reason);
    return err->code;
}

enum err_code err_hint(struct err *err, const char *format, ...)
{
    if (err == NULL) {
        return ERR_INTERNAL;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->hint, sizeof(err->hint), format, args);
    va_end(args);
    return err->code;
}

enum err_code err_detail(struct err *err, const char *format, ...)
{
    if (err == NULL) {
        return ERR_INTERNAL;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->detail, sizeof(err->detail), format, args);
    va_end(args);
    return err->code;
}

enum err_code err_memory(struct err *err)
{
    return err_set(err, ERR_INTERNAL, "out of memory");
}

const char *err_code_name(enum err_code code)
{
    size_t count = sizeof(CODE_NAMES) / sizeof(CODE_NAMES[0]);
    return (size_t)code < count ? CODE_NAMES[code] : "unrecognized";
}
