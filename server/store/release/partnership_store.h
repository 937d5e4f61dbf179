/*
 * partnership_store - partnerships, their members and agreement, and the periods that the
 * members have closed. Called by the handlers of intake and pool, and by publish.
 *
 *     AUTO(partnership_free) struct partnership *partnership = NULL;
 *     rc = partnership_find(db, "sverigesprogrammet", &partnership, err);
 */
#ifndef FREMGANG_STORE_RELEASE_PARTNERSHIP_STORE_H
#define FREMGANG_STORE_RELEASE_PARTNERSHIP_STORE_H

#include "domain/query.h"
#include "store/db.h"

enum { PARTNERSHIP_SLUG_BYTES = 65, PARTNERSHIP_NAME_BYTES = 401, PARTNERSHIP_POLICY_BYTES = 65 };

struct partnership {
    int id;
    char slug[PARTNERSHIP_SLUG_BYTES];
    char name[PARTNERSHIP_NAME_BYTES];
    date_t from_date;
    date_t to_date; /* the day after the last */
    bool synthetic;
    bool named_to_coordinator; /* the agreement */
    bool named_to_researcher;
    char policy[PARTNERSHIP_POLICY_BYTES];
    int threshold; /* distinct subjects */
    int width;
    struct query_member *members; /* owned, by code and date */
    size_t member_count;
};

/** A partnership to register. Borrows. */
struct partnership_draft {
    const char *slug;
    const char *name;
    const int64_t *members; /* municipality codes */
    size_t member_count;
    date_t from_date;
    date_t to_date;
    const char *const *named_to; /* roles */
    size_t named_to_count;
    bool synthetic;
};

/** A member's statement that its periods are complete. Borrows. */
struct partnership_close {
    int partnership_id;
    int municipality_code;
    const char *const *periods;
    size_t period_count;
    const char *closed_by; /* principal id */
};

/** Gives the partnership with members and agreement. ERR_NOT_FOUND. */
NODISCARD enum err_code partnership_find(struct db *db, const char *slug, struct partnership **out,
                                         struct err *err);
/** Takes. NULL ok. */
void partnership_free(struct partnership *partnership);
DEFINE_AUTO(struct partnership, partnership_free);
/** Whether the municipality is a member on some day. */
bool partnership_has_member(const struct partnership *partnership, int municipality_code);

/** Registers partnership, members for its whole time, and the agreement with the default
 * policy. Gives its number. ERR_CONFLICT when the slug is taken, ERR_INVALID. */
NODISCARD enum err_code partnership_create(struct db *db, const struct partnership_draft *draft,
                                           int *out, struct err *err);
/** Calls `read` with one text column, the slug, for every partnership in slug order. */
NODISCARD enum err_code partnership_slugs(struct db *db, struct db_reader read, struct err *err);

/** Closes the periods; calls `read` with one text column for each that was open. */
NODISCARD enum err_code partnership_close_periods(struct db *db,
                                                  const struct partnership_close *close,
                                                  struct db_reader read, struct err *err);
/** Calls `read` with (period text, municipality_code) for every closed period of the
 * partnership, by period and code. */
NODISCARD enum err_code partnership_closed_periods(struct db *db, int partnership_id,
                                                   struct db_reader read, struct err *err);

#endif
