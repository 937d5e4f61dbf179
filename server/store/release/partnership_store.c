/* partnership_store - see partnership_store.h. */
#include "store/release/partnership_store.h"

#include "embed/embed_queries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What publish applies unless an agreement says otherwise: threshold and width of five. */
#define POLICY_DEFAULT "suppress-t5-w5"

enum { THRESHOLD_DEFAULT = 5, WIDTH_DEFAULT = 5 };

static enum err_code partnership_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct partnership *out = ctx;
    (void)err;
    out->id = (int)db_row_int(row, 0);
    snprintf(out->slug, sizeof(out->slug), "%s", db_row_text(row, 1));
    snprintf(out->name, sizeof(out->name), "%s", db_row_text(row, 2));
    out->from_date = db_row_date(row, 3);
    out->to_date = db_row_date(row, 4);
    out->synthetic = db_row_bool(row, 5);
    out->named_to_coordinator = db_row_bool(row, 6);
    out->named_to_researcher = db_row_bool(row, 7);
    snprintf(out->policy, sizeof(out->policy), "%s", db_row_text(row, 8));
    out->threshold = (int)db_row_int(row, 9);
    out->width = (int)db_row_int(row, 10);
    return ERR_OK;
}

static enum err_code member_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct partnership *out = ctx;
    struct query_member *members =
        reallocarray(out->members, out->member_count + 1, sizeof(*members));
    if (members == NULL) {
        return err_memory(err);
    }
    out->members = members;
    members[out->member_count++] = (struct query_member){
        (int)db_row_int(row, 0),
        db_row_date(row, 1),
        db_row_date(row, 2),
    };
    return ERR_OK;
}

enum err_code partnership_find(struct db *db, const char *slug, struct partnership **out,
                               struct err *err)
{
    AUTO(partnership_free) struct partnership *found = calloc(1, sizeof(*found));
    if (found == NULL) {
        return err_memory(err);
    }
    enum err_code rc = db_query_one(db, DB_SQL(partnership_find), DB_PARAMS(db_text(slug)),
                                    (struct db_reader){partnership_read, found}, err);
    if (rc == ERR_NOT_FOUND) {
        err_set(err, ERR_NOT_FOUND, "no partnership \"%.64s\"", slug);
        err_hint(err, "Write its short name as the steward registered it.");
        return err_reason(err, "PARTNERSHIP_UNKNOWN");
    }
    if (rc == ERR_OK) {
        rc = db_query(db, DB_SQL(partnership_members), DB_PARAMS(db_int(found->id)),
                      (struct db_reader){member_read, found}, err);
    }
    if (rc == ERR_OK) {
        *out = STEAL(found);
    }
    return rc;
}

void partnership_free(struct partnership *partnership)
{
    if (partnership != NULL) {
        free(partnership->members);
        free(partnership);
    }
}

bool partnership_has_member(const struct partnership *partnership, int municipality_code)
{
    for (size_t i = 0; i < partnership->member_count; i++) {
        if (partnership->members[i].municipality_code == municipality_code) {
            return true;
        }
    }
    return false;
}

static enum err_code id_read(const struct db_row *row, void *ctx, struct err *err)
{
    (void)err;
    *(int *)ctx = (int)db_row_int(row, 0);
    return ERR_OK;
}

enum err_code partnership_create(struct db *db, const struct partnership_draft *draft, int *out,
                                 struct err *err)
{
    enum err_code rc = db_query_one(
        db, DB_SQL(partnership_create),
        DB_PARAMS(db_text(draft->slug), db_text(draft->name), db_date(draft->from_date),
                  db_date(draft->to_date), db_bool(draft->synthetic),
                  db_int_array(draft->members, draft->member_count),
                  db_text_array(draft->named_to, draft->named_to_count), db_text(POLICY_DEFAULT),
                  db_int(THRESHOLD_DEFAULT), db_int(WIDTH_DEFAULT)),
        (struct db_reader){id_read, out}, err);
    if (rc == ERR_CONFLICT) {
        return err_set(err, ERR_CONFLICT, "partnership \"%.64s\" exists already", draft->slug);
    }
    return rc;
}

enum err_code partnership_slugs(struct db *db, struct db_reader read, struct err *err)
{
    return db_query(db, DB_SQL(partnership_slugs), DB_NO_PARAMS, read, err);
}

enum err_code partnership_close_periods(struct db *db, const struct partnership_close *close,
                                        struct db_reader read, struct err *err)
{
    return db_query(db, DB_SQL(partnership_close_periods),
                    DB_PARAMS(db_int(close->partnership_id), db_int(close->municipality_code),
                              db_text_array(close->periods, close->period_count),
                              db_text(close->closed_by)),
                    read, err);
}

enum err_code partnership_closed_periods(struct db *db, int partnership_id, struct db_reader read,
                                         struct err *err)
{
    return db_query(db, DB_SQL(partnership_closed_periods), DB_PARAMS(db_int(partnership_id)), read,
                    err);
}
