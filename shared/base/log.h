/*
 * log - one line per event on stderr, key=value, for main, rpc and cmd_* only.
 *
 *     log_info("batch accepted", "batch", id, "municipality", "657", NULL);
 *     -> 2026-03-01T10:02:11.042Z info batch accepted batch=7f3a municipality=657
 *
 * Values are strings by design: a person, a pseudonym, a cell value and a secret have no
 * formatter that would make them one. Thread-safe; a line is one write.
 */
#ifndef FREMGANG_BASE_LOG_H
#define FREMGANG_BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/** Lines below `level` are dropped. Call once, before threads start. */
void log_set_level(enum log_level level);
/** The process's name in every line, e.g. "intake"; borrowed for ever. */
void log_set_process(const char *name);

/** Pairs of const char * key, value, ended by NULL. A NULL value prints as "-". */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));
/** The error with its log-only detail; then pairs as above. */
void log_err(enum log_level level, const char *event, const struct err *err, ...)
    __attribute__((sentinel));

#define log_debug(...) log_event(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_event(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_event(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_event(LOG_ERROR, __VA_ARGS__)

#endif
