/* migrate - see migrate.h. */
#include "store/migrate/migrate.h"

#include "base/limits.h"
#include "embed/embed_case_migrations.h"
#include "embed/embed_queries.h"
#include "embed/embed_release_migrations.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { MIGRATIONS_MAX = 999, STEP_TEXT_BYTES = 128 };

/* What the ledger says, compared with the list while it is read. */
struct ledger {
    const struct migration *migrations;
    size_t applied; /* entries read so far: the first `applied` migrations are done */
};

static size_t count_of(const struct migration *migrations)
{
    size_t n = 0;
    while (migrations[n].name != NULL) {
        n++;
    }
    return n;
}

static void digest(const char *text, uint8_t out[crypto_hash_sha256_BYTES])
{
    (void)crypto_hash_sha256(out, (const unsigned char *)text, strlen(text));
}

static void report(const struct migrate_options *options, const char *cluster, const char *name)
{
    char step[STEP_TEXT_BYTES];
    if (options->report != NULL) {
        (void)snprintf(step, sizeof(step), "%s %s", cluster, name);
        options->report(options->ctx, step);
    }
}

/* Names must read 001_, 002_ ...: a gap would let a later file slip in unseen. */
static enum err_code check_numbers(const struct migration *migrations, struct err *err)
{
    for (size_t i = 0; migrations[i].name != NULL; i++) {
        char prefix[8];
        (void)snprintf(prefix, sizeof(prefix), "%03u_", (unsigned)(i + 1) % (MIGRATIONS_MAX + 1));
        if (i >= MIGRATIONS_MAX || strncmp(migrations[i].name, prefix, strlen(prefix)) != 0) {
            return err_set(err, ERR_INVALID, "migration %zu is named \"%s\", expected %s...", i + 1,
                           migrations[i].name, prefix);
        }
    }
    return ERR_OK;
}

static enum err_code compare_entry(const struct db_row *row, void *ctx, struct err *err)
{
    struct ledger *ledger = ctx;
    const struct migration *migration = &ledger->migrations[ledger->applied];
    const char *name = db_row_text(row, 1);
    struct db_bytes sha256 = db_row_bytes(row, 2);
    uint8_t expected[crypto_hash_sha256_BYTES];
    if (migration->name == NULL) {
        return err_set(err, ERR_CORRUPT, "the database has migration \"%s\", this program does not",
                       name);
    }
    digest(migration->text, expected);
    if (db_row_int(row, 0) != (int64_t)ledger->applied + 1 || strcmp(name, migration->name) != 0) {
        return err_set(err, ERR_CORRUPT, "the ledger has \"%s\" where \"%s\" belongs", name,
                       migration->name);
    }
    if (sha256.len != sizeof(expected) || memcmp(sha256.data, expected, sizeof(expected)) != 0) {
        (void)err_set(err, ERR_CORRUPT, "migration \"%s\" was changed after it was applied", name);
        return err_hint(err,
                        "Put the file back as it was and write the change as a new migration.");
    }
    ledger->applied++;
    return ERR_OK;
}

static enum err_code read_flag(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(bool *)ctx = db_row_bool(row, 0);
    return ERR_OK;
}

static enum err_code read_ledger(struct db *db, struct ledger *ledger, struct err *err)
{
    bool exists = false;
    enum err_code rc = db_query_one(db, DB_SQL(migrate_ledger_exists), DB_NO_PARAMS,
                                    (struct db_reader){read_flag, &exists}, err);
    if (rc != ERR_OK || !exists) {
        return rc;
    }
    return db_query(db, DB_SQL(migrate_ledger_list), DB_NO_PARAMS,
                    (struct db_reader){compare_entry, ledger}, err);
}

static enum err_code begin(struct db_pool *pool, bool read_only, struct db **out, struct err *err)
{
    struct db_begin_options options = {.read_only = read_only, .timeout_ms = MIGRATION_MS_MAX};
    return db_begin(pool, &options, out, err);
}

static enum err_code ensure_ledger(struct db_pool *pool, struct err *err)
{
    static const struct db_statement STATEMENTS[] = {
        {"migrate_lock", sql_migrate_lock},
        {"migrate_ledger_schema", sql_migrate_ledger_schema},
        {"migrate_ledger_migration", sql_migrate_ledger_migration},
        {"migrate_ledger_reference", sql_migrate_ledger_reference},
    };
    AUTO(db_rollback) struct db *db = NULL;
    enum err_code rc = begin(pool, false, &db, err);
    for (size_t i = 0; rc == ERR_OK && i < ARRAY_COUNT(STATEMENTS); i++) {
        rc = db_exec(db, STATEMENTS[i], DB_NO_PARAMS, NULL, err);
    }
    return rc == ERR_OK ? db_commit(STEAL(db), err) : rc;
}

static enum err_code run_migration(struct db *db, const struct migration *migration, size_t number,
                                   struct err *err)
{
    uint8_t sha256[crypto_hash_sha256_BYTES];
    digest(migration->text, sha256);
    struct db_statement script = {migration->name, migration->text};
    enum err_code rc = db_exec_script(db, script, err);
    if (rc == ERR_OK) {
        rc = db_exec(db, DB_SQL(migrate_ledger_insert),
                     DB_PARAMS(db_int((int)number), db_text(migration->name),
                               db_bytes(sha256, sizeof(sha256))),
                     NULL, err);
    }
    return rc;
}

/* One transaction: lock, read the ledger, do the next migration. `*is_done`: none was left. */
static enum err_code apply_next(struct db_pool *pool, const struct migration *migrations,
                                const struct migration **done, struct err *err)
{
    struct ledger ledger = {migrations, 0};
    AUTO(db_rollback) struct db *db = NULL;
    enum err_code rc = begin(pool, false, &db, err);
    if (rc == ERR_OK) {
        rc = db_exec(db, DB_SQL(migrate_lock), DB_NO_PARAMS, NULL, err);
    }
    if (rc == ERR_OK) {
        rc = read_ledger(db, &ledger, err);
    }
    const struct migration *next = &migrations[ledger.applied];
    if (rc == ERR_OK && next->name != NULL) {
        rc = run_migration(db, next, ledger.applied + 1, err);
    }
    if (rc == ERR_OK) {
        rc = db_commit(STEAL(db), err);
    }
    if (rc == ERR_OK) {
        *done = next->name == NULL ? NULL : next;
    }
    return rc;
}

static enum err_code report_pending(struct db_pool *pool, const char *cluster,
                                    const struct migration *migrations,
                                    const struct migrate_options *options, struct err *err)
{
    struct ledger ledger = {migrations, 0};
    AUTO(db_rollback) struct db *db = NULL;
    enum err_code rc = begin(pool, true, &db, err);
    if (rc == ERR_OK) {
        rc = read_ledger(db, &ledger, err);
    }
    for (size_t i = ledger.applied; rc == ERR_OK && i < count_of(migrations); i++) {
        report(options, cluster, migrations[i].name);
    }
    return rc;
}

enum err_code migrate_apply(struct db_pool *pool, const char *cluster,
                            const struct migration *migrations,
                            const struct migrate_options *options, struct err *err)
{
    enum err_code rc = check_numbers(migrations, err);
    if (rc != ERR_OK) {
        return rc;
    }
    if (options->dry_run) {
        return report_pending(pool, cluster, migrations, options, err);
    }
    rc = ensure_ledger(pool, err);
    const struct migration *done = migrations;
    while (rc == ERR_OK && done != NULL) {
        rc = apply_next(pool, migrations, &done, err);
        if (rc == ERR_OK && done != NULL) {
            report(options, cluster, done->name);
        }
    }
    return rc;
}

enum err_code migrate_case(struct db_pool *pool, const struct migrate_options *options,
                           struct err *err)
{
    struct migration migrations[MIGRATIONS_MAX + 1] = {{NULL, NULL}};
    for (size_t i = 0; i < MIGRATIONS_MAX && embed_case_migrations_files[i].name != NULL; i++) {
        migrations[i] = (struct migration){embed_case_migrations_files[i].name,
                                           embed_case_migrations_files[i].text};
    }
    enum err_code rc = migrate_apply(pool, "case", migrations, options, err);
    return rc == ERR_OK ? migrate_reference(pool, options, err) : rc;
}

enum err_code migrate_release(struct db_pool *pool, const struct migrate_options *options,
                              struct err *err)
{
    struct migration migrations[MIGRATIONS_MAX + 1] = {{NULL, NULL}};
    for (size_t i = 0; i < MIGRATIONS_MAX && embed_release_migrations_files[i].name != NULL; i++) {
        migrations[i] = (struct migration){embed_release_migrations_files[i].name,
                                           embed_release_migrations_files[i].text};
    }
    return migrate_apply(pool, "release", migrations, options, err);
}
