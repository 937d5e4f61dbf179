/* Goal: a release is made once, whole, of closed periods alone, with figures that agree with
 * the case rows and without a number where one is withheld; a job that dies leaves nothing.
 * Method: both real clusters, 60 placed children in each of three municipalities, the job
 * itself and, for the deaths, its program. */
#include "publish/publish.h"

#include "support.h"
#include "support/world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 60, MEMBERS = 3 };

static const int32_t CODES[MEMBERS] = {167, 510, 657};
static struct world world;
static struct db_pool *release_pool; /* as fremgang_publish */
static struct secret *key;
static int partnership;

/* 15 + n children in institutions, 10 with kin, the others in foster families, all from 2014. */
static void children_push(int member)
{
    for (unsigned child = 0; child < CHILDREN; child++) {
        struct case_build build;
        unsigned id = (unsigned)member * 1000 + child;
        const char *place = child < 10                      ? "NETWORK"
                            : child < 25 + (unsigned)member ? "INSTITUTION"
                                                            : "FOSTER_GENERAL";
        case_build_start(&build, id, "2014-01-01");
        case_build_intervention(&build, id + 10000, "SEL-52-3-7", place, "2014-01-10", NULL);
        case_build_follow_up(&build, id + 20000, child % 2 == 0 ? "2014-03-10" : "2014-05-20",
                             id + 10000);
        (void)case_db_push(&world.cases, CODES[member], partnership, &build, 1);
    }
}

static void sql(const char *text)
{
    world_release_sql(&world, "postgres", text);
}

static void close_period(const char *period, int code)
{
    char text[256];
    (void)snprintf(text, sizeof text,
                   "INSERT INTO gov.period_close SELECT %d, %d, '%s', principal_id "
                   "FROM gov.principal LIMIT 1",
                   partnership, code, period);
    sql(text);
}

static int setup_all(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    world_start(&world);
    struct person steward;
    world_enrol(&world, &(struct world_role){"steward", 0, 0}, &steward);
    partnership = world_partnership(&world, &steward, "pulje", CODES, MEMBERS);
    person_clear(&steward);
    ASSERT_OK(db_pool_open(cluster_conninfo_for(&world.release, "fremgang_publish"), 2,
                           &release_pool, &err),
              err);
    ASSERT_OK(sign_key_new(&key, &err), err);
    for (int member = 0; member < MEMBERS; member++) {
        children_push(member);
    }
    return 0;
}

static int teardown_all(void **state)
{
    (void)state;
    secret_free(key);
    db_pool_free(release_pool);
    world_stop(&world);
    return 0;
}

/* Each test starts without releases and closed periods. */
static int setup(void **state)
{
    (void)state;
    sql("TRUNCATE release.cell, release.release_table, release.left_out, release.approval, "
        "release.release_period, release.release, gov.period_close");
    return 0;
}

static void close_first_half(void)
{
    for (int member = 0; member < MEMBERS; member++) {
        close_period("2014-Q1", CODES[member]);
        close_period("2014-Q2", CODES[member]);
    }
}

static struct publish_job job_of(void)
{
    return (struct publish_job){.case_pool = world.cases.publish,
                                .release_pool = release_pool,
                                .slug = "pulje",
                                .key = key};
}

static int64_t count(const char *text)
{
    return world_release_number(&world, text);
}

static int64_t release_count(void)
{
    return count("SELECT count(*) FROM release.release");
}

static void test_publish_run__stages_what_all_have_closed(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    struct publish_job job = job_of();
    close_first_half();
    ASSERT_OK(publish_run(&job, &summary, &err), err);
    assert_string_equal(summary.release_id, "pulje-2014-H1-1");
    assert_int_equal(summary.periods->count, 3);
    publish_summary_clear(&summary);
    assert_int_equal(count("SELECT count(*) FROM release.release WHERE state = 'staged'"), 1);
    assert_int_equal(count("SELECT count(*) FROM release.release_period"), 3);
    assert_int_equal(count("SELECT count(*) FROM release.cell WHERE state <> 'exact' AND "
                           "value IS NOT NULL"),
                     0);
    assert_int_equal(count("SELECT count(*) FROM release.release WHERE "
                           "sha256(manifest) = manifest_sha256"),
                     1);
    assert_int_equal(count("SELECT count(*) FROM audit.entry WHERE process = 'publish'"), 1);

    ASSERT_OK(publish_run(&job, &summary, &err), err);
    assert_string_equal(summary.release_id, "");
    publish_summary_clear(&summary);
    assert_int_equal(release_count(), 1);
}

static void test_publish_run__figures_agree_with_the_cases(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    struct publish_job job = job_of();
    close_first_half();
    ASSERT_OK(publish_run(&job, &summary, &err), err);
    publish_summary_clear(&summary);
    int64_t cases =
        case_db_number(&world.cases, "SELECT count(*) FROM facts.child_at_date WHERE period = "
                                     "'2014-Q2' AND placement_type = 'INSTITUTION'");
    assert_int_equal(cases, 48);
    static const char *const audiences[] = {"named", "pooled"};
    for (size_t i = 0; i < ARRAY_COUNT(audiences); i++) {
        char text[400];
        (void)snprintf(text, sizeof text,
                       "SELECT value FROM release.cell JOIN release.release_table USING "
                       "(release_id, table_number) WHERE audience = '%s' AND name = 'I01' AND "
                       "period = '2014-Q2' AND outcome = 'INSTITUTION'",
                       audiences[i]);
        assert_int_equal(count(text), cases);
    }
    assert_int_equal(count("SELECT value FROM release.cell JOIN release.release_table USING "
                           "(release_id, table_number) WHERE audience = 'named' AND name = "
                           "'I01.municipality' AND period = '2014-Q2' AND outcome = "
                           "'INSTITUTION' AND key_1 = '657'"),
                     17);
    assert_int_equal(count("SELECT count(*) FROM release.cell JOIN release.release_table USING "
                           "(release_id, table_number) WHERE audience = 'pooled' AND "
                           "'municipality' = ANY (dimensions) AND state = 'exact'"),
                     0);
}

/* Tables whose stored cells give the digest that the signed manifest names. */
#define TABLES_AS_SIGNED                                                                           \
    "WITH line AS (SELECT release_id, table_number, concat_ws(';', period, key_1, key_2, outcome," \
    "  state, coalesce(value::text, '')) || E'\\n' AS text FROM release.cell), "                   \
    "stored AS (SELECT t.audience, t.name, encode(sha256(convert_to("                              \
    "  concat_ws(';', t.audience, t.name, t.indicator, "                                           \
    "            nullif(array_to_string(t.dimensions, ';'), '')) || E'\\n' || "                    \
    "  string_agg(l.text, '' ORDER BY l.text COLLATE \"C\"), 'UTF8')), 'hex') AS sha256 "          \
    "  FROM release.release_table t JOIN line l USING (release_id, table_number) "                 \
    "  GROUP BY t.release_id, t.table_number), "                                                   \
    "signed AS (SELECT e->>'audience' AS audience, e->>'name' AS name, e->>'sha256' AS sha256 "    \
    "  FROM release.release r, "                                                                   \
    "  jsonb_array_elements(convert_from(r.manifest, 'UTF8')::jsonb->'tables') e) "                \
    "SELECT count(*) FROM stored JOIN signed USING (audience, name, sha256)"

static void test_publish_run__signs_the_cells_that_it_stores(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    struct publish_job job = job_of();
    close_first_half();
    ASSERT_OK(publish_run(&job, &summary, &err), err);
    publish_summary_clear(&summary);
    int64_t tables = count("SELECT count(*) FROM release.release_table");
    assert_true(tables > 0);
    assert_int_equal(count(TABLES_AS_SIGNED), tables);
    sql("UPDATE release.cell SET value = value + 1 WHERE (release_id, table_number, period, key_1,"
        " key_2, outcome) IN (SELECT release_id, table_number, period, key_1, key_2, outcome"
        " FROM release.cell WHERE value > 0 LIMIT 1)");
    assert_int_equal(count(TABLES_AS_SIGNED), tables - 1);
}

static void test_publish_run__waits_for_all_members(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    struct publish_job job = job_of();
    close_period("2014-Q1", 167);
    close_period("2014-Q1", 510);
    ASSERT_OK(publish_run(&job, &summary, &err), err);
    assert_string_equal(summary.release_id, "");
    assert_int_equal(summary.periods->waiting_count, 1);
    assert_int_equal(summary.periods->waiting[0].municipality_code, 657);
    publish_summary_clear(&summary);
    assert_int_equal(release_count(), 0);
}

/* Two are left when one is out: a pooled audience may see nothing of them. */
static void test_publish_run__names_who_is_left_out(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    struct publish_job job = job_of();
    close_period("2014-Q1", 167);
    close_period("2014-Q1", 510);
    job.without_open = true;
    ASSERT_OK(publish_run(&job, &summary, &err), err);
    assert_int_equal(summary.pooled.shown, 0);
    publish_summary_clear(&summary);
    assert_int_equal(count("SELECT count(*) FROM release.left_out WHERE municipality_code = 657 "
                           "AND period = '2014-Q1'"),
                     1);
    assert_int_equal(count("SELECT value FROM release.cell JOIN release.release_table USING "
                           "(release_id, table_number) WHERE audience = 'named' AND name = 'I01' "
                           "AND period = '2014-Q1' AND outcome = 'TOTAL'"),
                     120);
    assert_int_equal(count("SELECT count(*) FROM release.cell WHERE key_1 = '657'"), 0);
    assert_int_equal(count("SELECT count(DISTINCT state) FROM release.cell JOIN "
                           "release.release_table USING (release_id, table_number) WHERE "
                           "audience = 'pooled' AND state NOT IN ('too_few_contributors', "
                           "'structural_zero')"),
                     0);
}

static void test_publish_run__refuses_to_leave_out_a_stranger(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    struct publish_job job = job_of();
    const struct period_mark stranger = {"2014-Q1", 101};
    job.leave_out = &stranger;
    job.leave_out_count = 1;
    close_first_half();
    ASSERT_ERR(ERR_INVALID, publish_run(&job, &summary, &err));
    job.leave_out_count = 0;
    job.slug = "ukendt";
    ASSERT_ERR(ERR_NOT_FOUND, publish_run(&job, &summary, &err));
    assert_int_equal(release_count(), 0);
}

static void test_publish_run__stages_nothing_in_a_dry_run(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct publish_summary summary = PUBLISH_SUMMARY_INIT;
    struct publish_job job = job_of();
    close_first_half();
    job.dry_run = true;
    job.key = NULL;
    ASSERT_OK(publish_run(&job, &summary, &err), err);
    assert_true(summary.named.shown > 0);
    publish_summary_clear(&summary);
    assert_int_equal(release_count(), 0);
}

static pid_t program_start(const char *key_file)
{
    char case_db[CLUSTER_TEXT_BYTES];
    char release_db[CLUSTER_TEXT_BYTES];
    (void)snprintf(case_db, sizeof case_db, "%s",
                   cluster_conninfo_for(&world.cases.cluster, "fremgang_publish"));
    (void)snprintf(release_db, sizeof release_db, "%s",
                   cluster_conninfo_for(&world.release, "fremgang_publish"));
    pid_t child = fork();
    if (child == 0) {
        (void)freopen("/dev/null", "w", stdout);
        (void)execl(TEST_BINARY_DIR "/fremgangd-publish", "fremgangd-publish", "--partnership",
                    "pulje", "--case-db", case_db, "--release-db", release_db, "--publish-key",
                    key_file, (char *)NULL);
        _exit(127);
    }
    return child;
}

/* Kills the program ever later in its life, until it lives to the end. */
static void test_publish_program__leaves_nothing_half_staged_when_killed(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    char key_file[] = "/tmp/fremgang-publish-XXXXXX";
    close_first_half();
    int made = mkstemp(key_file);
    assert_true(made >= 0);
    (void)close(made);
    (void)unlink(key_file);
    ASSERT_OK(secret_write_file(key_file, key, &err), err);
    int ended = 0;
    for (useconds_t wait_us = 2000; wait_us < 60 * 1000 * 1000; wait_us += wait_us / 2) {
        int status = 0;
        pid_t program = program_start(key_file);
        (void)usleep(wait_us);
        (void)kill(program, SIGKILL);
        assert_int_equal(waitpid(program, &status, 0), program);
        int64_t staged = release_count();
        int64_t tables = count("SELECT count(*) FROM release.release_table");
        int64_t cells = count("SELECT count(*) FROM release.cell");
        assert_true(staged == 1 || (tables == 0 && cells == 0));
        if (staged == 1) {
            ended = 1;
            assert_true(tables > 0 && cells > 0);
            break;
        }
    }
    (void)unlink(key_file);
    assert_int_equal(ended, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_publish_run__stages_what_all_have_closed, setup),
        cmocka_unit_test_setup(test_publish_run__figures_agree_with_the_cases, setup),
        cmocka_unit_test_setup(test_publish_run__signs_the_cells_that_it_stores, setup),
        cmocka_unit_test_setup(test_publish_run__waits_for_all_members, setup),
        cmocka_unit_test_setup(test_publish_run__names_who_is_left_out, setup),
        cmocka_unit_test_setup(test_publish_run__refuses_to_leave_out_a_stranger, setup),
        cmocka_unit_test_setup(test_publish_run__stages_nothing_in_a_dry_run, setup),
        cmocka_unit_test_setup(test_publish_program__leaves_nothing_half_staged_when_killed, setup),
    };
    return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
