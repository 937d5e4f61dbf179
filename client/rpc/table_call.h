/*
 * table_call - asks for a table: protected from pool, or exact from intake for the caller's
 * own municipality. Called by cmd_table and cmd_own.
 *
 *     struct table_query query = {.partnership = slug, .measure = "institution_share",
 *                                 .by = by, .by_count = 2};
 *     AUTO(table_free) struct table *table = NULL;
 *     code = table_get(caller, &query, &table, err);
 */
#ifndef FREMGANG_RPC_TABLE_CALL_H
#define FREMGANG_RPC_TABLE_CALL_H

#include "rpc/caller.h"
#include "rpc/table.h"

/** Keeps rows whose code in `dimension` is one of `codes`. */
struct table_filter {
    const char *dimension;
    const char *const *codes;
    size_t code_count;
};

/** What is asked; all borrowed. */
struct table_query {
    const char *partnership;
    const char *measure;
    const char *const *by;
    size_t by_count;
    const struct table_filter *filters;
    size_t filter_count;
    const char *period_from; /* "" or NULL: from the first */
    const char *period_to;   /* "" or NULL: to the last */
};

/** The protected table. Errors as caller_call; ERR_CORRUPT when the answer's rows and
 * dimensions do not fit. */
NODISCARD enum err_code table_get(struct caller *caller, const struct table_query *query,
                                  struct table **out, struct err *err);
/** The caller's own exact table. Errors as table_get. */
NODISCARD enum err_code table_get_own(struct caller *caller, const struct table_query *query,
                                      struct table **out, struct err *err);

#endif
