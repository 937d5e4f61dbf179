/*
 * record_blob - a record as bytes for the stage, malformed values included (the wire has no
 * form for those). Only this program reads them, in the same run.
 *
 *     record_blob_write(&record, &bytes);
 *     record_blob_read(type, bytes, arena, &record, err);
 */
#ifndef FREMGANG_IMPORT_RECORD_BLOB_H
#define FREMGANG_IMPORT_RECORD_BLOB_H

#include "base/arena.h"
#include "base/buf.h"
#include "rules/record.h"
#include "wire/message.h"

/** Appends the record; check the buffer afterwards. */
void record_blob_write(const struct record *record, struct buf *out);
/** Reads a record; texts and key lists live in `arena`. ERR_CORRUPT, ERR_LIMIT. */
NODISCARD enum err_code record_blob_read(enum record_type type, struct wire_bytes bytes,
                                         struct arena *arena, struct record *out, struct err *err);

#endif
