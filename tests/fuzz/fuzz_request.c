/* Goal: no message makes the server's decoding crash, leak or pass its caps. Method: decode an
 * envelope as a listener would, then unpack its payload as every method of the table would. */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/envelope.h"
#include "wire/method.h"

#include <stdlib.h>

static void unpack_as(const struct method *method, struct wire_bytes payload)
{
    struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    struct ProtobufCMessage *message;
    struct err err = ERR_INIT;
    if (message_unpack(method->request, payload, arena, &message, &err) == ERR_OK) {
        struct buf again = BUF_INIT;
        (void)!message_pack(message, &again, &err);
        buf_clear(&again);
    }
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    struct wire_request request;
    struct wire_bytes payload = {data, size};
    struct err err = ERR_INIT;
    if (wire_request_decode(payload, arena, &request, &err) == ERR_OK) {
        payload = request.payload;
    } else if (err.message[0] == '\0') {
        abort(); // refused without saying why
    }
    for (size_t i = 0; i < method_count(); i++) {
        unpack_as(method_at(i), payload);
    }
    arena_free(arena);
    return 0;
}
