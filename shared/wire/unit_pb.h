/*
 * unit_pb - packs one fremgang.v1.Unit: a case, a worker-month or the removal of one, with
 * its version. Called by the client's import; the outbox keeps the bytes, sync sends them.
 *
 *     code = unit_pack_case(&bundle, version, arena, &packed, err);
 *
 * The same records give the same bytes. With version 0 they are what a content hash covers.
 */
#ifndef FREMGANG_WIRE_UNIT_PB_H
#define FREMGANG_WIRE_UNIT_PB_H

#include "base/arena.h"
#include "base/buf.h"
#include "rules/check.h"
#include "wire/unit_digest.h"

/** Appends a case unit; `arena` is scratch. ERR_INVALID for a malformed value, ERR_LIMIT. */
NODISCARD enum err_code unit_pack_case(const struct case_bundle *bundle, uint64_t version,
                                       struct arena *arena, struct buf *out, struct err *err);
/** Appends a worker-month unit. ERR_INVALID, ERR_LIMIT. */
NODISCARD enum err_code unit_pack_worker_month(const struct record *record, uint64_t version,
                                               struct arena *arena, struct buf *out,
                                               struct err *err);
/** Appends the removal of a unit. ERR_LIMIT, ERR_INTERNAL. */
NODISCARD enum err_code unit_pack_tombstone(const struct unit_id *id, struct buf *out,
                                            struct err *err);

#endif
