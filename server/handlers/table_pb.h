/*
 * table_pb - a computed table as the wire's Table, and the wire's question as the planner's
 * words. Called by TableService and OwnService, so that both answer alike.
 *
 *     rc = table_words_filters(call, get->filters, get->n_filters, &words, err);
 *     rc = table_pb_fill(call, &query, &scope, table, answer, err);
 */
#ifndef FREMGANG_HANDLERS_TABLE_PB_H
#define FREMGANG_HANDLERS_TABLE_PB_H

#include "domain/query.h"
#include "rpc/call.h"

#include "fremgang/v1/table_types.pb-c.h"

/** Puts the filters into the words; they live in the call's arena. ERR_INTERNAL at its cap. */
NODISCARD enum err_code table_words_filters(const struct call *call,
                                            Pb__TableFilter *const *filters, size_t count,
                                            struct query_words *words, struct err *err);
/** Fills the message from the table; all memory is the call's arena's. Also makes the canonical
 * query the call's audit subject. ERR_INTERNAL at the arena's cap. */
NODISCARD enum err_code table_pb_fill(struct call *call, const struct query *query,
                                      const struct query_scope *scope,
                                      const struct query_table *table, Pb__Table *out,
                                      struct err *err);

#endif
