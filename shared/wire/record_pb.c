/* record_pb - walks the record table and protobuf-c's field descriptors side by side. */
#include "wire/record_pb.h"

#include "fremgang/v1/records.pb-c.h"
#include "wire/message.h"

#include <assert.h>
#include <string.h>

/* How each record type is called on the wire; a worker-month is a unit of its own. */
static const struct {
    const ProtobufCMessageDescriptor *descriptor;
    const char *field; /* of CaseBundle; NULL when not part of a case */
} kinds[RECORD_TYPE_COUNT] = {
    [RECORD_CASE] = {&pb__case__descriptor, "case"},
    [RECORD_ENROLMENT] = {&pb__enrolment__descriptor, "enrolments"},
    [RECORD_INTERVENTION] = {&pb__intervention__descriptor, "interventions"},
    [RECORD_FOLLOW_UP] = {&pb__follow_up__descriptor, "follow_ups"},
    [RECORD_MEASUREMENT] = {&pb__measurement__descriptor, "measurements"},
    [RECORD_WORKER_MONTH] = {&pb__worker_month__descriptor, NULL},
};

static const void *member(const ProtobufCMessage *message, unsigned offset)
{
    return (const uint8_t *)message + offset;
}

static void *member_mutable(ProtobufCMessage *message, unsigned offset)
{
    return (uint8_t *)message + offset;
}

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessageDescriptor *descriptor,
                                                const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(descriptor, name);
    assert(field != NULL); /* the record table and the proto file name the same fields */
    return field;
}

/* proto3 `optional` is generated as a oneof of one: its case says whether the field is set. */
static bool is_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0) {
        return true;
    }
    return *(const uint32_t *)member(message, field->quantifier_offset) == field->id;
}

static void mark_set(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        *(uint32_t *)member_mutable(message, field->quantifier_offset) = field->id;
    }
}

static struct value key_value(const ProtobufCBinaryData *bytes)
{
    struct value value = {.state = VALUE_ABSENT};
    if (bytes->len == RECORD_KEY_BYTES) {
        value.state = VALUE_PRESENT;
        memcpy(value.as.key, bytes->data, RECORD_KEY_BYTES);
    } else if (bytes->len > 0) {
        value.state = VALUE_MALFORMED;
    }
    return value;
}

static enum err_code keys_read(const ProtobufCMessage *message,
                               const ProtobufCFieldDescriptor *field, struct arena *arena,
                               struct value *out, struct err *err)
{
    size_t count = *(const size_t *)member(message, field->quantifier_offset);
    const ProtobufCBinaryData *items =
        *(ProtobufCBinaryData *const *)member(message, field->offset);
    uint8_t(*keys)[RECORD_KEY_BYTES] =
        count == 0 ? NULL : arena_alloc(arena, count * RECORD_KEY_BYTES);
    if (count > 0 && keys == NULL) {
        return err_set(err, ERR_LIMIT, "the record takes too much memory");
    }
    out->state = count == 0 ? VALUE_ABSENT : VALUE_PRESENT;
    for (size_t i = 0; i < count; i++) {
        if (items[i].len != RECORD_KEY_BYTES) {
            out->state = VALUE_MALFORMED;
            return ERR_OK;
        }
        memcpy(keys[i], items[i].data, RECORD_KEY_BYTES);
    }
    out->as.keys.items = (const uint8_t(*)[RECORD_KEY_BYTES])keys;
    out->as.keys.count = count;
    return ERR_OK;
}

static enum err_code value_read(const ProtobufCMessage *message,
                                const ProtobufCFieldDescriptor *field, struct arena *arena,
                                struct value *out, struct err *err)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return keys_read(message, field, arena, out, err);
    }
    if (!is_set(message, field)) {
        return ERR_OK;
    }
    const void *at = member(message, field->offset);
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        *out = key_value(at);
    } else if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)at;
        if (text != NULL && *text != '\0') {
            *out = (struct value){.state = VALUE_PRESENT, .as.text = text};
        }
    } else {
        assert(field->type == PROTOBUF_C_TYPE_INT32);
        *out = (struct value){.state = VALUE_PRESENT, .as.number = *(const int32_t *)at};
    }
    return ERR_OK;
}

const ProtobufCMessageDescriptor *record_pb_descriptor(enum record_type type)
{
    return kinds[type].descriptor;
}

enum err_code record_from_pb(enum record_type type, const ProtobufCMessage *message,
                             struct arena *arena, struct record *out, struct err *err)
{
    assert(message->descriptor == kinds[type].descriptor);
    const struct record_def *def = record_def_get(type);
    struct record record = {.type = type};
    for (size_t i = 0; i < def->field_count; i++) {
        const ProtobufCFieldDescriptor *field = field_of(message->descriptor, def->fields[i].name);
        enum err_code rc = value_read(message, field, arena, &record.values[i], err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    *out = record;
    return ERR_OK;
}

static bool bytes_write(struct arena *arena, const uint8_t *key, ProtobufCBinaryData *out)
{
    out->data = (uint8_t *)arena_copy(arena, key, RECORD_KEY_BYTES);
    out->len = out->data == NULL ? 0 : RECORD_KEY_BYTES;
    return out->data != NULL;
}

static bool keys_write(const struct record_keys *keys, struct arena *arena,
                       ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    ProtobufCBinaryData *items = arena_alloc(arena, (keys->count + 1) * sizeof(*items));
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < keys->count; i++) {
        if (!bytes_write(arena, keys->items[i], &items[i])) {
            return false;
        }
    }
    *(size_t *)member_mutable(message, field->quantifier_offset) = keys->count;
    *(ProtobufCBinaryData **)member_mutable(message, field->offset) = items;
    return true;
}

/* False at the arena's cap. */
static bool value_write(const struct value *value, struct arena *arena, ProtobufCMessage *message,
                        const ProtobufCFieldDescriptor *field)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return keys_write(&value->as.keys, arena, message, field);
    }
    void *at = member_mutable(message, field->offset);
    mark_set(message, field);
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        return bytes_write(arena, value->as.key, at);
    }
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        *(const char **)at = value->as.text;
    } else {
        *(int32_t *)at = value->as.number;
    }
    return true;
}

enum err_code record_to_pb(const struct record *record, struct arena *arena, ProtobufCMessage **out,
                           struct err *err)
{
    const struct record_def *def = record_def_get(record->type);
    ProtobufCMessage *message = message_new(kinds[record->type].descriptor, arena);
    for (size_t i = 0; message != NULL && i < def->field_count; i++) {
        const struct value *value = &record->values[i];
        if (value->state == VALUE_MALFORMED) {
            return err_set(err, ERR_INVALID, "cannot send field \"%s\": it could not be read",
                           def->fields[i].name);
        }
        if (value->state == VALUE_PRESENT &&
            !value_write(value, arena, message,
                         field_of(message->descriptor, def->fields[i].name))) {
            message = NULL;
        }
    }
    if (message == NULL) {
        return err_set(err, ERR_LIMIT, "the record takes too much memory");
    }
    *out = message;
    return ERR_OK;
}

static enum err_code list_read(enum record_type type, ProtobufCMessage *const *messages,
                               size_t count, struct arena *arena, struct record_list *out,
                               struct err *err)
{
    struct record *items = count == 0 ? NULL : arena_alloc(arena, count * sizeof(*items));
    if (count > 0 && items == NULL) {
        return err_set(err, ERR_LIMIT, "the case takes too much memory");
    }
    for (size_t i = 0; i < count; i++) {
        enum err_code rc = record_from_pb(type, messages[i], arena, &items[i], err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    *out = (struct record_list){items, count};
    return ERR_OK;
}

enum err_code bundle_from_pb(const Pb__CaseBundle *message, struct arena *arena,
                             struct case_bundle *out, struct err *err)
{
    struct case_bundle bundle = {.lists = {{NULL, 0}}};
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        if (kinds[type].field == NULL) {
            continue;
        }
        const ProtobufCFieldDescriptor *field =
            field_of(message->base.descriptor, kinds[type].field);
        const void *at = member(&message->base, field->offset);
        bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;
        ProtobufCMessage *const *items = is_list ? *(ProtobufCMessage * *const *)at : at;
        size_t count = is_list ? *(const size_t *)member(&message->base, field->quantifier_offset)
                               : (*items == NULL ? 0 : 1);
        enum err_code rc =
            list_read((enum record_type)type, items, count, arena, &bundle.lists[type], err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    *out = bundle;
    return ERR_OK;
}

static enum err_code list_write(const struct record_list *list, struct arena *arena,
                                ProtobufCMessage ***out, struct err *err)
{
    ProtobufCMessage **messages = arena_alloc(arena, (list->count + 1) * sizeof(*messages));
    if (messages == NULL) {
        return err_set(err, ERR_LIMIT, "the case takes too much memory");
    }
    for (size_t i = 0; i < list->count; i++) {
        enum err_code rc = record_to_pb(&list->items[i], arena, &messages[i], err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    *out = messages;
    return ERR_OK;
}

enum err_code bundle_to_pb(const struct case_bundle *bundle, struct arena *arena,
                           Pb__CaseBundle **out, struct err *err)
{
    ProtobufCMessage *message = message_new(&pb__case_bundle__descriptor, arena);
    if (message == NULL) {
        return err_set(err, ERR_LIMIT, "the case takes too much memory");
    }
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        if (kinds[type].field == NULL) {
            continue;
        }
        const ProtobufCFieldDescriptor *field = field_of(message->descriptor, kinds[type].field);
        ProtobufCMessage **items = NULL;
        enum err_code rc = list_write(&bundle->lists[type], arena, &items, err);
        if (rc != ERR_OK) {
            return rc;
        }
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            *(size_t *)member_mutable(message, field->quantifier_offset) =
                bundle->lists[type].count;
            *(ProtobufCMessage ***)member_mutable(message, field->offset) = items;
        } else {
            *(ProtobufCMessage **)member_mutable(message, field->offset) = items[0];
        }
    }
    *out = (Pb__CaseBundle *)message;
    return ERR_OK;
}
