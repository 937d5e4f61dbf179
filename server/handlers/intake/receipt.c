/* receipt - the signed proof of what a batch was and became. See intake.h. */
#include "crypto/mac.h"
#include "crypto/sign.h"
#include "handlers/intake/intake.h"
#include "wire/message.h"

#include "fremgang/v1/submission.pb-c.h"

#include <string.h>

/** Counts the verdicts; removed units count as stored. */
static void verdicts_count(const Pb__PushResponse *answer, Pb__ReceiptBody *body)
{
    for (size_t i = 0; i < answer->n_verdicts; i++) {
        const Pb__UnitVerdict__Outcome outcome = answer->verdicts[i]->outcome;
        body->refused += outcome == PB__UNIT_VERDICT__OUTCOME__OUTCOME_REFUSED ? 1 : 0;
        body->unchanged += outcome == PB__UNIT_VERDICT__OUTCOME__OUTCOME_UNCHANGED ? 1 : 0;
    }
    body->stored = (uint32_t)answer->n_verdicts - body->refused - body->unchanged;
}

static enum err_code receipt_fill(struct call *call, const struct buf *packed,
                                  const uint8_t *signature, Pb__PushResponse *answer,
                                  struct err *err)
{
    Pb__Receipt *receipt = call_message(call, &pb__receipt__descriptor);
    char *body = arena_copy(call->arena, packed->data, packed->len);
    char *copy = arena_copy(call->arena, signature, SIGN_SIGNATURE_BYTES);
    if (receipt == NULL || body == NULL || copy == NULL) {
        return err_memory(err);
    }
    receipt->body = (ProtobufCBinaryData){packed->len, (uint8_t *)body};
    receipt->signature = (ProtobufCBinaryData){SIGN_SIGNATURE_BYTES, (uint8_t *)copy};
    answer->receipt = receipt;
    return ERR_OK;
}

enum err_code intake_receipt_sign(struct call *call, const Pb__PushRequest *push,
                                  Pb__PushResponse *answer, struct err *err)
{
    const struct intake_services *services = call->services;
    uint8_t digest[MAC_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    AUTO_BUF struct buf packed = BUF_INIT;
    Pb__ReceiptBody body = PB__RECEIPT_BODY__INIT;
    const struct mac_part request = {call->request_bytes, call->request_len};
    mac_sha256(&request, 1, digest);
    body.municipality_code = call->principal.municipality_code;
    body.partnership = push->partnership;
    body.sync_id = push->sync_id;
    body.sequence = push->sequence;
    body.request_sha256 = (ProtobufCBinaryData){sizeof(digest), digest};
    body.received_at_us = clock_now_us(call->clock);
    verdicts_count(answer, &body);
    enum err_code rc = message_pack(&body.base, &packed, err);
    if (rc == ERR_OK) {
        rc = sign_make_one(services->receipt_key, SIGN_RECEIPT,
                           (struct sign_field){packed.data, packed.len}, signature, err);
    }
    return rc == ERR_OK ? receipt_fill(call, &packed, signature, answer, err) : rc;
}
