/* Goal: no answer of a hostile server makes the client's decoding crash or leak. */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/envelope.h"
#include "wire/method.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    struct wire_bytes payload = {data, size};
    struct wire_response response;
    struct ProtobufCMessage *message;
    struct err err = ERR_INIT;
    if (wire_response_decode(payload, arena, &response, &err) == ERR_OK) {
        payload = response.payload;
    }
    for (size_t i = 0; i < method_count(); i++) {
        (void)!message_unpack(method_at(i)->response, payload, arena, &message, &err);
    }
    arena_free(arena);
    return 0;
}
