/*
 * query - what `table` and `own` were asked, from their words and options: MEASURE,
 * --by, --from, --to, --where. Called by cmd_table and cmd_own.
 *
 *     AUTO(query_free) struct query *query = NULL;
 *     code = query_parse(cli, argc, argv, &query, &err);
 *     code = table_get(caller, query_table(query, partnership), &table, &err);
 */
#ifndef FREMGANG_QUERY_H
#define FREMGANG_QUERY_H

#include "cli.h"
#include "rpc/table_call.h"

struct query;

/** Gives the query. ERR_INVALID when the words are not one. */
NODISCARD enum err_code query_parse(const struct cli *cli, int argc, char **argv,
                                    struct query **out, struct err *err);
/** Takes it. NULL ok. */
void query_free(struct query *query);
DEFINE_AUTO(struct query, query_free);
/** The query for a partnership; borrowed from `query`, and borrows `partnership`. */
const struct table_query *query_table(struct query *query, const char *partnership);

#endif
