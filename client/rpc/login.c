/* login - see login.h. */
#include "rpc/login.h"

#include "crypto/sign.h"
#include "rpc/exchange.h"

#include "fremgang/v1/auth.pb-c.h"

#include <string.h>

static enum err_code ask_challenge(struct caller *caller, const struct login_settings *settings,
                                   struct arena *arena, struct wire_bytes *out, struct err *err)
{
    Pb__ChallengeRequest request = PB__CHALLENGE_REQUEST__INIT;
    ProtobufCMessage *answer;
    request.principal_id = settings->principal_id;
    struct exchange exchange = {
        .method = METHOD_AUTH_CHALLENGE, .process = settings->process, .request = &request.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code == ERR_OK) {
        const Pb__ChallengeResponse *response = (const Pb__ChallengeResponse *)answer;
        *out = (struct wire_bytes){response->challenge.data, response->challenge.len};
    }
    return code;
}

static enum err_code keep_answer(const Pb__LogInResponse *response, struct login_answer *out,
                                 struct err *err)
{
    struct login_answer answer = {.expires_at_us = response->expires_at_us};
    answer.has_receipt_key = response->receipt_public_key.len == CALLER_RECEIPT_KEY_BYTES;
    if (answer.has_receipt_key) {
        memcpy(answer.receipt_key, response->receipt_public_key.data, CALLER_RECEIPT_KEY_BYTES);
    }
    enum err_code code = secret_copy(response->token.data, response->token.len, &answer.token, err);
    if (code == ERR_OK) {
        *out = answer;
    }
    return code;
}

enum err_code login_run(struct caller *caller, const struct login_settings *settings,
                        struct login_answer *out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__LogInRequest request = PB__LOG_IN_REQUEST__INIT;
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    struct wire_bytes challenge;
    ProtobufCMessage *answer;
    enum err_code code = ask_challenge(caller, settings, arena, &challenge, err);
    if (code == ERR_OK) {
        struct sign_login login = {.process = process_name(settings->process),
                                   .principal_id = settings->principal_id,
                                   .challenge = {challenge.data, challenge.len}};
        code = sign_make_login(settings->identity, &login, signature, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    request.principal_id = settings->principal_id;
    request.challenge = exchange_binary(challenge);
    request.signature = exchange_binary((struct wire_bytes){signature, sizeof(signature)});
    struct exchange exchange = {
        .method = METHOD_AUTH_LOG_IN, .process = settings->process, .request = &request.base};
    code = exchange_run(caller, &exchange, arena, &answer, err);
    return code == ERR_OK ? keep_answer((const Pb__LogInResponse *)answer, out, err) : code;
}
