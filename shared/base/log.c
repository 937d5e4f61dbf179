/* log - see log.h. */
#include "base/log.h"

#include "base/buf.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const LEVEL_NAMES[] = {"debug", "info", "warn", "error"};

static enum log_level log_level_min = LOG_INFO;
static const char *log_process = "fremgang";

void log_set_level(enum log_level level)
{
    log_level_min = level;
}

void log_set_process(const char *name)
{
    log_process = name;
}

static void append_time(struct buf *line)
{
    struct timespec now;
    struct tm utc;
    char text[32];
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &utc);
    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    buf_append_format(line, "%s.%03ldZ", text, now.tv_nsec / 1000000);
}

/* Quotes a value that has anything but plain characters, so that a line stays a line. */
static void append_value(struct buf *line, const char *value)
{
    if (value == NULL) {
        buf_append_text(line, "-");
        return;
    }
    size_t plain = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "_-.:/+@,");
    if (plain > 0 && value[plain] == '\0') {
        buf_append_text(line, value);
        return;
    }
    buf_append_byte(line, '"');
    for (const char *at = value; *at != '\0'; at++) {
        bool quoted = *at == '"' || *at == '\\' || iscntrl((unsigned char)*at);
        if (quoted) {
            buf_append_format(line, "\\x%02x", (unsigned char)*at);
        } else {
            buf_append_byte(line, (uint8_t)*at);
        }
    }
    buf_append_byte(line, '"');
}

static void append_pairs(struct buf *line, va_list args)
{
    for (const char *key = va_arg(args, const char *); key != NULL;
         key = va_arg(args, const char *)) {
        buf_append_format(line, " %s=", key);
        append_value(line, va_arg(args, const char *));
    }
}

static void append_head(struct buf *line, enum log_level level, const char *event)
{
    append_time(line);
    buf_append_format(line, " %s %s: %s", LEVEL_NAMES[level], log_process, event);
}

static void write_line(struct buf *line)
{
    buf_append_byte(line, '\n');
    if (line->data != NULL) {
        ssize_t written = write(STDERR_FILENO, line->data, line->len);
        (void)written; // a log that cannot be written has nowhere to say so
    }
}

void log_event(enum log_level level, const char *event, ...)
{
    if (level < log_level_min) {
        return;
    }
    AUTO_BUF struct buf line = BUF_INIT;
    va_list args;
    append_head(&line, level, event);
    va_start(args, event);
    append_pairs(&line, args);
    va_end(args);
    write_line(&line);
}

void log_err(enum log_level level, const char *event, const struct err *err, ...)
{
    if (level < log_level_min) {
        return;
    }
    AUTO_BUF struct buf line = BUF_INIT;
    va_list args;
    append_head(&line, level, event);
    buf_append_text(&line, " error=");
    append_value(&line, err->message);
    if (err->detail[0] != '\0') {
        buf_append_text(&line, " detail=");
        append_value(&line, err->detail);
    }
    va_start(args, err);
    append_pairs(&line, args);
    va_end(args);
    write_line(&line);
}
