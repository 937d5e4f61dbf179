/*
 * outbox_server - a fake intake: takes a batch's real bytes and answers as intake does.
 *
 *     struct server server = {.count = 0};
 *     assert_int_equal(sync_all(world, "p", &server), 3);
 */
#ifndef FREMGANG_TESTS_UNIT_CLIENT_OUTBOX_OUTBOX_SERVER_H
#define FREMGANG_TESTS_UNIT_CLIENT_OUTBOX_OUTBOX_SERVER_H

#include "client/outbox/outbox_world.h"

#include "base/limits.h"
#include "fremgang/v1/submission.pb-c.h"
#include "outbox/batch.h"

enum { SERVER_UNITS_MAX = 1200 };

/* What intake holds; a version never goes back, and a receipt is made once per batch. */
struct server {
    struct unit_id units[SERVER_UNITS_MAX];
    size_t count;
    size_t changes; /* rows written */
    char refuse;    /* refuses units whose key is made of this letter */
};

static inline struct unit_id *server_find(struct server *server, const struct unit_id *id)
{
    for (size_t i = 0; i < server->count; i++) {
        if (unit_id_compare(&server->units[i], id) == 0) {
            return &server->units[i];
        }
    }
    return NULL;
}

/* Reads a packed unit's name and version, as intake does. */
static inline struct unit_id unit_read(struct wire_bytes bytes, bool *is_tombstone)
{
    Pb__Unit *unit = pb__unit__unpack(NULL, bytes.len, bytes.data);
    assert_non_null(unit);
    struct unit_id id = {.kind = UNIT_KIND_CASE, .version = unit->version};
    *is_tombstone = unit->body_case == PB__UNIT__BODY_TOMBSTONE;
    ProtobufCBinaryData key =
        *is_tombstone ? unit->tombstone->case_key : unit->case_bundle->case_->case_key;
    assert_int_equal(key.len, UNIT_KEY_BYTES);
    memcpy(id.key, key.data, UNIT_KEY_BYTES);
    pb__unit__free_unpacked(unit, NULL);
    return id;
}

static inline enum batch_outcome server_take(struct server *server, struct wire_bytes bytes)
{
    bool is_tombstone = false;
    struct unit_id id = unit_read(bytes, &is_tombstone);
    struct unit_id *held = server_find(server, &id);
    if (server->refuse != '\0' && id.key[0] == (uint8_t)server->refuse) {
        return BATCH_REFUSED;
    }
    if (held == NULL && is_tombstone) {
        return BATCH_UNCHANGED;
    }
    if (held != NULL && held->version >= id.version) {
        return BATCH_UNCHANGED;
    }
    server->changes++;
    if (is_tombstone) {
        *held = server->units[--server->count];
        return BATCH_REMOVED;
    }
    if (held == NULL) {
        assert_true(server->count < SERVER_UNITS_MAX);
        held = &server->units[server->count++];
    }
    *held = id;
    return BATCH_STORED;
}

static inline void push(struct server *server, const struct batch *batch,
                        struct batch_verdict *verdicts)
{
    static const struct batch_violation violation = {"code.unknown", "case", "sex", 1, "da", "en"};
    for (size_t i = 0; i < batch->count; i++) {
        verdicts[i].outcome = server_take(server, batch->units[i]);
        verdicts[i].violations = &violation;
        verdicts[i].violation_count = verdicts[i].outcome == BATCH_REFUSED ? 1 : 0;
    }
}

static inline struct batch *next(struct world *world, const char *slug)
{
    uint8_t random[BATCH_SYNC_ID_BYTES];
    randombytes_buf(random, sizeof(random));
    struct err err = ERR_INIT;
    struct batch *batch = NULL;
    ASSERT_OK(batch_next(world->outbox, slug, random, &batch, &err), err);
    return batch;
}

static inline void close_batch(struct world *world, const struct batch *batch,
                               const struct batch_verdict *verdicts)
{
    struct err err = ERR_INIT;
    const struct batch_receipt receipt = {.body = {(const uint8_t *)"b", 1},
                                          .signature = {(const uint8_t *)"s", 1},
                                          .received_at_us = 5};
    ASSERT_OK(batch_close(world->outbox, batch, &receipt, verdicts, &err), err);
}

/* A whole sync; returns the number of units sent. */
static inline size_t sync_all(struct world *world, const char *slug, struct server *server)
{
    size_t sent = 0;
    for (struct batch *batch = next(world, slug); batch != NULL; batch = next(world, slug)) {
        struct batch_verdict verdicts[BATCH_UNITS_MAX];
        push(server, batch, verdicts);
        close_batch(world, batch, verdicts);
        sent += batch->count;
        batch_free(batch);
    }
    return sent;
}

static inline void digests_assert_equal(struct world *world, const char *slug,
                                        struct server *server)
{
    struct err err = ERR_INIT;
    uint8_t here[UNIT_DIGEST_BYTES];
    uint8_t there[UNIT_DIGEST_BYTES];
    ASSERT_OK(outbox_digest(world->outbox, slug, here, &err), err);
    struct unit_digest digest;
    unit_digest_start(&digest);
    for (int letter = 0; letter < 256; letter++) {
        struct unit_id id = {.kind = UNIT_KIND_CASE};
        memset(id.key, letter, sizeof(id.key));
        const struct unit_id *held = server_find(server, &id);
        if (held != NULL) {
            unit_digest_add(&digest, held);
        }
    }
    unit_digest_finish(&digest, there);
    assert_memory_equal(here, there, sizeof(here));
}

#endif
