/*
 * Goal: however often client and answers die, the server ends with what the outbox says, each
 * unit once. Method: the real outbox and intake's real gate over PostgreSQL; forked clients
 * end without closing anything in the middle of imports and batches, answers get lost, and
 * after every sync that runs to its end the two digests and counts are compared. The deaths
 * are drawn from a seed that is printed.
 */
#include "support.h"

#include "support/world.h"

#include "base/limits.h"
#include "outbox/batch.h"
#include "outbox/outbox.h"
#include "wire/unit_pb.h"

#include "fremgang/v1/submission.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLUG "pulje"

enum { HERNING = 657, CHILDREN = 12, ROUNDS = 60, PATH_BYTES = 96 };

/* What may happen to one run of the client. */
enum fate {
    DIES_IN_IMPORT,
    DIES_AFTER_IMPORT,
    DIES_WITH_BATCH,
    ANSWER_IS_LOST,
    RUNS_TO_ITS_END,
    FATE_COUNT,
};

static struct world world;
static struct person steward;
static struct person herning;
static char path[PATH_BYTES] = "/tmp/fremgang-sync-XXXXXX";

/** Which children are in today's export, and how each one's case reads. */
struct dump {
    bool is_in[CHILDREN];
    int score[CHILDREN];
};

static int set_up(void **state)
{
    static const int32_t members[] = {167, 510, HERNING};
    (void)state;
    world_start(&world);
    world_enrol(&world, &(struct world_role){"steward", 0, 0}, &steward);
    (void)world_partnership(&world, &steward, SLUG, members, 3);
    world_enrol(&world, &(struct world_role){"municipality", HERNING, 0}, &herning);
    assert_non_null(mkdtemp(path));
    strcat(path, "/outbox.sqlite");
    return 0;
}

static int tear_down(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(suffixes); i++) {
        char file[PATH_BYTES + 8];
        (void)snprintf(file, sizeof(file), "%s%s", path, suffixes[i]);
        (void)unlink(file);
    }
    *strrchr(path, '/') = '\0';
    (void)rmdir(path);
    person_clear(&steward);
    person_clear(&herning);
    world_stop(&world);
    return 0;
}

static struct outbox *outbox_again(void)
{
    struct err err = ERR_INIT;
    struct outbox *outbox = NULL;
    ASSERT_OK(outbox_open(path, &outbox, &err), err);
    return outbox;
}

static void child_put(struct outbox *outbox, unsigned child, int score)
{
    struct err err = ERR_INIT;
    struct case_build build;
    AUTO(arena_free) struct arena *arena = arena_new(1 << 20);
    AUTO_BUF struct buf body = BUF_INIT;
    enum outbox_put_result result;
    case_build_start(&build, child, "2014-01-01");
    case_build_measurement(&build, child * 10, "2014-02-01", score);
    ASSERT_OK(unit_pack_case(&build.bundle, arena, &body, &err), err);
    struct outbox_unit unit = {
        .id = {.kind = UNIT_KIND_CASE}, .body = {body.data, body.len}, .source = "sager.csv:2"};
    memcpy(unit.id.key, record_key(&build.rows[RECORD_CASE][0], FIELD_CASE_case_key),
           UNIT_KEY_BYTES);
    ASSERT_OK(outbox_put(outbox, &unit, &result, &err), err);
}

/* A full import, up to its commit. */
static void import(struct outbox *outbox, const struct dump *dump)
{
    struct err err = ERR_INIT;
    uint64_t vanished = 0;
    const struct outbox_vanish_limits limits = {.is_allowed = true};
    const struct outbox_import today = {.partnership = SLUG, .now_us = world.now_us};
    ASSERT_OK(outbox_begin(outbox, &today, &err), err);
    for (unsigned i = 0; i < CHILDREN; i++) {
        if (dump->is_in[i]) {
            child_put(outbox, i + 1, dump->score[i]);
        }
    }
    ASSERT_OK(outbox_vanish(outbox, UNIT_KIND_CASE, &limits, &vanished, &err), err);
}

static void import_whole(struct outbox *outbox, const struct dump *dump)
{
    struct err err = ERR_INIT;
    import(outbox, dump);
    ASSERT_OK(outbox_commit(outbox, &err), err);
}

static struct batch *next(struct outbox *outbox)
{
    struct err err = ERR_INIT;
    struct batch *batch = NULL;
    uint8_t random[BATCH_SYNC_ID_BYTES];
    randombytes_buf(random, sizeof(random));
    ASSERT_OK(batch_next(outbox, SLUG, random, &batch, &err), err);
    return batch;
}

/* Runs the client's part in a process that ends as if killed. */
static void die(enum fate fate, const struct dump *dump)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct outbox *outbox = outbox_again();
        import(outbox, dump);
        if (fate != DIES_IN_IMPORT) {
            struct err err = ERR_INIT;
            _exit(outbox_commit(outbox, &err) == ERR_OK
                      ? (fate == DIES_WITH_BATCH ? (next(outbox), 0) : 0)
                      : 1);
        }
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Sends a batch through intake's gate with the idempotency key that a resend has too. */
static void send(const struct batch *batch, struct world_answer *answer)
{
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    Pb__PushRequest push = PB__PUSH_REQUEST__INIT;
    Pb__Unit *units[BATCH_UNITS_MAX];
    char key[64];
    struct err err = ERR_INIT;
    for (size_t i = 0; i < batch->count; i++) {
        ProtobufCMessage *unit = NULL;
        ASSERT_OK(message_unpack(&pb__unit__descriptor, batch->units[i], arena, &unit, &err), err);
        units[i] = (Pb__Unit *)unit;
    }
    push.partnership = SLUG;
    push.sync_id = (ProtobufCBinaryData){BATCH_SYNC_ID_BYTES, (uint8_t *)batch->sync_id};
    push.sequence = batch->sequence;
    push.units = units;
    push.n_units = batch->count;
    (void)snprintf(key, sizeof(key), "%02x%02x%02x%02x-%u", batch->sync_id[0], batch->sync_id[1],
                   batch->sync_id[2], batch->sync_id[3], batch->sequence);
    world_call(&world,
               &(struct world_call){.process = PROCESS_INTAKE,
                                    .person = &herning,
                                    .method = METHOD_SUBMISSION_PUSH,
                                    .request = &push.base,
                                    .idempotency_key = key},
               answer);
    if (answer->code != WIRE_OK) {
        fail_msg("push: %s", answer->message);
    }
}

static void close_batch(struct outbox *outbox, const struct batch *batch,
                        const struct world_answer *answer)
{
    static const enum batch_outcome outcomes[] = {
        [PB__UNIT_VERDICT__OUTCOME__OUTCOME_STORED] = BATCH_STORED,
        [PB__UNIT_VERDICT__OUTCOME__OUTCOME_UNCHANGED] = BATCH_UNCHANGED,
        [PB__UNIT_VERDICT__OUTCOME__OUTCOME_REFUSED] = BATCH_REFUSED,
        [PB__UNIT_VERDICT__OUTCOME__OUTCOME_REMOVED] = BATCH_REMOVED,
    };
    struct err err = ERR_INIT;
    struct batch_verdict verdicts[BATCH_UNITS_MAX] = {{.outcome = BATCH_STORED}};
    const Pb__PushResponse *push = (const Pb__PushResponse *)answer->response;
    assert_int_equal(push->n_verdicts, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        assert_true(push->verdicts[i]->outcome != PB__UNIT_VERDICT__OUTCOME__OUTCOME_REFUSED);
        verdicts[i].outcome = outcomes[push->verdicts[i]->outcome];
    }
    const struct batch_receipt receipt = {
        .body = {push->receipt->body.data, push->receipt->body.len},
        .signature = {push->receipt->signature.data, push->receipt->signature.len}};
    ASSERT_OK(batch_close(outbox, batch, &receipt, verdicts, &err), err);
}

/* Sends what waits; when the answer is to be lost, ends after the first call. */
static void sync_run(struct outbox *outbox, bool is_answer_lost)
{
    for (struct batch *batch = next(outbox); batch != NULL; batch = next(outbox)) {
        struct world_answer answer;
        send(batch, &answer);
        if (!is_answer_lost) {
            close_batch(outbox, batch, &answer);
        }
        world_answer_clear(&answer);
        batch_free(batch);
        if (is_answer_lost) {
            return;
        }
    }
}

static void both_agree(struct outbox *outbox, const struct dump *dump)
{
    struct err err = ERR_INIT;
    uint8_t here[UNIT_DIGEST_BYTES];
    struct world_answer answer;
    Pb__StatusRequest request = PB__STATUS_REQUEST__INIT;
    size_t children = 0;
    for (size_t i = 0; i < CHILDREN; i++) {
        children += dump->is_in[i] ? 1 : 0;
    }
    request.partnership = SLUG;
    world_call(&world,
               &(struct world_call){.process = PROCESS_INTAKE,
                                    .person = &herning,
                                    .method = METHOD_SUBMISSION_STATUS,
                                    .request = &request.base},
               &answer);
    assert_int_equal(answer.code, WIRE_OK);
    const Pb__StatusResponse *status = (const Pb__StatusResponse *)answer.response;
    ASSERT_OK(outbox_digest(outbox, SLUG, here, &err), err);
    assert_int_equal(status->cases, children);
    assert_int_equal(status->units_sha256.len, UNIT_DIGEST_BYTES);
    assert_memory_equal(status->units_sha256.data, here, UNIT_DIGEST_BYTES);
    world_answer_clear(&answer);
}

static void run(enum fate fate, const struct dump *dump)
{
    if (fate < ANSWER_IS_LOST) {
        die(fate, dump);
        return;
    }
    AUTO(outbox_close) struct outbox *outbox = outbox_again();
    import_whole(outbox, dump);
    sync_run(outbox, fate == ANSWER_IS_LOST);
    if (fate == RUNS_TO_ITS_END) {
        both_agree(outbox, dump);
    }
}

static void test_sync__ends_in_agreement_however_often_it_dies(void **state)
{
    (void)state;
    static const uint8_t seed[randombytes_SEEDBYTES] = {20, 18};
    uint8_t dice[ROUNDS][CHILDREN + 1];
    struct dump dump = {.score = {0}};
    randombytes_buf_deterministic(dice, sizeof(dice), seed);
    print_message("seed 20 18, %d rounds\n", ROUNDS);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CHILDREN; i++) {
            dump.is_in[i] = dice[round][i] % 4 != 0;
            dump.score[i] = dice[round][i] % 3 * 4;
        }
        run((enum fate)(dice[round][CHILDREN] % FATE_COUNT), &dump);
        world.now_us += 1000000;
    }
    run(RUNS_TO_ITS_END, &dump);
}

static void test_sync__an_outbox_made_anew_overtakes_the_servers_versions(void **state)
{
    (void)state;
    struct dump dump = {.is_in = {true, true, true}};
    run(RUNS_TO_ITS_END, &dump);
    assert_int_equal(unlink(path), 0);
    world.now_us += 1000000; /* versions grow with the clock */
    dump.score[1] = 8;
    run(RUNS_TO_ITS_END, &dump);
    assert_int_equal(8, case_db_number(&world.cases, "SELECT max(score_hundredths) / 100 FROM"
                                                     " cases.measurement"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sync__ends_in_agreement_however_often_it_dies),
        cmocka_unit_test(test_sync__an_outbox_made_anew_overtakes_the_servers_versions),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
