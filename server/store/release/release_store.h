/*
 * release_store - releases in the release cluster: staged by publish, signed by two stewards
 * and then visible, withdrawn for good. Their cells are read through table_store.h.
 *
 *     rc = release_stage(db, &draft, err);                       // publish, as fremgang_publish
 *     rc = release_approve(db, &approval, &outcome, err);        // pool, as pool_steward
 */
#ifndef FREMGANG_STORE_RELEASE_RELEASE_STORE_H
#define FREMGANG_STORE_RELEASE_RELEASE_STORE_H

#include "protect/released_table.h"
#include "store/db.h"

enum {
    RELEASE_ID_BYTES = 96,
    RELEASE_STATE_BYTES = 12,
    RELEASE_APPROVALS_NEEDED = 2, /* also in sql/release: release_move() */
};

/** A member whose period was not closed. */
struct release_left_out {
    const char *period;
    int municipality_code;
};

/** A release to stage; everything is borrowed. */
struct release_draft {
    const char *release_id; /* "<slug>-<last period>-<number>", see release_number_next */
    int partnership_id;
    const char *policy;
    bool synthetic;
    const char *const *periods; /* quarters and half-years it covers */
    size_t period_count;
    struct db_bytes manifest;
    const uint8_t *manifest_sha256;    /* 32 bytes */
    const uint8_t *manifest_signature; /* 64 bytes */
    const struct release_left_out *left_out;
    size_t left_out_count;
    const struct released_table *const *tables;
    size_t table_count;
};

/** A steward's signed approval call. Borrows; the call's parts are kept as evidence. */
struct release_approval {
    const char *release_id;
    const char *principal_id;
    const uint8_t *manifest_sha256; /* 32 bytes */
    const char *request_id;
    const char *idempotency_key;
    struct db_bytes request;
    int64_t signed_at_us;
    const uint8_t *signature; /* 64 bytes */
};

struct release_outcome {
    int approvals;
    char state[RELEASE_STATE_BYTES];
};

struct release_withdrawal {
    const char *release_id;
    const char *principal_id;
    const char *reason;
};

/** One release as lists show it; texts are borrowed inside the reader. */
struct release_summary {
    const char *id;
    const char *partnership;
    const char *state;
    const char *period_from;
    const char *period_to;
    int64_t staged_at_us;
    int approvals;
    struct db_bytes manifest_sha256;
    int64_t cells_shown;
    int64_t cells_withheld;
    const char *policy;
    const char *left_out; /* "2014-Q3 657|2014-Q4 510", or "" */
    bool synthetic;
};

struct release_summary_reader {
    enum err_code (*read)(const struct release_summary *summary, void *ctx, struct err *err);
    void *ctx; /* borrowed */
};

/** Stores the release with all its cells, unreadable to viewers. ERR_CONFLICT when the id is
 * taken or a period is released already, ERR_INVALID. */
NODISCARD enum err_code release_stage(struct db *db, const struct release_draft *draft,
                                      struct err *err);
/** The number for the partnership's next release, from 1. */
NODISCARD enum err_code release_number_next(struct db *db, int partnership_id, int *out,
                                            struct err *err);
/** Calls `read` with one text column for every period of the partnership that a release
 * holds: those may not be released again. */
NODISCARD enum err_code release_periods(struct db *db, int partnership_id, struct db_reader read,
                                        struct err *err);
/** Records the signature; the second steward's makes the release visible in the same
 * transaction. ERR_NOT_FOUND; ERR_CONFLICT when it is not staged, the manifest is another,
 * or this steward has signed. */
NODISCARD enum err_code release_approve(struct db *db, const struct release_approval *approval,
                                        struct release_outcome *out, struct err *err);
/** Hides a staged or visible release for good. ERR_NOT_FOUND, ERR_CONFLICT. */
NODISCARD enum err_code release_withdraw(struct db *db, const struct release_withdrawal *withdrawal,
                                         struct err *err);
/** Hands over the releases that the transaction's role may see, newest first; `slug` "" is
 * every partnership. */
NODISCARD enum err_code release_list(struct db *db, const char *slug,
                                     struct release_summary_reader reader, struct err *err);

#endif
