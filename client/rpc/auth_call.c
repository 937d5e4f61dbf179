/* auth_call - see auth_call.h. */
#include "rpc/auth_call.h"

#include "crypto/enrolment_code.h"
#include "crypto/mac.h"
#include "crypto/sign.h"
#include "rpc/exchange.h"

#include "fremgang/v1/auth.pb-c.h"

#include <sodium.h>
#include <string.h>

enum { KEY_HASH_BYTES = 16 };

void auth_enrolment_free(struct auth_enrolment *enrolment)
{
    if (enrolment != NULL) {
        arena_free(enrolment->arena);
    }
}

static void make_key(const char *normal, const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES],
                     char out[2 * KEY_HASH_BYTES + 1])
{
    uint8_t hash[MAC_BYTES];
    const struct mac_part parts[] = {{normal, strlen(normal)}, {public_key, SIGN_PUBLIC_KEY_BYTES}};
    mac_sha256(parts, ARRAY_COUNT(parts), hash);
    (void)sodium_bin2hex(out, 2 * KEY_HASH_BYTES + 1, hash, KEY_HASH_BYTES);
}

static enum err_code keep_answer(const Pb__EnrolResponse *response, struct arena *arena,
                                 struct auth_enrolment **out, struct err *err)
{
    struct auth_enrolment *enrolment = arena_alloc(arena, sizeof(*enrolment));
    if (enrolment == NULL) {
        return err_memory(err);
    }
    *enrolment = (struct auth_enrolment){
        .principal_id = response->principal_id,
        .role = response->role,
        .municipality_code = response->_municipality_code_case ==
                                     PB__ENROL_RESPONSE___MUNICIPALITY_CODE_MUNICIPALITY_CODE
                                 ? response->municipality_code
                                 : 0,
        .partnerships = response->partnerships,
        .partnership_count = response->n_partnerships,
    };
    *out = enrolment;
    return ERR_OK;
}

enum err_code auth_enrol(struct caller *caller, const char *typed_code,
                         const struct secret *identity, struct auth_enrolment **out,
                         struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__EnrolRequest request = PB__ENROL_REQUEST__INIT;
    char normal[ENROLMENT_CODE_NORMAL_BYTES];
    char key[2 * KEY_HASH_BYTES + 1];
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t proof[SIGN_SIGNATURE_BYTES];
    ProtobufCMessage *answer;
    enum err_code code =
        arena == NULL ? err_memory(err) : enrolment_code_normalise(typed_code, normal, err);
    if (code == ERR_OK) {
        code = sign_make_one(identity, SIGN_ENROL, (struct sign_field){normal, strlen(normal)},
                             proof, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    sign_public_key(identity, public_key);
    make_key(normal, public_key, key);
    request.code = normal;
    request.public_key = exchange_binary((struct wire_bytes){public_key, sizeof(public_key)});
    request.proof = exchange_binary((struct wire_bytes){proof, sizeof(proof)});
    struct exchange exchange = {
        .method = METHOD_AUTH_ENROL, .request = &request.base, .idempotency_key = key};
    code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code == ERR_OK) {
        code = keep_answer((const Pb__EnrolResponse *)answer, arena, out, err);
    }
    if (code == ERR_OK) {
        (*out)->arena = STEAL(arena);
    }
    return code;
}
