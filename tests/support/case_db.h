/*
 * case_db - a migrated case cluster with its log-ins, and cases in few words, for tests.
 *
 *     static struct case_db case_db;
 *     case_db_start(&case_db);
 *     struct case_build build;
 *     case_build_start(&build, 1, "2014-01-01");          // child 1, case and enrolment
 *     case_build_intervention(&build, 10, "SEL-52-3-7", "FOSTER_GENERAL", "2014-01-15", NULL);
 *     case_build_follow_up(&build, 20, "2014-04-10", 10);
 *     case_db_push(&case_db, 657, 1, &build, 1);
 */
#ifndef FREMGANG_TESTS_SUPPORT_CASE_DB_H
#define FREMGANG_TESTS_SUPPORT_CASE_DB_H

#include "rules/check.h"
#include "store/case/push_store.h"
#include "store/db.h"
#include "support/cluster.h"

enum { CASE_BUILD_ROWS_MAX = 16, CASE_BUILD_TEXT_BYTES = 32 };

struct case_db {
    struct cluster cluster;
    struct db_pool *owner;   /* superuser */
    struct db_pool *intake;  /* fremgang_intake */
    struct db_pool *publish; /* fremgang_publish */
};

/** One child's case being written; plain memory, nothing to free. */
struct case_build {
    struct record rows[RECORD_TYPE_COUNT][CASE_BUILD_ROWS_MAX];
    uint8_t links[CASE_BUILD_ROWS_MAX][1][RECORD_KEY_BYTES]; /* of the follow-ups */
    size_t counts[RECORD_TYPE_COUNT];
    struct case_bundle bundle;
};

/** Starts and migrates a cluster; fails the program when it cannot. */
void case_db_start(struct case_db *db);
void case_db_stop(struct case_db *db);
/** A transaction as a municipality. */
struct db *case_db_begin(struct case_db *db, int municipality_code);
/** Commits; fails the test when it cannot. */
void case_db_commit(struct db *db);
/** The one number that a statement of the owner yields. */
int64_t case_db_number(struct case_db *db, const char *sql);
/** Pushes one case with a version, in a transaction of its own; fails the test on an error. */
enum push_outcome case_db_push(struct case_db *db, int municipality_code, int partnership_id,
                               const struct case_build *build, int64_t version);

/** A key made of one number. Borrowed until the next call but seven. */
const uint8_t *case_key_of(unsigned number);
/** "2014-01-31" as a date; NULL is DATE_NONE. */
date_t case_date(const char *text);
/** A boy of 2006 whose case and enrolment run from `from`. */
void case_build_start(struct case_build *build, unsigned child, const char *from);
void case_build_intervention(struct case_build *build, unsigned id, const char *paragraph,
                             const char *place_type, const char *start, const char *end);
void case_build_follow_up(struct case_build *build, unsigned id, const char *date,
                          unsigned intervention);
/** WHO5 version 1998 answered by the child. */
void case_build_measurement(struct case_build *build, unsigned id, const char *date, int score);

#endif
