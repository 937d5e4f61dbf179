/*
 * Goal: nothing is lost and nothing stands twice, however often the client dies. Method: a
 * fake server keeps what it was sent; forked processes end without closing anything at every
 * step of an import and a sync, and the next run goes on.
 */
#include "client/outbox/outbox_server.h"

#include <sys/wait.h>

static void test_batch_next__takes_at_most_500_units(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    world_open(world);
    ASSERT_OK(outbox_begin(world->outbox, &(struct outbox_import){"p", 1000}, &err), err);
    for (int i = 0; i < BATCH_UNITS_MAX + 1; i++) {
        struct outbox_unit unit = case_unit('a', "x");
        memcpy(unit.id.key, &i, sizeof(i));
        enum outbox_put_result result;
        ASSERT_OK(outbox_put(world->outbox, &unit, &result, &err), err);
    }
    commit(world);
    static struct batch_verdict verdicts[BATCH_UNITS_MAX]; /* all STORED */
    struct batch *batch = next(world, "p");
    assert_int_equal(batch->count, BATCH_UNITS_MAX);
    assert_int_equal(batch->sequence, 1);
    close_batch(world, batch, verdicts);
    batch_free(batch);
    batch = next(world, "p");
    assert_int_equal(batch->count, 1);
    assert_int_equal(batch->sequence, 2);
    close_batch(world, batch, verdicts);
    batch_free(batch);
    assert_null(next(world, "p"));
}

static void test_batch_next__gives_the_same_bytes_until_there_is_a_receipt(void **state)
{
    struct world *world = *state;
    world_open(world);
    (void)import(world, "p", "ab", "x");
    commit(world);
    AUTO(batch_free) struct batch *first = next(world, "p");
    (void)import(world, "p", "ab", "y"); /* changes do not touch a batch under way */
    commit(world);
    world_close(world);
    world_open(world);
    AUTO(batch_free) struct batch *again = next(world, "p");
    assert_true(again->is_resumed);
    assert_false(first->is_resumed);
    assert_int_equal(again->count, 2);
    assert_int_equal(again->sequence, first->sequence);
    assert_memory_equal(again->sync_id, first->sync_id, BATCH_SYNC_ID_BYTES);
    for (size_t i = 0; i < again->count; i++) {
        assert_int_equal(again->units[i].len, first->units[i].len);
        assert_memory_equal(again->units[i].data, first->units[i].data, first->units[i].len);
    }
}

static void test_batch_close__a_change_while_sent_is_sent_next(void **state)
{
    struct world *world = *state;
    struct server server = {.count = 0};
    world_open(world);
    (void)import_real(world, "p", "a", "X");
    commit(world);
    struct batch *batch = next(world, "p");
    (void)import_real(world, "p", "a", "Y");
    commit(world);
    struct batch_verdict verdicts[BATCH_UNITS_MAX];
    push(&server, batch, verdicts);
    close_batch(world, batch, verdicts);
    batch_free(batch);
    digests_assert_equal(world, "p", &server); /* both hold the old version */
    assert_int_equal(sync_all(world, "p", &server), 1);
    digests_assert_equal(world, "p", &server);
}

static void refusal_count(void *ctx, const struct batch_refusal *refusal)
{
    assert_string_equal(refusal->source, "sager.csv:2");
    assert_string_equal(refusal->violation.rule, "code.unknown");
    assert_int_equal(refusal->violation.row, 1);
    *(size_t *)ctx += 1;
}

static size_t refusals(struct world *world)
{
    struct err err = ERR_INIT;
    size_t count = 0;
    ASSERT_OK(batch_refusals(world->outbox, "p", refusal_count, &count, &err), err);
    return count;
}

static void test_batch_close__a_refused_case_waits_for_a_change(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct server server = {.refuse = 'b'};
    world_open(world);
    (void)import_real(world, "p", "abc", "X");
    commit(world);
    assert_int_equal(sync_all(world, "p", &server), 3);
    assert_int_equal(refusals(world), 1);
    assert_int_equal(import_real(world, "p", "abc", "X"), 0);
    commit(world);
    assert_int_equal(sync_all(world, "p", &server), 0);
    uint64_t again = 0;
    ASSERT_OK(outbox_retry_refused(world->outbox, "p", &again, &err), err);
    assert_int_equal(again, 1);
    assert_int_equal(sync_all(world, "p", &server), 1);
    server.refuse = '\0';
    assert_int_equal(import_real(world, "p", "b", "Y"), 1);
    commit(world);
    assert_int_equal(sync_all(world, "p", &server), 1);
    assert_int_equal(refusals(world), 0);
    digests_assert_equal(world, "p", &server);
}

static void test_batch_abandon__units_wait_again_in_a_new_run(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct server server = {.count = 0};
    world_open(world);
    (void)import_real(world, "p", "ab", "X");
    commit(world);
    struct batch *batch = next(world, "p");
    struct batch_verdict verdicts[BATCH_UNITS_MAX];
    push(&server, batch, verdicts); /* the server took it, but its answer never helps */
    ASSERT_OK(batch_abandon(world->outbox, batch, &err), err);
    batch_free(batch);
    assert_int_equal(sync_all(world, "p", &server), 2);
    assert_int_equal(server.changes, 2);
    digests_assert_equal(world, "p", &server);
}

/* Runs one step in a process that then ends as if killed: nothing is closed or flushed. */
static void step_and_die(struct world *world, int step)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0) {
        int status = 0;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        return;
    }
    world_open(world);
    if (step == 0) {
        (void)import_real(world, "p", "abcdefgh", "Y"); /* dies before the commit */
    } else if (step == 1) {
        (void)import_real(world, "p", "abcdefgh", "Y");
        (void)vanish(world);
        commit(world); /* dies right after */
    } else {
        (void)next(world, "p"); /* dies with the batch stored, sent or not */
    }
    _exit(0);
}

static void test_outbox__survives_being_killed_at_every_step(void **state)
{
    struct world *world = *state;
    for (int received = 0; received < 2; received++) {
        for (int step = 0; step < 3; step++) {
            struct server server = {.count = 0};
            (void)unlink(world->path);
            world_open(world);
            (void)import_real(world, "p", "abcdefghi", "X");
            commit(world);
            (void)sync_all(world, "p", &server);
            world_close(world);
            step_and_die(world, step);
            if (step == 2) { /* a batch was under way: a change first, so that there is one */
                world_open(world);
                (void)import_real(world, "p", "abcdefgh", "Y");
                (void)vanish(world);
                commit(world);
                world_close(world);
                step_and_die(world, step);
            }
            world_open(world);
            if (received == 1 && step == 2) { /* the server had taken it before the death */
                AUTO(batch_free) struct batch *batch = next(world, "p");
                assert_true(batch->is_resumed);
                struct batch_verdict verdicts[BATCH_UNITS_MAX];
                push(&server, batch, verdicts);
            }
            (void)import_real(world, "p", "abcdefgh", "Y");
            (void)vanish(world);
            commit(world);
            (void)sync_all(world, "p", &server);
            assert_int_equal(server.count, 8);
            assert_int_equal(server.changes, 9 + 8 + 1); /* first load, changes, one removal */
            digests_assert_equal(world, "p", &server);
            world_close(world);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_batch_next__takes_at_most_500_units),
        IN_WORLD(test_batch_next__gives_the_same_bytes_until_there_is_a_receipt),
        IN_WORLD(test_batch_close__a_change_while_sent_is_sent_next),
        IN_WORLD(test_batch_close__a_refused_case_waits_for_a_change),
        IN_WORLD(test_batch_abandon__units_wait_again_in_a_new_run),
        IN_WORLD(test_outbox__survives_being_killed_at_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
