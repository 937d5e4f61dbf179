/* envelope - see envelope.h. */
#include "wire/envelope.h"

#include "base/limits.h"

#include "fremgang/v1/envelope.pb-c.h"

#include <string.h>

/* protobuf-c writes through no pointer of a message it packs, but declares none const. */
static ProtobufCBinaryData binary(struct wire_bytes bytes)
{
    return (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.data};
}

static const char *text(const char *value)
{
    return value == NULL ? "" : value;
}

/* Appends the message unless it would pass the wire's limit. */
static enum err_code append(const ProtobufCMessage *message, struct buf *out, struct err *err)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    if (size > WIRE_MESSAGE_BYTES_MAX) {
        (void)err_set(err, ERR_LIMIT, "a message of %zu bytes; at most %d can be sent", size,
                      WIRE_MESSAGE_BYTES_MAX);
        return err_reason(err, "MESSAGE_TOO_LARGE");
    }
    return message_pack(message, out, err);
}

static enum err_code unpack(const ProtobufCMessageDescriptor *descriptor, struct wire_bytes bytes,
                            struct arena *arena, ProtobufCMessage **out, struct err *err)
{
    if (bytes.len > WIRE_MESSAGE_BYTES_MAX) {
        (void)err_set(err, ERR_LIMIT, "a message of %zu bytes; at most %d can be received",
                      bytes.len, WIRE_MESSAGE_BYTES_MAX);
        return err_reason(err, "MESSAGE_TOO_LARGE");
    }
    return message_unpack(descriptor, bytes, arena, out, err);
}

/* Ids go into logs and answers: short, printable, without spaces. */
static bool is_id(const char *value)
{
    size_t len = strnlen(value, WIRE_ID_BYTES_MAX + 1);
    for (size_t i = 0; i < len; i++) {
        if (value[i] <= ' ' || value[i] > '~') {
            return false;
        }
    }
    return len <= WIRE_ID_BYTES_MAX;
}

static enum err_code malformed(struct err *err, const char *what)
{
    (void)err_set(err, ERR_INVALID, "%s", what);
    return err_reason(err, "MESSAGE_MALFORMED");
}

enum err_code wire_request_encode(const struct wire_request *request, struct buf *out,
                                  struct err *err)
{
    struct wire_bytes signature = {request->signature, WIRE_SIGNATURE_BYTES};
    Pb__CallSignature pb_signature = PB__CALL_SIGNATURE__INIT;
    Pb__RequestMetadata metadata = PB__REQUEST_METADATA__INIT;
    Pb__RequestEnvelope envelope = PB__REQUEST_ENVELOPE__INIT;
    pb_signature.signature = binary(signature);
    pb_signature.signed_at_us = request->signed_at_us;
    metadata.request_id = text(request->request_id);
    metadata.traceparent = text(request->traceparent);
    metadata.client_version = text(request->client_version);
    metadata.authorization = binary(request->token);
    metadata.deadline_ms = request->deadline_ms;
    metadata.idempotency_key = text(request->idempotency_key);
    metadata.signature = request->is_signed ? &pb_signature : NULL;
    envelope.method = text(request->method);
    envelope.metadata = &metadata;
    envelope.payload = binary(request->payload);
    return append(&envelope.base, out, err);
}

static enum err_code check_metadata(const Pb__RequestMetadata *metadata, struct err *err)
{
    if (!is_id(metadata->request_id) || metadata->request_id[0] == '\0') {
        return malformed(err, "the request id is not 1 to 64 printable characters");
    }
    if (!is_id(metadata->idempotency_key)) {
        return malformed(err, "the idempotency key is not up to 64 printable characters");
    }
    if (!is_id(metadata->traceparent) || !is_id(metadata->client_version)) {
        return malformed(err, "traceparent or client version is not up to 64 printable characters");
    }
    if (metadata->signature != NULL && metadata->signature->signature.len != WIRE_SIGNATURE_BYTES) {
        return malformed(err, "the call's signature is not 64 bytes");
    }
    return ERR_OK;
}

enum err_code wire_request_decode(struct wire_bytes bytes, struct arena *arena,
                                  struct wire_request *out, struct err *err)
{
    ProtobufCMessage *message = NULL;
    enum err_code code = unpack(&pb__request_envelope__descriptor, bytes, arena, &message, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__RequestEnvelope *envelope = (const Pb__RequestEnvelope *)message;
    const Pb__RequestMetadata *metadata = envelope->metadata;
    if (metadata == NULL) {
        return malformed(err, "the request has no metadata");
    }
    code = check_metadata(metadata, err);
    if (code != ERR_OK) {
        return code;
    }
    *out = (struct wire_request){
        .method = envelope->method,
        .request_id = metadata->request_id,
        .traceparent = metadata->traceparent,
        .client_version = metadata->client_version,
        .token = {metadata->authorization.data, metadata->authorization.len},
        .deadline_ms = metadata->deadline_ms,
        .idempotency_key = metadata->idempotency_key,
        .is_signed = metadata->signature != NULL,
        .payload = {envelope->payload.data, envelope->payload.len},
    };
    if (out->is_signed) {
        memcpy(out->signature, metadata->signature->signature.data, WIRE_SIGNATURE_BYTES);
        out->signed_at_us = metadata->signature->signed_at_us;
    }
    return ERR_OK;
}

/* One violation with the text it points to. */
struct violation_slot {
    Pb__FieldViolation violation;
    Pb__LocalizedMessage message;
};

static void fill_violation(struct violation_slot *slot, const struct wire_violation *violation)
{
    pb__field_violation__init(&slot->violation);
    pb__localized_message__init(&slot->message);
    slot->message.da = text(violation->da);
    slot->message.en = text(violation->en);
    slot->violation.rule = text(violation->rule);
    slot->violation.record_type = text(violation->record_type);
    slot->violation.field = text(violation->field);
    slot->violation.row = violation->row;
    slot->violation.message = &slot->message;
}

static enum err_code append_response(const struct wire_response *response,
                                     Pb__FieldViolation **violations, struct buf *out,
                                     struct err *err)
{
    Pb__LocalizedMessage hint = PB__LOCALIZED_MESSAGE__INIT;
    Pb__Status status = PB__STATUS__INIT;
    Pb__ResponseEnvelope envelope = PB__RESPONSE_ENVELOPE__INIT;
    hint.da = text(response->status.hint_da);
    hint.en = text(response->status.hint_en);
    status.code = (int32_t)response->status.code;
    status.message = text(response->status.message);
    status.reason = text(response->status.reason);
    status.hint = hint.da[0] != '\0' || hint.en[0] != '\0' ? &hint : NULL;
    if (response->status.has_retry_after) {
        status._retry_after_ms_case = PB__STATUS___RETRY_AFTER_MS_RETRY_AFTER_MS;
        status.retry_after_ms = response->status.retry_after_ms;
    }
    status.n_field_violations = response->status.violation_count;
    status.field_violations = violations;
    envelope.request_id = text(response->request_id);
    envelope.status = &status;
    envelope.server_time_us = response->server_time_us;
    envelope.payload = binary(response->payload);
    return append(&envelope.base, out, err);
}

enum err_code wire_response_encode(const struct wire_response *response, struct buf *out,
                                   struct err *err)
{
    size_t count = response->status.violation_count;
    AUTO_HEAP struct violation_slot *slots = NULL;
    AUTO_HEAP Pb__FieldViolation **pointers = NULL;
    if (count > 0) {
        slots = calloc(count, sizeof(*slots));
        pointers = calloc(count, sizeof(Pb__FieldViolation *));
        if (slots == NULL || pointers == NULL) {
            return err_memory(err);
        }
    }
    for (size_t i = 0; i < count; i++) {
        fill_violation(&slots[i], &response->status.violations[i]);
        pointers[i] = &slots[i].violation;
    }
    return append_response(response, pointers, out, err);
}

static struct wire_violation read_violation(const Pb__FieldViolation *from)
{
    return (struct wire_violation){
        .rule = from->rule,
        .record_type = from->record_type,
        .field = from->field,
        .row = from->row,
        .da = from->message == NULL ? "" : from->message->da,
        .en = from->message == NULL ? "" : from->message->en,
    };
}

static enum err_code read_status(const Pb__Status *from, struct arena *arena,
                                 struct wire_status *out, struct err *err)
{
    size_t count = from->n_field_violations;
    bool has_retry_after = from->_retry_after_ms_case == PB__STATUS___RETRY_AFTER_MS_RETRY_AFTER_MS;
    struct wire_violation *violations = arena_alloc(arena, count * sizeof(*violations));
    if (violations == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        violations[i] = read_violation(from->field_violations[i]);
    }
    *out = (struct wire_status){
        .code = from->code >= 0 && from->code < WIRE_CODE_COUNT ? (enum wire_code)from->code
                                                                : WIRE_UNKNOWN,
        .message = from->message,
        .reason = from->reason,
        .hint_da = from->hint == NULL ? "" : from->hint->da,
        .hint_en = from->hint == NULL ? "" : from->hint->en,
        .has_retry_after = has_retry_after,
        .retry_after_ms = has_retry_after ? from->retry_after_ms : 0,
        .violations = violations,
        .violation_count = count,
    };
    return ERR_OK;
}

enum err_code wire_response_decode(struct wire_bytes bytes, struct arena *arena,
                                   struct wire_response *out, struct err *err)
{
    ProtobufCMessage *message = NULL;
    enum err_code code = unpack(&pb__response_envelope__descriptor, bytes, arena, &message, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__ResponseEnvelope *envelope = (const Pb__ResponseEnvelope *)message;
    if (envelope->status == NULL) {
        return malformed(err, "the answer has no status");
    }
    struct wire_status status;
    code = read_status(envelope->status, arena, &status, err);
    if (code == ERR_OK) {
        *out = (struct wire_response){
            .request_id = envelope->request_id,
            .status = status,
            .server_time_us = envelope->server_time_us,
            .payload = {envelope->payload.data, envelope->payload.len},
        };
    }
    return code;
}
