/*
 * intake - the handlers of `fremgangd intake`, its gate's store, and the services they share.
 * Called by server/main/intake.c and by tests that drive the real gate.
 *
 *     struct intake_services services = {.common = {...}, .cases = cases, .gov = gov, ...};
 *     options.gate = (struct gate_options){.process = PROCESS_INTAKE,
 *                                          .handlers = INTAKE_HANDLERS,
 *                                          .ops = &INTAKE_GATE_OPS, .ops_ctx = &services,
 *                                          .services = &services, ...};
 */
#ifndef FREMGANG_HANDLERS_INTAKE_INTAKE_H
#define FREMGANG_HANDLERS_INTAKE_INTAKE_H

#include "domain/catalogue.h"
#include "handlers/auth.h"
#include "handlers/directory.h"
#include "rules/code_list.h"

struct Pb__PushRequest;
struct Pb__PushResponse;

/** What intake's handlers share. Borrows all. */
struct intake_services {
    struct common_services common; /* first: auth and health look here */
    struct db_pool *cases;         /* as fremgang_intake */
    struct db_pool *gov;           /* release cluster, as fremgang_intake_gov */
    const struct catalogue *catalogue;
    const struct code_lists *lists;
    const struct secret *receipt_key; /* SIGN_KEY_BYTES */
    bool is_demo;                     /* takes pseudonyms of epoch 0 */
};

/** The store of intake's gate; ops_ctx is `struct intake_services`. */
extern const struct gate_ops INTAKE_GATE_OPS;
/** The store of AuthService; auth_ctx is `struct intake_services`. Intake enrols nobody. */
extern const struct auth_ops INTAKE_AUTH_OPS;
/** By enum method_id. */
extern const call_handler INTAKE_HANDLERS[METHOD_COUNT];
/** Whether both clusters answer; `services` is `struct intake_services`. */
bool intake_is_ready(void *services);

/** The partnership, when the caller is a member of it. ERR_NOT_FOUND, ERR_DENIED. */
NODISCARD enum err_code intake_membership(struct call *call, const char *slug,
                                          struct partnership **out, struct err *err);
/** Checks the units and stores those that break no rule; fills the verdicts. */
NODISCARD enum err_code intake_push_units(struct call *call, int partnership_id,
                                          const struct Pb__PushRequest *push,
                                          struct Pb__PushResponse *answer, struct err *err);
/** Signs what the answer says was received. The verdicts must be there. */
NODISCARD enum err_code intake_receipt_sign(struct call *call, const struct Pb__PushRequest *push,
                                            struct Pb__PushResponse *answer, struct err *err);

/* Handlers, see call_handler. */
enum err_code intake_push(struct call *call, const ProtobufCMessage *request,
                          ProtobufCMessage *response, struct err *err);
enum err_code intake_status(struct call *call, const ProtobufCMessage *request,
                            ProtobufCMessage *response, struct err *err);
enum err_code intake_own_table(struct call *call, const ProtobufCMessage *request,
                               ProtobufCMessage *response, struct err *err);

#endif
