/*
 * unit_pb - packs one fremgang.v1.Unit: a case, a worker-month or the removal of one. Called
 * by the client's import and outbox. The body comes first, without its version, for it is
 * what a content hash covers; the version is put before it when the unit is sent.
 *
 *     code = unit_pack_case(&bundle, arena, &body, err);
 *     code = unit_pack_version(version, (struct wire_bytes){body.data, body.len}, &unit, err);
 *
 * The same records give the same bytes.
 */
#ifndef FREMGANG_WIRE_UNIT_PB_H
#define FREMGANG_WIRE_UNIT_PB_H

#include "base/arena.h"
#include "base/buf.h"
#include "rules/check.h"
#include "wire/message.h"
#include "wire/unit_digest.h"

/** Appends a case's body; `arena` is scratch. ERR_INVALID for a malformed value, ERR_LIMIT. */
NODISCARD enum err_code unit_pack_case(const struct case_bundle *bundle, struct arena *arena,
                                       struct buf *out, struct err *err);
/** Appends a worker-month's body. ERR_INVALID, ERR_LIMIT. */
NODISCARD enum err_code unit_pack_worker_month(const struct record *record, struct arena *arena,
                                               struct buf *out, struct err *err);
/** Appends the body that removes a unit. ERR_LIMIT, ERR_INTERNAL. */
NODISCARD enum err_code unit_pack_tombstone(const struct unit_id *id, struct buf *out,
                                            struct err *err);
/** Appends the whole unit: the version, then the body as it is. ERR_LIMIT, ERR_INTERNAL. */
NODISCARD enum err_code unit_pack_version(uint64_t version, struct wire_bytes body, struct buf *out,
                                          struct err *err);

#endif
