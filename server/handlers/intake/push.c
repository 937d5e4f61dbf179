/* push - SubmissionService.Push: one batch of a sync run, in order. See intake.h. */
#include "base/limits.h"
#include "handlers/intake/intake.h"
#include "store/case/push_store.h"

#include "fremgang/v1/submission.pb-c.h"

#include <stdio.h>

enum { SUBJECT_BYTES = 96 };

static enum err_code batch_check(const struct intake_services *services,
                                 const Pb__PushRequest *push, struct err *err)
{
    if (push->sync_id.len != PUSH_SYNC_ID_BYTES || push->sequence == 0) {
        return err_set(err, ERR_INVALID, "a batch has a sync id of %d bytes and a number from 1",
                       PUSH_SYNC_ID_BYTES);
    }
    if (push->n_units > BATCH_UNITS_MAX) {
        return err_set(err, ERR_LIMIT, "%zu units in one batch, at most %d", push->n_units,
                       BATCH_UNITS_MAX);
    }
    if (push->pseudonym_epoch != 0) {
        err_set(err, ERR_INVALID, "pseudonyms of epoch %u are not taken yet",
                push->pseudonym_epoch);
        return err_reason(err, "EPOCH_UNSUPPORTED");
    }
    if (!services->is_demo) {
        err_set(err, ERR_INVALID, "pseudonyms of epoch 0 are for demonstration servers alone");
        return err_reason(err, "EPOCH_DEMO_ONLY");
    }
    return ERR_OK;
}

/** What the audit says: counts, never a key. */
static void subject_set(struct call *call, const char *slug, const Pb__PushRequest *push)
{
    char text[SUBJECT_BYTES];
    snprintf(text, sizeof(text), "%.40s batch %u units %zu", slug, push->sequence, push->n_units);
    call->audit_subject = directory_copy(call, text);
}

enum err_code intake_push(struct call *call, const ProtobufCMessage *request,
                          ProtobufCMessage *response, struct err *err)
{
    const Pb__PushRequest *push = (const Pb__PushRequest *)request;
    Pb__PushResponse *answer = (Pb__PushResponse *)response;
    AUTO(partnership_free) struct partnership *partnership = NULL;
    enum err_code rc = batch_check(call->services, push, err);
    if (rc == ERR_OK) {
        rc = intake_membership(call, push->partnership, &partnership, err);
    }
    if (rc != ERR_OK) {
        return rc;
    }
    subject_set(call, partnership->slug, push);
    const struct push_sequence at = {
        .municipality_code = call->principal.municipality_code,
        .partnership_id = partnership->id,
        .sync_id = push->sync_id.data,
        .sequence = push->sequence,
    };
    rc = push_sequence_take(call->transaction, &at, &answer->next_sequence, err);
    if (rc == ERR_OK) {
        rc = intake_push_units(call, partnership->id, push, answer, err);
    }
    return rc == ERR_OK ? intake_receipt_sign(call, push, answer, err) : rc;
}
