/* gate_intake - the store behind intake's gate: transactions under the caller's municipality
 * role, replay and audit in the case cluster. See intake.h. */
#include "handlers/intake/intake.h"

#include "store/case/case_audit.h"
#include "store/case/case_replay.h"

#include <stdio.h>
#include <string.h>

enum { ROLE_NAME_BYTES = 24, READY_MS = 1000 };

static enum err_code principal_find(void *ctx, const char *id, struct principal *out,
                                    struct err *err)
{
    const struct intake_services *services = ctx;
    return directory_principal_find(services->gov, id, out, err);
}

static enum err_code transaction_begin(void *ctx, struct call *call, struct err *err)
{
    const struct intake_services *services = ctx;
    char role[ROLE_NAME_BYTES];
    struct db_begin_options options = {.timeout_ms = directory_timeout_ms(call)};
    // A caller that is no municipality has been refused: its entry is the log-in role's.
    if (call->principal.municipality_code != 0) {
        snprintf(role, sizeof(role), "muni_%d", call->principal.municipality_code);
        options.role = role;
    }
    struct db *db = NULL;
    enum err_code rc = db_begin(services->cases, &options, &db, err);
    if (rc == ERR_OK) {
        call->transaction = db;
    }
    return rc;
}

static struct case_replay_key replay_key(const struct call *call)
{
    return (struct case_replay_key){
        .municipality_code = call->principal.municipality_code,
        .principal_id = call->principal.id,
        .idempotency_key = call->idempotency_key,
        .method = call->method->path,
        .request_sha256 = call->request_sha256,
    };
}

static enum err_code replay_find(void *ctx, struct call *call, struct gate_replay *out,
                                 struct err *err)
{
    const struct case_replay_key key = replay_key(call);
    struct case_replay kept = {.response = BUF_INIT};
    (void)ctx;
    enum err_code rc = case_replay_find(call->transaction, &key, &kept, err);
    if (rc == ERR_OK && kept.is_found) {
        const char *copy = arena_copy(call->arena, kept.response.data, kept.response.len);
        rc = copy == NULL ? err_memory(err) : ERR_OK;
        out->response = (struct wire_bytes){(const uint8_t *)copy, kept.response.len};
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
    const struct case_replay_key key = replay_key(call);
    (void)ctx;
    enum err_code rc = case_replay_store(call->transaction, &key,
                                         (struct db_bytes){response.data, response.len}, err);
    return rc == ERR_OK ? case_replay_prune(call->transaction, key.municipality_code, err) : rc;
}

static enum err_code audit(void *ctx, struct call *call, const struct gate_verdict *verdict,
                           struct err *err)
{
    const char *role = role_name(call->principal.role);
    const struct case_audit_entry entry = {
        .process = process_name(PROCESS_INTAKE),
        .method = call->method->path,
        .principal_id = call->principal.id,
        .role = role == NULL ? "" : role,
        .municipality_code = call->principal.municipality_code,
        .request_id = call->request_id,
        .verdict = directory_verdict(verdict),
        .subject = call->audit_subject == NULL ? "" : call->audit_subject,
    };
    (void)ctx;
    return case_audit_append(call->transaction, &entry, err);
}

const struct gate_ops INTAKE_GATE_OPS = {
    .principal_find = principal_find,
    .transaction_begin = transaction_begin,
    .transaction_end = directory_transaction_end,
    .replay_find = replay_find,
    .replay_store = replay_store,
    .audit = audit,
};

const struct auth_ops INTAKE_AUTH_OPS = {.principal_find = principal_find};

static bool answers(struct db_pool *pool)
{
    const struct db_begin_options options = {.read_only = true, .timeout_ms = READY_MS};
    struct err err = ERR_INIT;
    struct db *db = NULL;
    bool is_up = db_begin(pool, &options, &db, &err) == ERR_OK;
    db_rollback(db);
    return is_up;
}

bool intake_is_ready(void *services)
{
    const struct intake_services *intake = services;
    return answers(intake->cases) && answers(intake->gov);
}

enum err_code intake_membership(struct call *call, const char *slug, struct partnership **out,
                                struct err *err)
{
    const struct intake_services *services = call->services;
    const struct db_begin_options options = {.read_only = true,
                                             .timeout_ms = directory_timeout_ms(call)};
    AUTO(db_rollback) struct db *db = NULL;
    enum err_code rc = db_begin(services->gov, &options, &db, err);
    return rc == ERR_OK ? directory_membership(db, call, slug, out, err) : rc;
}

const call_handler INTAKE_HANDLERS[METHOD_COUNT] = {
    [METHOD_HEALTH_CHECK] = health_check,       [METHOD_AUTH_CHALLENGE] = auth_challenge,
    [METHOD_AUTH_LOG_IN] = auth_log_in,         [METHOD_SUBMISSION_PUSH] = intake_push,
    [METHOD_SUBMISSION_STATUS] = intake_status, [METHOD_OWN_TABLE] = intake_own_table,
};
