/* proto_doc - see proto_doc.h. The texts are our own, so they are read line by line: a
 * comment stands on the lines above what it documents. */
#include "rpc/proto_doc.h"

#include "embed/embed_proto.h"

#include <stdio.h>
#include <string.h>

enum { HEAD_BYTES = 128 };

/* A place in one of the texts. */
struct place {
    const char *text; /* the file's start */
    const char *line; /* start of the line found */
};

static const char *skip_blanks(const char *line)
{
    return line + strspn(line, " \t");
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end == NULL ? NULL : end + 1;
}

/* Finds the first line at or after `from` that starts with `head`, blanks aside, before a
 * line that starts with `stop`. */
static const char *find_line(const char *from, const char *head, const char *stop)
{
    for (const char *line = from; line != NULL && *line != '\0'; line = next_line(line)) {
        const char *words = skip_blanks(line);
        if (strncmp(words, head, strlen(head)) == 0) {
            return line;
        }
        if (stop != NULL && line != from && strncmp(line, stop, strlen(stop)) == 0) {
            return NULL;
        }
    }
    return NULL;
}

static bool find_block(const char *kind, const char *name, struct place *out)
{
    char head[HEAD_BYTES];
    (void)snprintf(head, sizeof(head), "%s %s {", kind, name);
    for (const struct embed_proto_file *file = embed_proto_files; file->name != NULL; file++) {
        const char *line = find_line(file->text, head, NULL);
        if (line != NULL) {
            *out = (struct place){file->text, line};
            return true;
        }
    }
    return false;
}

static const char *previous_line(const struct place *place, const char *line)
{
    if (line == place->text) {
        return NULL;
    }
    const char *at = line - 1;
    while (at > place->text && at[-1] != '\n') {
        at--;
    }
    return at;
}

/* The first line of the comment that ends right above the place. */
static const char *comment_start(const struct place *place)
{
    const char *start = place->line;
    for (const char *line = previous_line(place, start); line != NULL;
         line = previous_line(place, line)) {
        if (strncmp(skip_blanks(line), "//", 2) != 0) {
            break;
        }
        start = line;
    }
    return start;
}

static void append_comment(const struct place *place, struct buf *out)
{
    for (const char *line = comment_start(place); line < place->line; line = next_line(line)) {
        const char *words = skip_blanks(line) + strlen("//");
        words += *words == ' ' ? 1 : 0;
        buf_append(out, words, strcspn(words, "\n") + 1);
    }
}

bool proto_doc_service(const char *service, struct buf *out)
{
    struct place place;
    bool found = find_block("service", service, &place);
    if (found) {
        append_comment(&place, out);
    }
    return found;
}

bool proto_doc_rpc(const char *service, const char *rpc, struct buf *out)
{
    struct place place;
    char head[HEAD_BYTES];
    if (!find_block("service", service, &place)) {
        return false;
    }
    (void)snprintf(head, sizeof(head), "rpc %s(", rpc);
    place.line = find_line(place.line, head, "}");
    if (place.line == NULL) {
        return false;
    }
    append_comment(&place, out);
    return true;
}

bool proto_doc_message(const char *message, struct buf *out)
{
    struct place place;
    if (!find_block("message", message, &place)) {
        return false;
    }
    const char *start = comment_start(&place);
    size_t head = strcspn(place.line, "\n");
    const char *end = place.line + head;
    if (place.line[head - 1] != '}') { // "message X {}" ends on its own line
        end = find_line(place.line, "}", NULL);
        while (end != NULL && *end != '}') { // a nested block ends further in
            end = find_line(next_line(end), "}", NULL);
        }
        end = end == NULL ? place.line + strlen(place.line) : end + 1;
    }
    buf_append(out, start, (size_t)(end - start));
    buf_append_byte(out, '\n');
    return true;
}
