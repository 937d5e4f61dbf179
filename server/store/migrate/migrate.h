/*
 * migrate - brings a database to the schema that this program was built with. Called by
 * server/main/migrate.c and by tests.
 *
 *     AUTO(db_pool_free) struct db_pool *pool = NULL;
 *     rc = db_pool_open(conninfo, 1, &pool, err);
 *     rc = migrate_case(pool, &(struct migrate_options){.report = print_line}, err);
 *
 * Each migration runs in one transaction with its ledger entry (number, name, SHA-256), under
 * an advisory lock, so that two runs at once do each step once.
 */
#ifndef FREMGANG_STORE_MIGRATE_MIGRATE_H
#define FREMGANG_STORE_MIGRATE_MIGRATE_H

#include "store/db.h"

/** A migration: its file's stem "NNN_name" and text, both borrowed for ever. */
struct migration {
    const char *name;
    const char *text;
};

struct migrate_options {
    bool dry_run; /* report what would be done, change nothing */
    /* Called once for each step done (or to be done): "case 003_cases"; NULL ok. */
    void (*report)(void *ctx, const char *step);
    void *ctx; /* borrowed */
};

/** Applies what the ledger does not hold yet. `cluster` is the word of the reports.
 * ERR_CORRUPT: an applied migration was changed or is missing here (the database is newer);
 * ERR_INVALID: the numbers do not run 001, 002, ...; else as in db.h. */
NODISCARD enum err_code migrate_apply(struct db_pool *pool, const char *cluster,
                                      const struct migration *migrations,
                                      const struct migrate_options *options, struct err *err);
/** Loads sql/reference into schema ref where a file's digest is new. */
NODISCARD enum err_code migrate_reference(struct db_pool *pool,
                                          const struct migrate_options *options, struct err *err);

/** The case cluster: its migrations, then the reference tables. */
NODISCARD enum err_code migrate_case(struct db_pool *pool, const struct migrate_options *options,
                                     struct err *err);
/** The release cluster: its migrations. */
NODISCARD enum err_code migrate_release(struct db_pool *pool, const struct migrate_options *options,
                                        struct err *err);

#endif
