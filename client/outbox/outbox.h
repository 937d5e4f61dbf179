/*
 * outbox - what this municipality wants the server to hold, per partnership, and how far it
 * got there: a SQLite file that survives being killed at any point. Used by cmd_import (puts
 * units), cmd_sync (sends batches, batch.h) and cmd_status (counts, digest).
 *
 *     outbox_begin(outbox, &(struct outbox_import){.partnership = slug, ...}, err);
 *     for each unit of the dump: outbox_put(outbox, &unit, &result, err);
 *     outbox_vanish(outbox, kind, &limits, &vanished, err);   // a full dump only
 *     outbox_commit(outbox, err);                             // all of it, or nothing
 *
 * A unit is packed bytes under a pseudonym; no CPR number is ever here. Only a unit whose
 * content hash changed gets a new version and is sent.
 */
#ifndef FREMGANG_OUTBOX_OUTBOX_H
#define FREMGANG_OUTBOX_OUTBOX_H

#include "base/auto.h"
#include "base/err.h"
#include "wire/message.h"
#include "wire/unit_digest.h"

enum { OUTBOX_HASH_BYTES = 32, OUTBOX_TEXT_BYTES = 128 };

struct outbox;

/** States of a unit; the same words stand in the table's CHECK. */
enum outbox_state {
    OUTBOX_PENDING, /* has changes that no batch holds */
    OUTBOX_SENT,    /* is in a batch that has no receipt yet */
    OUTBOX_ACKED,   /* the server holds this version */
    OUTBOX_REFUSED, /* the server refused this version; waits for a changed one */
    OUTBOX_STATE_COUNT
};

struct outbox_import {
    const char *partnership; /* slug; borrowed until the commit */
    int64_t now_us;          /* versions grow with the clock, so that a lost outbox can be made
                                again without falling behind the server's versions */
};

struct outbox_unit {
    struct unit_id id;      /* version is not looked at */
    struct wire_bytes body; /* see wire/unit_pb.h */
    const char *source;     /* "sager.csv:12", for messages */
    const uint8_t *worker;  /* responsible worker of a case (UNIT_KEY_BYTES), or NULL */
};

enum outbox_put_result { OUTBOX_PUT_NEW, OUTBOX_PUT_CHANGED, OUTBOX_PUT_UNCHANGED };

struct outbox_vanish_limits {
    unsigned percent_max; /* of the units of the kind; more is refused */
    bool is_allowed;      /* --allow-vanished: any share */
};

struct outbox_counts {
    uint64_t states[OUTBOX_STATE_COUNT]; /* tombstones are counted too */
    uint64_t tombstones;
    uint64_t held_cases; /* units the server has acknowledged */
    uint64_t held_worker_months;
};

/** Opens or makes the file. ERR_UNAVAILABLE, ERR_CORRUPT. */
NODISCARD enum err_code outbox_open(const char *path, struct outbox **out, struct err *err);
/** An import that was not committed leaves nothing. NULL ok. */
void outbox_close(struct outbox *outbox);
DEFINE_AUTO(struct outbox, outbox_close);

/** Starts an import of one partnership: one transaction. ERR_UNAVAILABLE. */
NODISCARD enum err_code outbox_begin(struct outbox *outbox, const struct outbox_import *import,
                                     struct err *err);
/** Puts one unit of the dump. */
NODISCARD enum err_code outbox_put(struct outbox *outbox, const struct outbox_unit *unit,
                                   enum outbox_put_result *out, struct err *err);
/** Says that a unit is in the dump though it cannot be sent, so that it has not vanished. */
NODISCARD enum err_code outbox_keep(struct outbox *outbox, const struct unit_id *id,
                                    struct err *err);
/** Turns every unit of the kind that this import did not meet into a tombstone and counts
 * them. ERR_CONFLICT when they are more than the limit; then only the caller's roll back. */
NODISCARD enum err_code outbox_vanish(struct outbox *outbox, enum unit_kind kind,
                                      const struct outbox_vanish_limits *limits, uint64_t *out,
                                      struct err *err);
/** Ends the import: all of it, or nothing. */
NODISCARD enum err_code outbox_commit(struct outbox *outbox, struct err *err);
/** Forgets the import. */
void outbox_rollback(struct outbox *outbox);

/** Whether a case of the partnership names this worker: whose months are sent. */
NODISCARD enum err_code outbox_has_worker(struct outbox *outbox, const char *partnership,
                                          const uint8_t worker[UNIT_KEY_BYTES], bool *out,
                                          struct err *err);
/** Counts one partnership's units. */
NODISCARD enum err_code outbox_count(struct outbox *outbox, const char *partnership,
                                     struct outbox_counts *out, struct err *err);
/** The digest over what the server has acknowledged; equals its own when both agree. */
NODISCARD enum err_code outbox_digest(struct outbox *outbox, const char *partnership,
                                      uint8_t out[UNIT_DIGEST_BYTES], struct err *err);
/** Sends refused units again with the next batch; counts them. */
NODISCARD enum err_code outbox_retry_refused(struct outbox *outbox, const char *partnership,
                                             uint64_t *out, struct err *err);
/** Calls `each` with every partnership's slug, in order. */
NODISCARD enum err_code outbox_partnerships(struct outbox *outbox,
                                            void (*each)(void *ctx, const char *slug), void *ctx,
                                            struct err *err);

#endif
