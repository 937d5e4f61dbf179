/*
 * Goal: a record crosses the wire as it was, and what is not a record becomes a malformed or
 * absent value, never a crash. Method: round trips through packed bytes, and hand-made
 * messages with wrong keys.
 */
#include "support.h"

#include "base/limits.h"
#include "fremgang/v1/submission.pb-c.h"
#include "wire/message.h"
#include "wire/record_pb.h"
#include "wire/unit_pb.h"

#include <string.h>

/* A record with every field present, each with a value of its own. */
static struct record full_record(enum record_type type, const uint8_t (*keys)[RECORD_KEY_BYTES])
{
    const struct record_def *def = record_def_get(type);
    struct record record = {.type = type};
    for (int i = 0; i < (int)def->field_count; i++) {
        uint8_t key[RECORD_KEY_BYTES];
        memset(key, 'a' + i, sizeof(key));
        switch (def->fields[i].kind) {
        case FIELD_KIND_CHILD_KEY:
        case FIELD_KIND_WORKER_KEY:
        case FIELD_KIND_ROW_KEY:
            record_set_key(&record, i, key);
            break;
        case FIELD_KIND_ROW_KEYS:
            record.values[i] =
                (struct value){.state = VALUE_PRESENT, .as.keys = {.items = keys, .count = 2}};
            break;
        case FIELD_KIND_CODE:
        case FIELD_KIND_NAME:
            record_set_text(&record, i, def->fields[i].name);
            break;
        default:
            record_set_number(&record, i, 1000 + i);
        }
    }
    return record;
}

static void values_assert_equal(const struct value *a, const struct value *b, enum field_kind kind)
{
    assert_int_equal(a->state, b->state);
    if (a->state != VALUE_PRESENT) {
        return;
    }
    switch (kind) {
    case FIELD_KIND_CHILD_KEY:
    case FIELD_KIND_WORKER_KEY:
    case FIELD_KIND_ROW_KEY:
        assert_memory_equal(a->as.key, b->as.key, RECORD_KEY_BYTES);
        break;
    case FIELD_KIND_ROW_KEYS:
        assert_int_equal(a->as.keys.count, b->as.keys.count);
        assert_memory_equal(a->as.keys.items, b->as.keys.items,
                            a->as.keys.count * RECORD_KEY_BYTES);
        break;
    case FIELD_KIND_CODE:
    case FIELD_KIND_NAME:
        assert_string_equal(a->as.text, b->as.text);
        break;
    default:
        assert_int_equal(a->as.number, b->as.number);
    }
}

static void round_trip(const struct record *record)
{
    struct err err = ERR_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    AUTO_BUF struct buf packed = BUF_INIT;
    ProtobufCMessage *message = NULL;
    struct record back;
    ASSERT_OK(record_to_pb(record, arena, &message, &err), err);
    ASSERT_OK(message_pack(message, &packed, &err), err);
    ASSERT_OK(message_unpack(record_pb_descriptor(record->type),
                             (struct wire_bytes){packed.data, packed.len}, arena, &message, &err),
              err);
    ASSERT_OK(record_from_pb(record->type, message, arena, &back, &err), err);
    const struct record_def *def = record_def_get(record->type);
    for (size_t i = 0; i < def->field_count; i++) {
        values_assert_equal(&record->values[i], &back.values[i], def->fields[i].kind);
    }
}

static void test_record_to_pb__every_field_of_every_type_comes_back(void **state)
{
    (void)state;
    static const uint8_t keys[2][RECORD_KEY_BYTES] = {{1}, {2}};
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        struct record record = full_record((enum record_type)type, keys);
        round_trip(&record);
        const struct record_def *def = record_def_get((enum record_type)type);
        for (size_t i = 0; i < def->field_count; i++) {
            if (def->fields[i].presence == FIELD_OPTIONAL) {
                record.values[i].state = VALUE_ABSENT;
            }
        }
        round_trip(&record);
    }
}

static void test_record_to_pb__optional_zero_is_not_absent(void **state)
{
    (void)state;
    static const uint8_t keys[2][RECORD_KEY_BYTES] = {{1}, {2}};
    struct record record = full_record(RECORD_FOLLOW_UP, keys);
    record_set_number(&record, FIELD_FOLLOW_UP_decided_interval_days, 0);
    round_trip(&record);
}

static void test_record_to_pb__refuses_a_malformed_value(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    struct record record = {.type = RECORD_CASE};
    record.values[FIELD_CASE_opened_date].state = VALUE_MALFORMED;
    ProtobufCMessage *message = NULL;
    ASSERT_ERR(ERR_INVALID, record_to_pb(&record, arena, &message, &err));
    assert_null(message);
}

static void test_record_to_pb__stops_at_the_arenas_cap(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(64);
    struct record record = {.type = RECORD_CASE};
    ProtobufCMessage *message = NULL;
    ASSERT_ERR(ERR_LIMIT, record_to_pb(&record, arena, &message, &err));
}

static void test_record_from_pb__a_key_of_another_size_is_malformed(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 15, 16, 17, 4096};
    static uint8_t bytes[4096];
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct err err = ERR_INIT;
        AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
        Pb__FollowUp message = PB__FOLLOW_UP__INIT;
        ProtobufCBinaryData key = {.len = sizes[i], .data = bytes};
        message.followup_key = key;
        message.n_intervention_keys = 1;
        message.intervention_keys = &key;
        struct record record;
        ASSERT_OK(record_from_pb(RECORD_FOLLOW_UP, &message.base, arena, &record, &err), err);
        enum value_state expected = sizes[i] == 16  ? VALUE_PRESENT
                                    : sizes[i] == 0 ? VALUE_ABSENT
                                                    : VALUE_MALFORMED;
        assert_int_equal(record.values[FIELD_FOLLOW_UP_followup_key].state, expected);
        assert_int_equal(record.values[FIELD_FOLLOW_UP_intervention_keys].state,
                         sizes[i] == 16 ? VALUE_PRESENT : VALUE_MALFORMED);
    }
}

static void test_bundle_from_pb__an_empty_bundle_has_no_case(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    Pb__CaseBundle message = PB__CASE_BUNDLE__INIT;
    struct case_bundle bundle;
    ASSERT_OK(bundle_from_pb(&message, arena, &bundle, &err), err);
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        assert_int_equal(bundle.lists[type].count, 0);
    }
}

static void test_unit_pack_case__gives_the_bundle_back(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    AUTO_BUF struct buf packed = BUF_INIT;
    static const uint8_t keys[2][RECORD_KEY_BYTES] = {{1}, {2}};
    struct record rows[RECORD_TYPE_COUNT];
    struct case_bundle bundle = {.lists = {{NULL, 0}}};
    for (int type = 0; type < RECORD_WORKER_MONTH; type++) {
        rows[type] = full_record((enum record_type)type, keys);
        bundle.lists[type] = (struct record_list){&rows[type], 1};
    }
    AUTO_BUF struct buf body = BUF_INIT;
    ASSERT_OK(unit_pack_case(&bundle, arena, &body, &err), err);
    ASSERT_OK(unit_pack_version(42, (struct wire_bytes){body.data, body.len}, &packed, &err), err);
    ProtobufCMessage *message = NULL;
    struct wire_bytes bytes = {packed.data, packed.len};
    ASSERT_OK(message_unpack(&pb__unit__descriptor, bytes, arena, &message, &err), err);
    const Pb__Unit *unit = (const Pb__Unit *)message;
    assert_int_equal(unit->version, 42);
    assert_int_equal(unit->body_case, PB__UNIT__BODY_CASE_BUNDLE);
    struct case_bundle back;
    ASSERT_OK(bundle_from_pb(unit->case_bundle, arena, &back, &err), err);
    for (int type = 0; type < RECORD_WORKER_MONTH; type++) {
        const struct record_def *def = record_def_get((enum record_type)type);
        assert_int_equal(back.lists[type].count, 1);
        for (size_t i = 0; i < def->field_count; i++) {
            values_assert_equal(&rows[type].values[i], &back.lists[type].items[0].values[i],
                                def->fields[i].kind);
        }
    }
}

static void test_unit_digest__is_the_documented_bytes(void **state)
{
    (void)state;
    struct unit_digest digest;
    uint8_t got[UNIT_DIGEST_BYTES];
    uint8_t want[UNIT_DIGEST_BYTES];
    unit_digest_start(&digest);
    unit_digest_finish(&digest, got);
    crypto_hash_sha256(want, (const uint8_t *)"", 0);
    assert_memory_equal(got, want, sizeof(want));

    static const uint8_t
        bytes[2 * 29] = {1,    'k', 'k', 'k', 'k', 'k', 'k', 'k', 'k', 'k',
                         'k',  'k', 'k', 'k', 'k', 'k', 'k', 0,   0,   0,
                         0,    0,   0,   0,   0,   0,   0,   1,   2, /* a case, version 258 */
                         2,    'w', 'w', 'w', 'w', 'w', 'w', 'w', 'w', 'w',
                         'w',  'w', 'w', 'w', 'w', 'w', 'w', 0,   0,   0x42,
                         0x56, 0,   0,   0,   0,   0,   0,   0,   7}; /* 2016-06-30, version 7 */
    struct unit_id a = {.kind = UNIT_KIND_CASE, .version = 258};
    struct unit_id b = {.kind = UNIT_KIND_WORKER_MONTH, .month = 0x4256, .version = 7};
    memset(a.key, 'k', sizeof(a.key));
    memset(b.key, 'w', sizeof(b.key));
    unit_digest_start(&digest);
    unit_digest_add(&digest, &a);
    unit_digest_add(&digest, &b);
    unit_digest_finish(&digest, got);
    crypto_hash_sha256(want, bytes, sizeof(bytes));
    assert_memory_equal(got, want, sizeof(want));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_to_pb__every_field_of_every_type_comes_back),
        cmocka_unit_test(test_record_to_pb__optional_zero_is_not_absent),
        cmocka_unit_test(test_record_to_pb__refuses_a_malformed_value),
        cmocka_unit_test(test_record_to_pb__stops_at_the_arenas_cap),
        cmocka_unit_test(test_record_from_pb__a_key_of_another_size_is_malformed),
        cmocka_unit_test(test_bundle_from_pb__an_empty_bundle_has_no_case),
        cmocka_unit_test(test_unit_pack_case__gives_the_bundle_back),
        cmocka_unit_test(test_unit_digest__is_the_documented_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
