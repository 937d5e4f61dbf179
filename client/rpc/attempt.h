/*
 * attempt - one envelope out and one back: fresh request id, signature over it, remaining
 * deadline, and the answer's status as an error. Called by caller.c, which decides on more.
 *
 *     code = attempt_make(&attempt, &answer, err);
 */
#ifndef FREMGANG_RPC_ATTEMPT_H
#define FREMGANG_RPC_ATTEMPT_H

#include "base/clock.h"
#include "base/secret.h"
#include "rpc/channel.h"
#include "wire/message.h"
#include "wire/method.h"

/** All borrowed. */
struct attempt {
    struct channel *channel;
    const struct method *method;
    uint32_t process; /* a PROCESS_* bit */
    struct wire_bytes payload;
    const char *idempotency_key;   /* "" when the method reads */
    const struct secret *token;    /* NULL when the method needs none */
    const struct secret *identity; /* signs; NULL when there is no key */
    int64_t deadline_ms;           /* monotonic, of all attempts */
    const struct clock *clock;
    bool danish;
};

struct attempt_answer {
    struct buf *response;    /* borrowed; filled with the packed response message */
    uint32_t retry_after_ms; /* of a failure: how long the server asks to wait, or 0 */
};

/** Makes the attempt. Errors as caller_call; the detail of a refusal holds the request id. */
NODISCARD enum err_code attempt_make(const struct attempt *attempt, struct attempt_answer *out,
                                     struct err *err);

#endif
