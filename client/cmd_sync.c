/*
 * cmd_sync - `fremgang sync`: sends the outbox, batch by batch. A batch is on disk with its
 * bytes before it is sent, and closed together with its receipt.
 */
#include "command.h"
#include "outbox/batch.h"
#include "output.h"
#include "partnership_list.h"
#include "progress.h"
#include "rpc/submission_call.h"
#include "session.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct output_column columns[] = {
    {"partnership", "Partnership", "Partnerskab", OUTPUT_TEXT},
    {"batch", "Batch", "Pakke", OUTPUT_NUMBER},
    {"stored", "Stored or removed", "Gemt eller fjernet", OUTPUT_NUMBER},
    {"unchanged", "Unchanged", "Uændret", OUTPUT_NUMBER},
    {"refused", "Refused", "Afvist", OUTPUT_NUMBER},
    {"received_at", "Receipt of", "Kvittering fra", OUTPUT_TEXT},
};

struct sync {
    struct cli *cli;
    struct session *session;
    struct outbox *outbox;
    struct output *receipts;
    struct progress progress;
    uint64_t waiting; /* units at the start */
    uint64_t done;
    uint64_t refused; /* standing refused after the run */
};

static void receipt_add(struct sync *sync, const struct batch *batch,
                        const struct submission_result *result)
{
    char numbers[4][16];
    char received_at[OUTPUT_TIME_BYTES];
    const uint32_t values[] = {batch->sequence, result->stored, result->unchanged, result->refused};
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        (void)snprintf(numbers[i], sizeof(numbers[i]), "%u", values[i]);
    }
    output_format_time(result->received_at_us, received_at);
    output_add(sync->receipts, (const char *const[]){batch->partnership, numbers[0], numbers[1],
                                                     numbers[2], numbers[3], received_at});
}

static enum batch_outcome outcome_of(enum submission_outcome outcome)
{
    switch (outcome) {
    case SUBMISSION_STORED:
        return BATCH_STORED;
    case SUBMISSION_UNCHANGED:
        return BATCH_UNCHANGED;
    case SUBMISSION_REFUSED:
        return BATCH_REFUSED;
    case SUBMISSION_REMOVED:
        return BATCH_REMOVED;
    }
    return BATCH_REFUSED;
}

/* The result's violations as the outbox keeps them. */
static const struct batch_violation *violations_of(const struct submission_verdict *verdict,
                                                   struct arena *arena)
{
    struct batch_violation *copies =
        arena_alloc(arena, (verdict->violation_count + 1) * sizeof(*copies));
    for (size_t i = 0; copies != NULL && i < verdict->violation_count; i++) {
        const struct wire_violation *from = &verdict->violations[i];
        copies[i] = (struct batch_violation){.rule = from->rule,
                                             .record_type = from->record_type,
                                             .field = from->field,
                                             .row = from->row,
                                             .da = from->da,
                                             .en = from->en};
    }
    return copies;
}

static enum err_code result_store(struct sync *sync, const struct batch *batch,
                                  const struct submission_result *result, struct err *err)
{
    struct batch_verdict *verdicts =
        arena_alloc(result->arena, (result->verdict_count + 1) * sizeof(*verdicts));
    if (verdicts == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < result->verdict_count; i++) {
        verdicts[i] = (struct batch_verdict){
            .outcome = outcome_of(result->verdicts[i].outcome),
            .violations = violations_of(&result->verdicts[i], result->arena),
            .violation_count = result->verdicts[i].violation_count,
        };
        if (verdicts[i].violations == NULL) {
            return err_memory(err);
        }
    }
    const struct batch_receipt receipt = {.body = result->receipt_body,
                                          .signature = result->receipt_signature,
                                          .received_at_us = result->received_at_us};
    return batch_close(sync->outbox, batch, &receipt, verdicts, err);
}

/* A batch that can never be taken as it is goes apart, so that the next run makes another. */
static enum err_code refused_batch(struct sync *sync, const struct batch *batch, enum err_code rc,
                                   struct err *err)
{
    struct err ignored = ERR_INIT;
    bool is_final = rc == ERR_INVALID || rc == ERR_CONFLICT || rc == ERR_LIMIT;
    if (is_final && batch_abandon(sync->outbox, batch, &ignored) != ERR_OK) {
        return err_detail(err, "and the batch could not be taken apart: %.100s", ignored.message);
    }
    return rc;
}

static enum err_code batch_send(struct sync *sync, const struct batch *batch, struct err *err)
{
    AUTO(submission_result_free) struct submission_result *result = NULL;
    struct submission_batch request = {
        .partnership = batch->partnership,
        .sequence = batch->sequence,
        .pseudonym_epoch = batch->epoch,
        .units = batch->units,
        .unit_count = batch->count,
    };
    memcpy(request.sync_id, batch->sync_id, sizeof(request.sync_id));
    if (batch->is_resumed) {
        cli_say(sync->cli, "%s",
                cli_text(sync->cli, "going on where the last run ended",
                         "fortsætter hvor sidste kørsel sluttede"));
    }
    enum err_code rc = submission_push(sync->session->caller, &request, &result, err);
    if (rc != ERR_OK) {
        return refused_batch(sync, batch, rc, err);
    }
    rc = result_store(sync, batch, result, err);
    if (rc == ERR_OK) {
        receipt_add(sync, batch, result);
        sync->done += batch->count;
        progress_show(&sync->progress, sync->done, sync->waiting);
    }
    return rc;
}

static enum err_code partnership_send(struct sync *sync, const char *slug, struct err *err)
{
    for (;;) {
        uint8_t random[BATCH_SYNC_ID_BYTES];
        AUTO(batch_free) struct batch *batch = NULL;
        randombytes_buf(random, sizeof(random));
        enum err_code rc = batch_next(sync->outbox, slug, random, &batch, err);
        if (rc != ERR_OK || batch == NULL) {
            return rc;
        }
        rc = batch_send(sync, batch, err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
}

static void refusal_say(void *ctx, const struct batch_refusal *refusal)
{
    struct sync *sync = ctx;
    const struct batch_violation *violation = &refusal->violation;
    sync->refused++;
    cli_say(sync->cli, "%s: %s %s %u %s: %s", refusal->source, violation->rule,
            violation->record_type, violation->row, violation->field,
            cli_text(sync->cli, violation->en, violation->da));
}

static enum err_code sync_open(struct sync *sync, struct partnership_list *list, struct err *err)
{
    char path[PROFILE_PATH_BYTES];
    enum err_code rc = session_open(sync->cli, &sync->session, err);
    rc = rc == ERR_OK ? profile_outbox_path(sync->session->profile, path, err) : rc;
    rc = rc == ERR_OK ? outbox_open(path, &sync->outbox, err) : rc;
    rc = rc == ERR_OK ? partnership_list_fill(sync->cli, sync->outbox, list, err) : rc;
    for (size_t i = 0; rc == ERR_OK && i < list->count; i++) {
        uint64_t count = 0;
        if (cli_option(sync->cli, "again") != NULL) {
            rc = outbox_retry_refused(sync->outbox, list->slugs[i], &count, err);
        }
        rc = rc == ERR_OK ? batch_waiting(sync->outbox, list->slugs[i], &count, err) : rc;
        sync->waiting += count;
    }
    return rc;
}

static enum err_code sync_run(struct sync *sync, const struct partnership_list *list,
                              struct err *err)
{
    enum err_code rc = ERR_OK;
    progress_start(&sync->progress, sync->cli, cli_text(sync->cli, "sending", "sender"));
    for (size_t i = 0; rc == ERR_OK && i < list->count; i++) {
        rc = partnership_send(sync, list->slugs[i], err);
    }
    progress_end(&sync->progress);
    return rc;
}

static void sync_clear(struct sync *sync)
{
    output_free(sync->receipts);
    outbox_close(sync->outbox);
    session_close(sync->session);
}

int cmd_sync(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct err print_err = ERR_INIT;
    struct partnership_list list = {.count = 0};
    __attribute__((cleanup(sync_clear))) struct sync sync = {.cli = cli};
    if (argc > 1) {
        return cli_usage(cli, "unexpected word \"%s\"", argv[1]);
    }
    sync.receipts = output_new(columns, ARRAY_COUNT(columns));
    enum err_code rc = sync_open(&sync, &list, &err);
    rc = rc == ERR_OK ? sync_run(&sync, &list, &err) : rc;
    if (output_print(sync.receipts, cli, &print_err) != ERR_OK && rc == ERR_OK) {
        return cli_fail(cli, &print_err);
    }
    if (rc == ERR_OK && sync.waiting == 0) {
        cli_say(cli, "%s",
                cli_text(cli, "nothing waits to be sent", "intet venter på at blive sendt"));
    }
    for (size_t i = 0; rc == ERR_OK && i < list.count; i++) {
        rc = batch_refusals(sync.outbox, list.slugs[i], refusal_say, &sync, &err);
    }
    if (rc != ERR_OK) {
        return cli_fail(cli, &err);
    }
    return sync.refused > 0 ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}
