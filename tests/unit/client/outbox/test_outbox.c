/*
 * Goal: only changes are sent, partnerships never meet, and a dump that lost too much changes
 * nothing. Method: imports of cases named by letters, synced with a fake server that takes
 * the real bytes and answers as intake does.
 */
#include "client/outbox/outbox_server.h"

#include <sqlite3.h>
#include <sys/stat.h>

static void test_outbox_put__an_unchanged_second_import_sends_nothing(void **state)
{
    struct world *world = *state;
    struct server server = {.count = 0};
    world_open(world);
    assert_int_equal(import_real(world, "p", "abc", "X"), 3);
    commit(world);
    assert_int_equal(sync_all(world, "p", &server), 3);
    assert_int_equal(import_real(world, "p", "abc", "X"), 0);
    assert_int_equal(vanish(world), 0);
    commit(world);
    assert_int_equal(sync_all(world, "p", &server), 0);
    digests_assert_equal(world, "p", &server);
}

static void test_outbox_put__only_the_changed_case_is_sent(void **state)
{
    struct world *world = *state;
    struct server server = {.count = 0};
    world_open(world);
    (void)import_real(world, "p", "abc", "X");
    commit(world);
    (void)sync_all(world, "p", &server);
    assert_int_equal(import_real(world, "p", "b", "Y"), 1);
    commit(world);
    assert_int_equal(sync_all(world, "p", &server), 1);
    assert_int_equal(server.changes, 4);
    digests_assert_equal(world, "p", &server);
}

static void test_outbox_put__versions_grow_when_the_clock_goes_back(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct server server = {.count = 0};
    static const int64_t clock[] = {5000, 10, 10};
    world_open(world);
    for (size_t i = 0; i < ARRAY_COUNT(clock); i++) {
        const char *groups[] = {"X", "Y", "Z"};
        ASSERT_OK(outbox_begin(world->outbox, &(struct outbox_import){"p", clock[i]}, &err), err);
        AUTO_HEAP char *body = body_make('a', groups[i]);
        struct outbox_unit unit = case_unit('a', body);
        enum outbox_put_result result;
        ASSERT_OK(outbox_put(world->outbox, &unit, &result, &err), err);
        commit(world);
        assert_int_equal(sync_all(world, "p", &server), 1);
    }
    assert_int_equal(server.changes, 3);
    assert_int_equal(server.units[0].version, 5002);
}

static void test_outbox_vanish__a_vanished_case_is_removed_and_forgotten(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct server server = {.count = 0};
    struct outbox_counts counts;
    world_open(world);
    (void)import_real(world, "p", "abcdef", "X");
    commit(world);
    (void)sync_all(world, "p", &server);
    (void)import_real(world, "p", "abcde", "X");
    assert_int_equal(vanish(world), 1);
    commit(world);
    ASSERT_OK(outbox_count(world->outbox, "p", &counts, &err), err);
    assert_int_equal(counts.tombstones, 1);
    assert_int_equal(sync_all(world, "p", &server), 1);
    assert_int_equal(server.count, 5);
    ASSERT_OK(outbox_count(world->outbox, "p", &counts, &err), err);
    assert_int_equal(counts.states[OUTBOX_ACKED], 5);
    assert_int_equal(counts.tombstones, 0);
    digests_assert_equal(world, "p", &server);
}

static void test_outbox_vanish__what_was_never_sent_leaves_no_tombstone(void **state)
{
    struct world *world = *state;
    struct server server = {.count = 0};
    world_open(world);
    (void)import_real(world, "p", "ab", "X");
    commit(world);
    (void)import_real(world, "p", "a", "X");
    assert_int_equal(vanish(world), 1);
    commit(world);
    assert_int_equal(sync_all(world, "p", &server), 1);
    assert_int_equal(server.count, 1);
}

static void test_outbox_vanish__a_returning_case_is_stored_again(void **state)
{
    struct world *world = *state;
    struct server server = {.count = 0};
    world_open(world);
    (void)import_real(world, "p", "ab", "X");
    commit(world);
    (void)sync_all(world, "p", &server);
    (void)import_real(world, "p", "a", "X");
    (void)vanish(world);
    commit(world);
    struct batch *batch = next(world, "p");   /* the tombstone is on its way ... */
    (void)import_real(world, "p", "ab", "X"); /* ... when the case returns */
    commit(world);
    struct batch_verdict verdicts[BATCH_UNITS_MAX];
    push(&server, batch, verdicts);
    close_batch(world, batch, verdicts);
    batch_free(batch);
    assert_int_equal(sync_all(world, "p", &server), 1);
    assert_int_equal(server.count, 2);
    digests_assert_equal(world, "p", &server);
}

static void test_outbox_vanish__refuses_more_than_the_share(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct outbox_vanish_limits limits = {.percent_max = 20};
    uint64_t vanished = 0;
    world_open(world);
    (void)import(world, "p", "abcdefghij", "x");
    commit(world);
    (void)import(world, "p", "abcdefgh", "x"); /* 2 of 10: at the limit */
    ASSERT_OK(outbox_vanish(world->outbox, UNIT_KIND_CASE, &limits, &vanished, &err), err);
    assert_int_equal(vanished, 2);
    outbox_rollback(world->outbox);
    (void)import(world, "p", "abcdefg", "x"); /* 3 of 10 */
    ASSERT_ERR(ERR_CONFLICT,
               outbox_vanish(world->outbox, UNIT_KIND_CASE, &limits, &vanished, &err));
    assert_string_equal(err.reason, "TOO_MANY_VANISHED");
    outbox_rollback(world->outbox);
    assert_int_equal(import(world, "p", "abcdefghij", "x"), 0); /* nothing was changed */
    commit(world);
}

static void test_outbox_keep__a_case_that_cannot_be_sent_has_not_vanished(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    world_open(world);
    (void)import(world, "p", "ab", "x");
    commit(world);
    (void)import(world, "p", "a", "x");
    struct outbox_unit unit = case_unit('b', "x");
    ASSERT_OK(outbox_keep(world->outbox, &unit.id, &err), err);
    assert_int_equal(vanish(world), 0);
    commit(world);
}

static void test_outbox_put__partnerships_do_not_meet(void **state)
{
    struct world *world = *state;
    struct server first = {.count = 0};
    struct server second = {.count = 0};
    world_open(world);
    (void)import_real(world, "p", "ab", "X");
    commit(world);
    assert_int_equal(import_real(world, "q", "b", "X"), 1);
    assert_int_equal(vanish(world), 0);
    commit(world);
    assert_int_equal(sync_all(world, "p", &first), 2);
    assert_int_equal(sync_all(world, "q", &second), 1);
    digests_assert_equal(world, "q", &second);
}

static void test_outbox_open__keeps_others_out_and_knows_its_file(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct stat status;
    world_open(world);
    assert_int_equal(stat(world->path, &status), 0);
    assert_int_equal(status.st_mode & 077, 0);
    world_close(world);

    sqlite3 *db = NULL; /* a newer program's file */
    assert_int_equal(sqlite3_open(world->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    ASSERT_ERR(ERR_CORRUPT, outbox_open(world->path, &world->outbox, &err));

    FILE *file = fopen(world->path, "w"); /* no database at all */
    assert_non_null(file);
    for (int i = 0; i < 4096; i++) {
        (void)fputc('x', file);
    }
    (void)fclose(file);
    ASSERT_ERR(ERR_CORRUPT, outbox_open(world->path, &world->outbox, &err));
    ASSERT_ERR(ERR_UNAVAILABLE, outbox_open("/nowhere/at/all", &world->outbox, &err));
}

static void test_outbox_has_worker__knows_the_workers_of_live_cases(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    static const uint8_t known[UNIT_KEY_BYTES] = {9};
    static const uint8_t unknown[UNIT_KEY_BYTES] = {8};
    bool has = false;
    world_open(world);
    (void)import(world, "p", "a", "x");
    commit(world);
    ASSERT_OK(outbox_has_worker(world->outbox, "p", known, &has, &err), err);
    assert_true(has);
    ASSERT_OK(outbox_has_worker(world->outbox, "p", unknown, &has, &err), err);
    assert_false(has);
    ASSERT_OK(outbox_has_worker(world->outbox, "q", known, &has, &err), err);
    assert_false(has);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_outbox_put__an_unchanged_second_import_sends_nothing),
        IN_WORLD(test_outbox_put__only_the_changed_case_is_sent),
        IN_WORLD(test_outbox_put__versions_grow_when_the_clock_goes_back),
        IN_WORLD(test_outbox_vanish__a_vanished_case_is_removed_and_forgotten),
        IN_WORLD(test_outbox_vanish__what_was_never_sent_leaves_no_tombstone),
        IN_WORLD(test_outbox_vanish__a_returning_case_is_stored_again),
        IN_WORLD(test_outbox_vanish__refuses_more_than_the_share),
        IN_WORLD(test_outbox_keep__a_case_that_cannot_be_sent_has_not_vanished),
        IN_WORLD(test_outbox_put__partnerships_do_not_meet),
        IN_WORLD(test_outbox_open__keeps_others_out_and_knows_its_file),
        IN_WORLD(test_outbox_has_worker__knows_the_workers_of_live_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
