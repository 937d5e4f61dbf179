/*
 * Goal: no bytes from outside can exhaust the stack or the memory of a process. Method: a
 * message that may hold itself, described by hand since the protocol has none, nested to
 * chosen depths; garbage and cut messages; text that is not UTF-8.
 */
#include "support.h"

#include "base/limits.h"
#include "wire/message.h"

#include <protobuf-c/protobuf-c.h>

#include <string.h>

#include "fremgang/v1/auth.pb-c.h"
#include "fremgang/v1/envelope.pb-c.h"

/* message Nest { Nest inner = 1; } */
struct nest {
    ProtobufCMessage base;
    struct nest *inner;
};

static const ProtobufCMessageDescriptor NEST;

static const ProtobufCFieldDescriptor NEST_FIELDS[] = {
    {.name = "inner",
     .id = 1,
     .label = PROTOBUF_C_LABEL_NONE,
     .type = PROTOBUF_C_TYPE_MESSAGE,
     .offset = offsetof(struct nest, inner),
     .descriptor = &NEST},
};
static const unsigned NEST_NAMES[] = {0};
static const ProtobufCIntRange NEST_RANGES[] = {{1, 0}, {0, 1}};

static void nest_init(ProtobufCMessage *message)
{
    *(struct nest *)message = (struct nest){.base = {.descriptor = &NEST}};
}

static const ProtobufCMessageDescriptor NEST = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "Nest",
    .short_name = "Nest",
    .c_name = "Nest",
    .package_name = "",
    .sizeof_message = sizeof(struct nest),
    .n_fields = 1,
    .fields = NEST_FIELDS,
    .fields_sorted_by_name = NEST_NAMES,
    .n_field_ranges = 1,
    .field_ranges = NEST_RANGES,
    .message_init = nest_init,
};

/* Wraps `buf` in one more level: tag 1, length, content. */
static void wrap(struct buf *buf)
{
    uint8_t head[6] = {0x0A};
    size_t head_len = 1;
    size_t len = buf->len;
    do {
        head[head_len++] = (uint8_t)((len & 0x7F) | (len > 0x7F ? 0x80 : 0));
        len >>= 7;
    } while (len > 0);
    buf_reserve(buf, head_len);
    memmove(buf->data + head_len, buf->data, buf->len);
    memcpy(buf->data, head, head_len);
    buf->len += head_len;
}

static enum err_code unpack_nested(int levels, struct err *err)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
    ProtobufCMessage *message = NULL;
    buf_reserve(&bytes, 1);
    for (int i = 0; i < levels; i++) {
        wrap(&bytes);
    }
    return message_unpack(&NEST, (struct wire_bytes){bytes.data, bytes.len}, arena, &message, err);
}

static void test_message_unpack__takes_our_deepest_and_more(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    for (int levels = 0; levels <= WIRE_DEPTH_MAX; levels++) {
        ASSERT_OK(unpack_nested(levels, &err), err);
    }
}

static void test_message_unpack__refuses_deep_nesting(void **state)
{
    static const int LEVELS[] = {4 * WIRE_DEPTH_MAX, 1000, 10000, 20000};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct err err = ERR_INIT;
        ASSERT_ERR(ERR_LIMIT, unpack_nested(LEVELS[i], &err));
        assert_string_equal(err.reason, "MESSAGE_TOO_DEEP");
    }
}

static enum err_code unpack_enrol(const void *data, size_t len, size_t arena_bytes)
{
    struct err err = ERR_INIT;
    AUTO(arena_free) struct arena *arena = arena_new(arena_bytes);
    ProtobufCMessage *untouched = (ProtobufCMessage *)&err;
    ProtobufCMessage *message = untouched;
    enum err_code code = message_unpack(&pb__enrol_request__descriptor,
                                        (struct wire_bytes){data, len}, arena, &message, &err);
    assert_true((code == ERR_OK) == (message != untouched));
    assert_int_equal(code, err.code);
    return code;
}

static void test_message_unpack__refuses_what_is_no_message(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } CASES[] = {
        {"\x0A", 1}, // a tag and no length
        {"\x0A\x05"
         "AB",
         4},                                                  // length past the end
        {"\x0A\xFF\xFF\xFF\xFF\x0F", 6},                      // length 4 GiB
        {"\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 11}, // endless varint
        {"\x0B\x0C", 2},                                      // a group
        {"\x0B\x0B\x0B\x0B\x0C\x0C\x0C\x0C", 8},              // nested groups
        {"\x0E", 1},                                          // wire type 6
        {"\x0F", 1},                                          // wire type 7
        {"\x00", 1},                                          // field 0
        {"\xFF\xFF\xFF\xFF\xFF\xFF", 6},                      // no end of tag
        {"\x0D\x01\x02", 3},                                  // cut fixed32
        {"\x09\x01\x02", 3},                                  // cut fixed64
        {"\x08", 1},                                          // varint where text belongs, cut
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        ASSERT_ERR(ERR_INVALID, unpack_enrol(CASES[i].bytes, CASES[i].len, 65536));
    }
}

static void test_message_unpack__takes_empty_and_unknown_fields(void **state)
{
    (void)state;
    ASSERT_ERR(ERR_OK, unpack_enrol(NULL, 0, 65536));
    ASSERT_ERR(ERR_OK, unpack_enrol("\xF8\x07\x01", 3, 65536));         // field 127 = 1
    ASSERT_ERR(ERR_OK, unpack_enrol("\xFA\x07\x02\x0B\x0C", 5, 65536)); // field 127 = bytes
}

/* Two bytes each become an unknown field with memory of its own. */
static void test_message_unpack__stops_at_the_arenas_cap(void **state)
{
    AUTO_BUF struct buf bytes = BUF_INIT;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        buf_append(&bytes, "\x78\x01", 2);
    }
    ASSERT_ERR(ERR_LIMIT, unpack_enrol(bytes.data, bytes.len, 256 * 1024));
    ASSERT_ERR(ERR_OK, unpack_enrol(bytes.data, 200, 256 * 1024));
}

static void test_message_unpack__refuses_text_that_is_not_utf8(void **state)
{
    static const struct {
        const char *text;
        bool is_utf8;
    } CASES[] = {
        {"Br\xC3\xB8nderslev", true},
        {"\xF0\x9F\x8C\xB1", true},
        {"\xEF\xBF\xBF", true},
        {"Br\xF8nderslev", false},
        {"\xC3", false},
        {"\xC0\xAF", false},
        {"\xE0\x80\xAF", false},
        {"\xED\xA0\x80", false},
        {"\xF4\x90\x80\x80", false},
        {"\xF0\x80\x80\xAF", false},
        {"\x80", false},
        {"\xE2\x82", false},
        {"\xF0\x9F\x8C", false},
        {"\xFF", false},
        {"\xF5\x80\x80\x80", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        AUTO_BUF struct buf bytes = BUF_INIT;
        buf_append_byte(&bytes, 0x0A);
        buf_append_byte(&bytes, (uint8_t)strlen(CASES[i].text));
        buf_append_text(&bytes, CASES[i].text);
        ASSERT_ERR(CASES[i].is_utf8 ? ERR_OK : ERR_INVALID,
                   unpack_enrol(bytes.data, bytes.len, 65536));
    }
}

static void test_message_unpack__looks_for_text_in_nested_lists(void **state)
{
    // Status { field_violations { message { da: "\xFF" } } }
    static const uint8_t BYTES[] = {0x32, 0x05, 0x2A, 0x03, 0x0A, 0x01, 0xFF};
    AUTO(arena_free) struct arena *arena = arena_new(65536);
    ProtobufCMessage *message = NULL;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_ERR(ERR_INVALID,
               message_unpack(&pb__status__descriptor, (struct wire_bytes){BYTES, sizeof(BYTES)},
                              arena, &message, &err));
    assert_string_equal(err.reason, "MESSAGE_MALFORMED");
}

static void test_message_pack__gives_back_what_was_read(void **state)
{
    static const uint8_t BYTES[] = {0x0A, 0x02, 'A', 'B', 0x12, 0x01, 0x07};
    AUTO(arena_free) struct arena *arena = arena_new(65536);
    AUTO_BUF struct buf out = BUF_INIT;
    ProtobufCMessage *message = NULL;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(message_unpack(&pb__enrol_request__descriptor,
                             (struct wire_bytes){BYTES, sizeof(BYTES)}, arena, &message, &err),
              err);
    ASSERT_OK(message_pack(message, &out, &err), err);
    assert_int_equal(out.len, sizeof(BYTES));
    assert_memory_equal(out.data, BYTES, sizeof(BYTES));
}

/* Every text of a list, not the first alone. */
static void test_message_unpack__looks_at_every_text(void **state)
{
    static const uint8_t SECOND[] = {0x22, 1, 'a', 0x22, 1, 0xFF};
    static const uint8_t BOTH[] = {0x22, 1, 'a', 0x22, 1, 'b'};
    AUTO(arena_free) struct arena *arena = arena_new(64 * 1024);
    struct ProtobufCMessage *message = NULL;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_ERR(ERR_INVALID,
               message_unpack(&pb__enrol_response__descriptor,
                              (struct wire_bytes){SECOND, sizeof(SECOND)}, arena, &message, &err));
    assert_null(message);
    ASSERT_OK(message_unpack(&pb__enrol_response__descriptor,
                             (struct wire_bytes){BOTH, sizeof(BOTH)}, arena, &message, &err),
              err);
    assert_int_equal(((Pb__EnrolResponse *)message)->n_partnerships, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message_unpack__takes_our_deepest_and_more),
        cmocka_unit_test(test_message_unpack__refuses_deep_nesting),
        cmocka_unit_test(test_message_unpack__refuses_what_is_no_message),
        cmocka_unit_test(test_message_unpack__takes_empty_and_unknown_fields),
        cmocka_unit_test(test_message_unpack__stops_at_the_arenas_cap),
        cmocka_unit_test(test_message_unpack__refuses_text_that_is_not_utf8),
        cmocka_unit_test(test_message_unpack__looks_at_every_text),
        cmocka_unit_test(test_message_unpack__looks_for_text_in_nested_lists),
        cmocka_unit_test(test_message_pack__gives_back_what_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
