/* status - SubmissionService.Status: what the server holds for the caller. See intake.h. */
#include "handlers/intake/intake.h"
#include "store/case/push_store.h"
#include "wire/unit_digest.h"

#include "fremgang/v1/submission.pb-c.h"

#include <string.h>

static enum err_code held_read(void *ctx, const struct push_held *held, struct err *err)
{
    struct unit_id unit = {
        .kind = held->is_case ? UNIT_KIND_CASE : UNIT_KIND_WORKER_MONTH,
        .month = held->is_case ? 0 : held->month,
        .version = (uint64_t)held->version,
    };
    if (held->key.len != sizeof(unit.key)) {
        return err_set(err, ERR_CORRUPT, "a held unit's key has %zu bytes", held->key.len);
    }
    memcpy(unit.key, held->key.data, sizeof(unit.key));
    unit_digest_add(ctx, &unit);
    return ERR_OK;
}

static enum err_code digest_fill(struct call *call, int partnership_id, Pb__StatusResponse *answer,
                                 struct err *err)
{
    struct unit_digest digest;
    uint8_t *sha256 = arena_alloc(call->arena, UNIT_DIGEST_BYTES);
    if (sha256 == NULL) {
        return err_memory(err);
    }
    unit_digest_start(&digest);
    const struct push_held_query query = {
        .municipality_code = call->principal.municipality_code,
        .partnership_id = partnership_id,
        .read = held_read,
        .ctx = &digest,
    };
    enum err_code rc = push_held_read(call->transaction, &query, err);
    unit_digest_finish(&digest, sha256);
    answer->units_sha256 = (ProtobufCBinaryData){UNIT_DIGEST_BYTES, sha256};
    return rc;
}

static enum err_code sequence_fill(struct call *call, int partnership_id,
                                   const Pb__StatusRequest *ask, Pb__StatusResponse *answer,
                                   struct err *err)
{
    answer->next_sequence = 1;
    if (ask->sync_id.len == 0) {
        return ERR_OK;
    }
    if (ask->sync_id.len != PUSH_SYNC_ID_BYTES) {
        return err_set(err, ERR_INVALID, "a sync id has %d bytes", PUSH_SYNC_ID_BYTES);
    }
    const struct push_sequence at = {
        .municipality_code = call->principal.municipality_code,
        .partnership_id = partnership_id,
        .sync_id = ask->sync_id.data,
    };
    return push_sequence_next(call->transaction, &at, &answer->next_sequence, err);
}

enum err_code intake_status(struct call *call, const ProtobufCMessage *request,
                            ProtobufCMessage *response, struct err *err)
{
    const Pb__StatusRequest *ask = (const Pb__StatusRequest *)request;
    Pb__StatusResponse *answer = (Pb__StatusResponse *)response;
    AUTO(partnership_free) struct partnership *partnership = NULL;
    struct push_status status = {.cases = 0};
    enum err_code rc = intake_membership(call, ask->partnership, &partnership, err);
    if (rc == ERR_OK) {
        rc = push_status_read(call->transaction, call->principal.municipality_code, partnership->id,
                              &status, err);
    }
    if (rc == ERR_OK) {
        rc = digest_fill(call, partnership->id, answer, err);
    }
    if (rc == ERR_OK) {
        rc = sequence_fill(call, partnership->id, ask, answer, err);
    }
    answer->cases = status.cases;
    answer->worker_months = status.worker_months;
    answer->last_received_at_us = status.last_received_at_us;
    return rc;
}
