/*
 * Goal: nobody gets a token but the owner of a principal's key, at the process that the owner
 * named; nobody enrols without the code and the key. Method: the handlers over a directory of
 * one principal, a fake clock, and a table of wrong log-ins.
 */
#include "support.h"

#include "handlers/auth.h"

#include "base/limits.h"
#include "crypto/enrolment_code.h"
#include "crypto/mac.h"
#include "crypto/sign.h"
#include "rpc/token.h"

#include "fremgang/v1/auth.pb-c.h"

#include <string.h>

#define CODE "0123456789ABCDEFGHJK"

enum { START_US = 1000000000, CHALLENGE_US = CHALLENGE_LIFE_SECONDS * 1000000 };

/* One principal with its key, as the store and its owner know it. */
struct desk {
    struct common_services services;
    struct auth_ops ops;
    struct secret *token_key;
    struct secret *key;
    struct secret *other_key;
    struct principal stored;
    int64_t now_us;
    struct clock clock;
    struct call call;
    unsigned codes_spent;
};

static enum err_code find(void *ctx, const char *id, struct principal *out, struct err *err)
{
    const struct desk *desk = ctx;
    if (strcmp(id, desk->stored.id) != 0) {
        return err_set(err, ERR_NOT_FOUND, "no such principal");
    }
    *out = desk->stored;
    return ERR_OK;
}

static enum err_code spend(void *ctx, struct call *call, const char *code,
                           const uint8_t public_key[PRINCIPAL_KEY_BYTES], struct enrolment *out,
                           struct err *err)
{
    struct desk *desk = ctx;
    (void)call;
    (void)public_key;
    if (strcmp(code, CODE) != 0) {
        return err_set(err, ERR_NOT_FOUND, "no such code");
    }
    desk->codes_spent++;
    out->principal = desk->stored;
    return ERR_OK;
}

static void desk_open(struct desk *desk)
{
    struct err err = ERR_INIT;
    *desk = (struct desk){.now_us = START_US};
    ASSERT_OK(secret_new(MAC_KEY_BYTES, &desk->token_key, &err), err);
    ASSERT_OK(sign_key_new(&desk->key, &err), err);
    ASSERT_OK(sign_key_new(&desk->other_key, &err), err);
    desk->stored = (struct principal){.id = "p-1", .role = ROLE_STEWARD, .epoch = 4};
    sign_public_key(desk->key, desk->stored.public_key);
    desk->clock = clock_fixed(&desk->now_us);
    desk->ops = (struct auth_ops){.spend_enrolment_code = spend, .principal_find = find};
    desk->services = (struct common_services){.process = PROCESS_POOL,
                                              .token_key = desk->token_key,
                                              .auth = &desk->ops,
                                              .auth_ctx = desk};
    desk->call = (struct call){
        .arena = arena_new(1024 * 1024), .clock = &desk->clock, .services = &desk->services};
}

static void desk_close(struct desk *desk)
{
    arena_free(desk->call.arena);
    secret_free(desk->token_key);
    secret_free(desk->key);
    secret_free(desk->other_key);
}

#define AUTO_DESK __attribute__((cleanup(desk_close)))

static ProtobufCBinaryData challenge_for(struct desk *desk, const char *id)
{
    struct err err = ERR_INIT;
    Pb__ChallengeRequest ask = PB__CHALLENGE_REQUEST__INIT;
    Pb__ChallengeResponse answer = PB__CHALLENGE_RESPONSE__INIT;
    ask.principal_id = id;
    ASSERT_OK(auth_challenge(&desk->call, &ask.base, &answer.base, &err), err);
    return answer.challenge;
}

/* A log-in as the client makes it, before the test spoils it. */
struct attempt {
    const char *id;         /* who asks for the challenge and logs in */
    const char *signed_id;  /* the id under the signature */
    const char *signed_for; /* the process kind under the signature */
    bool with_other_key;
    size_t signature_len;
    int64_t later_us;
    bool is_revoked;
    const char *reason; /* of the refusal */
};

static enum err_code log_in(struct desk *desk, const struct attempt *attempt,
                            Pb__LogInResponse *answer, struct err *err)
{
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    Pb__LogInRequest request = PB__LOG_IN_REQUEST__INIT;
    request.principal_id = attempt->id;
    request.challenge = challenge_for(desk, attempt->id);
    struct sign_login covered = {.process = attempt->signed_for,
                                 .principal_id = attempt->signed_id,
                                 .challenge = {request.challenge.data, request.challenge.len}};
    ASSERT_OK(sign_make_login(attempt->with_other_key ? desk->other_key : desk->key, &covered,
                              signature, err),
              *err);
    request.signature = (ProtobufCBinaryData){attempt->signature_len, signature};
    desk->stored.is_revoked = attempt->is_revoked;
    desk->now_us += attempt->later_us;
    return auth_log_in(&desk->call, &request.base, &answer->base, err);
}

static void test_auth_log_in__gives_a_token_of_this_process_and_epoch(void **state)
{
    AUTO_DESK struct desk desk;
    struct err err = ERR_INIT;
    struct token token;
    Pb__LogInResponse answer = PB__LOG_IN_RESPONSE__INIT;
    const struct attempt right = {.id = "p-1",
                                  .signed_id = "p-1",
                                  .signed_for = "pool",
                                  .signature_len = SIGN_SIGNATURE_BYTES,
                                  .later_us = CHALLENGE_US - 1};
    (void)state;
    desk_open(&desk);
    ASSERT_OK(log_in(&desk, &right, &answer, &err), err);
    struct token_reader reader = {PROCESS_POOL, desk.token_key, desk.now_us};
    struct wire_bytes bytes = {answer.token.data, answer.token.len};
    ASSERT_OK(token_read(&reader, bytes, &token, &err), err);
    assert_string_equal(token.principal_id, "p-1");
    assert_int_equal(token.role, ROLE_STEWARD);
    assert_int_equal(token.epoch, 4);
    assert_int_equal(token.expires_at_us, desk.now_us + TOKEN_LIFE_SECONDS * INT64_C(1000000));
    assert_int_equal(answer.expires_at_us, token.expires_at_us);
    reader.process = PROCESS_INTAKE;
    ASSERT_ERR(ERR_DENIED, token_read(&reader, bytes, &token, &err));
}

static void test_auth_log_in__refuses_who_is_not_the_owner_here(void **state)
{
    enum { WHOLE = SIGN_SIGNATURE_BYTES };
    static const struct attempt CASES[] = {
        {.id = "p-1", .signed_id = "p-1", .signed_for = "intake", .signature_len = WHOLE},
        {.id = "p-1", .signed_id = "p-1", .signed_for = "", .signature_len = WHOLE},
        {.id = "p-1", .signed_id = "p-2", .signed_for = "pool", .signature_len = WHOLE},
        {.id = "p-1", .signed_id = "p-1", .signed_for = "pool", .signature_len = WHOLE - 1},
        {.id = "p-1", .signed_id = "p-1", .signed_for = "pool", .signature_len = 0},
        {.id = "p-2", .signed_id = "p-2", .signed_for = "pool", .signature_len = WHOLE},
        {.id = "p-1",
         .signed_id = "p-1",
         .signed_for = "pool",
         .signature_len = WHOLE,
         .with_other_key = true},
        {.id = "p-1",
         .signed_id = "p-1",
         .signed_for = "pool",
         .signature_len = WHOLE,
         .is_revoked = true},
        {.id = "p-1",
         .signed_id = "p-1",
         .signed_for = "pool",
         .signature_len = WHOLE,
         .later_us = CHALLENGE_US,
         .reason = "CHALLENGE_INVALID"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        AUTO_DESK struct desk desk;
        struct err err = ERR_INIT;
        Pb__LogInResponse answer = PB__LOG_IN_RESPONSE__INIT;
        desk_open(&desk);
        ASSERT_ERR(ERR_DENIED, log_in(&desk, &CASES[i], &answer, &err));
        assert_string_equal(err.reason,
                            CASES[i].reason == NULL ? "LOGIN_REFUSED" : CASES[i].reason);
        assert_int_equal(answer.token.len, 0);
    }
}

static void test_auth_challenge__takes_ids_up_to_the_limit(void **state)
{
    AUTO_DESK struct desk desk;
    struct err err = ERR_INIT;
    char id[PRINCIPAL_ID_BYTES_MAX + 2];
    Pb__ChallengeRequest ask = PB__CHALLENGE_REQUEST__INIT;
    Pb__ChallengeResponse answer = PB__CHALLENGE_RESPONSE__INIT;
    (void)state;
    desk_open(&desk);
    memset(id, 'p', sizeof(id));
    id[PRINCIPAL_ID_BYTES_MAX] = '\0';
    assert_true(challenge_for(&desk, id).len > 0);
    id[PRINCIPAL_ID_BYTES_MAX] = 'p';
    id[PRINCIPAL_ID_BYTES_MAX + 1] = '\0';
    ask.principal_id = id;
    ASSERT_ERR(ERR_INVALID, auth_challenge(&desk.call, &ask.base, &answer.base, &err));
    ask.principal_id = "";
    ASSERT_ERR(ERR_INVALID, auth_challenge(&desk.call, &ask.base, &answer.base, &err));
}

static enum err_code enrol(struct desk *desk, const char *code, const struct secret *signer,
                           size_t public_key_len, struct err *err)
{
    char normal[ENROLMENT_CODE_NORMAL_BYTES] = "";
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t proof[SIGN_SIGNATURE_BYTES];
    struct err ignored = ERR_INIT;
    Pb__EnrolRequest request = PB__ENROL_REQUEST__INIT;
    Pb__EnrolResponse answer = PB__ENROL_RESPONSE__INIT;
    sign_public_key(desk->key, public_key);
    (void)!enrolment_code_normalise(code, normal, &ignored);
    ASSERT_OK(
        sign_make_one(signer, SIGN_ENROL, (struct sign_field){normal, strlen(normal)}, proof, err),
        *err);
    request.code = code;
    request.public_key = (ProtobufCBinaryData){public_key_len, public_key};
    request.proof = (ProtobufCBinaryData){sizeof(proof), proof};
    return auth_enrol(&desk->call, &request.base, &answer.base, err);
}

static void test_auth_enrol__wants_code_and_key(void **state)
{
    AUTO_DESK struct desk desk;
    struct err err = ERR_INIT;
    (void)state;
    desk_open(&desk);
    ASSERT_ERR(ERR_INVALID, enrol(&desk, "short", desk.key, SIGN_PUBLIC_KEY_BYTES, &err));
    assert_string_equal(err.reason, "ENROLMENT_CODE_MALFORMED");
    ASSERT_ERR(ERR_INVALID, enrol(&desk, CODE, desk.key, SIGN_PUBLIC_KEY_BYTES - 1, &err));
    assert_string_equal(err.reason, "MESSAGE_MALFORMED");
    ASSERT_ERR(ERR_DENIED, enrol(&desk, CODE, desk.other_key, SIGN_PUBLIC_KEY_BYTES, &err));
    assert_string_equal(err.reason, "SIGNATURE_INVALID");
    ASSERT_ERR(ERR_DENIED,
               enrol(&desk, "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ", desk.key, SIGN_PUBLIC_KEY_BYTES, &err));
    assert_string_equal(err.reason, "ENROLMENT_CODE_REFUSED");
    assert_int_equal(desk.codes_spent, 0);
    ASSERT_OK(enrol(&desk, CODE, desk.key, SIGN_PUBLIC_KEY_BYTES, &err), err);
    assert_int_equal(desk.codes_spent, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_auth_log_in__gives_a_token_of_this_process_and_epoch),
        cmocka_unit_test(test_auth_log_in__refuses_who_is_not_the_owner_here),
        cmocka_unit_test(test_auth_challenge__takes_ids_up_to_the_limit),
        cmocka_unit_test(test_auth_enrol__wants_code_and_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
