/* call - see call.h. */
#include "rpc/call.h"

#include "wire/message.h"

void call_violate(struct call *call, const struct wire_violation *violation)
{
    if (call->violations == NULL) {
        call->violations =
            arena_alloc(call->arena, CALL_VIOLATIONS_MAX * sizeof(*call->violations));
    }
    if (call->violations != NULL && call->violation_count < CALL_VIOLATIONS_MAX) {
        call->violations[call->violation_count++] = *violation;
    }
}

void *call_message(struct call *call, const struct ProtobufCMessageDescriptor *descriptor)
{
    return message_new(descriptor, call->arena);
}

int64_t call_remaining_ms(const struct call *call)
{
    int64_t left = call->deadline_at_ms - clock_monotonic_ms();
    return left > 0 ? left : 0;
}
