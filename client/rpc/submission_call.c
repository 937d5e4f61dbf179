/* submission_call - see submission_call.h. */
#include "rpc/submission_call.h"

#include "base/limits.h"
#include "crypto/mac.h"
#include "crypto/sign.h"
#include "rpc/exchange.h"

#include "fremgang/v1/submission.pb-c.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
    UNITS_TAG = 5 << 3 | 2, /* PushRequest.units, length-delimited */
    KEY_BYTES = 2 * SUBMISSION_SYNC_ID_BYTES + 12,
};

static void append_varint(struct buf *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) {
        buf_append_byte(out, (uint8_t)(value | 0x80));
    }
    buf_append_byte(out, (uint8_t)value);
}

/* Packs the request. The units are packed already: a message is its fields one after the
 * other, so they follow the head as they are. */
static enum err_code pack_batch(const struct submission_batch *batch, struct buf *out,
                                struct err *err)
{
    Pb__PushRequest head = PB__PUSH_REQUEST__INIT;
    if (batch->unit_count > BATCH_UNITS_MAX) {
        return err_set(err, ERR_LIMIT, "a batch of %zu units; at most %d can be sent",
                       batch->unit_count, BATCH_UNITS_MAX);
    }
    head.partnership = batch->partnership;
    head.sync_id = exchange_binary((struct wire_bytes){batch->sync_id, sizeof(batch->sync_id)});
    head.sequence = batch->sequence;
    head.pseudonym_epoch = batch->pseudonym_epoch;
    enum err_code code = message_pack(&head.base, out, err);
    if (code != ERR_OK) {
        return code;
    }
    for (size_t i = 0; i < batch->unit_count; i++) {
        append_varint(out, UNITS_TAG);
        append_varint(out, batch->units[i].len);
        buf_append(out, batch->units[i].data, batch->units[i].len);
    }
    return buf_check(out, err);
}

static enum err_code call_push(struct caller *caller, const struct submission_batch *batch,
                               const struct buf *packed, struct buf *response, struct err *err)
{
    char sync[2 * SUBMISSION_SYNC_ID_BYTES + 1];
    char key[KEY_BYTES];
    (void)sodium_bin2hex(sync, sizeof(sync), batch->sync_id, sizeof(batch->sync_id));
    (void)snprintf(key, sizeof(key), "%s-%u", sync, batch->sequence);
    struct caller_request request = {
        .method = METHOD_SUBMISSION_PUSH,
        .payload = {packed->data, packed->len},
        .idempotency_key = key,
    };
    return caller_call(caller, &request, response, err);
}

static bool bytes_equal(ProtobufCBinaryData bytes, const void *expected, size_t len)
{
    return bytes.len == len && memcmp(bytes.data, expected, len) == 0;
}

static bool receipt_fits(const Pb__ReceiptBody *body, const struct submission_batch *batch,
                         const struct buf *packed)
{
    uint8_t hash[MAC_BYTES];
    mac_sha256(&(struct mac_part){packed->data, packed->len}, 1, hash);
    return bytes_equal(body->request_sha256, hash, sizeof(hash)) &&
           bytes_equal(body->sync_id, batch->sync_id, sizeof(batch->sync_id)) &&
           body->sequence == batch->sequence && strcmp(body->partnership, batch->partnership) == 0;
}

static enum err_code fail_receipt(struct err *err, const char *why)
{
    (void)err_set(err, ERR_CORRUPT, "the receipt %s", why);
    (void)err_reason(err, "RECEIPT_INVALID");
    return err_hint(err, "Nothing was marked as sent. Tell the server's owner.");
}

/* Checks signature and content; the body is read only once its signature holds. */
static enum err_code verify_receipt(const struct caller *caller, const Pb__Receipt *receipt,
                                    struct arena *arena, const Pb__ReceiptBody **out,
                                    struct err *err)
{
    const uint8_t *key = caller_receipt_key(caller);
    ProtobufCMessage *body;
    if (receipt == NULL || key == NULL || receipt->signature.len != SIGN_SIGNATURE_BYTES) {
        return fail_receipt(err, "is missing");
    }
    struct sign_field signed_bytes = {receipt->body.data, receipt->body.len};
    if (!sign_check_one(key, SIGN_RECEIPT, signed_bytes, receipt->signature.data)) {
        return fail_receipt(err, "is not signed by the server's key");
    }
    struct wire_bytes bytes = {receipt->body.data, receipt->body.len};
    if (message_unpack(&pb__receipt_body__descriptor, bytes, arena, &body, err) != ERR_OK) {
        return fail_receipt(err, "cannot be read");
    }
    *out = (const Pb__ReceiptBody *)body;
    return ERR_OK;
}

static const struct wire_violation *copy_violations(const Pb__UnitVerdict *verdict,
                                                    struct arena *arena)
{
    struct wire_violation *copies =
        arena_alloc(arena, (verdict->n_violations + 1) * sizeof(*copies));
    for (size_t i = 0; copies != NULL && i < verdict->n_violations; i++) {
        const Pb__FieldViolation *violation = verdict->violations[i];
        bool has_text = violation->message != NULL;
        copies[i] = (struct wire_violation){
            .rule = violation->rule,
            .record_type = violation->record_type,
            .field = violation->field,
            .row = violation->row,
            .da = has_text ? violation->message->da : "",
            .en = has_text ? violation->message->en : "",
        };
    }
    return copies;
}

static enum err_code copy_verdicts(const Pb__PushResponse *response,
                                   struct submission_result *result, struct err *err)
{
    struct submission_verdict *verdicts =
        arena_alloc(result->arena, (response->n_verdicts + 1) * sizeof(*verdicts));
    if (verdicts == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < response->n_verdicts; i++) {
        const Pb__UnitVerdict *verdict = response->verdicts[i];
        if (verdict->outcome < PB__UNIT_VERDICT__OUTCOME__OUTCOME_STORED ||
            verdict->outcome > PB__UNIT_VERDICT__OUTCOME__OUTCOME_REMOVED) {
            return err_set(err, ERR_CORRUPT, "the answer holds a verdict that is none");
        }
        verdicts[i] = (struct submission_verdict){
            .outcome = (enum submission_outcome)verdict->outcome,
            .violations = copy_violations(verdict, result->arena),
            .violation_count = verdict->n_violations,
        };
        if (verdicts[i].violations == NULL) {
            return err_memory(err);
        }
    }
    result->verdicts = verdicts;
    result->verdict_count = response->n_verdicts;
    return ERR_OK;
}

static void copy_receipt(const Pb__PushResponse *response, const Pb__ReceiptBody *body,
                         struct submission_result *result)
{
    const Pb__Receipt *receipt = response->receipt;
    result->next_sequence = response->next_sequence;
    result->stored = body->stored;
    result->unchanged = body->unchanged;
    result->refused = body->refused;
    result->received_at_us = body->received_at_us;
    result->receipt_body = (struct wire_bytes){receipt->body.data, receipt->body.len};
    result->receipt_signature =
        (struct wire_bytes){receipt->signature.data, receipt->signature.len};
}

/* Makes an empty result that owns its arena and lives in it. */
static struct submission_result *result_new(void)
{
    struct arena *arena = exchange_arena();
    struct submission_result *result = arena == NULL ? NULL : arena_alloc(arena, sizeof(*result));
    if (result == NULL) {
        arena_free(arena);
        return NULL;
    }
    result->arena = arena;
    return result;
}

void submission_result_free(struct submission_result *result)
{
    if (result != NULL) {
        arena_free(result->arena);
    }
}

enum err_code submission_push(struct caller *caller, const struct submission_batch *batch,
                              struct submission_result **out, struct err *err)
{
    AUTO_BUF struct buf packed = BUF_INIT;
    AUTO_BUF struct buf answer = BUF_INIT;
    AUTO(submission_result_free) struct submission_result *result = result_new();
    ProtobufCMessage *message;
    const Pb__ReceiptBody *body = NULL;
    enum err_code code = result == NULL ? err_memory(err) : pack_batch(batch, &packed, err);
    if (code == ERR_OK) {
        code = call_push(caller, batch, &packed, &answer, err);
    }
    if (code == ERR_OK) {
        code = message_unpack(&pb__push_response__descriptor,
                              (struct wire_bytes){answer.data, answer.len}, result->arena, &message,
                              err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const Pb__PushResponse *response = (const Pb__PushResponse *)message;
    code = verify_receipt(caller, response->receipt, result->arena, &body, err);
    if (code == ERR_OK && !receipt_fits(body, batch, &packed)) {
        code = fail_receipt(err, "is for another batch");
    }
    if (code == ERR_OK && response->n_verdicts != batch->unit_count) {
        code = err_set(err, ERR_CORRUPT, "%zu verdicts for %zu units", response->n_verdicts,
                       batch->unit_count);
    }
    if (code == ERR_OK) {
        code = copy_verdicts(response, result, err);
    }
    if (code == ERR_OK) {
        copy_receipt(response, body, result);
        *out = STEAL(result);
    }
    return code;
}

enum err_code submission_ask_status(struct caller *caller, const char *partnership,
                                    const uint8_t *sync_id, struct submission_status *out,
                                    struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__StatusRequest request = PB__STATUS_REQUEST__INIT;
    ProtobufCMessage *message;
    request.partnership = partnership;
    if (sync_id != NULL) {
        request.sync_id = exchange_binary((struct wire_bytes){sync_id, SUBMISSION_SYNC_ID_BYTES});
    }
    struct exchange exchange = {.method = METHOD_SUBMISSION_STATUS, .request = &request.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &message, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__StatusResponse *response = (const Pb__StatusResponse *)message;
    if (response->units_sha256.len != SUBMISSION_HASH_BYTES) {
        return err_set(err, ERR_CORRUPT, "the server's hash is %zu bytes, not %d",
                       response->units_sha256.len, SUBMISSION_HASH_BYTES);
    }
    *out = (struct submission_status){
        .cases = response->cases,
        .worker_months = response->worker_months,
        .next_sequence = response->next_sequence,
        .last_received_at_us = response->last_received_at_us,
    };
    memcpy(out->units_sha256, response->units_sha256.data, SUBMISSION_HASH_BYTES);
    return ERR_OK;
}
