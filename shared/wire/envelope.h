/*
 * envelope - the message around every call and answer: one nng message holds one. Plain
 * structs, so that nobody outside the wire folders needs generated headers.
 *
 *     struct wire_request request = {.method = "/grpc.health.v1.Health/Check",
 *                                    .request_id = id};
 *     AUTO_BUF struct buf bytes = BUF_INIT;
 *     code = wire_request_encode(&request, &bytes, err);
 */
#ifndef FREMGANG_WIRE_ENVELOPE_H
#define FREMGANG_WIRE_ENVELOPE_H

#include "wire/message.h"
#include "wire/status.h"

enum { WIRE_SIGNATURE_BYTES = 64 };

/** One call. Strings and bytes are borrowed; when decoded they live in the arena and no
 * string is NULL. */
struct wire_request {
    const char *method;     /* full gRPC path */
    const char *request_id; /* printable ASCII, 1 to WIRE_ID_BYTES_MAX */
    const char *traceparent;
    const char *client_version;
    struct wire_bytes token;
    uint32_t deadline_ms;        /* 0: the method's own */
    const char *idempotency_key; /* printable ASCII, "" when the method only reads */
    bool is_signed;
    uint8_t signature[WIRE_SIGNATURE_BYTES]; /* when is_signed */
    int64_t signed_at_us;
    struct wire_bytes payload; /* the packed request message */
};

/** One answer; ownership as above. */
struct wire_response {
    const char *request_id;
    struct wire_status status;
    int64_t server_time_us;
    struct wire_bytes payload; /* the packed response message when status.code is WIRE_OK */
};

/** Appends the packed envelope. ERR_LIMIT when it passes WIRE_MESSAGE_BYTES_MAX (nothing is
 * appended), ERR_INTERNAL. */
NODISCARD enum err_code wire_request_encode(const struct wire_request *request, struct buf *out,
                                            struct err *err);
/** Reads an envelope. ERR_INVALID when it is none or a field breaks its rule, ERR_LIMIT when
 * it is too large, too deep or passes the arena's cap. */
NODISCARD enum err_code wire_request_decode(struct wire_bytes bytes, struct arena *arena,
                                            struct wire_request *out, struct err *err);
/** As wire_request_encode. */
NODISCARD enum err_code wire_response_encode(const struct wire_response *response, struct buf *out,
                                             struct err *err);
/** As wire_request_decode. */
NODISCARD enum err_code wire_response_decode(struct wire_bytes bytes, struct arena *arena,
                                             struct wire_response *out, struct err *err);

#endif
