/* db_error - SQLSTATE to err_code, in one table. PostgreSQL's own texts never leave. */
#include "store/db_internal.h"

#include <string.h>

struct sqlstate_rule {
    const char *prefix; /* the longest that fits wins: rows of one class stand above it */
    enum err_code code;
    const char *reason;
    const char *message;
};

/* PostgreSQL 15, appendix A "PostgreSQL Error Codes". */
static const struct sqlstate_rule RULES[] = {
    {"23505", ERR_CONFLICT, "DB_DUPLICATE", "a row with this key is already there"},
    {"23P01", ERR_CONFLICT, "DB_DUPLICATE", "a row that excludes this one is already there"},
    {"23", ERR_INVALID, "DB_CONSTRAINT", "a value breaks a rule of the database"},
    {"22", ERR_INVALID, "DB_VALUE", "a value does not fit its type"},
    {"40001", ERR_UNAVAILABLE, "DB_RETRY", "the database asks to run the transaction again"},
    {"40P01", ERR_UNAVAILABLE, "DB_RETRY", "the database asks to run the transaction again"},
    {"55P03", ERR_UNAVAILABLE, "DB_RETRY", "a lock of the database was not free"},
    {"57014", ERR_TIMEOUT, "", "the database did not finish before the deadline"},
    {"25P03", ERR_TIMEOUT, "", "the database ended an idle transaction"},
    {"57P", ERR_UNAVAILABLE, "", "the database is shutting down or starting"},
    {"08", ERR_UNAVAILABLE, "", "the connection to the database was lost"},
    {"53", ERR_UNAVAILABLE, "", "the database is short of memory, disk or connections"},
    {"28", ERR_DENIED, "", "the database does not accept this log-in"},
    {"42501", ERR_DENIED, "", "the database role may not do this"},
    {"25006", ERR_DENIED, "", "the transaction is read-only"},
    {"XX001", ERR_CORRUPT, "", "the database reports damaged data"},
    {"XX002", ERR_CORRUPT, "", "the database reports a damaged index"},
    {"", ERR_INTERNAL, "", "the database refused a statement"},
};

static const struct sqlstate_rule *rule_find(const char *sqlstate)
{
    const struct sqlstate_rule *rule = RULES;
    while (strncmp(sqlstate, rule->prefix, strlen(rule->prefix)) != 0) {
        rule++; // the last row's empty prefix fits everything
    }
    return rule;
}

enum err_code db_map_connection_lost(const char *statement, struct err *err)
{
    (void)err_set(err, ERR_UNAVAILABLE, "the database cannot be reached");
    return err_detail(err, "statement %s: connection lost", statement);
}

enum err_code db_map_error(const PGresult *result, const char *statement, struct err *err)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (sqlstate == NULL) {
        return db_map_connection_lost(statement, err);
    }
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    const struct sqlstate_rule *rule = rule_find(sqlstate);
    (void)err_set(err, rule->code, "%s", rule->message);
    (void)err_reason(err, rule->reason);
    return err_detail(err, "statement %s: SQLSTATE %s, constraint %s", statement, sqlstate,
                      constraint == NULL ? "-" : constraint);
}
