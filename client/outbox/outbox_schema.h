/*
 * outbox_schema - the outbox's tables and the numbers of its statements, for outbox.c and
 * batch.c.
 *
 *     store_run(store, OUTBOX_UNIT_KEEP, values, 5, err);
 */
#ifndef FREMGANG_OUTBOX_OUTBOX_SCHEMA_H
#define FREMGANG_OUTBOX_OUTBOX_SCHEMA_H

#include "outbox/outbox.h"
#include "outbox/store.h"

enum outbox_statement {
#define STATEMENT(name, sql) OUTBOX_##name,
#include "outbox/outbox_statements.def"
#undef STATEMENT
    OUTBOX_STATEMENT_COUNT
};

struct outbox {
    struct store *store;
    struct outbox_import import; /* of the open import */
    int64_t run;                 /* number of the open import */
};

extern const struct store_schema outbox_schema;

/** The next version: above every one before, and not below `now_us`. Within a transaction. */
NODISCARD enum err_code outbox_next_version(struct outbox *outbox, int64_t now_us, int64_t *out,
                                            struct err *err);

#endif
