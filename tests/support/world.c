/* world - see world.h. */
#include "support/world.h"

#include "base/limits.h"
#include "base/log.h"
#include "crypto/enrolment_code.h"
#include "crypto/mac.h"
#include "crypto/sign.h"
#include "store/migrate/migrate.h"
#include "support.h"
#include "wire/envelope.h"

#include "fremgang/v1/admin.pb-c.h"
#include "fremgang/v1/auth.pb-c.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const uint32_t PROCESSES[] = {PROCESS_INTAKE, PROCESS_POOL, PROCESS_KEYS};

static const call_handler KEYS_HANDLERS[METHOD_COUNT] = {[METHOD_HEALTH_CHECK] = health_check};

static size_t index_of(uint32_t process)
{
    size_t i = 0;
    while (PROCESSES[i] != process) {
        i++;
    }
    return i;
}

static struct db_pool *release_open(const struct world *world, const char *role)
{
    struct err err = ERR_INIT;
    struct db_pool *pool = NULL;
    ASSERT_OK(db_pool_open(cluster_conninfo_for(&world->release, role), 8, &pool, &err), err);
    return pool;
}

static void keys_make(struct world *world)
{
    struct err err = ERR_INIT;
    for (size_t i = 0; i < ARRAY_COUNT(PROCESSES); i++) {
        ASSERT_OK(secret_new(MAC_KEY_BYTES, &world->token_keys[i], &err), err);
        randombytes_buf(secret_bytes_mutable(world->token_keys[i]), MAC_KEY_BYTES);
    }
    ASSERT_OK(sign_key_new(&world->receipt_key, &err), err);
    sign_public_key(world->receipt_key, world->receipt_public_key);
}

static struct common_services common_of(struct world *world, uint32_t process)
{
    return (struct common_services){.process = process,
                                    .token_key = world->token_keys[index_of(process)]};
}

static void services_make(struct world *world)
{
    world->intake = (struct intake_services){
        .common = common_of(world, PROCESS_INTAKE),
        .cases = world->cases.intake,
        .gov = release_open(world, "fremgang_intake_gov"),
        .catalogue = world->catalogue,
        .lists = world->lists,
        .receipt_key = world->receipt_key,
        .is_demo = true,
    };
    world->intake.common.receipt_public_key = world->receipt_public_key;
    world->intake.common.auth = &INTAKE_AUTH_OPS;
    world->intake.common.auth_ctx = &world->intake;
    world->pool = (struct pool_services){
        .common = common_of(world, PROCESS_POOL),
        .releases = release_open(world, "fremgang_pool"),
        .catalogue = world->catalogue,
    };
    world->pool.common.auth = &POOL_AUTH_OPS;
    world->pool.common.auth_ctx = &world->pool;
    world->keys = common_of(world, PROCESS_KEYS);
}

static void gate_make(struct world *world, uint32_t process, struct gate_options options)
{
    struct err err = ERR_INIT;
    options.process = process;
    options.token_key = world->token_keys[index_of(process)];
    options.ops_ctx = options.services;
    options.clock = &world->clock;
    ASSERT_OK(gate_new(&options, &world->gates[index_of(process)], &err), err);
}

void world_start(struct world *world)
{
    struct err err = ERR_INIT;
    struct migrate_options migrate = {.dry_run = false};
    log_set_level(LOG_ERROR); // refusals are what is tested
    memset(world, 0, sizeof(*world));
    world->now_us = WORLD_START_US;
    world->clock = clock_fixed(&world->now_us);
    case_db_start(&world->cases);
    cluster_start(&world->release);
    world->owner = release_open(world, "postgres");
    ASSERT_OK(migrate_release(world->owner, &migrate, &err), err);
    ASSERT_OK(catalogue_load(&world->catalogue, &err), err);
    ASSERT_OK(code_lists_load(&world->lists, &err), err);
    keys_make(world);
    services_make(world);
    gate_make(world, PROCESS_INTAKE,
              (struct gate_options){.handlers = INTAKE_HANDLERS,
                                    .ops = &INTAKE_GATE_OPS,
                                    .services = &world->intake});
    gate_make(world, PROCESS_POOL,
              (struct gate_options){
                  .handlers = POOL_HANDLERS, .ops = &POOL_GATE_OPS, .services = &world->pool});
    gate_make(world, PROCESS_KEYS,
              (struct gate_options){.handlers = KEYS_HANDLERS, .services = &world->keys});
}

void world_stop(struct world *world)
{
    for (size_t i = 0; i < ARRAY_COUNT(PROCESSES); i++) {
        gate_free(world->gates[i]);
        secret_free(world->token_keys[i]);
    }
    secret_free(world->receipt_key);
    db_pool_free(world->intake.gov);
    db_pool_free(world->pool.releases);
    db_pool_free(world->owner);
    catalogue_free(world->catalogue);
    code_lists_free(world->lists);
    cluster_stop(&world->release);
    case_db_stop(&world->cases);
}

/** Fills what an honest client sends beside the payload. */
static void request_fill(struct world *world, const struct world_call *call, const char *id,
                         struct wire_request *out)
{
    const struct method *method = method_at(call->method);
    const uint32_t shown = call->token_process == 0 ? call->process : call->token_process;
    struct err err = ERR_INIT;
    out->method = method->path;
    out->request_id = id;
    out->traceparent = "";
    out->client_version = "test";
    out->idempotency_key = "";
    if (method->effect == METHOD_WRITES) {
        out->idempotency_key = call->idempotency_key == NULL ? id : call->idempotency_key;
    }
    if (call->person == NULL) {
        return;
    }
    out->token = (struct wire_bytes){call->person->tokens[index_of(shown)],
                                     call->person->token_lens[index_of(shown)]};
    if (method->signing == METHOD_SIGNED && !call->is_unsigned) {
        out->is_signed = true;
        out->signed_at_us = call->signed_at_us == 0 ? world->now_us : call->signed_at_us;
        const struct sign_call covered = {out->method,
                                          id,
                                          out->idempotency_key,
                                          out->signed_at_us,
                                          {out->payload.data, out->payload.len}};
        ASSERT_OK(sign_make_call(call->person->key, &covered, out->signature, &err), err);
    }
}

void world_call(struct world *world, const struct world_call *call, struct world_answer *out)
{
    const struct method *method = method_at(call->method);
    struct err err = ERR_INIT;
    char id[WIRE_ID_BYTES_MAX];
    AUTO_BUF struct buf payload = BUF_INIT;
    AUTO_BUF struct buf sent = BUF_INIT;
    AUTO_BUF struct buf got = BUF_INIT;
    struct wire_response response;
    *out = (struct world_answer){.arena = arena_new(WIRE_ARENA_BYTES_MAX)};
    assert_non_null(out->arena);
    if (call->request != NULL) {
        ASSERT_OK(message_pack(call->request, &payload, &err), err);
    }
    snprintf(id, sizeof(id), "call-%u", ++world->calls);
    struct wire_request request = {.payload = {payload.data, payload.len}};
    request_fill(world, call, id, &request);
    ASSERT_OK(wire_request_encode(&request, &sent, &err), err);
    gate_answer(world->gates[index_of(call->process)], (struct wire_bytes){sent.data, sent.len},
                clock_monotonic_ms(), &got);
    ASSERT_OK(
        wire_response_decode((struct wire_bytes){got.data, got.len}, out->arena, &response, &err),
        err);
    out->code = response.status.code;
    snprintf(out->reason, sizeof(out->reason), "%s", response.status.reason);
    snprintf(out->message, sizeof(out->message), "%s", response.status.message);
    if (out->code == WIRE_OK) {
        ASSERT_OK(
            message_unpack(method->response, response.payload, out->arena, &out->response, &err),
            err);
    }
}

void world_answer_clear(struct world_answer *answer)
{
    arena_free(answer->arena);
    answer->arena = NULL;
}

enum wire_code world_call_code(struct world *world, const struct world_call *call)
{
    struct world_answer answer;
    world_call(world, call, &answer);
    world_answer_clear(&answer);
    return answer.code;
}

void world_code_make(struct world *world, const struct world_role *role, char out[WORLD_CODE_BYTES])
{
    struct err err = ERR_INIT;
    struct db *db = NULL;
    char text[ENROLMENT_CODE_TEXT_BYTES];
    char normal[ENROLMENT_CODE_NORMAL_BYTES];
    const int64_t partnership = role->partnership_id;
    struct gov_code code = {.role = role->role,
                            .name = role->role,
                            .municipality_code = role->municipality_code,
                            .partnership_ids = &partnership,
                            .partnership_count = role->partnership_id == 0 ? 0 : 1,
                            .expires_at_us = world->now_us + INT64_C(86400) * 1000000};
    enrolment_code_new(text);
    ASSERT_OK(enrolment_code_normalise(text, normal, &err), err);
    enrolment_code_hash(normal, code.sha256);
    ASSERT_OK(db_begin(world->owner, &(struct db_begin_options){.timeout_ms = 0}, &db, &err), err);
    ASSERT_OK(gov_code_create(db, &code, &err), err);
    ASSERT_OK(db_commit(db, &err), err);
    snprintf(out, WORLD_CODE_BYTES, "%s", text);
}

static void code_spend(struct world *world, const char *text, struct person *person)
{
    struct err err = ERR_INIT;
    char normal[ENROLMENT_CODE_NORMAL_BYTES];
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t proof[SIGN_SIGNATURE_BYTES];
    struct world_answer answer;
    Pb__EnrolRequest enrol = PB__ENROL_REQUEST__INIT;
    sign_public_key(person->key, public_key);
    ASSERT_OK(enrolment_code_normalise(text, normal, &err), err);
    ASSERT_OK(sign_make_one(person->key, SIGN_ENROL, (struct sign_field){normal, strlen(normal)},
                            proof, &err),
              err);
    enrol.code = text;
    enrol.public_key = (ProtobufCBinaryData){sizeof(public_key), public_key};
    enrol.proof = (ProtobufCBinaryData){sizeof(proof), proof};
    world_call(world,
               &(struct world_call){
                   .process = PROCESS_POOL, .method = METHOD_AUTH_ENROL, .request = &enrol.base},
               &answer);
    if (answer.code != WIRE_OK) {
        fail_msg("enrolment: %s", answer.message);
    }
    snprintf(person->id, sizeof(person->id), "%s",
             ((Pb__EnrolResponse *)answer.response)->principal_id);
    world_answer_clear(&answer);
}

enum wire_code world_log_in(struct world *world, struct person *person, uint32_t process)
{
    struct err err = ERR_INIT;
    struct world_answer challenge;
    struct world_answer answer;
    uint8_t signature[SIGN_SIGNATURE_BYTES];
    Pb__ChallengeRequest ask = PB__CHALLENGE_REQUEST__INIT;
    Pb__LogInRequest login = PB__LOG_IN_REQUEST__INIT;
    ask.principal_id = person->id;
    world_call(world,
               &(struct world_call){
                   .process = process, .method = METHOD_AUTH_CHALLENGE, .request = &ask.base},
               &challenge);
    assert_int_equal(WIRE_OK, challenge.code);
    login.principal_id = person->id;
    login.challenge = ((Pb__ChallengeResponse *)challenge.response)->challenge;
    struct sign_login covered = {.process = process_name(process),
                                 .principal_id = person->id,
                                 .challenge = {login.challenge.data, login.challenge.len}};
    ASSERT_OK(sign_make_login(person->key, &covered, signature, &err), err);
    login.signature = (ProtobufCBinaryData){sizeof(signature), signature};
    world_call(world,
               &(struct world_call){
                   .process = process, .method = METHOD_AUTH_LOG_IN, .request = &login.base},
               &answer);
    if (answer.code == WIRE_OK) {
        const ProtobufCBinaryData token = ((Pb__LogInResponse *)answer.response)->token;
        assert_true(token.len <= WORLD_TOKEN_BYTES_MAX);
        memcpy(person->tokens[index_of(process)], token.data, token.len);
        person->token_lens[index_of(process)] = token.len;
    }
    world_answer_clear(&challenge);
    world_answer_clear(&answer);
    return answer.code;
}

void world_enrol(struct world *world, const struct world_role *role, struct person *out)
{
    struct err err = ERR_INIT;
    char code[WORLD_CODE_BYTES];
    memset(out, 0, sizeof(*out));
    ASSERT_OK(sign_key_new(&out->key, &err), err);
    world_code_make(world, role, code);
    code_spend(world, code, out);
    assert_int_equal(WIRE_OK, world_log_in(world, out, PROCESS_POOL));
    assert_int_equal(WIRE_OK, world_log_in(world, out, PROCESS_INTAKE));
}

void person_clear(struct person *person)
{
    secret_free(person->key);
    person->key = NULL;
}

int world_partnership(struct world *world, const struct person *steward, const char *slug,
                      const int32_t *members, size_t member_count)
{
    struct world_answer answer;
    int32_t codes[8];
    Pb__CreatePartnershipRequest create = PB__CREATE_PARTNERSHIP_REQUEST__INIT;
    const char *named_to[] = {"coordinator"};
    assert_true(member_count <= ARRAY_COUNT(codes));
    memcpy(codes, members, member_count * sizeof(*codes));
    create.slug = slug;
    create.name = slug;
    create.members = codes;
    create.n_members = member_count;
    create.from_date = case_date("2014-01-01");
    create.to_date = case_date("2018-01-01");
    create.named_to = named_to;
    create.n_named_to = 1;
    create.synthetic = true;
    world_call(world,
               &(struct world_call){.process = PROCESS_POOL,
                                    .person = steward,
                                    .method = METHOD_ADMIN_CREATE_PARTNERSHIP,
                                    .request = &create.base},
               &answer);
    if (answer.code != WIRE_OK) {
        fail_msg("partnership: %s", answer.message);
    }
    int id = ((Pb__CreatePartnershipResponse *)answer.response)->partnership_id;
    world_answer_clear(&answer);
    return id;
}

void world_release_sql(struct world *world, const char *role, const char *sql)
{
    struct err err = ERR_INIT;
    struct db *db = NULL;
    struct db_begin_options options = {.role = role};
    ASSERT_OK(db_begin(world->owner, &options, &db, &err), err);
    ASSERT_OK(db_exec_script(db, (struct db_statement){"test_script", sql}, &err), err);
    ASSERT_OK(db_commit(db, &err), err);
}

static enum err_code number_read(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(int64_t *)ctx = db_row_int(row, 0);
    return ERR_OK;
}

int64_t world_release_number(struct world *world, const char *sql)
{
    struct err err = ERR_INIT;
    struct db *db = NULL;
    int64_t number = -1;
    ASSERT_OK(db_begin(world->owner, &(struct db_begin_options){.read_only = true}, &db, &err),
              err);
    ASSERT_OK(db_query_one(db, (struct db_statement){"test_number", sql}, DB_NO_PARAMS,
                           (struct db_reader){number_read, &number}, &err),
              err);
    db_rollback(db);
    return number;
}
