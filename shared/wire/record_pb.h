/*
 * record_pb - records as protobuf messages and back, by reflection: record_table.def names
 * the fields, protobuf-c's descriptors say where each lies. The client packs with it, the
 * server's Push reads with it; neither names a field.
 *
 *     struct case_bundle bundle;
 *     code = bundle_from_pb(unit->case_bundle, arena, &bundle, err);
 *     code = case_check(&bundle, &options, &violations, err);
 *
 * A field of the wire that cannot be read (a key that is not 16 bytes) becomes a malformed
 * value, which the row rules report; it is no error here.
 */
#ifndef FREMGANG_WIRE_RECORD_PB_H
#define FREMGANG_WIRE_RECORD_PB_H

#include "base/arena.h"
#include "rules/check.h"

struct ProtobufCMessage;
struct ProtobufCMessageDescriptor;
struct Pb__CaseBundle;

/** The message type of a record type, e.g. that of Pb__Case. Static. */
const struct ProtobufCMessageDescriptor *record_pb_descriptor(enum record_type type);

/** Fills `*out` from a message of the record's type. Texts are borrowed from the message, key
 * lists live in `arena`. ERR_LIMIT at the arena's cap. */
NODISCARD enum err_code record_from_pb(enum record_type type,
                                       const struct ProtobufCMessage *message, struct arena *arena,
                                       struct record *out, struct err *err);
/** Makes the message in `arena`; texts are borrowed from the record. ERR_LIMIT at the cap,
 * ERR_INVALID when a value is malformed: such a record is not sent. */
NODISCARD enum err_code record_to_pb(const struct record *record, struct arena *arena,
                                     struct ProtobufCMessage **out, struct err *err);

/** Fills `*out`; its lists live in `arena`. A missing case gives an empty list. ERR_LIMIT. */
NODISCARD enum err_code bundle_from_pb(const struct Pb__CaseBundle *message, struct arena *arena,
                                       struct case_bundle *out, struct err *err);
/** Makes the message in `arena`. The first case is taken. ERR_LIMIT, ERR_INVALID. */
NODISCARD enum err_code bundle_to_pb(const struct case_bundle *bundle, struct arena *arena,
                                     struct Pb__CaseBundle **out, struct err *err);

#endif
