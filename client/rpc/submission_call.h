/*
 * submission_call - a municipality's calls of SubmissionService as plain structs. Called by
 * cmd_sync and cmd_status.
 *
 *     struct submission_batch batch = {.partnership = slug, .sequence = 1, .units = units,
 *                                      .unit_count = n};
 *     AUTO(submission_result_free) struct submission_result *result = NULL;
 *     code = submission_push(caller, &batch, &result, err);
 *     for (size_t i = 0; i < result->verdict_count; i++) {   // one per unit, same order
 */
#ifndef FREMGANG_RPC_SUBMISSION_CALL_H
#define FREMGANG_RPC_SUBMISSION_CALL_H

#include "rpc/caller.h"
#include "wire/status.h"

enum { SUBMISSION_SYNC_ID_BYTES = 16, SUBMISSION_HASH_BYTES = 32 };

/** A batch to send; all borrowed. Sent again with the same sync id and sequence it has the
 * same idempotency key, so its units must then be the same too. */
struct submission_batch {
    const char *partnership;
    uint8_t sync_id[SUBMISSION_SYNC_ID_BYTES];
    uint32_t sequence; /* from 1 within the sync */
    uint32_t pseudonym_epoch;
    const struct wire_bytes *units; /* each a packed fremgang.v1.Unit */
    size_t unit_count;              /* at most BATCH_UNITS_MAX */
};

enum submission_outcome {
    SUBMISSION_STORED = 1,
    SUBMISSION_UNCHANGED = 2,
    SUBMISSION_REFUSED = 3,
    SUBMISSION_REMOVED = 4,
};

struct submission_verdict {
    enum submission_outcome outcome;
    const struct wire_violation *violations; /* of a refused unit */
    size_t violation_count;
};

/** The answer to a batch; its receipt has been verified against the pinned key, and against
 * what was sent. Everything it points to is its own. */
struct submission_result {
    struct arena *arena;
    const struct submission_verdict *verdicts; /* in the batch's order */
    size_t verdict_count;                      /* = unit_count */
    uint32_t next_sequence;
    uint32_t stored; /* the receipt's counts */
    uint32_t unchanged;
    uint32_t refused;
    int64_t received_at_us;
    struct wire_bytes receipt_body; /* to keep as proof, with the signature */
    struct wire_bytes receipt_signature;
};

/** What the server holds for the caller. */
struct submission_status {
    uint64_t cases;
    uint64_t worker_months;
    uint8_t units_sha256[SUBMISSION_HASH_BYTES];
    uint32_t next_sequence;
    int64_t last_received_at_us; /* 0 if never */
};

/** Sends one batch. Errors as caller_call; ERR_CORRUPT also when the receipt is not signed by
 * the pinned key or does not speak of this batch. */
NODISCARD enum err_code submission_push(struct caller *caller, const struct submission_batch *batch,
                                        struct submission_result **out, struct err *err);
/** Takes the result. NULL ok. */
void submission_result_free(struct submission_result *result);
DEFINE_AUTO(struct submission_result, submission_result_free);

/** Asks what the server holds; `sync_id` (SUBMISSION_SYNC_ID_BYTES) names a sync run to ask
 * about, or is NULL. Errors as caller_call. */
NODISCARD enum err_code submission_ask_status(struct caller *caller, const char *partnership,
                                              const uint8_t *sync_id, struct submission_status *out,
                                              struct err *err);

#endif
