/* exchange - see exchange.h. */
#include "rpc/exchange.h"

#include "base/limits.h"

#include <assert.h>

struct arena *exchange_arena(void)
{
    return arena_new(WIRE_ARENA_BYTES_MAX);
}

/* protobuf-c writes through no pointer of a message it packs, but declares none const. */
ProtobufCBinaryData exchange_binary(struct wire_bytes bytes)
{
    return (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.data};
}

enum err_code exchange_run(struct caller *caller, const struct exchange *exchange,
                           struct arena *arena, ProtobufCMessage **out, struct err *err)
{
    AUTO_BUF struct buf packed = BUF_INIT;
    AUTO_BUF struct buf answer = BUF_INIT;
    const struct method *method = method_at(exchange->method);
    assert(exchange->request->descriptor == method->request);
    enum err_code code =
        arena == NULL ? err_memory(err) : message_pack(exchange->request, &packed, err);
    if (code != ERR_OK) {
        return code;
    }
    struct caller_request request = {
        .method = exchange->method,
        .process = exchange->process,
        .payload = {packed.data, packed.len},
        .idempotency_key = exchange->idempotency_key,
    };
    code = caller_call(caller, &request, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    struct wire_bytes bytes = {answer.data, answer.len};
    if (message_unpack(method->response, bytes, arena, out, err) != ERR_OK) {
        return err_set(err, ERR_CORRUPT, "the answer to %s is not a response of it", method->path);
    }
    return ERR_OK;
}
