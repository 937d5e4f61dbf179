/*
 * gov_store - governance in the release cluster: principals, enrolment codes, permits.
 * Called by the handlers, the gate's store and `fremgangd enrol-code`. Partnerships and
 * periods are in store/release/partnership_store.h.
 *
 *     rc = gov_principal_find(db, "p-4f2a...", &principal, err);
 */
#ifndef FREMGANG_STORE_RELEASE_GOV_STORE_H
#define FREMGANG_STORE_RELEASE_GOV_STORE_H

#include "store/db.h"

enum {
    GOV_PRINCIPAL_ID_BYTES = 27, /* "p-", 24 hexadecimal digits, NUL */
    GOV_ROLE_BYTES = 16,
    GOV_KEY_BYTES = 32,
    GOV_DIGEST_BYTES = 32,
};

struct gov_principal {
    char id[GOV_PRINCIPAL_ID_BYTES];
    char role[GOV_ROLE_BYTES];
    int municipality_code; /* 0 unless role municipality */
    int epoch;
    bool is_revoked;
    uint8_t public_key[GOV_KEY_BYTES];
};

/** What an enrolment code will make. Borrows. */
struct gov_code {
    uint8_t sha256[GOV_DIGEST_BYTES]; /* of the code in normal form */
    const char *role;
    const char *name;
    int municipality_code; /* 0 unless role municipality */
    const int64_t *partnership_ids;
    size_t partnership_count;
    const char *created_by; /* principal id; NULL for the operator */
    int64_t expires_at_us;
};

/** Spends a code for a new principal. Borrows. */
struct gov_spend {
    const uint8_t *code_sha256;
    const uint8_t *public_key;
    int64_t now_us;
};

/** A permit to grant. Borrows. */
struct gov_permit {
    const char *principal_id;
    int partnership_id;
    const char *purpose;
    date_t until_date; /* the day after the last */
    const char *granted_by;
};

/** ERR_NOT_FOUND. */
NODISCARD enum err_code gov_principal_find(struct db *db, const char *id, struct gov_principal *out,
                                           struct err *err);
/** Ends a principal and gives its new epoch. ERR_NOT_FOUND; ERR_CONFLICT when it has ended. */
NODISCARD enum err_code gov_principal_revoke(struct db *db, const char *id, int *out,
                                             struct err *err);
/** Calls `slug_read` with one text column, the slug, for each partnership that it coordinates
 * or, as a municipality, is a member of. */
NODISCARD enum err_code gov_principal_partnerships(struct db *db, const char *id,
                                                   struct db_reader slug_read, struct err *err);
/** Whether the principal coordinates the partnership. */
NODISCARD enum err_code gov_principal_coordinates(struct db *db, const char *id, int partnership_id,
                                                  bool *out, struct err *err);
/** Keeps the code's digest. ERR_INVALID when role and municipality do not fit. */
NODISCARD enum err_code gov_code_create(struct db *db, const struct gov_code *code,
                                        struct err *err);
/** Spends the code and registers the principal in one statement: of two callers with one
 * code one succeeds. ERR_NOT_FOUND when it is unknown, spent or expired; ERR_CONFLICT when
 * the key is enrolled already. */
NODISCARD enum err_code gov_code_spend(struct db *db, const struct gov_spend *spend,
                                       struct gov_principal *out, struct err *err);
/** Gives the permit's number. ERR_INVALID when the principal is no researcher. */
NODISCARD enum err_code gov_permit_grant(struct db *db, const struct gov_permit *permit,
                                         int64_t *out, struct err *err);
/** Whether a permit of the principal for the partnership runs on `today`. */
NODISCARD enum err_code gov_permit_is_valid(struct db *db, const char *principal_id,
                                            int partnership_id, date_t today, bool *out,
                                            struct err *err);

#endif
