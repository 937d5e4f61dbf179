/* admin_call - see admin_call.h. */
#include "rpc/admin_call.h"

#include "rpc/exchange.h"

#include "fremgang/v1/admin.pb-c.h"

#include <string.h>

/* protobuf-c's arrays are not const. */
static const char **texts(const char *const *items)
{
    return (const char **)(uintptr_t)items;
}

static enum err_code copy_text(char out[ADMIN_TEXT_BYTES], const char *text, struct err *err)
{
    size_t len = strlen(text);
    if (len >= ADMIN_TEXT_BYTES) {
        return err_set(err, ERR_CORRUPT, "a text of the answer is %zu bytes long", len);
    }
    memcpy(out, text, len + 1);
    return ERR_OK;
}

enum err_code admin_create_partnership(struct caller *caller,
                                       const struct admin_partnership_request *request,
                                       int32_t *out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__CreatePartnershipRequest message = PB__CREATE_PARTNERSHIP_REQUEST__INIT;
    ProtobufCMessage *answer;
    message.slug = request->slug;
    message.name = request->name;
    message.members = (int32_t *)(uintptr_t)request->members;
    message.n_members = request->member_count;
    message.from_date = request->from_date;
    message.to_date = request->to_date;
    message.named_to = texts(request->named_to);
    message.n_named_to = request->named_to_count;
    message.synthetic = request->synthetic;
    struct exchange exchange = {.method = METHOD_ADMIN_CREATE_PARTNERSHIP,
                                .request = &message.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code == ERR_OK) {
        *out = ((const Pb__CreatePartnershipResponse *)answer)->partnership_id;
    }
    return code;
}

enum err_code admin_create_code(struct caller *caller, const struct admin_code_request *request,
                                struct admin_code *out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__CreateEnrolmentCodeRequest message = PB__CREATE_ENROLMENT_CODE_REQUEST__INIT;
    ProtobufCMessage *answer;
    message.role = request->role;
    message.name = request->name;
    message.partnerships = texts(request->partnerships);
    message.n_partnerships = request->partnership_count;
    if (request->municipality_code != 0) {
        message._municipality_code_case =
            PB__CREATE_ENROLMENT_CODE_REQUEST___MUNICIPALITY_CODE_MUNICIPALITY_CODE;
        message.municipality_code = request->municipality_code;
    }
    struct exchange exchange = {.method = METHOD_ADMIN_CREATE_CODE, .request = &message.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__CreateEnrolmentCodeResponse *response =
        (const Pb__CreateEnrolmentCodeResponse *)answer;
    code = copy_text(out->text, response->code, err);
    out->expires_at_us = code == ERR_OK ? response->expires_at_us : out->expires_at_us;
    return code;
}

enum err_code admin_revoke(struct caller *caller, const char *principal_id, uint32_t *out,
                           struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__RevokePrincipalRequest message = PB__REVOKE_PRINCIPAL_REQUEST__INIT;
    ProtobufCMessage *answer;
    message.principal_id = principal_id;
    struct exchange exchange = {.method = METHOD_ADMIN_REVOKE, .request = &message.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code == ERR_OK) {
        *out = ((const Pb__RevokePrincipalResponse *)answer)->epoch;
    }
    return code;
}

enum err_code admin_grant_permit(struct caller *caller, const struct admin_permit_request *request,
                                 int64_t *out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__GrantPermitRequest message = PB__GRANT_PERMIT_REQUEST__INIT;
    ProtobufCMessage *answer;
    message.principal_id = request->principal_id;
    message.partnership = request->partnership;
    message.purpose = request->purpose;
    message.until_date = request->until_date;
    struct exchange exchange = {.method = METHOD_ADMIN_GRANT_PERMIT, .request = &message.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code == ERR_OK) {
        *out = ((const Pb__GrantPermitResponse *)answer)->permit_id;
    }
    return code;
}

void admin_closed_free(struct admin_closed *closed)
{
    if (closed != NULL) {
        arena_free(closed->arena);
    }
}

enum err_code admin_close_period(struct caller *caller, const char *partnership, const char *period,
                                 struct admin_closed **out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__ClosePeriodRequest message = PB__CLOSE_PERIOD_REQUEST__INIT;
    ProtobufCMessage *answer;
    message.partnership = partnership;
    message.period = period;
    struct exchange exchange = {.method = METHOD_ADMIN_CLOSE_PERIOD, .request = &message.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__ClosePeriodResponse *response = (const Pb__ClosePeriodResponse *)answer;
    struct admin_closed *closed = arena_alloc(arena, sizeof(*closed));
    if (closed == NULL) {
        return err_memory(err);
    }
    *closed = (struct admin_closed){STEAL(arena), response->closed, response->n_closed};
    *out = closed;
    return ERR_OK;
}

enum err_code admin_approve(struct caller *caller, const char *release_id,
                            const uint8_t manifest_sha256[CATALOGUE_HASH_BYTES],
                            struct admin_approval *out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__ApproveReleaseRequest message = PB__APPROVE_RELEASE_REQUEST__INIT;
    ProtobufCMessage *answer;
    message.release_id = release_id;
    message.manifest_sha256 =
        exchange_binary((struct wire_bytes){manifest_sha256, CATALOGUE_HASH_BYTES});
    struct exchange exchange = {.method = METHOD_ADMIN_APPROVE, .request = &message.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__ApproveReleaseResponse *response = (const Pb__ApproveReleaseResponse *)answer;
    struct admin_approval approval = {.approvals = response->approvals};
    code = copy_text(approval.state, response->state, err);
    if (code == ERR_OK) {
        *out = approval;
    }
    return code;
}

enum err_code admin_withdraw(struct caller *caller, const char *release_id, const char *reason,
                             struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__WithdrawReleaseRequest message = PB__WITHDRAW_RELEASE_REQUEST__INIT;
    ProtobufCMessage *answer;
    message.release_id = release_id;
    message.reason = reason;
    struct exchange exchange = {.method = METHOD_ADMIN_WITHDRAW, .request = &message.base};
    return exchange_run(caller, &exchange, arena, &answer, err);
}
