/*
 * batch - the outbox's way out: ordered batches, written with their exact bytes before they
 * are sent, and closed together with the receipt. Used by cmd_sync.
 *
 *     while (batch_next(outbox, slug, random16, &batch, err) == ERR_OK && batch != NULL) {
 *         code = submission_push(... batch's sync id, sequence and units ...);
 *         code = batch_close(outbox, batch, &receipt, verdicts, err);
 *         batch_free(batch);
 *     }
 *
 * Killed between the two, the next run gets the same batch with the same bytes, sync id and
 * sequence, hence the same idempotency key: the server answers as it did the first time.
 */
#ifndef FREMGANG_OUTBOX_BATCH_H
#define FREMGANG_OUTBOX_BATCH_H

#include "outbox/outbox.h"

enum { BATCH_SYNC_ID_BYTES = 16 };

/** A batch that has no receipt yet. Owns what it points to. */
struct batch {
    struct arena *arena;
    int64_t id;
    const char *partnership;
    uint8_t sync_id[BATCH_SYNC_ID_BYTES];
    uint32_t sequence;
    uint32_t epoch;
    bool is_resumed;          /* made by an earlier run */
    struct wire_bytes *units; /* packed, in order */
    size_t count;
};

enum batch_outcome { BATCH_STORED, BATCH_UNCHANGED, BATCH_REFUSED, BATCH_REMOVED };

struct batch_violation {
    const char *rule;
    const char *record_type;
    const char *field;
    uint32_t row;
    const char *da;
    const char *en;
};

struct batch_verdict {
    enum batch_outcome outcome;
    const struct batch_violation *violations; /* of a refused unit */
    size_t violation_count;
};

/** What the server signed; verified by the caller. */
struct batch_receipt {
    struct wire_bytes body;
    struct wire_bytes signature;
    int64_t received_at_us;
};

/** What a refused unit was refused for; texts are borrowed until the callback returns. */
struct batch_refusal {
    const char *source;
    struct batch_violation violation;
};

/** Gives the open batch of the partnership, or makes one of pending units; NULL when there is
 * nothing to send. A new sync run gets `random` as its id. ERR_UNAVAILABLE, ERR_CORRUPT. */
NODISCARD enum err_code batch_next(struct outbox *outbox, const char *partnership,
                                   const uint8_t random[BATCH_SYNC_ID_BYTES], struct batch **out,
                                   struct err *err);
/** Takes the batch; what is stored stays. NULL ok. */
void batch_free(struct batch *batch);
DEFINE_AUTO(struct batch, batch_free);

/** Stores the receipt and what became of each unit (`count` verdicts), in one transaction. */
NODISCARD enum err_code batch_close(struct outbox *outbox, const struct batch *batch,
                                    const struct batch_receipt *receipt,
                                    const struct batch_verdict *verdicts, struct err *err);
/** Takes a batch apart that the server will never take as it is: its units wait again, and
 * the next batch opens a new sync run. Nothing can get lost or double by this: a version
 * that the server already holds is answered as unchanged. */
NODISCARD enum err_code batch_abandon(struct outbox *outbox, const struct batch *batch,
                                      struct err *err);

/** Units of the partnership that wait for a batch or are in one. */
NODISCARD enum err_code batch_waiting(struct outbox *outbox, const char *partnership, uint64_t *out,
                                      struct err *err);
/** Calls `each` for every broken rule of every unit that stands refused. */
NODISCARD enum err_code batch_refusals(struct outbox *outbox, const char *partnership,
                                       void (*each)(void *ctx, const struct batch_refusal *refusal),
                                       void *ctx, struct err *err);

#endif
