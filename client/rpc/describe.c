/* describe - see describe.h. */
#include "rpc/describe.h"

#include "rpc/proto_doc.h"

#include <protobuf-c/protobuf-c.h>
#include <stdio.h>
#include <string.h>

enum { BITS = 5 }; /* of processes and roles */

/* "TableService" of "fremgang.v1.TableService". */
static const char *short_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot == NULL ? name : dot + 1;
}

/* Whether `name` is the service or method name with or without its package. */
static bool is_name(const char *name, const char *whole)
{
    size_t name_len = strlen(name);
    size_t whole_len = strlen(whole);
    const char *tail = whole + whole_len - name_len;
    return name_len <= whole_len && strcmp(tail, name) == 0 && (tail == whole || tail[-1] == '.');
}

const struct method *describe_find(const char *name)
{
    char whole[256];
    const struct method *method = method_find(name);
    for (size_t i = 0; method == NULL && strchr(name, '.') != NULL && i < method_count(); i++) {
        const struct method *candidate = method_at(i);
        (void)snprintf(whole, sizeof(whole), "%s.%s", candidate->service, candidate->rpc);
        method = is_name(name, whole) ? candidate : NULL;
    }
    return method;
}

static void append_bits(uint32_t set, const char *(*bit_name)(uint32_t), struct buf *out)
{
    const char *gap = "";
    for (uint32_t i = 0; i < BITS; i++) {
        if ((set & (1U << i)) != 0) {
            buf_append_format(out, "%s%s", gap, bit_name(1U << i));
            gap = " ";
        }
    }
}

void describe_processes(const struct method *method, struct buf *out)
{
    append_bits(method->processes, process_name, out);
}

void describe_roles(const struct method *method, struct buf *out)
{
    append_bits(method->roles, role_name, out);
}

static const char *audit_text(enum audit_class audit)
{
    static const char *const texts[] = {
        [AUDIT_NONE] = "not kept",
        [AUDIT_READ] = "who looked at what",
        [AUDIT_CHANGE] = "who changed what, in the same transaction",
    };
    return texts[audit];
}

static void append_terms(const struct method *method, struct buf *out)
{
    buf_append_text(out, "  served by  ");
    describe_processes(method, out);
    buf_append_text(out, "\n  roles      ");
    describe_roles(method, out);
    buf_append_format(out, "\n  effect     %s\n",
                      method->effect == METHOD_WRITES ? "writes; needs an idempotency key"
                                                      : "reads");
    buf_append_format(out, "  signed     %s\n",
                      method->signing == METHOD_SIGNED ? "by the principal's key" : "no");
    buf_append_format(out, "  deadline   %u ms\n  request    at most %zu bytes\n",
                      method->deadline_ms, method->request_bytes_max);
    buf_append_format(out, "  audit      %s\n\n", audit_text(method->audit));
}

static void append_comment(const struct method *method, struct buf *out)
{
    AUTO_BUF struct buf comment = BUF_INIT;
    if (proto_doc_rpc(short_name(method->service), method->rpc, &comment)) {
        buf_append_format(out, "%s", buf_text(&comment));
    }
}

static void append_method(const struct method *method, struct buf *out)
{
    buf_append_format(out, "%s\n", method->path);
    append_comment(method, out);
    buf_append_byte(out, '\n');
    append_terms(method, out);
    if (proto_doc_message(method->request->short_name, out)) {
        buf_append_byte(out, '\n');
        (void)proto_doc_message(method->response->short_name, out);
    }
}

/* Appends a service with its rpcs, one by one. */
static void append_service(const char *service, struct buf *out)
{
    buf_append_format(out, "%s\n", service);
    (void)proto_doc_service(short_name(service), out);
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *method = method_at(i);
        if (strcmp(method->service, service) == 0) {
            AUTO_BUF struct buf comment = BUF_INIT;
            (void)proto_doc_rpc(short_name(service), method->rpc, &comment);
            buf_append_format(out, "\n  %s(%s) -> %s\n", method->rpc, method->request->short_name,
                              method->response->short_name);
            buf_append_format(out, "%s%s", comment.len > 0 ? "    " : "", buf_text(&comment));
        }
    }
    buf_append_byte(out, '\n');
}

/* The table keeps the methods of a service together. */
static bool append_services(const char *name, struct buf *out)
{
    const char *last = "";
    bool found = false;
    for (size_t i = 0; i < method_count(); i++) {
        const char *service = method_at(i)->service;
        if (strcmp(service, last) != 0 && (name[0] == '\0' || is_name(name, service))) {
            append_service(service, out);
            found = true;
        }
        last = service;
    }
    return found;
}

enum err_code describe_name(const char *name, struct buf *out, struct err *err)
{
    const struct method *method = describe_find(name);
    if (method != NULL) {
        append_method(method, out);
    } else if (!append_services(name, out) && !proto_doc_message(short_name(name), out)) {
        (void)err_set(err, ERR_NOT_FOUND, "there is no service, method or message \"%s\"", name);
        return err_hint(err, "`fremgang rpc describe` describes all services.");
    }
    return buf_check(out, err);
}
