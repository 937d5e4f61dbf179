/* gate_pool - the store behind pool's gate: transactions under the database role of the
 * caller's role, sealed replay, audit. See pool.h. */
#include "handlers/pool/pool.h"

#include "base/limits.h"
#include "crypto/enrolment_code.h"
#include "handlers/pool/replay_seal.h"
#include "store/release/call_store.h"

#include <string.h>

enum { READY_MS = 1000 };

/* What a caller's transaction may do is the database role's, one row a role. Without a caller
 * it is the log-in role's, which enrols and audits. */
static const struct {
    uint32_t role;
    const char *database_role;
} DATABASE_ROLES[] = {
    {ROLE_MUNICIPALITY, "pool_member"},
    {ROLE_COORDINATOR, "pool_viewer"},
    {ROLE_RESEARCHER, "pool_viewer"},
    {ROLE_STEWARD, "pool_steward"},
};

static const char *database_role(uint32_t role)
{
    for (size_t i = 0; i < ARRAY_COUNT(DATABASE_ROLES); i++) {
        if (DATABASE_ROLES[i].role == role) {
            return DATABASE_ROLES[i].database_role;
        }
    }
    return NULL;
}

static enum err_code principal_find(void *ctx, const char *id, struct principal *out,
                                    struct err *err)
{
    const struct pool_services *services = ctx;
    return directory_principal_find(services->releases, id, out, err);
}

static enum err_code transaction_begin(void *ctx, struct call *call, struct err *err)
{
    const struct pool_services *services = ctx;
    const struct db_begin_options options = {
        .role = database_role(call->principal.role),
        // An answer of several statements is of one moment: no release comes or goes in it.
        .snapshot = call->method->effect == METHOD_READS,
        .timeout_ms = directory_timeout_ms(call),
    };
    struct db *db = NULL;
    enum err_code rc = db_begin(services->releases, &options, &db, err);
    if (rc == ERR_OK) {
        call->transaction = db;
    }
    return rc;
}

static struct call_replay_key replay_key(const struct call *call)
{
    return (struct call_replay_key){
        .principal_id = call->principal.id,
        .idempotency_key = call->idempotency_key,
        .method = call->method->path,
        .request_sha256 = call->request_sha256,
    };
}

static enum err_code replay_find(void *ctx, struct call *call, struct gate_replay *out,
                                 struct err *err)
{
    const struct pool_services *services = ctx;
    const struct call_replay_key key = replay_key(call);
    struct call_replay kept = {.response = BUF_INIT};
    enum err_code rc = call_replay_find(call->transaction, &key, &kept, err);
    if (rc == ERR_OK && kept.is_found) {
        struct wire_bytes sealed = {kept.response.data, kept.response.len};
        rc = replay_open(services->common.token_key, sealed, call->arena, &out->response, err);
    }
    if (rc == ERR_OK) {
        out->is_found = kept.is_found;
        memcpy(out->request_sha256, kept.request_sha256, sizeof(out->request_sha256));
    }
    buf_clear(&kept.response);
    return rc;
}

static enum err_code replay_store(void *ctx, struct call *call, struct wire_bytes response,
                                  struct err *err)
{
    const struct pool_services *services = ctx;
    const struct call_replay_key key = replay_key(call);
    AUTO_BUF struct buf sealed = BUF_INIT;
    enum err_code rc = replay_seal(services->common.token_key, response, &sealed, err);
    if (rc != ERR_OK) {
        return rc;
    }
    return call_replay_store(call->transaction, &key, (struct db_bytes){sealed.data, sealed.len},
                             err);
}

static enum err_code audit(void *ctx, struct call *call, const struct gate_verdict *verdict,
                           struct err *err)
{
    const char *role = role_name(call->principal.role);
    const struct call_audit_entry entry = {
        .process = process_name(PROCESS_POOL),
        .method = call->method->path,
        .principal_id = call->principal.id,
        .role = role == NULL ? "" : role,
        .municipality_code = call->principal.municipality_code,
        .request_id = call->request_id,
        .verdict = directory_verdict(verdict),
        .subject = call->audit_subject == NULL ? "" : call->audit_subject,
    };
    (void)ctx;
    return call_audit_append(call->transaction, &entry, err);
}

const struct gate_ops POOL_GATE_OPS = {
    .principal_find = principal_find,
    .transaction_begin = transaction_begin,
    .transaction_end = directory_transaction_end,
    .replay_find = replay_find,
    .replay_store = replay_store,
    .audit = audit,
};

/** The slugs read so far, in the call's arena. */
struct slug_list {
    const struct call *call;
    const char **slugs;
    size_t count;
    size_t capacity;
};

static enum err_code slug_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct slug_list *list = ctx;
    if (list->count == list->capacity) {
        return err_set(err, ERR_LIMIT, "more than %zu partnerships", list->capacity);
    }
    list->slugs[list->count] = directory_copy(list->call, db_row_text(row, 0));
    return list->slugs[list->count++] == NULL ? err_memory(err) : ERR_OK;
}

static enum err_code spend_enrolment_code(void *ctx, struct call *call, const char *code,
                                          const uint8_t public_key[PRINCIPAL_KEY_BYTES],
                                          struct enrolment *out, struct err *err)
{
    enum { PARTNERSHIPS_MAX = 1000 };
    uint8_t digest[ENROLMENT_CODE_HASH_BYTES];
    struct gov_principal stored;
    struct slug_list list = {.call = call, .capacity = PARTNERSHIPS_MAX};
    (void)ctx;
    enrolment_code_hash(code, digest);
    const struct gov_spend spend = {digest, public_key, clock_now_us(call->clock)};
    enum err_code rc = gov_code_spend(call->transaction, &spend, &stored, err);
    if (rc == ERR_OK) {
        rc = directory_principal(&stored, &out->principal, err);
    }
    if (rc == ERR_OK) {
        list.slugs = arena_alloc(call->arena, PARTNERSHIPS_MAX * sizeof(*list.slugs));
        rc = list.slugs == NULL
                 ? err_memory(err)
                 : gov_principal_partnerships(call->transaction, stored.id,
                                              (struct db_reader){slug_read, &list}, err);
    }
    if (rc == ERR_OK) {
        out->partnerships = list.slugs;
        out->partnership_count = list.count;
        call->audit_subject = directory_copy(call, stored.id);
    }
    return rc;
}

const struct auth_ops POOL_AUTH_OPS = {
    .spend_enrolment_code = spend_enrolment_code,
    .principal_find = principal_find,
};

bool pool_is_ready(void *services)
{
    const struct pool_services *pool = services;
    const struct db_begin_options options = {.read_only = true, .timeout_ms = READY_MS};
    struct err err = ERR_INIT;
    struct db *db = NULL;
    bool is_ready = db_begin(pool->releases, &options, &db, &err) == ERR_OK;
    db_rollback(db);
    return is_ready;
}

const call_handler POOL_HANDLERS[METHOD_COUNT] = {
    [METHOD_HEALTH_CHECK] = health_check,
    [METHOD_AUTH_ENROL] = auth_enrol,
    [METHOD_AUTH_CHALLENGE] = auth_challenge,
    [METHOD_AUTH_LOG_IN] = auth_log_in,
    [METHOD_CATALOGUE_INDICATORS] = pool_list_indicators,
    [METHOD_CATALOGUE_RELEASES] = pool_list_releases,
    [METHOD_TABLE_GET] = pool_get_table,
    [METHOD_ADMIN_CREATE_PARTNERSHIP] = pool_create_partnership,
    [METHOD_ADMIN_CREATE_CODE] = pool_create_code,
    [METHOD_ADMIN_REVOKE] = pool_revoke,
    [METHOD_ADMIN_GRANT_PERMIT] = pool_grant_permit,
    [METHOD_ADMIN_CLOSE_PERIOD] = pool_close_period,
    [METHOD_ADMIN_LIST_STAGED] = pool_list_staged,
    [METHOD_ADMIN_APPROVE] = pool_approve,
    [METHOD_ADMIN_WITHDRAW] = pool_withdraw,
};
