/* message - see message.h. */
#include "wire/message.h"

#include "base/limits.h"

#include <protobuf-c/protobuf-c.h>

#include <string.h>

/* What the allocator knows of the unpack it serves. */
struct unpack {
    struct arena *arena;
    uintptr_t stack_start; /* frame of message_unpack */
    bool is_too_deep;
};

/* protobuf_c_message_unpack allocates once per nested message before it descends, so the
 * distance between its frame and ours tells the depth. Frame addresses, not addresses of
 * locals: the address sanitizer moves locals off the stack. */
static __attribute__((noinline)) void *unpack_alloc(void *data, size_t size)
{
    struct unpack *unpack = data;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t used =
        here < unpack->stack_start ? unpack->stack_start - here : here - unpack->stack_start;
    if (used > WIRE_STACK_BYTES_MAX) {
        unpack->is_too_deep = true;
        return NULL;
    }
    return arena_alloc(unpack->arena, size);
}

/* The arena frees all at once. */
static void unpack_free(void *data, void *block)
{
    (void)data;
    (void)block;
}

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Length of the UTF-8 sequence at `at`, or 0; overlong forms, surrogates and values past
 * U+10FFFF are none (RFC 3629, section 4). */
static size_t utf8_sequence(const uint8_t *at)
{
    uint8_t first = at[0];
    uint8_t low = 0x80;
    uint8_t high = 0xBF;
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return is_continuation(at[1]) ? 2 : 0;
    }
    if (first < 0xE0 || first > 0xF4) {
        return 0;
    }
    low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : low;
    high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : high;
    if (at[1] < low || at[1] > high || !is_continuation(at[2])) {
        return 0;
    }
    if (first < 0xF0) {
        return 3;
    }
    return is_continuation(at[3]) ? 4 : 0;
}

/* A NUL ends every check early, so nothing past the string is read. */
static bool is_utf8(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    while (*at != 0) {
        size_t len = utf8_sequence(at);
        if (len == 0) {
            return false;
        }
        at += len;
    }
    return true;
}

static bool has_clean_text(const ProtobufCMessage *message);

static bool is_clean_value(const ProtobufCFieldDescriptor *field, const void *value)
{
    const void *pointer = *(void *const *)value;
    if (pointer == NULL) {
        return true;
    }
    return field->type == PROTOBUF_C_TYPE_STRING ? is_utf8(pointer) : has_clean_text(pointer);
}

static bool is_clean_field(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const uint8_t *base = (const uint8_t *)message;
    const uint8_t *value = base + field->offset;
    if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE) {
        return true;
    }
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        bool is_other_member =
            (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
            *(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id;
        return is_other_member || is_clean_value(field, value);
    }
    size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
    const uint8_t *items = *(uint8_t *const *)(const void *)value;
    for (size_t i = 0; i < count; i++) {
        if (!is_clean_value(field, items + i * sizeof(void *))) {
            return false;
        }
    }
    return true;
}

/* As deep as the message, which unpacking has bounded. */
static bool has_clean_text(const ProtobufCMessage *message)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        if (!is_clean_field(message, &message->descriptor->fields[i])) {
            return false;
        }
    }
    return true;
}

static enum err_code refuse(const struct unpack *unpack, const char *name, struct err *err)
{
    if (unpack->is_too_deep) {
        (void)err_set(err, ERR_LIMIT, "%s is nested too deep", name);
        return err_reason(err, "MESSAGE_TOO_DEEP");
    }
    if (arena_is_exhausted(unpack->arena)) {
        (void)err_set(err, ERR_LIMIT, "%s needs more memory than a call may take", name);
        return err_reason(err, "MESSAGE_TOO_LARGE");
    }
    (void)err_set(err, ERR_INVALID, "the bytes are not a %s", name);
    return err_reason(err, "MESSAGE_MALFORMED");
}

enum err_code message_unpack(const ProtobufCMessageDescriptor *descriptor, struct wire_bytes bytes,
                             struct arena *arena, ProtobufCMessage **out, struct err *err)
{
    struct unpack unpack = {.arena = arena, .stack_start = (uintptr_t)__builtin_frame_address(0)};
    ProtobufCAllocator allocator = {unpack_alloc, unpack_free, &unpack};
    // An empty message may come as NULL, which protobuf-c would do arithmetic on.
    const uint8_t *data = bytes.data == NULL ? (const uint8_t *)"" : bytes.data;
    ProtobufCMessage *message = protobuf_c_message_unpack(descriptor, &allocator, bytes.len, data);
    if (message == NULL) {
        return refuse(&unpack, descriptor->name, err);
    }
    if (!has_clean_text(message)) {
        (void)err_set(err, ERR_INVALID, "text in %s is not UTF-8", descriptor->name);
        return err_reason(err, "MESSAGE_MALFORMED");
    }
    *out = message;
    return ERR_OK;
}

ProtobufCMessage *message_new(const ProtobufCMessageDescriptor *descriptor, struct arena *arena)
{
    ProtobufCMessage *message = arena_alloc(arena, descriptor->sizeof_message);
    if (message != NULL) {
        protobuf_c_message_init(descriptor, message);
    }
    return message;
}

enum err_code message_pack(const ProtobufCMessage *message, struct buf *out, struct err *err)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    buf_reserve(out, size);
    enum err_code code = buf_check(out, err);
    if (code != ERR_OK) {
        return code;
    }
    out->len += protobuf_c_message_pack(message, out->data + out->len);
    out->data[out->len] = '\0';
    return ERR_OK;
}
