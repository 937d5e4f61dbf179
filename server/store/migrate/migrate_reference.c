/* migrate_reference - the files of sql/reference into schema ref, all when one is new. */
#include "store/migrate/migrate.h"

#include "base/limits.h"
#include "embed/embed_queries.h"
#include "embed/embed_reference.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* How each file is loaded; a file without a row here is a bug that a test finds. */
static const struct {
    const char *name;
    struct db_statement copy;
} LOADS[] = {
    {"municipality", {"reference_copy_municipality", sql_reference_copy_municipality}},
    {"code_list", {"reference_copy_code_list", sql_reference_copy_code_list}},
    {"paragraph", {"reference_copy_paragraph", sql_reference_copy_paragraph}},
    {"place_type", {"reference_copy_place_type", sql_reference_copy_place_type}},
    {"ladder_step", {"reference_copy_ladder_step", sql_reference_copy_ladder_step}},
    {"instrument", {"reference_copy_instrument", sql_reference_copy_instrument}},
    {"law_rule", {"reference_copy_law_rule", sql_reference_copy_law_rule}},
    {"age_band", {"reference_copy_age_band", sql_reference_copy_age_band}},
    {"interval_band", {"reference_copy_interval_band", sql_reference_copy_interval_band}},
    {"period", {"reference_copy_period", sql_reference_copy_period}},
    {"indicator", {"reference_copy_indicator", sql_reference_copy_indicator}},
    {"measure", {"reference_copy_measure", sql_reference_copy_measure}},
    {"plan", {"reference_copy_plan", sql_reference_copy_plan}},
};

/* Counts the files that the database already holds as they are. */
struct loaded {
    size_t same;
};

static const char *text_of(const char *name)
{
    const struct embed_reference_file *file = embed_reference_files;
    while (file->name != NULL && strcmp(file->name, name) != 0) {
        file++;
    }
    return file->text;
}

static void digest(const char *text, uint8_t out[crypto_hash_sha256_BYTES])
{
    (void)crypto_hash_sha256(out, (const unsigned char *)text, strlen(text));
}

static enum err_code compare_loaded(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    uint8_t sha256[crypto_hash_sha256_BYTES];
    const char *text = text_of(db_row_text(row, 0));
    struct db_bytes held = db_row_bytes(row, 1);
    if (text != NULL) {
        digest(text, sha256);
        bool is_same = held.len == sizeof(sha256) && memcmp(held.data, sha256, held.len) == 0;
        ((struct loaded *)ctx)->same += is_same ? 1 : 0;
    }
    return ERR_OK;
}

static enum err_code load_one(struct db *db, size_t i, struct err *err)
{
    uint8_t sha256[crypto_hash_sha256_BYTES];
    const char *text = text_of(LOADS[i].name);
    if (text == NULL) {
        return err_set(err, ERR_INTERNAL, "reference file \"%s\" is not in this program",
                       LOADS[i].name);
    }
    digest(text, sha256);
    enum err_code rc = db_copy_text(db, LOADS[i].copy, text, err);
    if (rc == ERR_OK) {
        rc =
            db_exec(db, DB_SQL(migrate_reference_note),
                    DB_PARAMS(db_text(LOADS[i].name), db_bytes(sha256, sizeof(sha256))), NULL, err);
    }
    return rc;
}

static enum err_code load_all(struct db *db, const struct migrate_options *options, struct err *err)
{
    enum err_code rc = db_exec(db, DB_SQL(migrate_reference_clear), DB_NO_PARAMS, NULL, err);
    for (size_t i = 0; rc == ERR_OK && i < ARRAY_COUNT(LOADS); i++) {
        rc = load_one(db, i, err);
    }
    if (rc == ERR_OK && options->report != NULL) {
        options->report(options->ctx, "case reference tables");
    }
    return rc;
}

static size_t file_count(void)
{
    size_t n = 0;
    while (embed_reference_files[n].name != NULL) {
        n++;
    }
    return n;
}

/* A dry run does not know the ledger of a database that was never migrated. */
static enum err_code dry_run(const struct migrate_options *options)
{
    if (options->report != NULL) {
        options->report(options->ctx, "case reference tables, where changed");
    }
    return ERR_OK;
}

enum err_code migrate_reference(struct db_pool *pool, const struct migrate_options *options,
                                struct err *err)
{
    if (file_count() != ARRAY_COUNT(LOADS)) {
        return err_set(err, ERR_INTERNAL, "%zu reference files, %zu of them can be loaded",
                       file_count(), ARRAY_COUNT(LOADS));
    }
    if (options->dry_run) {
        return dry_run(options);
    }
    struct loaded loaded = {0};
    struct db_begin_options transaction = {.timeout_ms = MIGRATION_MS_MAX};
    AUTO(db_rollback) struct db *db = NULL;
    enum err_code rc = db_begin(pool, &transaction, &db, err);
    if (rc == ERR_OK) {
        rc = db_exec(db, DB_SQL(migrate_lock), DB_NO_PARAMS, NULL, err);
    }
    if (rc == ERR_OK) {
        rc = db_query(db, DB_SQL(migrate_reference_list), DB_NO_PARAMS,
                      (struct db_reader){compare_loaded, &loaded}, err);
    }
    if (rc == ERR_OK && loaded.same < ARRAY_COUNT(LOADS)) {
        rc = load_all(db, options, err);
    }
    return rc == ERR_OK ? db_commit(STEAL(db), err) : rc;
}
