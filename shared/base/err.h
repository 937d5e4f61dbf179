/*
 * err - the one error record. Every fallible function takes a `struct err *` last and
 * returns its code; libraries fill it, only main, rpc and cmd_* print or log it.
 *
 *     enum err_code profile_load(const char *path, struct profile **out, struct err *err)
 *     {
 *         if (access(path, R_OK) != 0) {
 *             return err_set(err, ERR_NOT_FOUND, "cannot read profile \"%s\"", path);
 *         }
 *
 * The arrays are bounded, so that reporting never allocates. `*out` of a function that
 * fails is untouched. A lower error is passed on as it came; context is added only by a
 * layer that knows more. Messages never hold a CPR number, pseudonym, cell or secret.
 */
#ifndef FREMGANG_BASE_ERR_H
#define FREMGANG_BASE_ERR_H

#include <stdbool.h>

/** Put on every function whose result says whether it worked. */
#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF_LIKE(a, b) __attribute__((format(printf, a, b)))

enum {
    ERR_MESSAGE_BYTES_MAX = 256,
    ERR_DETAIL_BYTES_MAX = 512,
    ERR_REASON_BYTES_MAX = 40,
};

enum err_code {
    ERR_OK = 0,
    ERR_INVALID,     /* the caller's data or words are wrong; the same call fails again */
    ERR_NOT_FOUND,   /* the named thing does not exist, or must not be seen to exist */
    ERR_DENIED,      /* who calls is known (or not) and may not do this */
    ERR_CONFLICT,    /* the state does not allow it: already there, already closed */
    ERR_LIMIT,       /* a size, count or rate of limits.h is passed */
    ERR_UNAVAILABLE, /* a peer, database or file cannot be reached; may work later */
    ERR_TIMEOUT,     /* the deadline passed first */
    ERR_CORRUPT,     /* stored or received bytes fail their own check */
    ERR_INTERNAL,    /* a bug or an exhausted machine */
};

struct err {
    enum err_code code;
    char reason[ERR_REASON_BYTES_MAX];   /* stable id for programs, e.g. "TOKEN_EXPIRED"; or "" */
    char message[ERR_MESSAGE_BYTES_MAX]; /* lower case, no period: what was wanted, what came */
    char detail[ERR_DETAIL_BYTES_MAX];   /* for the log only, never sent to a peer; or "" */
    char hint[ERR_DETAIL_BYTES_MAX];     /* one sentence: what to do next; or "" */
};

/** A clean record: `struct err err = ERR_INIT;`. */
#define ERR_INIT                                                                                   \
    {                                                                                              \
        .code = ERR_OK                                                                             \
    }

/** Fills code and message, clears the rest, and returns `code`. `err` may be NULL. */
enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
    PRINTF_LIKE(3, 4);

/** Adds the stable reason id (UPPER_SNAKE) to a filled record and returns its code. */
enum err_code err_reason(struct err *err, const char *reason);

/** Adds the hint sentence to a filled record and returns its code. */
enum err_code err_hint(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/** Adds the log-only detail to a filled record and returns its code. */
enum err_code err_detail(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/** Fills ERR_INTERNAL "out of memory"; allocates nothing. */
enum err_code err_memory(struct err *err);

/** The word for a code, e.g. "not found". Static. */
const char *err_code_name(enum err_code code);

#endif
