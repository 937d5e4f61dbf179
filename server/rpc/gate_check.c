/* gate_check - see gate_check.h. */
#include "rpc/gate_check.h"

#include "base/limits.h"
#include "crypto/sign.h"
#include "rpc/token.h"

#include <string.h>
#include <time.h>

enum { TIME_TEXT_BYTES = 32, MICROSECONDS = 1000000 };

static enum err_code refuse(struct err *err, const char *message, const char *reason)
{
    (void)err_set(err, ERR_DENIED, "%s", message);
    return err_reason(err, reason);
}

enum err_code check_method(uint32_t process, const struct wire_request *request,
                           const struct method **out, struct err *err)
{
    const struct method *method = method_find(request->method);
    if (method == NULL) {
        (void)err_set(err, ERR_NOT_FOUND, "no such method");
        return err_reason(err, "METHOD_UNKNOWN");
    }
    if ((method->processes & process) == 0) {
        (void)err_set(err, ERR_NOT_FOUND, "%s is not served by %s", method->path,
                      process_name(process));
        return err_reason(err, "METHOD_ELSEWHERE");
    }
    *out = method;
    if (request->payload.len > method->request_bytes_max) {
        (void)err_set(err, ERR_LIMIT, "a request of %zu bytes; %s takes at most %zu",
                      request->payload.len, method->path, method->request_bytes_max);
        return err_reason(err, "MESSAGE_TOO_LARGE");
    }
    return ERR_OK;
}

/* The store's word on the principal that the token names, and whether the token still fits. */
static enum err_code find_principal(const struct gate_checker *checker, const struct token *token,
                                    struct principal *out, struct err *err)
{
    struct principal found;
    enum err_code code =
        principal_cache_find(checker->principals, token->principal_id, &found, err);
    if (code == ERR_NOT_FOUND) {
        return refuse(err, "the token names nobody", "TOKEN_INVALID");
    }
    if (code != ERR_OK) {
        return code;
    }
    *out = found;
    if (found.is_revoked || found.epoch != token->epoch) {
        return refuse(err, "the principal's access was revoked", "PRINCIPAL_REVOKED");
    }
    if (found.role != token->role || found.municipality_code != token->municipality_code) {
        return refuse(err, "the principal's role has changed", "TOKEN_INVALID");
    }
    return ERR_OK;
}

static void format_time(int64_t time_us, char out[TIME_TEXT_BYTES])
{
    struct tm utc;
    time_t seconds = (time_t)(time_us / MICROSECONDS);
    if (gmtime_r(&seconds, &utc) == NULL ||
        strftime(out, TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        (void)strcpy(out, "another age");
    }
}

static enum err_code check_time(int64_t signed_at_us, int64_t now_us, struct err *err)
{
    const int64_t window_us = (int64_t)SIGNATURE_WINDOW_SECONDS * MICROSECONDS;
    if (signed_at_us >= now_us - window_us && signed_at_us <= now_us + window_us) {
        return ERR_OK;
    }
    char signed_at[TIME_TEXT_BYTES];
    char now[TIME_TEXT_BYTES];
    format_time(signed_at_us, signed_at);
    format_time(now_us, now);
    (void)err_set(err, ERR_DENIED, "the call was signed at %s, but the server's time is %s",
                  signed_at, now);
    return err_reason(err, "CLOCK_SKEW");
}

static enum err_code check_signature(const struct wire_request *request,
                                     const struct principal *principal, int64_t now_us,
                                     struct err *err)
{
    if (!request->is_signed) {
        return refuse(err, "the method takes signed calls only", "SIGNATURE_MISSING");
    }
    struct sign_call call = {
        .method = request->method,
        .request_id = request->request_id,
        .idempotency_key = request->idempotency_key,
        .signed_at_us = request->signed_at_us,
        .payload = {request->payload.data, request->payload.len},
    };
    enum err_code code = check_time(request->signed_at_us, now_us, err);
    if (code != ERR_OK) {
        return code;
    }
    if (!sign_check_call(principal->public_key, &call, request->signature)) {
        return refuse(err, "the call's signature is not its principal's", "SIGNATURE_INVALID");
    }
    return ERR_OK;
}

enum err_code check_caller(const struct gate_checker *checker, const struct wire_request *request,
                           struct call *call, struct err *err)
{
    struct token token;
    struct token_reader reader = {checker->process, checker->token_key, checker->now_us};
    if (call->method->roles == ROLE_ANYONE) {
        return ERR_OK;
    }
    if (request->token.len == 0) {
        return refuse(err, "the call carries no token", "TOKEN_MISSING");
    }
    enum err_code code = token_read(&reader, request->token, &token, err);
    if (code == ERR_OK) {
        code = find_principal(checker, &token, &call->principal, err);
    }
    if (code == ERR_OK && call->method->signing == METHOD_SIGNED) {
        code = check_signature(request, &call->principal, checker->now_us, err);
    }
    return code;
}

enum err_code check_role(const struct call *call, struct err *err)
{
    const struct method *method = call->method;
    if (method->roles == ROLE_ANYONE || (method->roles & call->principal.role) != 0) {
        return ERR_OK;
    }
    (void)err_set(err, ERR_DENIED, "a %s may not call %s", role_name(call->principal.role),
                  method->path);
    return err_reason(err, "ROLE_DENIED");
}

enum err_code check_key(const struct call *call, struct err *err)
{
    if (call->method->effect == METHOD_READS || call->idempotency_key[0] != '\0') {
        return ERR_OK;
    }
    (void)err_set(err, ERR_INVALID, "%s came without an idempotency key", call->method->path);
    return err_reason(err, "KEY_MISSING");
}

enum err_code check_deadline(const struct call *call, struct err *err)
{
    if (call_remaining_ms(call) > 0) {
        return ERR_OK;
    }
    (void)err_set(err, ERR_TIMEOUT, "the deadline passed before the call was begun");
    return err_reason(err, "DEADLINE_PASSED");
}
