/* record_blob - per field: the state, then what its kind holds, lengths before runs. */
#include "import/record_blob.h"

#include <string.h>

/* What a value of this kind is made of. */
enum shape { SHAPE_NUMBER, SHAPE_KEY, SHAPE_KEYS, SHAPE_TEXT };

static enum shape shape_of(enum field_kind kind)
{
    switch (kind) {
    case FIELD_KIND_CHILD_KEY:
    case FIELD_KIND_WORKER_KEY:
    case FIELD_KIND_ROW_KEY:
        return SHAPE_KEY;
    case FIELD_KIND_ROW_KEYS:
        return SHAPE_KEYS;
    case FIELD_KIND_CODE:
    case FIELD_KIND_NAME:
        return SHAPE_TEXT;
    default:
        return SHAPE_NUMBER;
    }
}

static void run_write(struct buf *out, const void *bytes, size_t len)
{
    uint32_t size = (uint32_t)len;
    buf_append(out, &size, sizeof(size));
    buf_append(out, bytes, len);
}

void record_blob_write(const struct record *record, struct buf *out)
{
    const struct record_def *def = record_def_get(record->type);
    for (size_t i = 0; i < def->field_count; i++) {
        const struct value *value = &record->values[i];
        buf_append_byte(out, (uint8_t)value->state);
        if (value->state != VALUE_PRESENT) {
            continue;
        }
        switch (shape_of(def->fields[i].kind)) {
        case SHAPE_NUMBER:
            buf_append(out, &value->as.number, sizeof(value->as.number));
            break;
        case SHAPE_KEY:
            buf_append(out, value->as.key, RECORD_KEY_BYTES);
            break;
        case SHAPE_KEYS:
            run_write(out, value->as.keys.items, value->as.keys.count * RECORD_KEY_BYTES);
            break;
        case SHAPE_TEXT:
            run_write(out, value->as.text, strlen(value->as.text));
            break;
        }
    }
}

/* Takes `len` bytes off the front; NULL when there are fewer. */
static const uint8_t *take(struct wire_bytes *bytes, size_t len)
{
    if (bytes->len < len) {
        return NULL;
    }
    const uint8_t *at = bytes->data;
    bytes->data += len;
    bytes->len -= len;
    return at;
}

static bool run_take(struct wire_bytes *bytes, struct wire_bytes *out)
{
    uint32_t size;
    const uint8_t *len = take(bytes, sizeof(size));
    if (len == NULL) {
        return false;
    }
    memcpy(&size, len, sizeof(size));
    out->len = size;
    out->data = take(bytes, size);
    return out->data != NULL;
}

static bool copy_fixed(struct wire_bytes *bytes, void *out, size_t len)
{
    const uint8_t *at = take(bytes, len);
    if (at == NULL) {
        return false;
    }
    memcpy(out, at, len);
    return true;
}

static bool value_take(struct wire_bytes *bytes, enum shape shape, struct arena *arena,
                       struct value *out)
{
    struct wire_bytes run;
    char *kept;
    switch (shape) {
    case SHAPE_NUMBER:
        return copy_fixed(bytes, &out->as.number, sizeof(out->as.number));
    case SHAPE_KEY:
        return copy_fixed(bytes, out->as.key, RECORD_KEY_BYTES);
    case SHAPE_KEYS:
    case SHAPE_TEXT:
        break;
    }
    if (!run_take(bytes, &run) || (kept = arena_copy(arena, run.data, run.len)) == NULL) {
        return false;
    }
    if (shape == SHAPE_TEXT) {
        out->as.text = kept;
    } else {
        out->as.keys.items = (const uint8_t(*)[RECORD_KEY_BYTES])kept;
        out->as.keys.count = run.len / RECORD_KEY_BYTES;
    }
    return true;
}

enum err_code record_blob_read(enum record_type type, struct wire_bytes bytes, struct arena *arena,
                               struct record *out, struct err *err)
{
    const struct record_def *def = record_def_get(type);
    struct record record = {.type = type};
    for (size_t i = 0; i < def->field_count; i++) {
        const uint8_t *state = take(&bytes, 1);
        if (state == NULL || *state > VALUE_MALFORMED) {
            return err_set(err, ERR_CORRUPT, "a staged row cannot be read");
        }
        record.values[i].state = (enum value_state) * state;
        if (*state == VALUE_PRESENT &&
            !value_take(&bytes, shape_of(def->fields[i].kind), arena, &record.values[i])) {
            return arena_is_exhausted(arena)
                       ? err_set(err, ERR_LIMIT, "the rows of one case take too much memory")
                       : err_set(err, ERR_CORRUPT, "a staged row cannot be read");
        }
    }
    *out = record;
    return ERR_OK;
}
