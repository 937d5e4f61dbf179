/* directory - see directory.h. */
#include "handlers/directory.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { DENMARK_AHEAD_SECONDS = 2 * 60 * 60, DAY_SECONDS = 24 * 60 * 60, LOOKUP_MS = 5000 };

enum err_code directory_principal(const struct gov_principal *stored, struct principal *out,
                                  struct err *err)
{
    struct principal principal = {
        .role = role_find(stored->role),
        .municipality_code = stored->municipality_code,
        .epoch = (uint32_t)stored->epoch,
        .is_revoked = stored->is_revoked,
    };
    if (principal.role == 0) {
        return err_set(err, ERR_CORRUPT, "a principal has an unrecognized role");
    }
    snprintf(principal.id, sizeof(principal.id), "%s", stored->id);
    memcpy(principal.public_key, stored->public_key, sizeof(principal.public_key));
    *out = principal;
    return ERR_OK;
}

enum err_code directory_principal_find(void *db_pool, const char *id, struct principal *out,
                                       struct err *err)
{
    AUTO(db_rollback) struct db *db = NULL;
    const struct db_begin_options options = {.read_only = true, .timeout_ms = LOOKUP_MS};
    struct gov_principal stored;
    enum err_code rc = db_begin(db_pool, &options, &db, err);
    if (rc == ERR_OK) {
        rc = gov_principal_find(db, id, &stored, err);
    }
    return rc == ERR_OK ? directory_principal(&stored, out, err) : rc;
}

enum err_code directory_membership(struct db *db, const struct call *call, const char *slug,
                                   struct partnership **out, struct err *err)
{
    AUTO(partnership_free) struct partnership *found = NULL;
    enum err_code rc = partnership_find(db, slug, &found, err);
    if (rc != ERR_OK) {
        return rc;
    }
    if (!partnership_has_member(found, call->principal.municipality_code)) {
        err_set(err, ERR_DENIED, "municipality %d is no member of %s",
                call->principal.municipality_code, found->slug);
        return err_reason(err, "NOT_MEMBER");
    }
    *out = STEAL(found);
    return ERR_OK;
}

date_t directory_today(const struct clock *clock)
{
    return (date_t)((clock_now_seconds(clock) + DENMARK_AHEAD_SECONDS) / DAY_SECONDS);
}

const char *directory_verdict(const struct gate_verdict *verdict)
{
    if (verdict->is_replay) {
        return "REPLAY";
    }
    if (verdict->code == ERR_OK) {
        return "OK";
    }
    return verdict->reason[0] != '\0' ? verdict->reason : err_code_name(verdict->code);
}

enum err_code directory_transaction_end(void *ctx, struct call *call, bool commit, struct err *err)
{
    struct db *db = call->transaction;
    (void)ctx;
    call->transaction = NULL;
    if (commit) {
        return db_commit(db, err);
    }
    db_rollback(db);
    return ERR_OK;
}

int directory_timeout_ms(const struct call *call)
{
    int64_t left_ms = call_remaining_ms(call);
    return left_ms < 1 ? 1 : left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

const char *directory_copy(const struct call *call, const char *text)
{
    return arena_copy(call->arena, text, strlen(text));
}
