/*
 * audience - which variant of a partnership's tables a principal sees. One table decides it;
 * no handler does.
 *
 *     struct audience_facts facts = {.role = "researcher", .has_permit = true};
 *     rc = audience_decide(&facts, &audience, err);        // AUDIENCE_POOLED
 */
#ifndef FREMGANG_DOMAIN_AUDIENCE_H
#define FREMGANG_DOMAIN_AUDIENCE_H

#include "domain/query.h"

/** What governance says of one principal and one partnership. */
struct audience_facts {
    const char *role;          /* "coordinator", "researcher" or "steward" */
    bool is_coordinator_of;    /* a coordinator of this partnership */
    bool has_permit;           /* a permit of this partnership that has not ended */
    bool named_to_coordinator; /* the agreement's word */
    bool named_to_researcher;
};

/** ERR_DENIED, with reason and hint, when the principal may not see this partnership. */
NODISCARD enum err_code audience_decide(const struct audience_facts *facts,
                                        enum query_audience *out, struct err *err);

#endif
