/*
 * check - the row rules, one library for the client's `check` and the server's Push. A case
 * with everything under it is checked as one; a worker-month alone.
 *
 *     AUTO_VIOLATIONS struct violation_list found = VIOLATION_LIST_INIT;
 *     struct check_options options = {.lists = lists, .today = today};
 *     if (case_check(&bundle, &options, &found, err) != ERR_OK) { return err->code; }
 *     if (violation_list_blocks(&found)) { ... refuse the case ... }
 *
 * A violation says what was wanted and what class of thing came, never the value.
 */
#ifndef FREMGANG_RULES_CHECK_H
#define FREMGANG_RULES_CHECK_H

#include "rules/code_list.h"
#include "rules/record.h"

enum {
    VIOLATION_EXPECTED_BYTES = 96,
    VIOLATIONS_MAX = 200, /* of one case; a person reads no more. See `is_truncated` */
};

enum rule {
#define RULE(symbol, ...) RULE_##symbol,
#include "rules/rule_table.def"
#undef RULE
    RULE_COUNT
};

enum rule_severity { RULE_BLOCK, RULE_FIX, RULE_CONFIRM, RULE_INFO };

struct rule_def {
    const char *id; /* stable, e.g. "follow_up.before_start" */
    enum rule_severity severity;
    const char *text_en;
    const char *text_da;
    const char *fix_en;
    const char *fix_da;
};

/** What came, as a class: a violation never holds the value. */
enum received_class {
    RECEIVED_EMPTY,
    RECEIVED_UNREADABLE,
    RECEIVED_OUTSIDE,
    RECEIVED_EARLIER,
    RECEIVED_LATER,
    RECEIVED_OTHER_CODE,
    RECEIVED_OTHER_TEXT,
    RECEIVED_REPEATED,
    RECEIVED_OTHER_CHILD,
    RECEIVED_UNKNOWN_ID,
    RECEIVED_VALUE,
};

struct violation {
    enum rule rule;
    enum record_type type;
    uint32_t row;                            /* from 1 in its list; 0 when about the whole case */
    int field;                               /* -1 when about several fields */
    char expected[VIOLATION_EXPECTED_BYTES]; /* e.g. "0 - 100"; "" when the text says it */
    enum received_class received;
};

struct violation_list {
    struct violation *items; /* owned */
    size_t count;
    size_t capacity;
    bool is_truncated;  /* there were more than VIOLATIONS_MAX */
    bool out_of_memory; /* a violation was lost for want of memory */
};

#define VIOLATION_LIST_INIT                                                                        \
    {                                                                                              \
        .items = NULL                                                                              \
    }
/** `AUTO_VIOLATIONS struct violation_list v = VIOLATION_LIST_INIT;` clears at scope end. */
#define AUTO_VIOLATIONS __attribute__((cleanup(violation_list_clear)))

struct record_list {
    const struct record *items; /* borrowed */
    size_t count;
};

/** A case and its rows, by type; lists[RECORD_CASE] normally has one. WORKER_MONTH is empty. */
struct case_bundle {
    struct record_list lists[RECORD_TYPE_COUNT];
};

struct check_options {
    const struct code_lists *lists; /* borrowed */
    date_t today;                   /* local date; nothing may lie after it */
    /* The server leaves it false. A client sees enrolments of all partnerships first, and a
     * case of none is then no error but a case that goes nowhere. */
    bool allow_no_enrolment;
};

/** Static description of a rule. */
const struct rule_def *rule_get(enum rule rule);
/** The class in words, e.g. "an earlier date", in English or Danish. Static. */
const char *received_name(enum received_class received, bool is_danish);
/** "block", "fix", "confirm" or "info". Static. */
const char *rule_severity_name(enum rule_severity severity);

/** Appends every broken rule of the case. ERR_INTERNAL when memory is out. */
NODISCARD enum err_code case_check(const struct case_bundle *bundle,
                                   const struct check_options *options, struct violation_list *out,
                                   struct err *err);
/** Appends every broken rule of one worker-month; `row` is its place for the report.
 * ERR_INTERNAL when memory is out. */
NODISCARD enum err_code worker_month_check(const struct record *record, uint32_t row,
                                           const struct check_options *options,
                                           struct violation_list *out, struct err *err);

/** Appends a copy; remembers when memory is out. */
void violation_list_add(struct violation_list *list, const struct violation *violation);
/** Whether one of them has severity BLOCK. */
bool violation_list_blocks(const struct violation_list *list);
/** Frees and empties. */
void violation_list_clear(struct violation_list *list);

#endif
