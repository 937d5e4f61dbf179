/*
 * stage - the rows of one import, sorted by child on disk instead of in memory. A private
 * temporary SQLite database that goes with the process; it holds pseudonyms and packed
 * records, never a CPR number.
 *
 *     stage_put(stage, &row, err);                     // in any order
 *     stage_each(stage, slot, false, visit, ctx, err); // rows of one child come together
 *
 * A slot is a partnership of the import, or STAGE_NOWHERE for children in none.
 */
#ifndef FREMGANG_OUTBOX_STAGE_H
#define FREMGANG_OUTBOX_STAGE_H

#include "base/auto.h"
#include "base/err.h"
#include "wire/message.h"
#include "wire/unit_digest.h"

#include <stdbool.h>

enum { STAGE_NOWHERE = -1 };

struct stage;

struct stage_row {
    int slot;
    uint8_t owner[UNIT_KEY_BYTES]; /* pseudonym of the child, or of the worker */
    int type;                      /* record type */
    int file;                      /* the importer's number of the file */
    size_t line;
    bool is_worker;           /* a worker's row: comes with the workers, not the children */
    bool is_first;            /* the slot in which the row's violations are told */
    bool is_broken;           /* a cell row that could not be read: its case is refused */
    struct wire_bytes record; /* packed by import/record_blob.h */
};

/** Gives an empty stage. ERR_UNAVAILABLE. */
NODISCARD enum err_code stage_open(struct stage **out, struct err *err);
/** NULL ok. */
void stage_close(struct stage *stage);
DEFINE_AUTO(struct stage, stage_close);

/** Copies the row. ERR_UNAVAILABLE when the disk is full. */
NODISCARD enum err_code stage_put(struct stage *stage, const struct stage_row *row,
                                  struct err *err);
/** Visits a slot's rows of children (or of workers), by owner, type and arrival. The row is
 * borrowed; an error of `visit` stops and is passed on. */
NODISCARD enum err_code stage_each(struct stage *stage, int slot, bool of_workers,
                                   enum err_code (*visit)(void *ctx, const struct stage_row *row,
                                                          struct err *err),
                                   void *ctx, struct err *err);

/** Remembers a worker of the slot, whose months are wanted. */
NODISCARD enum err_code stage_put_worker(struct stage *stage, int slot,
                                         const uint8_t worker[UNIT_KEY_BYTES], struct err *err);
NODISCARD enum err_code stage_has_worker(struct stage *stage, int slot,
                                         const uint8_t worker[UNIT_KEY_BYTES], bool *out,
                                         struct err *err);

#endif
