/*
 * caller - makes calls as one principal: finds the process, logs in, signs, sets deadlines,
 * retries with the same idempotency key, and maps the answer's status to an error. The
 * typed callers (*_call.h) stand on it; cmd_* gets one from session.h. Single-threaded.
 *
 *     struct caller_request request = {.method = METHOD_TABLE_GET, .payload = bytes};
 *     code = caller_call(caller, &request, &response, err);
 *
 * A failed call's detail holds the request id, by which the server's log is searched.
 */
#ifndef FREMGANG_RPC_CALLER_H
#define FREMGANG_RPC_CALLER_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/secret.h"
#include "rpc/channel.h"
#include "wire/message.h"
#include "wire/method.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CALLER_PROCESSES = 3,         /* intake, pool, keys */
    CALLER_RECEIPT_KEY_BYTES = 32 /* Ed25519 public key */
};

struct caller;

/** Everything is borrowed as long as the caller lives. */
struct caller_settings {
    const char *urls[CALLER_PROCESSES][CHANNEL_URLS_MAX]; /* by caller_process_index */
    size_t url_counts[CALLER_PROCESSES];
    struct tls_settings tls;
    const char *principal_id;      /* NULL or "": calls that need a token fail */
    const struct secret *identity; /* NULL: calls that need the key fail */
    const uint8_t *receipt_key;    /* the pinned one, or NULL to learn it at the log-in */
    bool danish;                   /* language of hints */
    struct clock clock;
};

struct caller_request {
    enum method_id method;
    uint32_t process;            /* a PROCESS_* bit; 0 when one process alone serves it */
    struct wire_bytes payload;   /* the packed request message; borrowed */
    const char *idempotency_key; /* NULL: a random one; of no effect when the method reads */
    uint32_t deadline_ms;        /* for all attempts; 0: the method's own */
};

/** 0, 1, 2 for PROCESS_INTAKE, PROCESS_POOL, PROCESS_KEYS. */
size_t caller_process_index(uint32_t process);

/** Gives a caller; nothing is dialled yet. ERR_INTERNAL. */
NODISCARD enum err_code caller_new(const struct caller_settings *settings, struct caller **out,
                                   struct err *err);
/** Takes the caller; bounded in time. NULL ok. */
void caller_free(struct caller *caller);
DEFINE_AUTO(struct caller, caller_free);

/** Makes one call and gives the packed response message. Every error code: the server's own
 * with its reason and hint, ERR_UNAVAILABLE and ERR_TIMEOUT after the retries, ERR_DENIED
 * also for refused certificates, ERR_CORRUPT when the answer is not one, ERR_INVALID when
 * the profile lacks what the call needs. */
NODISCARD enum err_code caller_call(struct caller *caller, const struct caller_request *request,
                                    struct buf *response, struct err *err);

/** The key with which intake signs receipts: pinned, or learnt at the last log-in; NULL when
 * neither. Borrowed. */
const uint8_t *caller_receipt_key(const struct caller *caller);
/** Whether it was learnt in this run, so that the profile should pin it. */
bool caller_has_learnt_receipt_key(const struct caller *caller);

#endif
