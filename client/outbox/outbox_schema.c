/* outbox_schema - see outbox_schema.h. A migration that was released is never edited. */
#include "outbox/outbox_schema.h"

static const char migration_1[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT INTO meta VALUES ('version_high', 0), ('run', 0);"
    "CREATE TABLE unit ("
    "  partnership TEXT NOT NULL, kind INTEGER NOT NULL CHECK (kind IN (1, 2)),"
    "  key BLOB NOT NULL CHECK (length(key) = 16), month INTEGER NOT NULL,"
    "  hash BLOB NOT NULL,"       /* SHA-256 of the body as put; zeros of a tombstone */
    "  body BLOB NOT NULL,"       /* emptied when acknowledged: the server has it */
    "  version INTEGER NOT NULL," /* of this content */
    "  state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'acked', 'refused')),"
    "  is_tombstone INTEGER NOT NULL,"
    "  sent_version INTEGER," /* newest version that was in a batch */
    "  held_version INTEGER," /* version the server acknowledged last */
    "  source TEXT NOT NULL, worker BLOB, run INTEGER NOT NULL,"
    "  PRIMARY KEY (partnership, kind, key, month)) WITHOUT ROWID;"
    "CREATE INDEX unit_pending ON unit (partnership, version) WHERE state = 'pending';"
    "CREATE INDEX unit_worker ON unit (partnership, worker) WHERE worker IS NOT NULL;"
    "CREATE TABLE violation ("
    "  partnership TEXT NOT NULL, kind INTEGER NOT NULL, key BLOB NOT NULL, month INTEGER NOT NULL,"
    "  rule TEXT NOT NULL, record_type TEXT NOT NULL, field TEXT NOT NULL, row INTEGER NOT NULL,"
    "  da TEXT NOT NULL, en TEXT NOT NULL,"
    "  FOREIGN KEY (partnership, kind, key, month) REFERENCES unit ON DELETE CASCADE);"
    "CREATE INDEX violation_unit ON violation (partnership, kind, key, month);"
    "CREATE TABLE sync_run (partnership TEXT PRIMARY KEY, sync_id BLOB NOT NULL,"
    "  next_sequence INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE batch ("
    "  id INTEGER PRIMARY KEY, partnership TEXT NOT NULL, sync_id BLOB NOT NULL,"
    "  sequence INTEGER NOT NULL, epoch INTEGER NOT NULL, is_open INTEGER NOT NULL,"
    "  receipt_body BLOB, receipt_signature BLOB, received_at_us INTEGER,"
    "  UNIQUE (sync_id, sequence),"
    "  CHECK (is_open = 1 OR receipt_body IS NOT NULL));"
    "CREATE UNIQUE INDEX batch_open ON batch (partnership) WHERE is_open = 1;"
    "CREATE TABLE batch_unit ("
    "  batch INTEGER NOT NULL REFERENCES batch, position INTEGER NOT NULL, kind INTEGER NOT NULL,"
    "  key BLOB NOT NULL, month INTEGER NOT NULL, version INTEGER NOT NULL,"
    "  is_tombstone INTEGER NOT NULL, body BLOB NOT NULL,"
    "  PRIMARY KEY (batch, position)) WITHOUT ROWID;";

static const char *const migrations[] = {migration_1};

static const char *const statements[] = {
#define STATEMENT(name, sql) [OUTBOX_##name] = sql,
#include "outbox/outbox_statements.def"
#undef STATEMENT
};

const struct store_schema outbox_schema = {
    .migrations = migrations,
    .migration_count = ARRAY_COUNT(migrations),
    .statements = statements,
    .statement_count = OUTBOX_STATEMENT_COUNT,
};
