/*
 * Goal: who sees which variant of a partnership's tables.
 * Method: the whole truth table of roles and facts against a plain statement of the rule.
 */
#include "support.h"

#include "domain/audience.h"

#include <string.h>

static const char *const ROLES[] = {"coordinator", "researcher", "steward", "municipality", ""};

/** The rule in words: a coordinator of it, a researcher with a permit, any steward. */
static bool may_read(const struct audience_facts *facts)
{
    return strcmp(facts->role, "steward") == 0 ||
           (strcmp(facts->role, "coordinator") == 0 && facts->is_coordinator_of) ||
           (strcmp(facts->role, "researcher") == 0 && facts->has_permit);
}

static void test_audience_decide__every_combination(void **state)
{
    (void)state;
    for (size_t role = 0; role < sizeof(ROLES) / sizeof(ROLES[0]); role++) {
        for (unsigned bits = 0; bits < 16; bits++) {
            struct audience_facts facts = {ROLES[role], (bits & 1) != 0, (bits & 2) != 0,
                                           (bits & 4) != 0, (bits & 8) != 0};
            struct err err = ERR_INIT;
            enum query_audience audience = AUDIENCE_OWN;
            enum err_code rc = audience_decide(&facts, &audience, &err);
            assert_int_equal(may_read(&facts) ? ERR_OK : ERR_DENIED, rc);
            if (rc != ERR_OK) {
                assert_int_equal(AUDIENCE_OWN, audience);
                continue;
            }
            bool is_named = strcmp(ROLES[role], "researcher") == 0 ? facts.named_to_researcher
                                                                   : facts.named_to_coordinator;
            assert_int_equal(is_named ? AUDIENCE_NAMED : AUDIENCE_POOLED, audience);
        }
    }
}

static void test_audience_decide__says_what_is_missing(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    enum query_audience audience = AUDIENCE_OWN;
    struct audience_facts facts = {.role = "researcher"};
    ASSERT_ERR(ERR_DENIED, audience_decide(&facts, &audience, &err));
    assert_string_equal("NO_PERMIT", err.reason);
    facts.role = "coordinator";
    ASSERT_ERR(ERR_DENIED, audience_decide(&facts, &audience, &err));
    assert_string_equal("NOT_COORDINATOR", err.reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_audience_decide__every_combination),
        cmocka_unit_test(test_audience_decide__says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
