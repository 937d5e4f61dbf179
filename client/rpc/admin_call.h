/*
 * admin_call - governance calls: partnerships, people, permits, periods, releases. Called by
 * cmd_admin and cmd_publish. All are signed.
 *
 *     struct admin_code code;
 *     rc = admin_create_code(caller, &(struct admin_code_request){.role = "steward",
 *                            .name = "Anna"}, &code, err);
 */
#ifndef FREMGANG_RPC_ADMIN_CALL_H
#define FREMGANG_RPC_ADMIN_CALL_H

#include "base/date.h"
#include "rpc/caller.h"
#include "rpc/catalogue_call.h"

enum { ADMIN_TEXT_BYTES = 64 };

/** All borrowed, here and below. */
struct admin_partnership_request {
    const char *slug;
    const char *name;
    const int32_t *members; /* municipality codes */
    size_t member_count;
    date_t from_date;
    date_t to_date;              /* day after the last */
    const char *const *named_to; /* "coordinator", "researcher" */
    size_t named_to_count;
    bool synthetic;
};

struct admin_code_request {
    const char *role;
    const char *name;
    int municipality_code; /* 0: none */
    const char *const *partnerships;
    size_t partnership_count;
};

struct admin_code {
    char text[ADMIN_TEXT_BYTES]; /* shown once */
    int64_t expires_at_us;
};

struct admin_permit_request {
    const char *principal_id;
    const char *partnership;
    const char *purpose;
    date_t until_date; /* day after the last */
};

struct admin_approval {
    uint32_t approvals;
    char state[ADMIN_TEXT_BYTES]; /* staged or visible */
};

/** The periods that a close closed. Owns its arena. */
struct admin_closed {
    struct arena *arena;
    const char *const *periods;
    size_t count;
};

/** Registers a partnership; gives its number. Errors as caller_call, here and below. */
NODISCARD enum err_code admin_create_partnership(struct caller *caller,
                                                 const struct admin_partnership_request *request,
                                                 int32_t *out, struct err *err);
/** Makes a one-time enrolment code. */
NODISCARD enum err_code admin_create_code(struct caller *caller,
                                          const struct admin_code_request *request,
                                          struct admin_code *out, struct err *err);
/** Ends a principal; gives its new epoch. */
NODISCARD enum err_code admin_revoke(struct caller *caller, const char *principal_id, uint32_t *out,
                                     struct err *err);
/** Lets a researcher read a partnership's releases; gives the permit's number. */
NODISCARD enum err_code admin_grant_permit(struct caller *caller,
                                           const struct admin_permit_request *request, int64_t *out,
                                           struct err *err);
/** Says that the caller's data up to and with a period are complete. */
NODISCARD enum err_code admin_close_period(struct caller *caller, const char *partnership,
                                           const char *period, struct admin_closed **out,
                                           struct err *err);
/** Signs a staged release whose manifest the steward has looked at. */
NODISCARD enum err_code admin_approve(struct caller *caller, const char *release_id,
                                      const uint8_t manifest_sha256[CATALOGUE_HASH_BYTES],
                                      struct admin_approval *out, struct err *err);
/** Hides a release for good. */
NODISCARD enum err_code admin_withdraw(struct caller *caller, const char *release_id,
                                       const char *reason, struct err *err);
/** Takes it. NULL ok. */
void admin_closed_free(struct admin_closed *closed);
DEFINE_AUTO(struct admin_closed, admin_closed_free);

#endif
