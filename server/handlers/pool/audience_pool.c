/* audience_pool - collects what governance says of the caller and lets domain/audience.h
 * decide. See pool.h. */
#include "handlers/pool/pool.h"

enum err_code pool_audience(struct call *call, const struct partnership *partnership,
                            enum query_audience *out, struct err *err)
{
    struct audience_facts facts = {
        .role = role_name(call->principal.role),
        .named_to_coordinator = partnership->named_to_coordinator,
        .named_to_researcher = partnership->named_to_researcher,
    };
    enum err_code rc = gov_principal_coordinates(call->transaction, call->principal.id,
                                                 partnership->id, &facts.is_coordinator_of, err);
    if (rc == ERR_OK) {
        rc = gov_permit_is_valid(call->transaction, call->principal.id, partnership->id,
                                 directory_today(call->clock), &facts.has_permit, err);
    }
    return rc == ERR_OK ? audience_decide(&facts, out, err) : rc;
}
