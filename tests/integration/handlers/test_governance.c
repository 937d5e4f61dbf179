/*
 * Goal: people come in by a code that works once, and go out within a minute; periods are
 * closed by members alone; a repeated call does its work once.
 * Method: calls through pool's real gate over a real release cluster; the clock is the test's.
 */
#include "support.h"

#include "support/world.h"

#include "base/limits.h"
#include "crypto/enrolment_code.h"
#include "crypto/sign.h"

#include "fremgang/v1/admin.pb-c.h"
#include "fremgang/v1/auth.pb-c.h"

#include <stdio.h>
#include <string.h>

#define SLUG "pulje"

static const int32_t MEMBERS[] = {167, 510, 657};

static struct world world;
static struct person steward;
static struct person herning; /* a member */
static struct person favrskov;
static int partnership;

static int set_up(void **state)
{
    (void)state;
    world_start(&world);
    world_enrol(&world, &(struct world_role){"steward", 0, 0}, &steward);
    partnership = world_partnership(&world, &steward, SLUG, MEMBERS, 3);
    world_enrol(&world, &(struct world_role){"municipality", 657, 0}, &herning);
    world_enrol(&world, &(struct world_role){"municipality", 710, 0}, &favrskov);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    person_clear(&steward);
    person_clear(&herning);
    person_clear(&favrskov);
    world_stop(&world);
    return 0;
}

static void as_steward(enum method_id method, const ProtobufCMessage *request, const char *key,
                       struct world_answer *answer)
{
    world_call(&world,
               &(struct world_call){.process = PROCESS_POOL,
                                    .person = &steward,
                                    .method = method,
                                    .request = request,
                                    .idempotency_key = key},
               answer);
}

/** Enrols a fresh key with a code; the gate's answer. */
static void enrol(const char *code, struct world_answer *answer)
{
    struct err err = ERR_INIT;
    AUTO(secret_free) struct secret *key = NULL;
    char normal[ENROLMENT_CODE_NORMAL_BYTES];
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t proof[SIGN_SIGNATURE_BYTES];
    Pb__EnrolRequest request = PB__ENROL_REQUEST__INIT;
    ASSERT_OK(sign_key_new(&key, &err), err);
    sign_public_key(key, public_key);
    ASSERT_OK(enrolment_code_normalise(code, normal, &err), err);
    ASSERT_OK(
        sign_make_one(key, SIGN_ENROL, (struct sign_field){normal, strlen(normal)}, proof, &err),
        err);
    request.code = code;
    request.public_key = (ProtobufCBinaryData){sizeof(public_key), public_key};
    request.proof = (ProtobufCBinaryData){sizeof(proof), proof};
    world_call(&world,
               &(struct world_call){
                   .process = PROCESS_POOL, .method = METHOD_AUTH_ENROL, .request = &request.base},
               answer);
}

static enum wire_code enrol_code(const char *code)
{
    struct world_answer answer;
    enrol(code, &answer);
    world_answer_clear(&answer);
    return answer.code;
}

static void test_enrol__a_code_works_once(void **state)
{
    (void)state;
    char code[WORLD_CODE_BYTES];
    world_code_make(&world, &(struct world_role){"researcher", 0, 0}, code);
    assert_int_equal(WIRE_OK, enrol_code(code));
    assert_int_equal(WIRE_PERMISSION_DENIED, enrol_code(code));
}

static void test_enrol__a_code_ends(void **state)
{
    (void)state;
    char code[WORLD_CODE_BYTES];
    world_code_make(&world, &(struct world_role){"researcher", 0, 0}, code);
    world.now_us += INT64_C(86400) * 1000000;
    assert_int_equal(WIRE_PERMISSION_DENIED, enrol_code(code));
    world.now_us -= INT64_C(86400) * 1000000;
    assert_int_equal(WIRE_OK, enrol_code(code));
}

static void test_enrol__an_invented_code_is_refused(void **state)
{
    (void)state;
    char code[ENROLMENT_CODE_TEXT_BYTES];
    enrolment_code_new(code);
    assert_int_equal(WIRE_PERMISSION_DENIED, enrol_code(code));
}

static void test_enrol__says_where_one_belongs(void **state)
{
    (void)state;
    struct world_answer answer;
    char code[WORLD_CODE_BYTES];
    world_code_make(&world, &(struct world_role){"municipality", 510, 0}, code);
    enrol(code, &answer);
    const Pb__EnrolResponse *enrolled = (const Pb__EnrolResponse *)answer.response;
    assert_string_equal("municipality", enrolled->role);
    assert_int_equal(510, enrolled->municipality_code);
    assert_int_equal(1, enrolled->n_partnerships);
    assert_string_equal(SLUG, enrolled->partnerships[0]);
    world_answer_clear(&answer);
}

static void test_create_code__refuses_what_does_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *role;
        int municipality; /* 0: absent */
        const char *partnership;
        enum wire_code code;
    } CASES[] = {
        {"mayor", 0, NULL, WIRE_INVALID_ARGUMENT},
        {"anyone", 0, NULL, WIRE_INVALID_ARGUMENT},
        {"", 0, NULL, WIRE_INVALID_ARGUMENT},
        {"municipality", 0, NULL, WIRE_INVALID_ARGUMENT},
        {"municipality", 7, NULL, WIRE_INVALID_ARGUMENT},
        {"steward", 0, NULL, WIRE_PERMISSION_DENIED}, // who could then sign twice
        {"steward", 657, NULL, WIRE_PERMISSION_DENIED},
        {"researcher", 0, SLUG, WIRE_INVALID_ARGUMENT},
        {"coordinator", 0, "nowhere", WIRE_NOT_FOUND},
        {"coordinator", 0, SLUG, WIRE_OK},
        {"municipality", 657, NULL, WIRE_OK},
    };
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct world_answer answer;
        const char *partnerships[] = {CASES[i].partnership};
        Pb__CreateEnrolmentCodeRequest request = PB__CREATE_ENROLMENT_CODE_REQUEST__INIT;
        request.role = CASES[i].role;
        request.name = "someone";
        if (CASES[i].municipality != 0) {
            request._municipality_code_case =
                PB__CREATE_ENROLMENT_CODE_REQUEST___MUNICIPALITY_CODE_MUNICIPALITY_CODE;
            request.municipality_code = CASES[i].municipality;
        }
        request.partnerships = partnerships;
        request.n_partnerships = CASES[i].partnership == NULL ? 0 : 1;
        as_steward(METHOD_ADMIN_CREATE_CODE, &request.base, NULL, &answer);
        if (answer.code != CASES[i].code) {
            fail_msg("case %zu: %s", i, answer.message);
        }
        world_answer_clear(&answer);
    }
}

static void test_create_code__repeated_gives_the_same_code(void **state)
{
    (void)state;
    struct world_answer first;
    struct world_answer second;
    struct world_answer other;
    Pb__CreateEnrolmentCodeRequest request = PB__CREATE_ENROLMENT_CODE_REQUEST__INIT;
    const char *count = "SELECT count(*) FROM gov.enrolment_code";
    request.role = "researcher";
    request.name = "a person";
    int64_t before = world_release_number(&world, count);
    as_steward(METHOD_ADMIN_CREATE_CODE, &request.base, "the-same-key", &first);
    as_steward(METHOD_ADMIN_CREATE_CODE, &request.base, "the-same-key", &second);
    const char *code = ((Pb__CreateEnrolmentCodeResponse *)first.response)->code;
    assert_string_equal(code, ((Pb__CreateEnrolmentCodeResponse *)second.response)->code);
    assert_int_equal(before + 1, world_release_number(&world, count));

    request.name = "another person";
    as_steward(METHOD_ADMIN_CREATE_CODE, &request.base, "the-same-key", &other);
    assert_int_equal(WIRE_ABORTED, other.code);
    assert_string_equal("KEY_REUSED", other.reason);

    // What is kept for repetition does not show the code to who reads the database.
    char sql[160];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM gov.idempotency WHERE position('%.5s'::bytea IN response) > 0",
             code);
    assert_int_equal(0, world_release_number(&world, sql));
    world_answer_clear(&first);
    world_answer_clear(&second);
    world_answer_clear(&other);
}

static enum wire_code revoke(const char *id)
{
    struct world_answer answer;
    Pb__RevokePrincipalRequest request = PB__REVOKE_PRINCIPAL_REQUEST__INIT;
    request.principal_id = id;
    as_steward(METHOD_ADMIN_REVOKE, &request.base, NULL, &answer);
    world_answer_clear(&answer);
    return answer.code;
}

static void test_revoke__holds_within_a_minute_in_both_processes(void **state)
{
    (void)state;
    struct person odense;
    world_enrol(&world, &(struct world_role){"municipality", 461, 0}, &odense);
    const struct world_call pool = {
        .process = PROCESS_POOL, .person = &odense, .method = METHOD_CATALOGUE_INDICATORS};
    const struct world_call intake = {
        .process = PROCESS_INTAKE, .person = &odense, .method = METHOD_SUBMISSION_STATUS};
    assert_int_equal(WIRE_OK, world_call_code(&world, &pool));
    assert_int_not_equal(WIRE_UNAUTHENTICATED, world_call_code(&world, &intake));
    assert_int_equal(WIRE_NOT_FOUND, revoke("p-000000000000000000000000"));
    assert_int_equal(WIRE_OK, revoke(odense.id));
    assert_int_equal(WIRE_FAILED_PRECONDITION, revoke(odense.id));
    world.now_us += INT64_C(1000000) * (PRINCIPAL_CACHE_SECONDS + 1);
    assert_int_equal(WIRE_UNAUTHENTICATED, world_call_code(&world, &pool));
    assert_int_equal(WIRE_UNAUTHENTICATED, world_call_code(&world, &intake));
    assert_int_equal(WIRE_UNAUTHENTICATED, world_log_in(&world, &odense, PROCESS_POOL));
    person_clear(&odense);
}

static void test_permit__is_for_researchers_and_the_future(void **state)
{
    (void)state;
    struct person researcher;
    world_enrol(&world, &(struct world_role){"researcher", 0, 0}, &researcher);
    const date_t today = (date_t)(world.now_us / 1000000 / 86400);
    const struct {
        const char *principal;
        const char *partnership;
        const char *purpose;
        date_t until;
        enum wire_code code;
    } cases[] = {
        {steward.id, SLUG, "x", today + 9, WIRE_INVALID_ARGUMENT},
        {herning.id, SLUG, "x", today + 9, WIRE_INVALID_ARGUMENT},
        {"p-000000000000000000000000", SLUG, "x", today + 9, WIRE_NOT_FOUND},
        {researcher.id, "nowhere", "x", today + 9, WIRE_NOT_FOUND},
        {researcher.id, SLUG, "x", today, WIRE_INVALID_ARGUMENT},
        {researcher.id, SLUG, "", today + 9, WIRE_INVALID_ARGUMENT},
        {researcher.id, SLUG, "x", today + 9, WIRE_OK},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct world_answer answer;
        Pb__GrantPermitRequest request = PB__GRANT_PERMIT_REQUEST__INIT;
        request.principal_id = cases[i].principal;
        request.partnership = cases[i].partnership;
        request.purpose = cases[i].purpose;
        request.until_date = cases[i].until;
        as_steward(METHOD_ADMIN_GRANT_PERMIT, &request.base, NULL, &answer);
        if (answer.code != cases[i].code) {
            fail_msg("case %zu: %s", i, answer.message);
        }
        world_answer_clear(&answer);
    }
    person_clear(&researcher);
}

static void close_period(const struct person *person, const char *slug, const char *period,
                         struct world_answer *answer)
{
    Pb__ClosePeriodRequest request = PB__CLOSE_PERIOD_REQUEST__INIT;
    request.partnership = slug;
    request.period = period;
    world_call(&world,
               &(struct world_call){.process = PROCESS_POOL,
                                    .person = person,
                                    .method = METHOD_ADMIN_CLOSE_PERIOD,
                                    .request = &request.base},
               answer);
}

static void test_close__takes_the_earlier_periods_with_it(void **state)
{
    (void)state;
    static const char *const EXPECTED[] = {"2014-Q1", "2014-Q2", "2014-Q3", "2014-H1"};
    struct world_answer answer;
    close_period(&herning, SLUG, "2014-Q3", &answer);
    assert_int_equal(WIRE_OK, answer.code);
    const Pb__ClosePeriodResponse *closed = (const Pb__ClosePeriodResponse *)answer.response;
    assert_int_equal(ARRAY_COUNT(EXPECTED), closed->n_closed);
    for (size_t i = 0; i < ARRAY_COUNT(EXPECTED); i++) {
        assert_string_equal(EXPECTED[i], closed->closed[i]);
    }
    world_answer_clear(&answer);
    close_period(&herning, SLUG, "2014-H2", &answer);
    closed = (const Pb__ClosePeriodResponse *)answer.response;
    assert_int_equal(2, closed->n_closed); // 2014-Q4 and 2014-H2
    world_answer_clear(&answer);
    assert_int_equal(0, world_release_number(&world, "SELECT count(*) FROM gov.period_close"
                                                     " WHERE municipality_code <> 657"));
}

static void test_close__refuses(void **state)
{
    (void)state;
    const struct {
        const struct person *person;
        const char *slug;
        const char *period;
        enum wire_code code;
    } cases[] = {
        {&favrskov, SLUG, "2014-Q1", WIRE_PERMISSION_DENIED},
        {&herning, "nowhere", "2014-Q1", WIRE_NOT_FOUND},
        {&herning, SLUG, "2014", WIRE_INVALID_ARGUMENT},
        {&herning, SLUG, "2014-Q5", WIRE_INVALID_ARGUMENT},
        {&herning, SLUG, "", WIRE_INVALID_ARGUMENT},
        {&herning, SLUG, "2018-Q1", WIRE_INVALID_ARGUMENT}, // runs: it is March 2018
        {&herning, SLUG, "2013-Q4", WIRE_INVALID_ARGUMENT}, // before the partnership
        {&herning, SLUG, "2199-Q4", WIRE_INVALID_ARGUMENT},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct world_answer answer;
        close_period(cases[i].person, cases[i].slug, cases[i].period, &answer);
        if (answer.code != cases[i].code) {
            fail_msg("case %zu: %s", i, answer.message);
        }
        world_answer_clear(&answer);
    }
}

/* A quarter that was closed while it ran anywhere could be released without its facts. */
static void test_close__waits_until_the_quarter_has_ended_everywhere(void **state)
{
    (void)state;
    const int64_t before_us = world.now_us;
    static const struct {
        int64_t seconds; // from midnight UTC, with which July begins
        enum wire_code code;
    } CASES[] = {
        {-5400, WIRE_INVALID_ARGUMENT}, // July has begun in Denmark
        {-1, WIRE_INVALID_ARGUMENT},
        {0, WIRE_OK},
    };
    for (size_t i = 0; i < ARRAY_COUNT(CASES); i++) {
        struct world_answer answer;
        world.now_us = (INT64_C(16252) * 86400 + CASES[i].seconds) * 1000000;
        assert_int_equal(WIRE_OK, world_log_in(&world, &herning, PROCESS_POOL));
        close_period(&herning, SLUG, "2014-Q2", &answer);
        assert_int_equal(CASES[i].code, answer.code);
        world_answer_clear(&answer);
    }
    world.now_us = before_us;
    assert_int_equal(WIRE_OK, world_log_in(&world, &herning, PROCESS_POOL));
}

static void test_partnership__refuses_what_does_not_fit(void **state)
{
    (void)state;
    static const int32_t TWICE[] = {657, 657};
    static const int32_t NO_CODE[] = {7};
    const struct {
        const char *slug;
        const int32_t *members;
        size_t member_count;
        date_t to_date;
        const char *named_to;
        enum wire_code code;
    } cases[] = {
        {SLUG, MEMBERS, 3, 18000, "coordinator", WIRE_FAILED_PRECONDITION},
        {"Pulje To", MEMBERS, 3, 18000, "coordinator", WIRE_INVALID_ARGUMENT},
        {"", MEMBERS, 3, 18000, "coordinator", WIRE_INVALID_ARGUMENT},
        {"to", MEMBERS, 0, 18000, "coordinator", WIRE_INVALID_ARGUMENT},
        {"to", NO_CODE, 1, 18000, "coordinator", WIRE_INVALID_ARGUMENT},
        {"to", TWICE, 2, 18000, "coordinator", WIRE_FAILED_PRECONDITION},
        {"to", MEMBERS, 3, 17000, "coordinator", WIRE_INVALID_ARGUMENT},
        {"to", MEMBERS, 3, 18000, "everyone", WIRE_INVALID_ARGUMENT},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct world_answer answer;
        int32_t members[3];
        const char *named_to[] = {cases[i].named_to};
        Pb__CreatePartnershipRequest request = PB__CREATE_PARTNERSHIP_REQUEST__INIT;
        memcpy(members, cases[i].members, cases[i].member_count * sizeof(*members));
        request.slug = cases[i].slug;
        request.name = "Navn";
        request.members = members;
        request.n_members = cases[i].member_count;
        request.from_date = 17000;
        request.to_date = cases[i].to_date;
        request.named_to = named_to;
        request.n_named_to = 1;
        as_steward(METHOD_ADMIN_CREATE_PARTNERSHIP, &request.base, NULL, &answer);
        if (answer.code != cases[i].code) {
            fail_msg("case %zu: %s (%s)", i, wire_code_name((int)answer.code), answer.message);
        }
        world_answer_clear(&answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enrol__a_code_works_once),
        cmocka_unit_test(test_enrol__a_code_ends),
        cmocka_unit_test(test_enrol__an_invented_code_is_refused),
        cmocka_unit_test(test_enrol__says_where_one_belongs),
        cmocka_unit_test(test_create_code__refuses_what_does_not_fit),
        cmocka_unit_test(test_create_code__repeated_gives_the_same_code),
        cmocka_unit_test(test_revoke__holds_within_a_minute_in_both_processes),
        cmocka_unit_test(test_permit__is_for_researchers_and_the_future),
        cmocka_unit_test(test_close__takes_the_earlier_periods_with_it),
        cmocka_unit_test(test_close__refuses),
        cmocka_unit_test(test_close__waits_until_the_quarter_has_ended_everywhere),
        cmocka_unit_test(test_partnership__refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
