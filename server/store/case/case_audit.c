/* case_audit - see case_audit.h. */
#include "store/case/case_audit.h"

#include "embed/embed_queries.h"

enum err_code case_audit_append(struct db *db, const struct case_audit_entry *entry,
                                struct err *err)
{
    struct db_value municipality =
        entry->municipality_code == 0 ? db_null() : db_int(entry->municipality_code);
    return db_exec(db, DB_SQL(case_audit_append),
                   DB_PARAMS(db_text(entry->process), db_text(entry->method),
                             db_text(entry->principal_id), db_text(entry->role), municipality,
                             db_text(entry->request_id), db_text(entry->verdict),
                             db_text(entry->subject)),
                   NULL, err);
}
