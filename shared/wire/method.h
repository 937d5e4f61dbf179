/*
 * method - what every rpc is: who serves it, who may call it, its limits. Read from
 * wire/method_table.def by the gate, the client, the docs and the tests.
 *
 *     const struct method *method = method_find("/fremgang.v1.TableService/Get");
 *     if (method != NULL && (method->roles & ROLE_COORDINATOR) != 0) { ... }
 */
#ifndef FREMGANG_WIRE_METHOD_H
#define FREMGANG_WIRE_METHOD_H

#include <stddef.h>
#include <stdint.h>

struct ProtobufCMessageDescriptor;

/** Process kinds; a set of them is the sum of its bits. */
enum process_bit {
    PROCESS_INTAKE = 1,
    PROCESS_POOL = 2,
    PROCESS_KEYS = 4,
};

/** Roles of principals; a set of them is the sum of its bits. */
enum role_bit {
    ROLE_MUNICIPALITY = 1,
    ROLE_COORDINATOR = 2,
    ROLE_RESEARCHER = 4,
    ROLE_STEWARD = 8,
    ROLE_ANYONE = 16, /* no token needed; no principal has it */
};

enum method_effect { METHOD_READS, METHOD_WRITES };
enum method_signing { METHOD_UNSIGNED, METHOD_SIGNED };
enum audit_class { AUDIT_NONE, AUDIT_READ, AUDIT_CHANGE };

/** METHOD_HEALTH_CHECK, METHOD_AUTH_ENROL ... in the table's order; the index of method_at. */
enum method_id {
#define METHOD(id, service, rpc, request, response, processes, roles, bytes, deadline, effect,     \
               signing, audit)                                                                     \
    METHOD_##id,
#include "wire/method_table.def"
#undef METHOD
    METHOD_COUNT
};

struct method {
    enum method_id id;
    const char *path;    /* "/fremgang.v1.SubmissionService/Push" */
    const char *service; /* "fremgang.v1.SubmissionService" */
    const char *rpc;     /* "Push" */
    uint32_t processes;  /* PROCESS_* bits */
    uint32_t roles;      /* ROLE_* bits, never 0 */
    size_t request_bytes_max;
    uint32_t deadline_ms; /* when the caller names none; also the longest allowed */
    enum method_effect effect;
    enum method_signing signing;
    enum audit_class audit;
    const struct ProtobufCMessageDescriptor *request;
    const struct ProtobufCMessageDescriptor *response;
};

/** The method of a full gRPC path; NULL when there is none. Static. */
const struct method *method_find(const char *path);
/** The method at `index`, which is its enum method_id; index < method_count(). Static. */
const struct method *method_at(size_t index);
size_t method_count(void);

/** "intake", "pool" or "keys"; NULL for anything but one PROCESS_* bit. Static. */
const char *process_name(uint32_t bit);
/** The PROCESS_* bit of a name; 0 when there is none. */
uint32_t process_find(const char *name);
/** "municipality", "coordinator", "researcher", "steward" or "anyone"; else NULL. Static. */
const char *role_name(uint32_t bit);
/** The ROLE_* bit of a principal's role name; 0 when there is none ("anyone" is none). */
uint32_t role_find(const char *name);

#endif
