/* unit_pb - see unit_pb.h. */
#include "wire/unit_pb.h"

#include "fremgang/v1/submission.pb-c.h"
#include "wire/record_pb.h"

enum err_code unit_pack_case(const struct case_bundle *bundle, struct arena *arena, struct buf *out,
                             struct err *err)
{
    Pb__Unit unit = PB__UNIT__INIT;
    unit.body_case = PB__UNIT__BODY_CASE_BUNDLE;
    enum err_code rc = bundle_to_pb(bundle, arena, &unit.case_bundle, err);
    return rc == ERR_OK ? message_pack(&unit.base, out, err) : rc;
}

enum err_code unit_pack_worker_month(const struct record *record, struct arena *arena,
                                     struct buf *out, struct err *err)
{
    Pb__Unit unit = PB__UNIT__INIT;
    unit.body_case = PB__UNIT__BODY_WORKER_MONTH;
    ProtobufCMessage *message = NULL;
    enum err_code rc = record_to_pb(record, arena, &message, err);
    unit.worker_month = (Pb__WorkerMonth *)message;
    return rc == ERR_OK ? message_pack(&unit.base, out, err) : rc;
}

enum err_code unit_pack_tombstone(const struct unit_id *id, struct buf *out, struct err *err)
{
    Pb__Tombstone tombstone = PB__TOMBSTONE__INIT;
    ProtobufCBinaryData key = {.len = UNIT_KEY_BYTES, .data = (uint8_t *)id->key};
    if (id->kind == UNIT_KIND_CASE) {
        tombstone.case_key = key;
    } else {
        tombstone.worker_key = key;
        tombstone.month = id->month;
    }
    Pb__Unit unit = PB__UNIT__INIT;
    unit.body_case = PB__UNIT__BODY_TOMBSTONE;
    unit.tombstone = &tombstone;
    return message_pack(&unit.base, out, err);
}

enum err_code unit_pack_version(uint64_t version, struct wire_bytes body, struct buf *out,
                                struct err *err)
{
    /* A message is its fields one after the other, and version is the first. */
    Pb__Unit unit = PB__UNIT__INIT;
    unit.version = version;
    enum err_code rc = message_pack(&unit.base, out, err);
    buf_append(out, body.data, body.len);
    return rc == ERR_OK ? buf_check(out, err) : rc;
}
