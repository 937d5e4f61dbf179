/*
 * call - one authenticated call as its handler sees it. The gate made it: the handler
 * checks no permission, begins no transaction, and fills the response it is given.
 *
 *     enum err_code table_get(struct call *call, const ProtobufCMessage *request,
 *                             ProtobufCMessage *response, struct err *err)
 *     {
 *         const Pb__GetTableRequest *get = (const Pb__GetTableRequest *)request;
 *         Pb__GetTableResponse *answer = (Pb__GetTableResponse *)response;
 *         answer->table = call_message(call, &pb__table__descriptor);
 *
 * Sub-messages and strings of the response live in call->arena; a NULL from the arena is
 * err_memory. A call that fails is rolled back.
 */
#ifndef FREMGANG_RPC_CALL_H
#define FREMGANG_RPC_CALL_H

#include "base/arena.h"
#include "base/clock.h"
#include "rpc/principal.h"
#include "wire/method.h"
#include "wire/status.h"

typedef struct ProtobufCMessage ProtobufCMessage;
struct ProtobufCMessageDescriptor;

enum { CALL_DIGEST_BYTES = 32, CALL_VIOLATIONS_MAX = 200 };

struct call {
    const struct method *method;
    struct principal principal; /* id "" for methods of ROLE_ANYONE */
    const char *request_id;
    const char *idempotency_key;  /* "" when the method only reads */
    int64_t deadline_at_ms;       /* clock_monotonic_ms; the store cancels at it */
    const uint8_t *request_bytes; /* the packed request */
    size_t request_len;
    uint8_t request_sha256[CALL_DIGEST_BYTES]; /* over method path, NUL, request_bytes */
    struct arena *arena;
    const struct clock *clock;
    void *transaction; /* set by gate_ops.transaction_begin; NULL for anonymous reads */
    void *services;    /* the process's own, see struct gate_options */
    struct wire_violation *violations; /* see call_violate */
    size_t violation_count;
    const uint8_t *signature; /* 64 bytes when the method is signed, else NULL: evidence */
    int64_t signed_at_us;
    const char *audit_subject; /* what the audit says it was about, set by the handler: a
                                  canonical query, a release id; NULL is nothing */
};

/** Answers one method. `response` is initialised; on failure it is thrown away. */
typedef enum err_code (*call_handler)(struct call *call, const ProtobufCMessage *request,
                                      ProtobufCMessage *response, struct err *err);

/** Attaches a broken rule to the call's refusal; the handler then returns ERR_INVALID. The
 * texts are borrowed until the answer is sent. Past CALL_VIOLATIONS_MAX they are dropped. */
void call_violate(struct call *call, const struct wire_violation *violation);
/** An initialised empty message in the call's arena; NULL at its cap. */
void *call_message(struct call *call, const struct ProtobufCMessageDescriptor *descriptor);
/** Milliseconds until the deadline, 0 when it has passed. */
int64_t call_remaining_ms(const struct call *call);

#endif
