/* gov_store - see gov_store.h. */
#include "store/release/gov_store.h"

#include "embed/embed_queries.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { PRINCIPAL_ID_RANDOM_BYTES = 12 };

static enum err_code principal_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct gov_principal *out = ctx;
    struct db_bytes key = db_row_bytes(row, 5);
    if (key.len != GOV_KEY_BYTES) {
        return err_set(err, ERR_CORRUPT, "a principal's key has %zu bytes", key.len);
    }
    snprintf(out->id, sizeof(out->id), "%s", db_row_text(row, 0));
    snprintf(out->role, sizeof(out->role), "%s", db_row_text(row, 1));
    out->municipality_code = (int)db_row_int(row, 2);
    out->epoch = (int)db_row_int(row, 3);
    out->is_revoked = db_row_bool(row, 4);
    memcpy(out->public_key, key.data, key.len);
    return ERR_OK;
}

static enum err_code int_read(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(int64_t *)ctx = db_row_int(row, 0);
    return ERR_OK;
}

static enum err_code bool_read(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(bool *)ctx = db_row_bool(row, 0);
    return ERR_OK;
}

enum err_code gov_principal_find(struct db *db, const char *id, struct gov_principal *out,
                                 struct err *err)
{
    struct gov_principal found;
    enum err_code rc = db_query_one(db, DB_SQL(gov_principal_find), DB_PARAMS(db_text(id)),
                                    (struct db_reader){principal_read, &found}, err);
    if (rc == ERR_NOT_FOUND) {
        return err_set(err, ERR_NOT_FOUND, "no principal \"%.64s\"", id);
    }
    if (rc == ERR_OK) {
        *out = found;
    }
    return rc;
}

enum err_code gov_principal_revoke(struct db *db, const char *id, int *out, struct err *err)
{
    struct gov_principal found;
    int64_t epoch = 0;
    enum err_code rc = gov_principal_find(db, id, &found, err);
    if (rc != ERR_OK) {
        return rc;
    }
    rc = db_query_one(db, DB_SQL(gov_principal_revoke), DB_PARAMS(db_text(id)),
                      (struct db_reader){int_read, &epoch}, err);
    if (rc == ERR_NOT_FOUND) {
        return err_set(err, ERR_CONFLICT, "principal \"%s\" has ended already", found.id);
    }
    if (rc == ERR_OK) {
        *out = (int)epoch;
    }
    return rc;
}

enum err_code gov_principal_partnerships(struct db *db, const char *id, struct db_reader slug_read,
                                         struct err *err)
{
    return db_query(db, DB_SQL(gov_principal_partnerships), DB_PARAMS(db_text(id)), slug_read, err);
}

enum err_code gov_principal_coordinates(struct db *db, const char *id, int partnership_id,
                                        bool *out, struct err *err)
{
    return db_query_one(db, DB_SQL(gov_principal_coordinates),
                        DB_PARAMS(db_text(id), db_int(partnership_id)),
                        (struct db_reader){bool_read, out}, err);
}

enum err_code gov_code_create(struct db *db, const struct gov_code *code, struct err *err)
{
    return db_exec(db, DB_SQL(gov_code_create),
                   DB_PARAMS(db_bytes(code->sha256, sizeof(code->sha256)), db_text(code->role),
                             db_text(code->name), db_int(code->municipality_code),
                             db_int_array(code->partnership_ids, code->partnership_count),
                             db_text(code->created_by), db_bigint(code->expires_at_us)),
                   NULL, err);
}

/** "p-" and 96 random bits. */
static void principal_id_make(char out[GOV_PRINCIPAL_ID_BYTES])
{
    uint8_t random[PRINCIPAL_ID_RANDOM_BYTES];
    randombytes_buf(random, sizeof(random));
    memcpy(out, "p-", 2);
    sodium_bin2hex(out + 2, GOV_PRINCIPAL_ID_BYTES - 2, random, sizeof(random));
}

enum err_code gov_code_spend(struct db *db, const struct gov_spend *spend,
                             struct gov_principal *out, struct err *err)
{
    char id[GOV_PRINCIPAL_ID_BYTES];
    struct gov_principal made;
    principal_id_make(id);
    enum err_code rc = db_query_one(
        db, DB_SQL(gov_code_spend),
        DB_PARAMS(db_bytes(spend->code_sha256, GOV_DIGEST_BYTES), db_text(id),
                  db_bytes(spend->public_key, GOV_KEY_BYTES), db_bigint(spend->now_us)),
        (struct db_reader){principal_read, &made}, err);
    if (rc == ERR_NOT_FOUND) {
        return err_set(err, ERR_NOT_FOUND, "the enrolment code is unknown, spent or expired");
    }
    if (rc == ERR_CONFLICT) {
        return err_set(err, ERR_CONFLICT, "this key is enrolled already");
    }
    if (rc == ERR_OK) {
        *out = made;
    }
    return rc;
}

enum err_code gov_permit_grant(struct db *db, const struct gov_permit *permit, int64_t *out,
                               struct err *err)
{
    return db_query_one(db, DB_SQL(gov_permit_grant),
                        DB_PARAMS(db_text(permit->principal_id), db_int(permit->partnership_id),
                                  db_text(permit->purpose), db_date(permit->until_date),
                                  db_text(permit->granted_by)),
                        (struct db_reader){int_read, out}, err);
}

enum err_code gov_permit_is_valid(struct db *db, const char *principal_id, int partnership_id,
                                  date_t today, bool *out, struct err *err)
{
    return db_query_one(db, DB_SQL(gov_permit_is_valid),
                        DB_PARAMS(db_text(principal_id), db_int(partnership_id), db_date(today)),
                        (struct db_reader){bool_read, out}, err);
}
