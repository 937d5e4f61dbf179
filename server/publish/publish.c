/* publish - snapshot, cubes, protection, manifest, stage. */
#include "publish/publish.h"

#include "base/clock.h"
#include "publish/cube.h"
#include "publish/protect_run.h"
#include "store/case/fact_store.h"
#include "store/release/call_store.h"
#include "store/release/partnership_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARKS_MAX = PERIODS_MAX * PERIODS_MEMBERS_MAX };

void publish_summary_clear(struct publish_summary *summary)
{
    periods_free(summary->periods);
    summary->periods = NULL;
}

/* What governance says; owned. */
struct governance {
    struct partnership *partnership;
    struct period_mark *closed;
    size_t closed_count;
    struct period_mark *released;
    size_t released_count;
    int number; /* of the next release */
};

static void governance_clear(struct governance *governance)
{
    partnership_free(governance->partnership);
    free(governance->closed);
    free(governance->released);
}

/* A list of marks being read. */
struct marks {
    struct period_mark *marks;
    size_t *count;
    bool has_municipality;
};

static enum err_code mark_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct marks *marks = ctx;
    if (*marks->count == MARKS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d closed periods", MARKS_MAX);
    }
    struct period_mark *mark = &marks->marks[(*marks->count)++];
    (void)snprintf(mark->period, sizeof mark->period, "%s", db_row_text(row, 0));
    mark->municipality_code = marks->has_municipality ? (int)db_row_int(row, 1) : 0;
    return ERR_OK;
}

static enum err_code governance_query(struct db *db, const char *slug,
                                      struct governance *governance, struct err *err)
{
    struct marks closed = {governance->closed, &governance->closed_count, true};
    struct marks released = {governance->released, &governance->released_count, false};
    enum err_code code = partnership_find(db, slug, &governance->partnership, err);
    if (code != ERR_OK) {
        return code;
    }
    int id = governance->partnership->id;
    code = partnership_closed_periods(db, id, (struct db_reader){mark_read, &closed}, err);
    if (code == ERR_OK) {
        code = release_periods(db, id, (struct db_reader){mark_read, &released}, err);
    }
    return code == ERR_OK ? release_number_next(db, id, &governance->number, err) : code;
}

static enum err_code governance_read(const struct publish_job *job, struct governance *governance,
                                     struct err *err)
{
    governance->closed = calloc(MARKS_MAX, sizeof(struct period_mark));
    governance->released = calloc(MARKS_MAX, sizeof(struct period_mark));
    if (governance->closed == NULL || governance->released == NULL) {
        return err_memory(err);
    }
    AUTO(db_rollback) struct db *db = NULL;
    struct db_begin_options options = {.read_only = true, .snapshot = true};
    enum err_code code = db_begin(job->release_pool, &options, &db, err);
    return code == ERR_OK ? governance_query(db, job->slug, governance, err) : code;
}

static enum err_code periods_decide(const struct publish_job *job,
                                    const struct governance *governance, struct periods **out,
                                    struct err *err)
{
    const struct partnership *partnership = governance->partnership;
    struct periods_input input = {.members = partnership->members,
                                  .member_count = partnership->member_count,
                                  .from_date = partnership->from_date,
                                  .to_date = partnership->to_date,
                                  .closed = governance->closed,
                                  .closed_count = governance->closed_count,
                                  .released = governance->released,
                                  .released_count = governance->released_count,
                                  .leave_out = job->leave_out,
                                  .leave_out_count = job->leave_out_count,
                                  .without_open = job->without_open};
    return periods_choose(&input, out, err);
}

/* One run of the job after its periods are known. */
struct work {
    const struct publish_job *job;
    const struct governance *governance;
    const struct plan *plan;
    struct publish_summary *summary;
    struct protect_run *run;
    struct policy policy;
    size_t total; /* blocks */
    size_t done;
};

/* The chosen periods of one kind, and everybody who counts in one of them. */
struct scope {
    const struct period_chosen *periods[PERIODS_MAX];
    size_t period_count;
    int members[PERIODS_MEMBERS_MAX];
    size_t member_count;
};

static void scope_add_member(struct scope *scope, int code)
{
    for (size_t i = 0; i < scope->member_count; i++) {
        if (scope->members[i] == code) {
            return;
        }
    }
    if (scope->member_count < PERIODS_MEMBERS_MAX) {
        scope->members[scope->member_count++] = code;
    }
}

static void scope_fill(const struct periods *periods, enum period_kind kind, struct scope *scope)
{
    *scope = (struct scope){.period_count = 0};
    for (size_t i = 0; i < periods->count; i++) {
        const struct period_chosen *period = &periods->chosen[i];
        if (period->period.kind != kind) {
            continue;
        }
        scope->periods[scope->period_count++] = period;
        for (size_t k = 0; k < period->member_count; k++) {
            scope_add_member(scope, period->members[k]);
        }
    }
}

struct cube_reader {
    struct cube *cube;
    const char *fact;
};

static enum err_code row_read(void *ctx, const struct fact_row *row, struct err *err)
{
    struct cube_reader *reader = ctx;
    return cube_add(reader->cube, reader->fact, row, err);
}

static enum err_code cube_read(struct work *work, struct db *db, const struct plan_block *block,
                               const struct scope *scope, struct cube *cube, struct err *err)
{
    struct fact_query query = {.partnership_id = work->governance->partnership->id,
                               .municipalities = scope->members,
                               .municipality_count = scope->member_count,
                               .period_from = scope->periods[0]->text,
                               .period_to = scope->periods[scope->period_count - 1]->text};
    int64_t start_ms = clock_monotonic_ms();
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < block->fact_count && code == ERR_OK; i++) {
        struct cube_reader reader = {cube, block->facts[i]};
        query.fact = block->facts[i];
        code = fact_read(db, &query, (struct fact_reader){row_read, &reader}, err);
    }
    cube_close(cube);
    work->summary->snapshot_ms += clock_monotonic_ms() - start_ms;
    return code;
}

static enum err_code cube_protect(struct work *work, const struct plan_block *block,
                                  const struct scope *scope, const struct cube *cube,
                                  struct err *err)
{
    int64_t start_ms = clock_monotonic_ms();
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < scope->period_count && code == ERR_OK; i++) {
        code = protect_run_block(work->run, cube, i, err);
        struct publish_progress progress = {block->unit, scope->periods[i]->text, ++work->done,
                                            work->total};
        if (work->job->report != NULL) {
            work->job->report(work->job->ctx, &progress);
        }
    }
    code = code == ERR_OK ? protect_run_tables(work->run, err) : code;
    work->summary->protect_ms += clock_monotonic_ms() - start_ms;
    return code;
}

static enum err_code block_run(struct work *work, struct db *db, const struct plan_block *block,
                               struct err *err)
{
    struct scope scope;
    scope_fill(work->summary->periods, block->period_kind, &scope);
    if (scope.period_count == 0) {
        return ERR_OK;
    }
    AUTO(cube_free) struct cube *cube = NULL;
    struct cube_spec spec = {block, work->plan->codes, scope.periods, scope.period_count};
    enum err_code code = cube_new(&spec, &cube, err);
    code = code == ERR_OK ? cube_read(work, db, block, &scope, cube, err) : code;
    return code == ERR_OK ? cube_protect(work, block, &scope, cube, err) : code;
}

static size_t blocks_total(const struct plan *plan, const struct periods *periods)
{
    size_t total = 0;
    for (size_t i = 0; i < plan->block_count; i++) {
        struct scope scope;
        scope_fill(periods, plan->blocks[i].period_kind, &scope);
        total += scope.period_count;
    }
    return total;
}

static enum err_code snapshot_run(struct work *work, struct err *err)
{
    AUTO(db_rollback) struct db *db = NULL;
    struct db_begin_options options = {
        .read_only = true, .snapshot = true, .timeout_ms = PUBLISH_SNAPSHOT_MS_MAX};
    enum err_code code = db_begin(work->job->case_pool, &options, &db, err);
    for (size_t i = 0; i < work->plan->block_count && code == ERR_OK; i++) {
        code = block_run(work, db, &work->plan->blocks[i], err);
    }
    return code;
}

static void summary_fill(struct work *work)
{
    struct publish_summary *summary = work->summary;
    const struct periods *periods = summary->periods;
    struct suppression_figures named = protect_run_figures(work->run, RELEASED_NAMED);
    struct suppression_figures pooled = protect_run_figures(work->run, RELEASED_POOLED);
    summary->named = (struct manifest_figures){named.shown, named.withheld};
    summary->pooled = (struct manifest_figures){pooled.shown, pooled.withheld};
    summary->cost[RELEASED_NAMED] = named;
    summary->cost[RELEASED_POOLED] = pooled;
    summary->solved = named.solved + pooled.solved;
    summary->block_count = protect_run_block_count(work->run);
    (void)protect_run_table_list(work->run, &summary->table_count);
    (void)snprintf(summary->release_id, sizeof summary->release_id, "%s-%s-%d",
                   work->governance->partnership->slug, periods->chosen[periods->count - 1].text,
                   work->governance->number);
}

static enum err_code manifest_build(const struct work *work, struct manifest **out, struct err *err)
{
    const struct partnership *partnership = work->governance->partnership;
    struct manifest_source source = {.release_id = work->summary->release_id,
                                     .partnership = partnership->slug,
                                     .synthetic = partnership->synthetic,
                                     .policy_id = partnership->policy,
                                     .policy = &work->policy,
                                     .plan = work->plan,
                                     .periods = work->summary->periods,
                                     .block_count = work->summary->block_count,
                                     .solved = work->summary->solved,
                                     .named = work->summary->named,
                                     .pooled = work->summary->pooled};
    source.tables = protect_run_table_list(work->run, &source.table_count);
    return manifest_make(&source, work->job->key, out, err);
}

/* The release and its audit entry, in the caller's transaction. */
static enum err_code draft_stage(struct db *db, const struct work *work,
                                 const struct manifest *manifest, const struct release_draft *frame,
                                 struct err *err)
{
    struct release_draft draft = *frame;
    draft.release_id = work->summary->release_id;
    draft.partnership_id = work->governance->partnership->id;
    draft.policy = work->governance->partnership->policy;
    draft.synthetic = work->governance->partnership->synthetic;
    draft.manifest = (struct db_bytes){(const uint8_t *)manifest->text, manifest->len};
    draft.manifest_sha256 = manifest->sha256;
    draft.manifest_signature = manifest->signature;
    draft.tables = protect_run_table_list(work->run, &draft.table_count);
    enum err_code code = release_stage(db, &draft, err);
    if (code != ERR_OK) {
        return code;
    }
    struct call_audit_entry entry = {.process = "publish",
                                     .method = "publish",
                                     .principal_id = "",
                                     .role = "",
                                     .request_id = draft.release_id,
                                     .verdict = "staged",
                                     .subject = draft.release_id};
    return call_audit_append(db, &entry, err);
}

static enum err_code release_store(const struct work *work, const struct manifest *manifest,
                                   struct err *err)
{
    const struct periods *periods = work->summary->periods;
    AUTO_HEAP const char **texts = calloc(periods->count + 1, sizeof *texts);
    AUTO_HEAP struct release_left_out *left_out =
        calloc(periods->left_out_count + 1, sizeof *left_out);
    if (texts == NULL || left_out == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < periods->count; i++) {
        texts[i] = periods->chosen[i].text;
    }
    for (size_t i = 0; i < periods->left_out_count; i++) {
        left_out[i] = (struct release_left_out){periods->left_out[i].period,
                                                periods->left_out[i].municipality_code};
    }
    struct release_draft frame = {.periods = texts,
                                  .period_count = periods->count,
                                  .left_out = left_out,
                                  .left_out_count = periods->left_out_count};
    AUTO(db_rollback) struct db *db = NULL;
    struct db_begin_options options = {.timeout_ms = PUBLISH_STAGE_MS_MAX};
    enum err_code code = db_begin(work->job->release_pool, &options, &db, err);
    code = code == ERR_OK ? draft_stage(db, work, manifest, &frame, err) : code;
    return code == ERR_OK ? db_commit(STEAL(db), err) : code;
}

static enum err_code work_run(struct work *work, struct err *err)
{
    enum err_code code = snapshot_run(work, err);
    if (code != ERR_OK) {
        return code;
    }
    summary_fill(work);
    if (work->job->dry_run) {
        return ERR_OK;
    }
    AUTO(manifest_free) struct manifest *manifest = NULL;
    code = manifest_build(work, &manifest, err);
    return code == ERR_OK ? release_store(work, manifest, err) : code;
}

static enum err_code release_make(const struct publish_job *job,
                                  const struct governance *governance,
                                  struct publish_summary *summary, struct err *err)
{
    AUTO(plan_free) struct plan *plan = NULL;
    AUTO(protect_run_free) struct protect_run *run = NULL;
    struct work work = {
        .job = job, .governance = governance, .summary = summary, .policy = POLICY_DEFAULT};
    work.policy.threshold = (uint32_t)governance->partnership->threshold;
    work.policy.width = governance->partnership->width;
    enum err_code code = plan_load(&plan, err);
    code = code == ERR_OK ? protect_run_new(&work.policy, &run, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    work.plan = plan;
    work.run = run;
    work.total = blocks_total(plan, summary->periods);
    return work_run(&work, err);
}

enum err_code publish_run(const struct publish_job *job, struct publish_summary *out,
                          struct err *err)
{
    __attribute__((cleanup(governance_clear))) struct governance governance = {.number = 0};
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    enum err_code code = governance_read(job, &governance, err);
    code = code == ERR_OK ? periods_decide(job, &governance, &summary.periods, err) : code;
    if (code == ERR_OK && summary.periods->count > 0) {
        code = release_make(job, &governance, &summary, err);
    }
    if (code != ERR_OK) {
        publish_summary_clear(&summary);
        return code;
    }
    *out = summary;
    return ERR_OK;
}
