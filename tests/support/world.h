/*
 * world - both clusters, and the gates of intake, pool and keys in one process: everything but
 * the network. Calls go in as packed envelopes, signed and with tokens, and come out as packed
 * answers, exactly as a listener would hand them over. The clock is the test's.
 *
 *     static struct world world;
 *     world_start(&world);
 *     struct person herning;
 *     world_enrol(&world, &(struct world_role){"municipality", 657}, &herning);
 *     struct world_answer answer;
 *     world_call(&world, &(struct world_call){.process = PROCESS_POOL, .person = &herning,
 *                .method = METHOD_ADMIN_CLOSE_PERIOD, .request = &close.base}, &answer);
 *     world_answer_clear(&answer);
 */
#ifndef FREMGANG_TESTS_SUPPORT_WORLD_H
#define FREMGANG_TESTS_SUPPORT_WORLD_H

#include "handlers/intake/intake.h"
#include "handlers/pool/pool.h"
#include "support/case_db.h"

enum { WORLD_CODE_BYTES = 32, WORLD_TOKEN_BYTES_MAX = 256 };

/** The time at which a world starts: 2018-03-01 12:00 UTC. */
#define WORLD_START_US (INT64_C(1519905600) * 1000000)

struct world {
    struct case_db cases;
    struct cluster release;
    struct db_pool *owner; /* of the release cluster */
    struct catalogue *catalogue;
    struct code_lists *lists;
    struct secret *token_keys[3]; /* of intake, pool, keys */
    struct secret *receipt_key;
    uint8_t receipt_public_key[32];
    struct intake_services intake;
    struct pool_services pool;
    struct common_services keys;
    struct gate *gates[3];
    struct clock clock;
    int64_t now_us;
    unsigned calls; /* so that every call has an id of its own */
};

/** What an enrolment code is made for. */
struct world_role {
    const char *role;
    int municipality_code;
    int partnership_id; /* that a coordinator coordinates; 0 for none */
};

/** A principal with its key, and its tokens for each process. */
struct person {
    char id[PRINCIPAL_ID_BYTES_MAX + 1];
    struct secret *key;
    uint8_t tokens[3][WORLD_TOKEN_BYTES_MAX];
    size_t token_lens[3]; /* 0: not logged in there */
};

/** One call. What is left zero is made as an honest client would. */
struct world_call {
    uint32_t process;
    const struct person *person; /* NULL: nobody */
    enum method_id method;
    const ProtobufCMessage *request; /* NULL: an empty one */
    const char *idempotency_key;     /* NULL: a fresh one */
    int64_t signed_at_us;            /* 0: now */
    bool is_unsigned;
    uint32_t token_process; /* shows the token of another process */
};

struct world_answer {
    enum wire_code code;
    char reason[ERR_REASON_BYTES_MAX];
    char message[ERR_MESSAGE_BYTES_MAX];
    ProtobufCMessage *response; /* in the arena; NULL unless code is WIRE_OK */
    struct arena *arena;
};

/** Starts and migrates both clusters and makes the gates; fails the program when it cannot. */
void world_start(struct world *world);
void world_stop(struct world *world);

/** Makes a code as the operator does, enrols through the gate, logs in to pool and (for a
 * municipality) intake. Ends the test when that fails. */
void world_enrol(struct world *world, const struct world_role *role, struct person *out);
/** Makes a code; `out` is as a person would type it. */
void world_code_make(struct world *world, const struct world_role *role,
                     char out[WORLD_CODE_BYTES]);
/** Challenge and log-in at one process; the code of the last step. */
enum wire_code world_log_in(struct world *world, struct person *person, uint32_t process);
void person_clear(struct person *person);

/** Takes one call through the gate of its process. The answer is to be cleared. */
void world_call(struct world *world, const struct world_call *call, struct world_answer *out);
void world_answer_clear(struct world_answer *answer);
/** As world_call, and clears the answer: the code alone. */
enum wire_code world_call_code(struct world *world, const struct world_call *call);

/** Registers a partnership as a steward does; gives its number. */
int world_partnership(struct world *world, const struct person *steward, const char *slug,
                      const int32_t *members, size_t member_count);
/** Runs SQL in the release cluster as a role. */
void world_release_sql(struct world *world, const char *role, const char *sql);
/** The one number that SQL of the release cluster's owner yields. */
int64_t world_release_number(struct world *world, const char *sql);

#endif
