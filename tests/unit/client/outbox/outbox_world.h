/*
 * outbox_world - an outbox in a folder of its own and the verbs of its tests: import letters
 * as cases, commit, let vanish.
 *
 *     world_open(world);
 *     import_real(world, "p", "abc", "X");     // three cases in partnership p
 *     commit(world);
 */
#ifndef FREMGANG_TESTS_UNIT_CLIENT_OUTBOX_OUTBOX_WORLD_H
#define FREMGANG_TESTS_UNIT_CLIENT_OUTBOX_OUTBOX_WORLD_H

#include "support.h"

#include "outbox/outbox.h"
#include "wire/unit_pb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 128 };

struct world {
    char path[PATH_BYTES];
    struct outbox *outbox;
};

static inline int world_make(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    assert_non_null(world);
    (void)snprintf(world->path, sizeof(world->path), "/tmp/fremgang-outbox-XXXXXX");
    assert_non_null(mkdtemp(world->path));
    strcat(world->path, "/outbox.sqlite");
    *state = world;
    return 0;
}

static inline int world_free(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    struct world *world = *state;
    outbox_close(world->outbox);
    for (size_t i = 0; i < ARRAY_COUNT(suffixes); i++) {
        char path[PATH_BYTES + 8];
        (void)snprintf(path, sizeof(path), "%s%s", world->path, suffixes[i]);
        (void)unlink(path);
    }
    *strrchr(world->path, '/') = '\0';
    (void)rmdir(world->path);
    free(world);
    return 0;
}

static inline void world_open(struct world *world)
{
    struct err err = ERR_INIT;
    ASSERT_OK(outbox_open(world->path, &world->outbox, &err), err);
}

static inline void world_close(struct world *world)
{
    outbox_close(world->outbox);
    world->outbox = NULL;
}

static inline struct outbox_unit case_unit(char letter, const char *body)
{
    static const uint8_t worker[UNIT_KEY_BYTES] = {9};
    struct outbox_unit unit = {
        .id = {.kind = UNIT_KIND_CASE},
        .body = {(const uint8_t *)body, strlen(body)},
        .source = "sager.csv:2",
        .worker = worker,
    };
    memset(unit.id.key, letter, UNIT_KEY_BYTES);
    return unit;
}

/* Imports cases named by letters, all with the same body; returns how many were not unchanged. */
static inline size_t import(struct world *world, const char *slug, const char *letters,
                            const char *body)
{
    struct err err = ERR_INIT;
    size_t changed = 0;
    ASSERT_OK(outbox_begin(world->outbox, &(struct outbox_import){slug, 1000}, &err), err);
    for (const char *at = letters; *at != '\0'; at++) {
        struct outbox_unit unit = case_unit(*at, body);
        enum outbox_put_result result;
        ASSERT_OK(outbox_put(world->outbox, &unit, &result, &err), err);
        changed += result != OUTBOX_PUT_UNCHANGED ? 1 : 0;
    }
    return changed;
}

static inline void commit(struct world *world)
{
    struct err err = ERR_INIT;
    ASSERT_OK(outbox_commit(world->outbox, &err), err);
}

static inline uint64_t vanish(struct world *world)
{
    struct err err = ERR_INIT;
    uint64_t vanished = 0;
    struct outbox_vanish_limits limits = {.is_allowed = true};
    ASSERT_OK(outbox_vanish(world->outbox, UNIT_KIND_CASE, &limits, &vanished, &err), err);
    return vanished;
}

/* A body that intake could read: a case bundle with the key. */
static inline char *body_make(char letter, const char *target_group)
{
    struct err err = ERR_INIT;
    struct record record = {.type = RECORD_CASE};
    uint8_t key[RECORD_KEY_BYTES];
    memset(key, letter, sizeof(key));
    record_set_key(&record, FIELD_CASE_case_key, key);
    record_set_text(&record, FIELD_CASE_target_group, target_group);
    struct case_bundle bundle = {.lists = {{NULL, 0}}};
    bundle.lists[RECORD_CASE] = (struct record_list){&record, 1};
    AUTO(arena_free) struct arena *arena = arena_new(65536);
    AUTO_BUF struct buf body = BUF_INIT;
    ASSERT_OK(unit_pack_case(&bundle, arena, &body, &err), err);
    assert_null(memchr(body.data, 0, body.len));
    return buf_steal_text(&body);
}

static inline size_t import_real(struct world *world, const char *slug, const char *letters,
                                 const char *target_group)
{
    size_t changed = 0;
    struct err err = ERR_INIT;
    ASSERT_OK(outbox_begin(world->outbox, &(struct outbox_import){slug, 1000}, &err), err);
    for (const char *at = letters; *at != '\0'; at++) {
        AUTO_HEAP char *body = body_make(*at, target_group);
        struct outbox_unit unit = case_unit(*at, body);
        enum outbox_put_result result;
        ASSERT_OK(outbox_put(world->outbox, &unit, &result, &err), err);
        changed += result != OUTBOX_PUT_UNCHANGED ? 1 : 0;
    }
    return changed;
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_make, world_free)

#endif
