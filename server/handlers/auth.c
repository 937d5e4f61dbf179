/* auth - see auth.h. */
#include "handlers/auth.h"

#include "base/limits.h"
#include "crypto/enrolment_code.h"
#include "crypto/sign.h"
#include "rpc/token.h"

#include "fremgang/v1/auth.pb-c.h"

#include <string.h>

static struct token_reader reader_of(const struct call *call)
{
    const struct common_services *services = call->services;
    return (struct token_reader){services->process, services->token_key, clock_now_us(call->clock)};
}

static enum err_code refuse(struct err *err, const char *message, const char *reason)
{
    (void)err_set(err, ERR_DENIED, "%s", message);
    return err_reason(err, reason);
}

/* Copies into the call's arena, since the answer is packed after the handler's return. */
static enum err_code set_bytes(struct call *call, ProtobufCBinaryData *field,
                               struct wire_bytes bytes, struct err *err)
{
    field->data = (uint8_t *)arena_copy(call->arena, bytes.data, bytes.len);
    field->len = bytes.len;
    return field->data == NULL ? err_memory(err) : ERR_OK;
}

/* Field order of EnrolResponse; the strings already live in the arena or are static. */
static enum err_code fill_enrolment(struct call *call, const struct enrolment *enrolment,
                                    Pb__EnrolResponse *answer, struct err *err)
{
    const struct principal *principal = &enrolment->principal;
    size_t count = enrolment->partnership_count;
    answer->principal_id = arena_copy(call->arena, principal->id, strlen(principal->id));
    answer->partnerships = arena_alloc(call->arena, (count + 1) * sizeof(*answer->partnerships));
    if (answer->principal_id == NULL || answer->partnerships == NULL) {
        return err_memory(err);
    }
    answer->role = role_name(principal->role);
    if (principal->role == ROLE_MUNICIPALITY) {
        answer->_municipality_code_case = PB__ENROL_RESPONSE___MUNICIPALITY_CODE_MUNICIPALITY_CODE;
        answer->municipality_code = principal->municipality_code;
    }
    for (size_t i = 0; i < count; i++) {
        answer->partnerships[i] = enrolment->partnerships[i];
    }
    answer->n_partnerships = count;
    return ERR_OK;
}

enum err_code auth_enrol(struct call *call, const ProtobufCMessage *request,
                         ProtobufCMessage *response, struct err *err)
{
    const struct common_services *services = call->services;
    const Pb__EnrolRequest *enrol = (const Pb__EnrolRequest *)request;
    char code_text[ENROLMENT_CODE_NORMAL_BYTES];
    struct enrolment enrolment = {.partnership_count = 0};
    enum err_code code = enrolment_code_normalise(enrol->code, code_text, err);
    if (code != ERR_OK) {
        return code;
    }
    if (enrol->public_key.len != SIGN_PUBLIC_KEY_BYTES ||
        enrol->proof.len != SIGN_SIGNATURE_BYTES) {
        (void)err_set(err, ERR_INVALID, "a public key has %d bytes and a proof %d",
                      SIGN_PUBLIC_KEY_BYTES, SIGN_SIGNATURE_BYTES);
        return err_reason(err, "MESSAGE_MALFORMED");
    }
    struct sign_field signed_code = {code_text, strlen(code_text)};
    if (!sign_check_one(enrol->public_key.data, SIGN_ENROL, signed_code, enrol->proof.data)) {
        return refuse(err, "the proof is not made with the public key's other half",
                      "SIGNATURE_INVALID");
    }
    code = services->auth->spend_enrolment_code(services->auth_ctx, call, code_text,
                                                enrol->public_key.data, &enrolment, err);
    if (code == ERR_NOT_FOUND) {
        return refuse(err, "the enrolment code is unknown, spent or expired",
                      "ENROLMENT_CODE_REFUSED");
    }
    return code == ERR_OK ? fill_enrolment(call, &enrolment, (Pb__EnrolResponse *)response, err)
                          : code;
}

enum err_code auth_challenge(struct call *call, const ProtobufCMessage *request,
                             ProtobufCMessage *response, struct err *err)
{
    const Pb__ChallengeRequest *ask = (const Pb__ChallengeRequest *)request;
    Pb__ChallengeResponse *answer = (Pb__ChallengeResponse *)response;
    struct token_reader maker = reader_of(call);
    struct token_bytes challenge;
    size_t id_len = strlen(ask->principal_id);
    if (id_len == 0 || id_len > PRINCIPAL_ID_BYTES_MAX) {
        return err_set(err, ERR_INVALID, "a principal id has 1 to %d characters",
                       PRINCIPAL_ID_BYTES_MAX);
    }
    challenge_write(&maker, ask->principal_id, &challenge);
    return set_bytes(call, &answer->challenge, (struct wire_bytes){challenge.data, challenge.len},
                     err);
}

/* An unknown principal, a revoked one and a wrong key look alike. */
static enum err_code check_login(const struct call *call, const Pb__LogInRequest *login,
                                 struct principal *out, struct err *err)
{
    const struct common_services *services = call->services;
    struct token_reader reader = reader_of(call);
    struct wire_bytes challenge = {login->challenge.data, login->challenge.len};
    struct sign_login signed_login = {.process = process_name(services->process),
                                      .principal_id = login->principal_id,
                                      .challenge = {challenge.data, challenge.len}};
    enum err_code code = challenge_check(&reader, challenge, login->principal_id, err);
    if (code != ERR_OK) {
        return code;
    }
    struct principal found;
    code = services->auth->principal_find(services->auth_ctx, login->principal_id, &found, err);
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return code;
    }
    if (code == ERR_NOT_FOUND || found.is_revoked || login->signature.len != SIGN_SIGNATURE_BYTES ||
        !sign_check_login(found.public_key, &signed_login, login->signature.data)) {
        return refuse(err, "the principal and its key are not known here", "LOGIN_REFUSED");
    }
    *out = found;
    return ERR_OK;
}

enum err_code auth_log_in(struct call *call, const ProtobufCMessage *request,
                          ProtobufCMessage *response, struct err *err)
{
    const struct common_services *services = call->services;
    const Pb__LogInRequest *login = (const Pb__LogInRequest *)request;
    Pb__LogInResponse *answer = (Pb__LogInResponse *)response;
    struct token_reader maker = reader_of(call);
    struct principal principal = {0};
    struct token_bytes bytes;
    enum err_code code = check_login(call, login, &principal, err);
    if (code != ERR_OK) {
        return code;
    }
    struct token token = {.role = principal.role,
                          .municipality_code = principal.municipality_code,
                          .epoch = principal.epoch,
                          .expires_at_us = maker.now_us + (int64_t)TOKEN_LIFE_SECONDS * 1000000};
    memcpy(token.principal_id, principal.id, sizeof(token.principal_id));
    token_write(&maker, &token, &bytes);
    answer->expires_at_us = token.expires_at_us;
    code = set_bytes(call, &answer->token, (struct wire_bytes){bytes.data, bytes.len}, err);
    if (code == ERR_OK && services->receipt_public_key != NULL) {
        struct wire_bytes key = {services->receipt_public_key, SIGN_PUBLIC_KEY_BYTES};
        code = set_bytes(call, &answer->receipt_public_key, key, err);
    }
    return code;
}
