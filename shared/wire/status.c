/* status - see status.h. The table is wire/reason_table.def. */
#include "wire/status.h"

#include "base/auto.h"

#include <assert.h>
#include <string.h>

/* How each gRPC code reads, and the error code it becomes at the client. */
static const struct {
    const char *name;
    enum err_code err;
} CODES[WIRE_CODE_COUNT] = {
    [WIRE_OK] = {"OK", ERR_OK},
    [WIRE_CANCELLED] = {"CANCELLED", ERR_TIMEOUT},
    [WIRE_UNKNOWN] = {"UNKNOWN", ERR_INTERNAL},
    [WIRE_INVALID_ARGUMENT] = {"INVALID_ARGUMENT", ERR_INVALID},
    [WIRE_DEADLINE_EXCEEDED] = {"DEADLINE_EXCEEDED", ERR_TIMEOUT},
    [WIRE_NOT_FOUND] = {"NOT_FOUND", ERR_NOT_FOUND},
    [WIRE_ALREADY_EXISTS] = {"ALREADY_EXISTS", ERR_CONFLICT},
    [WIRE_PERMISSION_DENIED] = {"PERMISSION_DENIED", ERR_DENIED},
    [WIRE_RESOURCE_EXHAUSTED] = {"RESOURCE_EXHAUSTED", ERR_LIMIT},
    [WIRE_FAILED_PRECONDITION] = {"FAILED_PRECONDITION", ERR_CONFLICT},
    [WIRE_ABORTED] = {"ABORTED", ERR_CONFLICT},
    [WIRE_OUT_OF_RANGE] = {"OUT_OF_RANGE", ERR_INVALID},
    [WIRE_UNIMPLEMENTED] = {"UNIMPLEMENTED", ERR_NOT_FOUND},
    [WIRE_INTERNAL] = {"INTERNAL", ERR_INTERNAL},
    [WIRE_UNAVAILABLE] = {"UNAVAILABLE", ERR_UNAVAILABLE},
    [WIRE_DATA_LOSS] = {"DATA_LOSS", ERR_CORRUPT},
    [WIRE_UNAUTHENTICATED] = {"UNAUTHENTICATED", ERR_DENIED},
};

/* The gRPC code that each error code travels as. */
static const enum wire_code ERR_TO_WIRE[] = {
    [ERR_OK] = WIRE_OK,
    [ERR_INVALID] = WIRE_INVALID_ARGUMENT,
    [ERR_NOT_FOUND] = WIRE_NOT_FOUND,
    [ERR_DENIED] = WIRE_PERMISSION_DENIED,
    [ERR_CONFLICT] = WIRE_FAILED_PRECONDITION,
    [ERR_LIMIT] = WIRE_RESOURCE_EXHAUSTED,
    [ERR_UNAVAILABLE] = WIRE_UNAVAILABLE,
    [ERR_TIMEOUT] = WIRE_DEADLINE_EXCEEDED,
    [ERR_CORRUPT] = WIRE_DATA_LOSS,
    [ERR_INTERNAL] = WIRE_INTERNAL,
};

struct reason {
    const char *reason;
    enum wire_code code;
    const char *hint_da;
    const char *hint_en;
};

static const struct reason REASONS[] = {
#define REASON(reason, code, hint_da, hint_en) {reason, code, hint_da, hint_en},
#include "wire/reason_table.def"
#undef REASON
};

static const struct reason *reason_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(REASONS); i++) {
        if (strcmp(REASONS[i].reason, name) == 0) {
            return &REASONS[i];
        }
    }
    return NULL;
}

const char *wire_code_name(int code)
{
    return CODES[code >= 0 && code < WIRE_CODE_COUNT ? code : WIRE_UNKNOWN].name;
}

enum wire_code wire_code_from_err(const struct err *err)
{
    const struct reason *reason = err->reason[0] == '\0' ? NULL : reason_find(err->reason);
    if (err->code != ERR_OK && reason != NULL) {
        return reason->code;
    }
    assert((size_t)err->code < ARRAY_COUNT(ERR_TO_WIRE));
    return ERR_TO_WIRE[err->code];
}

enum err_code wire_code_to_err(int code)
{
    return CODES[code >= 0 && code < WIRE_CODE_COUNT ? code : WIRE_UNKNOWN].err;
}

struct wire_status wire_status_from_err(const struct err *err)
{
    if (err->code == ERR_OK) {
        return (struct wire_status){.code = WIRE_OK};
    }
    const struct reason *reason = err->reason[0] == '\0' ? NULL : reason_find(err->reason);
    struct wire_status status = {.code = wire_code_from_err(err),
                                 .message = err->message,
                                 .reason = err->reason,
                                 .hint_en = err->hint};
    if (reason != NULL) {
        status.hint_da = reason->hint_da;
        status.hint_en = err->hint[0] == '\0' ? reason->hint_en : err->hint;
    }
    return status;
}

enum err_code wire_status_to_err(const struct wire_status *status, struct err *err)
{
    enum err_code code = wire_code_to_err((int)status->code);
    if (code == ERR_OK) {
        return ERR_OK;
    }
    (void)err_set(err, code, "%s", status->message == NULL ? "" : status->message);
    if (status->reason != NULL && status->reason[0] != '\0') {
        (void)err_reason(err, status->reason);
    }
    if (status->hint_en != NULL && status->hint_en[0] != '\0') {
        (void)err_hint(err, "%s", status->hint_en);
    }
    return code;
}
