/*
 * describe - what a method is, in words: from the method table and the .proto texts. Called
 * by cmd_rpc.
 *
 *     AUTO_BUF struct buf text = BUF_INIT;
 *     code = describe_name("TableService.Get", &text, err);
 */
#ifndef FREMGANG_RPC_DESCRIBE_H
#define FREMGANG_RPC_DESCRIBE_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/method.h"

/** The method of "/fremgang.v1.TableService/Get", "fremgang.v1.TableService.Get" or
 * "TableService.Get"; NULL when there is none. Static. */
const struct method *describe_find(const char *name);
/** Appends "intake pool". */
void describe_processes(const struct method *method, struct buf *out);
/** Appends "coordinator steward". */
void describe_roles(const struct method *method, struct buf *out);
/** Appends the description of a service, a method or a message; of every service for "".
 * ERR_NOT_FOUND. */
NODISCARD enum err_code describe_name(const char *name, struct buf *out, struct err *err);

#endif
