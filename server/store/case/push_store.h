/*
 * push_store - takes a batch of one municipality's units into the case cluster. Called by the
 * handler of SubmissionService, inside a transaction whose role is that municipality's.
 *
 *     struct push_batch batch = {.municipality_code = 657, .partnership_id = 4,
 *                                .units = units, .count = n};
 *     rc = push_store(db, &batch, outcomes, err);
 *
 * A unit is stored whole when its version is greater than the one held, else not at all; a
 * tombstone's version is remembered, so that an older version cannot bring the unit back.
 * The caller has checked the row rules (rules/check.h).
 */
#ifndef FREMGANG_STORE_CASE_PUSH_STORE_H
#define FREMGANG_STORE_CASE_PUSH_STORE_H

#include "rules/check.h"
#include "store/db.h"

enum { PUSH_SYNC_ID_BYTES = 16 };

enum push_kind {
    PUSH_CASE,                /* bundle */
    PUSH_WORKER_MONTH,        /* record */
    PUSH_REMOVE_CASE,         /* key */
    PUSH_REMOVE_WORKER_MONTH, /* key, month */
};

/** One unit; borrows. */
struct push_unit {
    enum push_kind kind;
    int64_t version; /* > 0 */
    const struct case_bundle *bundle;
    const struct record *record;
    const uint8_t *key; /* RECORD_KEY_BYTES */
    date_t month;
};

struct push_batch {
    int municipality_code; /* the caller's, never from the request */
    int partnership_id;
    const struct push_unit *units; /* borrowed */
    size_t count;                  /* at most BATCH_UNITS_MAX */
};

enum push_outcome {
    PUSH_UNCHANGED, /* this or a newer version was held, or another one in the batch is newer */
    PUSH_STORED,
    PUSH_REMOVED,
};

/** One batch's place in its sync run. */
struct push_sequence {
    int municipality_code;
    int partnership_id;
    const uint8_t *sync_id; /* PUSH_SYNC_ID_BYTES */
    uint32_t sequence;      /* 1, 2, 3 ... */
};

/** What is held for one municipality in one partnership. */
struct push_status {
    uint64_t cases;
    uint64_t worker_months;
    int64_t last_received_at_us; /* 0 if never */
};

/** One held unit, for the digest that both sides compare. */
struct push_held {
    bool is_case;
    struct db_bytes key; /* borrowed inside the call */
    date_t month;        /* of a worker-month */
    int64_t version;
};

/** Stores the batch and fills outcomes[batch->count] in its order. ERR_LIMIT over
 * BATCH_UNITS_MAX; else as in db.h. */
NODISCARD enum err_code push_store(struct db *db, const struct push_batch *batch,
                                   enum push_outcome *outcomes, struct err *err);
/** Takes the batch's number, and gives the one expected after it. ERR_CONFLICT with reason
 * "PUSH_OUT_OF_ORDER" when another was expected, which the hint names. */
NODISCARD enum err_code push_sequence_take(struct db *db, const struct push_sequence *at,
                                           uint32_t *next, struct err *err);
/** The number expected next; 1 when the run is unknown. `at->sequence` is not read. */
NODISCARD enum err_code push_sequence_next(struct db *db, const struct push_sequence *at,
                                           uint32_t *next, struct err *err);
/** Counts what is held. */
NODISCARD enum err_code push_status_read(struct db *db, int municipality_code, int partnership_id,
                                         struct push_status *out, struct err *err);

/** Called once a held unit; an error ends the reading and is passed on. */
typedef enum err_code (*push_held_fn)(void *ctx, const struct push_held *held, struct err *err);
struct push_held_query {
    int municipality_code;
    int partnership_id;
    push_held_fn read;
    void *ctx; /* borrowed */
};
/** Hands over the held units: cases by key, then worker-months by key and month. */
NODISCARD enum err_code push_held_read(struct db *db, const struct push_held_query *query,
                                       struct err *err);

#endif
