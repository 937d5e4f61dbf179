/*
 * gate_check - the questions the gate asks of a caller: who is it, is it really, may it.
 * For the gate alone.
 *
 *     code = check_caller(&checker, &request, &call, err);    // fills call.principal
 */
#ifndef FREMGANG_RPC_GATE_CHECK_H
#define FREMGANG_RPC_GATE_CHECK_H

#include "rpc/gate.h"
#include "wire/envelope.h"

/** What is needed to tell who calls. Borrows all. */
struct gate_checker {
    uint32_t process;
    const struct secret *token_key;
    struct principal_cache *principals;
    int64_t now_us;
};

/** Finds the method and holds the payload against its size. ERR_NOT_FOUND (METHOD_UNKNOWN,
 * METHOD_ELSEWHERE), ERR_LIMIT (MESSAGE_TOO_LARGE); `*out` is set with the last, too. */
NODISCARD enum err_code check_method(uint32_t process, const struct wire_request *request,
                                     const struct method **out, struct err *err);
/** Authenticates: token, principal as the store knows it, signature where the method wants
 * one. Fills call->principal as soon as the token names it. ERR_DENIED with TOKEN_*,
 * PRINCIPAL_REVOKED, SIGNATURE_* or CLOCK_SKEW; errors of the principal finder. */
NODISCARD enum err_code check_caller(const struct gate_checker *checker,
                                     const struct wire_request *request, struct call *call,
                                     struct err *err);
/** Authorises: ERR_DENIED (ROLE_DENIED) unless the method's roles hold the principal's. */
NODISCARD enum err_code check_role(const struct call *call, struct err *err);
/** ERR_INVALID (KEY_MISSING) when a method that writes came without a key. */
NODISCARD enum err_code check_key(const struct call *call, struct err *err);
/** ERR_TIMEOUT (DEADLINE_PASSED) when nobody waits for the answer any more. */
NODISCARD enum err_code check_deadline(const struct call *call, struct err *err);

#endif
