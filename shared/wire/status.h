/*
 * status - how a call ended, as it travels: a gRPC code with Fremgang's details. One table
 * ties our error codes and reasons to gRPC codes, in both directions.
 *
 *     struct wire_status status = wire_status_from_err(&err);      // server
 *     if (wire_status_to_err(&response.status, &err) != ERR_OK) {  // client
 */
#ifndef FREMGANG_WIRE_STATUS_H
#define FREMGANG_WIRE_STATUS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/** gRPC's status codes. */
enum wire_code {
    WIRE_OK = 0,
    WIRE_CANCELLED = 1,
    WIRE_UNKNOWN = 2,
    WIRE_INVALID_ARGUMENT = 3,
    WIRE_DEADLINE_EXCEEDED = 4,
    WIRE_NOT_FOUND = 5,
    WIRE_ALREADY_EXISTS = 6,
    WIRE_PERMISSION_DENIED = 7,
    WIRE_RESOURCE_EXHAUSTED = 8,
    WIRE_FAILED_PRECONDITION = 9,
    WIRE_ABORTED = 10,
    WIRE_OUT_OF_RANGE = 11,
    WIRE_UNIMPLEMENTED = 12,
    WIRE_INTERNAL = 13,
    WIRE_UNAVAILABLE = 14,
    WIRE_DATA_LOSS = 15,
    WIRE_UNAUTHENTICATED = 16,
    WIRE_CODE_COUNT
};

/** One broken rule at one place; all strings borrowed, never NULL when decoded. */
struct wire_violation {
    const char *rule;        /* "followup.date_before_start" */
    const char *record_type; /* "follow_up" */
    const char *field;       /* "followup_date"; "" for a rule over several fields */
    uint32_t row;            /* from 1; 0 when not in a list */
    const char *da;          /* what was wanted, Danish; never a value */
    const char *en;
};

/** Strings are borrowed; NULL is sent as "". */
struct wire_status {
    enum wire_code code;
    const char *message; /* English, lower case */
    const char *reason;  /* "TOKEN_EXPIRED" or "" */
    const char *hint_da;
    const char *hint_en;
    bool has_retry_after;
    uint32_t retry_after_ms;
    const struct wire_violation *violations;
    size_t violation_count;
};

/** "UNAUTHENTICATED" and so on; "UNKNOWN" for a number outside 0-16. Static. */
const char *wire_code_name(int code);
/** The gRPC code of an error: by its reason when the reason table has it, else by its code. */
enum wire_code wire_code_from_err(const struct err *err);
/** The error code that a gRPC code stands for. */
enum err_code wire_code_to_err(int code);

/** The status of an error (ERR_OK gives WIRE_OK). Borrows the error's texts; the log-only
 * detail stays behind. */
struct wire_status wire_status_from_err(const struct err *err);
/** Copies message, reason and English hint; returns ERR_OK only for WIRE_OK. */
NODISCARD enum err_code wire_status_to_err(const struct wire_status *status, struct err *err);

#endif
