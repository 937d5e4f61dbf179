/*
 * publish - the job that makes one release: a consistent snapshot of the case cluster, exact
 * cubes in memory, protection for both audiences, a signed manifest, and one transaction
 * that stages it all in the release cluster. Called by server/main/publish.c.
 *
 *     struct publish_job job = {.case_pool = cases, .release_pool = releases,
 *                               .slug = "sverigesprogrammet", .key = key};
 *     publish_run(&job, &summary, err);
 *
 * Until that transaction commits nothing is stored, so a job killed at any point leaves
 * nothing behind and may be started again.
 */
#ifndef FREMGANG_PUBLISH_PUBLISH_H
#define FREMGANG_PUBLISH_PUBLISH_H

#include "base/secret.h"
#include "protect/suppress.h"
#include "publish/manifest.h"
#include "publish/periods.h"
#include "store/db.h"
#include "store/release/release_store.h"

enum {
    /* The snapshot holds back vacuum in the case cluster; 10 M facts take some 2 minutes. */
    PUBLISH_SNAPSHOT_MS_MAX = 30 * 60 * 1000,
    PUBLISH_STAGE_MS_MAX = 5 * 60 * 1000,
};

/** How far the job is, for a person who waits; never a figure of a cell. */
struct publish_progress {
    const char *unit;
    const char *period;
    size_t done; /* blocks */
    size_t total;
};

/** Borrows everything. */
struct publish_job {
    struct db_pool *case_pool;    /* as fremgang_publish */
    struct db_pool *release_pool; /* as fremgang_publish */
    const char *slug;
    const struct secret *key; /* signs the manifest; may be NULL in a dry run */
    const struct period_mark *leave_out;
    size_t leave_out_count;
    bool without_open;
    bool dry_run; /* do everything but stage */
    void (*report)(void *ctx, const struct publish_progress *progress); /* or NULL */
    void *ctx;
};

/** What was done. */
struct publish_summary {
    char release_id[RELEASE_ID_BYTES]; /* "" when there was nothing to release */
    struct periods *periods;           /* owned: released, left out, waited for */
    size_t block_count;
    size_t table_count; /* over both audiences */
    struct manifest_figures named;
    struct manifest_figures pooled;
    struct suppression_figures cost[2]; /* by audience */
    size_t solved;                      /* linear programs */
    int64_t protect_ms;                 /* spent in the protection */
    int64_t snapshot_ms;                /* spent reading facts */
};

#define PUBLISH_SUMMARY_INIT                                                                       \
    {                                                                                              \
        .periods = NULL                                                                            \
    }

/** Makes and stages the release of all periods that are closed and not yet released.
 * ERR_NOT_FOUND for an unknown partnership, ERR_LIMIT when a block is too large or a cell
 * cannot be protected, ERR_CONFLICT when another job staged a period meanwhile; else as db.h.
 * Nothing to release is ERR_OK with an empty release_id. */
NODISCARD enum err_code publish_run(const struct publish_job *job, struct publish_summary *out,
                                    struct err *err);
/** Frees what it owns. */
void publish_summary_clear(struct publish_summary *summary);

#endif
