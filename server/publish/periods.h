/*
 * periods - which periods a release may cover: not released before, and closed by all who
 * are members in them, or by those that are not left out. Pure; called by publish.
 *
 *     struct periods_input input = {.members = members, .member_count = 3, ...};
 *     AUTO(periods_free) struct periods *periods = NULL;
 *     periods_choose(&input, &periods, err);
 *     for (size_t i = 0; i < periods->count; i++) { ... periods->chosen[i].text ... }
 *
 * A half-year is closed by a member that has closed its quarters.
 */
#ifndef FREMGANG_PUBLISH_PERIODS_H
#define FREMGANG_PUBLISH_PERIODS_H

#include "base/auto.h"
#include "domain/period.h"
#include "domain/query.h"

enum {
    PERIODS_MAX = 240,        /* 40 years of quarters and half-years */
    PERIODS_MEMBERS_MAX = 98, /* the Danish municipalities */
};

/** A period and a municipality: closed by it, or to be left out. */
struct period_mark {
    char period[PERIOD_TEXT_BYTES];
    int municipality_code;
};

/** Everything is borrowed. */
struct periods_input {
    const struct query_member *members;
    size_t member_count;
    date_t from_date; /* the partnership's */
    date_t to_date;   /* the day after its last */
    const struct period_mark *closed;
    size_t closed_count;
    const struct period_mark *released; /* the municipality is of no account */
    size_t released_count;
    const struct period_mark *leave_out; /* named by the operator */
    size_t leave_out_count;
    bool without_open; /* leave out whoever has not closed, when somebody has */
};

struct period_chosen {
    struct period period;
    char text[PERIOD_TEXT_BYTES];
    int members[PERIODS_MEMBERS_MAX]; /* whose rows count, ascending */
    size_t member_count;
};

/** Lists: what to release, whom it leaves out, and who is still waited for. */
struct periods {
    struct period_chosen *chosen; /* owned; in order of their last days */
    size_t count;
    struct period_mark *left_out; /* owned */
    size_t left_out_count;
    struct period_mark *waiting; /* owned */
    size_t waiting_count;
};

/** Gives the choice; `count` is 0 when there is nothing to release. ERR_INVALID when a
 * municipality to leave out is no member in that period, ERR_LIMIT, ERR_INTERNAL. */
NODISCARD enum err_code periods_choose(const struct periods_input *input, struct periods **out,
                                       struct err *err);
/** Takes. NULL ok. */
void periods_free(struct periods *periods);
DEFINE_AUTO(struct periods, periods_free);

#endif
