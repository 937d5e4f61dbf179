/*
 * exchange - one call with messages instead of bytes. For the typed callers alone.
 *
 *     AUTO(arena_free) struct arena *arena = exchange_arena();
 *     struct exchange exchange = {.method = METHOD_TABLE_GET, .request = &request.base};
 *     code = exchange_run(caller, &exchange, arena, &answer, err);
 */
#ifndef FREMGANG_RPC_EXCHANGE_H
#define FREMGANG_RPC_EXCHANGE_H

#include "base/arena.h"
#include "rpc/caller.h"

#include <protobuf-c/protobuf-c.h>

struct exchange {
    enum method_id method;
    uint32_t process;                /* as caller_request */
    const ProtobufCMessage *request; /* borrowed; of the method's request type */
    const char *idempotency_key;     /* as caller_request */
};

/** An arena for one answer; NULL when out of memory, which exchange_run reports. */
struct arena *exchange_arena(void);
/** Makes the call; the answer, of the method's response type, lives in the arena. Errors as
 * caller_call. */
NODISCARD enum err_code exchange_run(struct caller *caller, const struct exchange *exchange,
                                     struct arena *arena, ProtobufCMessage **out, struct err *err);
/** Bytes as protobuf-c wants them in a request; borrowed. */
ProtobufCBinaryData exchange_binary(struct wire_bytes bytes);

#endif
