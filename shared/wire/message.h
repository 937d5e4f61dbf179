/*
 * message - packs and unpacks protobuf messages, hostile ones too. All memory of an
 * unpacked message comes from the request's capped arena; a message nested deeper than
 * WIRE_DEPTH_MAX levels is refused before the stack is in danger.
 *
 *     struct ProtobufCMessage *request;
 *     code = message_unpack(method->request, bytes, arena, &request, err);
 *
 * protobuf-c 1.4.1 has no recursion limit of its own.
 */
#ifndef FREMGANG_WIRE_MESSAGE_H
#define FREMGANG_WIRE_MESSAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

struct ProtobufCMessage;
struct ProtobufCMessageDescriptor;

/** A borrowed run of bytes. */
struct wire_bytes {
    const uint8_t *data;
    size_t len;
};

/** Reads one message; everything in `*out` lives in `arena`. ERR_INVALID when the bytes are
 * not such a message or hold text that is not UTF-8, ERR_LIMIT when they nest too deep or
 * need more memory than the arena has. Pure: depends on its arguments alone. */
NODISCARD enum err_code message_unpack(const struct ProtobufCMessageDescriptor *descriptor,
                                       struct wire_bytes bytes, struct arena *arena,
                                       struct ProtobufCMessage **out, struct err *err);
/** An initialised empty message in `arena`; NULL at the arena's cap. */
struct ProtobufCMessage *message_new(const struct ProtobufCMessageDescriptor *descriptor,
                                     struct arena *arena);
/** Appends the packed message. ERR_LIMIT over BUF_BYTES_MAX, ERR_INTERNAL. */
NODISCARD enum err_code message_pack(const struct ProtobufCMessage *message, struct buf *out,
                                     struct err *err);

#endif
