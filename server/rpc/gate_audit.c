/* gate_audit - see gate_audit.h. */
#include "rpc/gate_audit.h"

#include "base/limits.h"

enum { AUDIT_DEADLINE_MS = 2000 };

bool audit_limit_take(struct audit_limit *limit, int64_t now_us)
{
    int64_t minute = now_us / (60 * (int64_t)1000000);
    (void)pthread_mutex_lock(&limit->lock);
    if (limit->minute != minute) {
        limit->minute = minute;
        limit->taken = 0;
    }
    bool has_room = limit->taken < ANONYMOUS_AUDITS_PER_MINUTE_MAX;
    if (has_room) {
        limit->taken++;
    }
    (void)pthread_mutex_unlock(&limit->lock);
    return has_room;
}

bool audit_is_wanted(const struct call *call, const struct gate_verdict *verdict)
{
    if (call->method == NULL ||
        (call->method->roles == ROLE_ANYONE && call->method->effect == METHOD_READS)) {
        return false;
    }
    if (verdict->code == ERR_DENIED) {
        return true;
    }
    return call->method->audit != AUDIT_NONE && call->principal.id[0] != '\0' &&
           verdict->code != ERR_UNAVAILABLE;
}

enum err_code audit_alone(const struct gate_options *options, struct call *call,
                          const struct gate_verdict *verdict, struct err *err)
{
    const struct gate_ops *ops = options->ops;
    // The call's own deadline may be what failed it.
    call->deadline_at_ms = clock_monotonic_ms() + AUDIT_DEADLINE_MS;
    enum err_code code = ops->transaction_begin(options->ops_ctx, call, err);
    if (code != ERR_OK) {
        return code;
    }
    code = ops->audit(options->ops_ctx, call, verdict, err);
    struct err end_err = ERR_INIT;
    enum err_code end = ops->transaction_end(options->ops_ctx, call, code == ERR_OK, &end_err);
    if (code == ERR_OK && end != ERR_OK) {
        *err = end_err;
        return end;
    }
    return code;
}
