/*
 * Goal: a release is seen by nobody before two stewards have signed it, by each viewer in its
 * own variant afterwards, and by nobody once withdrawn; what is withheld has no number.
 * Method: tables from the real protection, calls through pool's real gate, real row security.
 */
#include "support.h"

#include "support/release_build.h"

#include "fremgang/v1/admin.pb-c.h"
#include "fremgang/v1/catalogue.pb-c.h"
#include "fremgang/v1/table.pb-c.h"

#include <math.h>
#include <string.h>

#define SLUG "pulje"
#define OTHER "anden"

enum { STEWARD_A, STEWARD_B, COORDINATOR, STRANGER, RESEARCHER, PEOPLE };

static const int32_t MEMBERS[] = {167, 510, 657};
/* In the second quarter 167 has two children in institutions: too few to show. */
static const struct release_counts FIRST[] = {
    {"2014-Q1", {{30, 30}, {20, 40}, {15, 45}}},
    {"2014-Q2", {{2, 40}, {22, 38}, {8, 52}}},
};
static const struct release_counts LATER[] = {{"2014-Q3", {{9, 30}, {20, 40}, {15, 45}}}};

static struct world world;
static struct person people[PEOPLE];
static int partnership;
static struct release_build first = {.id = "pulje-2014-Q2-1", .counts = FIRST, .period_count = 2};

static int set_up(void **state)
{
    (void)state;
    world_start(&world);
    world_enrol(&world, &(struct world_role){"steward", 0, 0}, &people[STEWARD_A]);
    world_enrol(&world, &(struct world_role){"steward", 0, 0}, &people[STEWARD_B]);
    partnership = world_partnership(&world, &people[STEWARD_A], SLUG, MEMBERS, 3);
    int other = world_partnership(&world, &people[STEWARD_A], OTHER, MEMBERS, 3);
    world_enrol(&world, &(struct world_role){"coordinator", 0, partnership}, &people[COORDINATOR]);
    world_enrol(&world, &(struct world_role){"coordinator", 0, other}, &people[STRANGER]);
    world_enrol(&world, &(struct world_role){"researcher", 0, 0}, &people[RESEARCHER]);
    struct err err = ERR_INIT;
    first.partnership_id = partnership;
    ASSERT_OK(release_build_stage(&world, &first, &err), err);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < PEOPLE; i++) {
        person_clear(&people[i]);
    }
    world_stop(&world);
    return 0;
}

static void call(size_t person, enum method_id method, const ProtobufCMessage *request,
                 struct world_answer *answer)
{
    world_call(&world,
               &(struct world_call){.process = PROCESS_POOL,
                                    .person = &people[person],
                                    .method = method,
                                    .request = request},
               answer);
}

/** Asks for the institution share by quarter and municipality. */
static void table_get(size_t person, struct world_answer *answer)
{
    const char *by[] = {"quarter", "municipality"};
    Pb__GetTableRequest get = PB__GET_TABLE_REQUEST__INIT;
    get.partnership = SLUG;
    get.measure = "institution_share";
    get.by = by;
    get.n_by = 2;
    call(person, METHOD_TABLE_GET, &get.base, answer);
}

static void assert_refused(size_t person, enum wire_code code, const char *reason)
{
    struct world_answer answer;
    table_get(person, &answer);
    assert_int_equal(code, answer.code);
    assert_string_equal(reason, answer.reason);
    world_answer_clear(&answer);
}

static const Pb__TableRow *row_find(const struct world_answer *answer, const char *period,
                                    const char *municipality)
{
    const Pb__Table *table = ((const Pb__GetTableResponse *)answer->response)->table;
    for (size_t i = 0; i < table->n_rows; i++) {
        if (strcmp(table->rows[i]->keys[0], period) == 0 &&
            strcmp(table->rows[i]->keys[1], municipality) == 0) {
            return table->rows[i];
        }
    }
    fail_msg("no row %s %s", period, municipality);
    return NULL;
}

static void assert_exact(const Pb__TableRow *row, int64_t numerator, int64_t denominator)
{
    assert_int_equal(PB__CELL__STATE_EXACT, row->numerator->state_case);
    assert_int_equal(numerator, row->numerator->exact);
    assert_int_equal(denominator, row->denominator->exact);
    assert_true(fabs(row->value - (double)numerator / (double)denominator) < 1e-12);
}

static void assert_withheld(const Pb__TableRow *row)
{
    assert_int_equal(PB__CELL__STATE_WITHHELD, row->numerator->state_case);
    assert_int_equal(0, row->_value_case);
}

static size_t release_count(size_t person, enum method_id method)
{
    struct world_answer answer;
    Pb__ListReleasesRequest list = PB__LIST_RELEASES_REQUEST__INIT;
    call(person, method, method == METHOD_CATALOGUE_RELEASES ? &list.base : NULL, &answer);
    assert_int_equal(WIRE_OK, answer.code);
    size_t count = method == METHOD_CATALOGUE_RELEASES
                       ? ((Pb__ListReleasesResponse *)answer.response)->n_releases
                       : ((Pb__ListStagedReleasesResponse *)answer.response)->n_releases;
    world_answer_clear(&answer);
    return count;
}

static enum wire_code approve(size_t steward, const char *id, const uint8_t *sha256,
                              const char *expected_state)
{
    struct world_answer answer;
    uint8_t digest[32];
    Pb__ApproveReleaseRequest request = PB__APPROVE_RELEASE_REQUEST__INIT;
    memcpy(digest, sha256, sizeof(digest));
    request.release_id = id;
    request.manifest_sha256 = (ProtobufCBinaryData){sizeof(digest), digest};
    call(steward, METHOD_ADMIN_APPROVE, &request.base, &answer);
    if (answer.code == WIRE_OK) {
        assert_string_equal(expected_state, ((Pb__ApproveReleaseResponse *)answer.response)->state);
    }
    world_answer_clear(&answer);
    return answer.code;
}

static enum wire_code withdraw(size_t steward, const char *id, const char *reason)
{
    struct world_answer answer;
    Pb__WithdrawReleaseRequest request = PB__WITHDRAW_RELEASE_REQUEST__INIT;
    request.release_id = id;
    request.reason = reason;
    call(steward, METHOD_ADMIN_WITHDRAW, &request.base, &answer);
    world_answer_clear(&answer);
    return answer.code;
}

static void permit_grant(date_t until)
{
    struct world_answer answer;
    Pb__GrantPermitRequest request = PB__GRANT_PERMIT_REQUEST__INIT;
    request.principal_id = people[RESEARCHER].id;
    request.partnership = SLUG;
    request.purpose = "a test";
    request.until_date = until;
    call(STEWARD_A, METHOD_ADMIN_GRANT_PERMIT, &request.base, &answer);
    assert_int_equal(WIRE_OK, answer.code);
    world_answer_clear(&answer);
}

/* The tests below run in order: each takes the release one step on. */

static void test_release__staged_is_seen_by_stewards_as_a_line_only(void **state)
{
    (void)state;
    assert_refused(COORDINATOR, WIRE_NOT_FOUND, "NO_RELEASE");
    assert_refused(STEWARD_A, WIRE_NOT_FOUND, "NO_RELEASE");
    assert_int_equal(0, release_count(COORDINATOR, METHOD_CATALOGUE_RELEASES));
    assert_int_equal(1, release_count(STEWARD_A, METHOD_ADMIN_LIST_STAGED));
    assert_true(world_release_number(&world, "SELECT count(*) FROM release.cell") > 0);
}

static void test_release__its_line_says_what_it_holds(void **state)
{
    (void)state;
    struct world_answer answer;
    call(STEWARD_A, METHOD_ADMIN_LIST_STAGED, NULL, &answer);
    const Pb__Release *release =
        ((const Pb__ListStagedReleasesResponse *)answer.response)->releases[0];
    assert_string_equal(first.id, release->id);
    assert_string_equal("staged", release->state);
    assert_string_equal("2014-Q1", release->period_from);
    assert_string_equal("2014-Q2", release->period_to);
    assert_memory_equal(first.manifest_sha256, release->manifest_sha256.data, 32);
    assert_true(release->cells_shown > 0);    // the pool
    assert_true(release->cells_withheld > 0); // its members
    assert_int_equal(1, release->n_left_out);
    assert_string_equal("2014-Q1 167", release->left_out[0]);
    world_answer_clear(&answer);
}

static void test_release__two_stewards_make_it_visible(void **state)
{
    (void)state;
    uint8_t wrong[32] = {0};
    assert_int_equal(WIRE_NOT_FOUND,
                     approve(STEWARD_A, "pulje-2014-Q2-9", first.manifest_sha256, ""));
    assert_int_equal(WIRE_FAILED_PRECONDITION, approve(STEWARD_A, first.id, wrong, ""));
    assert_int_equal(WIRE_OK, approve(STEWARD_A, first.id, first.manifest_sha256, "staged"));
    assert_int_equal(WIRE_FAILED_PRECONDITION,
                     approve(STEWARD_A, first.id, first.manifest_sha256, ""));
    assert_refused(COORDINATOR, WIRE_NOT_FOUND, "NO_RELEASE");
    assert_int_equal(WIRE_OK, approve(STEWARD_B, first.id, first.manifest_sha256, "visible"));
    assert_int_equal(2, world_release_number(&world, "SELECT count(*) FROM release.approval"
                                                     " WHERE octet_length(signature) = 64"
                                                     " AND octet_length(request) > 0"));
}

static void test_table__coordinators_see_members_beside_the_pool(void **state)
{
    (void)state;
    struct world_answer answer;
    table_get(COORDINATOR, &answer);
    assert_int_equal(WIRE_OK, answer.code);
    const Pb__TableHead *head = ((Pb__GetTableResponse *)answer.response)->table->head;
    assert_string_equal("named", head->audience);
    assert_true(head->synthetic);
    assert_string_equal(first.id, head->release_ids[0]);
    assert_non_null(strstr(head->caveats[head->n_caveats - 1], "2014-Q1: municipality 167"));
    assert_non_null(strstr(head->caveats_da[head->n_caveats_da - 1], "2014-Q1: kommune 167"));
    assert_exact(row_find(&answer, "2014-Q1", "657"), 15, 60);
    assert_exact(row_find(&answer, "2014-Q1", "pool"), 65, 180);
    // Two children are too few, and their municipality's other figures must not give them away.
    assert_withheld(row_find(&answer, "2014-Q2", "167"));
    world_answer_clear(&answer);
}

static void test_table__same_question_same_digest(void **state)
{
    (void)state;
    struct world_answer one;
    struct world_answer two;
    table_get(COORDINATOR, &one);
    table_get(STEWARD_B, &two);
    const Pb__TableHead *a = ((Pb__GetTableResponse *)one.response)->table->head;
    const Pb__TableHead *b = ((Pb__GetTableResponse *)two.response)->table->head;
    assert_string_equal(a->canonical_query, b->canonical_query);
    assert_int_equal(32, a->sha256.len);
    assert_memory_equal(a->sha256.data, b->sha256.data, 32);
    world_answer_clear(&one);
    world_answer_clear(&two);
}

static void test_table__researchers_need_a_permit_and_see_the_pool(void **state)
{
    (void)state;
    struct world_answer answer;
    const date_t today = (date_t)(world.now_us / 1000000 / 86400);
    assert_refused(RESEARCHER, WIRE_PERMISSION_DENIED, "NO_PERMIT");
    assert_int_equal(0, release_count(RESEARCHER, METHOD_CATALOGUE_RELEASES));
    permit_grant(today + 1);
    assert_int_equal(1, release_count(RESEARCHER, METHOD_CATALOGUE_RELEASES));
    table_get(RESEARCHER, &answer);
    assert_int_equal(WIRE_OK, answer.code);
    assert_string_equal("pooled", ((Pb__GetTableResponse *)answer.response)->table->head->audience);
    assert_withheld(row_find(&answer, "2014-Q1", "657"));
    assert_withheld(row_find(&answer, "2014-Q1", "167"));
    assert_exact(row_find(&answer, "2014-Q1", "pool"), 65, 180);
    world_answer_clear(&answer);

    world.now_us += INT64_C(86400) * 1000000; // the permit has ended
    assert_int_equal(WIRE_OK, world_log_in(&world, &people[RESEARCHER], PROCESS_POOL));
    assert_refused(RESEARCHER, WIRE_PERMISSION_DENIED, "NO_PERMIT");
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(WIRE_OK, world_log_in(&world, &people[i], PROCESS_POOL));
    }
}

static void test_table__coordinators_of_another_partnership_see_nothing(void **state)
{
    (void)state;
    assert_refused(STRANGER, WIRE_PERMISSION_DENIED, "NOT_COORDINATOR");
    assert_int_equal(0, release_count(STRANGER, METHOD_CATALOGUE_RELEASES));
    assert_int_equal(1, release_count(COORDINATOR, METHOD_CATALOGUE_RELEASES));
}

static void test_table__words_that_name_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *partnership;
        const char *measure;
        const char *by;
        const char *reason;
    } CASES[] = {
        {"puljer", "institution_share", "quarter", "PARTNERSHIP_UNKNOWN"},
        {SLUG, "institusion_share", "quarter", "MEASURE_UNKNOWN"},
        {SLUG, "institution_share", "colour", "DIMENSION_UNKNOWN"},
        {SLUG, "cases_per_worker", "quarter", "NO_RELEASE"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct world_answer answer;
        const char *by[] = {CASES[i].by};
        Pb__GetTableRequest get = PB__GET_TABLE_REQUEST__INIT;
        get.partnership = CASES[i].partnership;
        get.measure = CASES[i].measure;
        get.by = by;
        get.n_by = 1;
        call(COORDINATOR, METHOD_TABLE_GET, &get.base, &answer);
        assert_int_equal(WIRE_NOT_FOUND, answer.code);
        assert_string_equal(CASES[i].reason, answer.reason);
        world_answer_clear(&answer);
    }
}

static void test_table__reading_is_audited_with_the_canonical_query(void **state)
{
    (void)state;
    assert_true(world_release_number(
                    &world, "SELECT count(*) FROM audit.entry WHERE verdict = 'OK' AND subject ="
                            " 'partnership=pulje&measure=institution_share&by=quarter,municipality"
                            "&from=&to=&audience=pooled'") == 1);
}

static void test_release__a_period_is_released_once(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct release_build again = {.id = "pulje-2014-Q2-2",
                                  .partnership_id = partnership,
                                  .counts = &FIRST[1],
                                  .period_count = 1};
    ASSERT_ERR(ERR_CONFLICT, release_build_stage(&world, &again, &err));
    struct release_build later = {
        .id = "pulje-2014-Q3-2", .partnership_id = partnership, .counts = LATER, .period_count = 1};
    ASSERT_OK(release_build_stage(&world, &later, &err), err);
    // Withdrawn before anyone saw it, its period may be staged again.
    assert_int_equal(WIRE_INVALID_ARGUMENT, withdraw(STEWARD_A, later.id, ""));
    assert_int_equal(WIRE_OK, withdraw(STEWARD_A, later.id, "a wrong export"));
    later.id = "pulje-2014-Q3-3";
    ASSERT_OK(release_build_stage(&world, &later, &err), err);
}

static void test_release__withdrawn_is_gone_for_good(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    assert_int_equal(WIRE_OK, withdraw(STEWARD_B, first.id, "an error in the source"));
    assert_refused(COORDINATOR, WIRE_NOT_FOUND, "NO_RELEASE");
    assert_int_equal(0, release_count(COORDINATOR, METHOD_CATALOGUE_RELEASES));
    assert_int_equal(WIRE_FAILED_PRECONDITION, withdraw(STEWARD_B, first.id, "again"));
    assert_int_equal(WIRE_FAILED_PRECONDITION,
                     approve(STEWARD_A, first.id, first.manifest_sha256, ""));
    struct release_build again = {
        .id = "pulje-2014-Q1-4", .partnership_id = partnership, .counts = FIRST, .period_count = 1};
    ASSERT_ERR(ERR_CONFLICT, release_build_stage(&world, &again, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_release__staged_is_seen_by_stewards_as_a_line_only),
        cmocka_unit_test(test_release__its_line_says_what_it_holds),
        cmocka_unit_test(test_release__two_stewards_make_it_visible),
        cmocka_unit_test(test_table__coordinators_see_members_beside_the_pool),
        cmocka_unit_test(test_table__same_question_same_digest),
        cmocka_unit_test(test_table__researchers_need_a_permit_and_see_the_pool),
        cmocka_unit_test(test_table__coordinators_of_another_partnership_see_nothing),
        cmocka_unit_test(test_table__words_that_name_nothing),
        cmocka_unit_test(test_table__reading_is_audited_with_the_canonical_query),
        cmocka_unit_test(test_release__a_period_is_released_once),
        cmocka_unit_test(test_release__withdrawn_is_gone_for_good),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
