/*
 * proto_doc - the documentation of services, rpcs and messages, read from the embedded .proto
 * texts. Called by cmd_rpc.
 *
 *     AUTO_BUF struct buf text = BUF_INIT;
 *     if (proto_doc_message("PushRequest", &text)) { puts(buf_text(&text)); }
 */
#ifndef FREMGANG_RPC_PROTO_DOC_H
#define FREMGANG_RPC_PROTO_DOC_H

#include "base/buf.h"

#include <stdbool.h>

/** Appends the comment of a service ("TableService"), without slashes. False when there is
 * no such service. */
bool proto_doc_service(const char *service, struct buf *out);
/** Appends the comment of an rpc. False when the service has none of that name. */
bool proto_doc_rpc(const char *service, const char *rpc, struct buf *out);
/** Appends a message as the .proto file has it, with its comments. False when there is none. */
bool proto_doc_message(const char *message, struct buf *out);

#endif
