/* audience - see audience.h. */
#include "domain/audience.h"

#include <string.h>

static bool always(const struct audience_facts *facts)
{
    (void)facts;
    return true;
}

static bool coordinates(const struct audience_facts *facts)
{
    return facts->is_coordinator_of;
}

static bool is_permitted(const struct audience_facts *facts)
{
    return facts->has_permit;
}

static bool named_to_coordinator(const struct audience_facts *facts)
{
    return facts->named_to_coordinator;
}

static bool named_to_researcher(const struct audience_facts *facts)
{
    return facts->named_to_researcher;
}

/* One row a role that reads tables: who may, who sees members by name, what else is said. A
 * steward sees what coordinators see: the steward answers for what is shown to them. */
static const struct {
    const char *role;
    bool (*may_read)(const struct audience_facts *);
    bool (*sees_named)(const struct audience_facts *);
    const char *reason;
    const char *hint;
} AUDIENCES[] = {
    {"coordinator", coordinates, named_to_coordinator, "NOT_COORDINATOR",
     "A data steward names a partnership's coordinators when they are enrolled."},
    {"researcher", is_permitted, named_to_researcher, "NO_PERMIT",
     "Ask a data steward for a permit for this partnership."},
    {"steward", always, named_to_coordinator, "", ""},
};

enum err_code audience_decide(const struct audience_facts *facts, enum query_audience *out,
                              struct err *err)
{
    for (size_t i = 0; i < ARRAY_COUNT(AUDIENCES); i++) {
        if (strcmp(AUDIENCES[i].role, facts->role) != 0) {
            continue;
        }
        if (!AUDIENCES[i].may_read(facts)) {
            err_set(err, ERR_DENIED, "tables of this partnership are not shown to you");
            err_reason(err, AUDIENCES[i].reason);
            return err_hint(err, "%s", AUDIENCES[i].hint);
        }
        *out = AUDIENCES[i].sees_named(facts) ? AUDIENCE_NAMED : AUDIENCE_POOLED;
        return ERR_OK;
    }
    return err_set(err, ERR_DENIED, "role %s reads no tables", facts->role);
}
