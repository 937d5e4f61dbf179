/*
 * case_audit - the audit of the case cluster. Called by intake's gate, in the transaction that
 * the entry records; for a refused call in one of its own.
 *
 *     rc = case_audit_append(db, &(struct case_audit_entry){
 *         .process = "intake", .method = "/fremgang.v1.SubmissionService/Push", ...}, err);
 *
 * An entry never holds a pseudonym, a value or a secret.
 */
#ifndef FREMGANG_STORE_CASE_CASE_AUDIT_H
#define FREMGANG_STORE_CASE_CASE_AUDIT_H

#include "store/db.h"

/** Borrows; no text is NULL. */
struct case_audit_entry {
    const char *process;
    const char *method;
    const char *principal_id; /* "" when nobody was authenticated */
    const char *role;         /* likewise */
    int municipality_code;    /* 0 when nobody was authenticated: written without a role */
    const char *request_id;
    const char *verdict;
    const char *subject; /* canonical query, counts of a push, or "" */
};

/** Appends an entry. ERR_DENIED when the transaction's role speaks for another municipality. */
NODISCARD enum err_code case_audit_append(struct db *db, const struct case_audit_entry *entry,
                                          struct err *err);

#endif
