/* admin_release - AdminService's approval and withdrawal of releases. See pool.h. */
#include "handlers/pool/pool.h"
#include "store/release/release_store.h"

#include "fremgang/v1/admin.pb-c.h"

#include <string.h>

enum { SHA256_BYTES = 32, REASON_BYTES_MAX = 500 };

enum err_code pool_approve(struct call *call, const ProtobufCMessage *request,
                           ProtobufCMessage *response, struct err *err)
{
    const Pb__ApproveReleaseRequest *ask = (const Pb__ApproveReleaseRequest *)request;
    Pb__ApproveReleaseResponse *answer = (Pb__ApproveReleaseResponse *)response;
    struct release_outcome outcome;
    if (ask->manifest_sha256.len != SHA256_BYTES) {
        return err_set(err, ERR_INVALID, "a manifest's SHA-256 has %d bytes, not %zu", SHA256_BYTES,
                       ask->manifest_sha256.len);
    }
    call->audit_subject = ask->release_id;
    const struct release_approval approval = {
        .release_id = ask->release_id,
        .principal_id = call->principal.id,
        .manifest_sha256 = ask->manifest_sha256.data,
        .request_id = call->request_id,
        .idempotency_key = call->idempotency_key,
        .request = {call->request_bytes, call->request_len},
        .signed_at_us = call->signed_at_us,
        .signature = call->signature,
    };
    enum err_code rc = release_approve(call->transaction, &approval, &outcome, err);
    if (rc != ERR_OK) {
        return rc;
    }
    answer->approvals = (uint32_t)outcome.approvals;
    answer->state = directory_copy(call, outcome.state);
    return answer->state == NULL ? err_memory(err) : ERR_OK;
}

enum err_code pool_withdraw(struct call *call, const ProtobufCMessage *request,
                            ProtobufCMessage *response, struct err *err)
{
    const Pb__WithdrawReleaseRequest *ask = (const Pb__WithdrawReleaseRequest *)request;
    const struct release_withdrawal withdrawal = {
        .release_id = ask->release_id,
        .principal_id = call->principal.id,
        .reason = ask->reason,
    };
    if (ask->reason[0] == '\0' || strlen(ask->reason) > REASON_BYTES_MAX) {
        return err_set(err, ERR_INVALID, "a reason has 1 to %d letters", REASON_BYTES_MAX);
    }
    call->audit_subject = ask->release_id;
    enum err_code rc = release_withdraw(call->transaction, &withdrawal, err);
    if (rc == ERR_OK) {
        ((Pb__WithdrawReleaseResponse *)response)->state = "withdrawn";
    }
    return rc;
}
