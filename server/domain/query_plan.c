/* query_plan - checks a question against the catalogue and the publication plan. See query.h. */
#include "domain/query.h"

#include "base/nearest.h"

#include <stdio.h>
#include <string.h>

#define DIMENSION_MUNICIPALITY "municipality"

enum { WORDS_BYTES = 200, CODES_LISTED_MAX = 8 };

/** A question being checked. */
struct planning {
    const struct catalogue *catalogue;
    struct query query;
    const char *period_name;
    const char *dimensions[PLAN_DIMENSIONS_MAX]; /* asked by or filtered by */
    size_t dimension_count;
    struct err *err;
};

static bool is_outcome(const struct planning *planning, const char *name)
{
    return planning->query.measure->statistic == STATISTIC_DISTRIBUTION &&
           strcmp(name, planning->query.measure->outcome_column) == 0;
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum err_code dimension_refuse(const struct planning *planning, const char *name)
{
    const struct indicator *indicator = planning->query.measure->indicator;
    enum period_kind kind = PERIOD_QUARTER;
    if (period_kind_find(name, &kind)) {
        err_set(planning->err, ERR_INVALID, "%s is counted by %s, not by %s",
                planning->query.measure->slug, planning->period_name, name);
        return err_hint(planning->err, "Ask by %s.", planning->period_name);
    }
    const char *meant = nearest_name(name, indicator->dimensions, indicator->dimension_count);
    err_set(planning->err, ERR_NOT_FOUND, "unrecognized dimension \"%.40s\" of %s", name,
            planning->query.measure->slug);
    err_reason(planning->err, "DIMENSION_UNKNOWN");
    return err_hint(planning->err, "Did you mean \"%s\"? `fremgang indicators` lists dimensions.",
                    meant != NULL ? meant : planning->period_name);
}

/** Notes that the answer needs a dimension of the indicator. */
static enum err_code dimension_need(struct planning *planning, const char *name)
{
    const struct indicator *indicator = planning->query.measure->indicator;
    if (!is_one_of(name, indicator->dimensions, indicator->dimension_count)) {
        return dimension_refuse(planning, name);
    }
    if (is_one_of(name, planning->dimensions, planning->dimension_count)) {
        return ERR_OK;
    }
    if (strcmp(name, DIMENSION_MUNICIPALITY) == 0 &&
        planning->query.words.audience == AUDIENCE_OWN) {
        return err_set(planning->err, ERR_INVALID, "an own table holds one municipality: yours");
    }
    if (planning->dimension_count == PLAN_DIMENSIONS_MAX) {
        return err_set(planning->err, ERR_INVALID,
                       "more than %d dimensions beside period and outcome", PLAN_DIMENSIONS_MAX);
    }
    planning->dimensions[planning->dimension_count++] = name;
    return ERR_OK;
}

static enum err_code by_read(struct planning *planning)
{
    struct query *query = &planning->query;
    const struct query_words *words = &query->words;
    query->by[query->by_count++] = planning->period_name;
    for (size_t i = 0; i < words->by_count; i++) {
        const char *name = words->by[i];
        if (is_one_of(name, words->by, i)) {
            return err_set(planning->err, ERR_INVALID, "dimension \"%.40s\" is asked for twice",
                           name);
        }
        if (strcmp(name, planning->period_name) == 0 || is_outcome(planning, name)) {
            continue;
        }
        enum err_code rc = dimension_need(planning, name);
        if (rc != ERR_OK) {
            return rc;
        }
        query->by[query->by_count++] = name;
        query->is_by_municipality |= strcmp(name, DIMENSION_MUNICIPALITY) == 0;
    }
    if (query->measure->statistic == STATISTIC_DISTRIBUTION) {
        query->by[query->by_count++] = query->measure->outcome_column;
    }
    return ERR_OK;
}

static enum err_code period_read(const struct planning *planning, const char *text,
                                 char out[PERIOD_TEXT_BYTES])
{
    struct period period;
    if (text[0] == '\0') {
        return ERR_OK;
    }
    if (!period_parse(text, &period) ||
        period.kind != planning->query.measure->indicator->period_kind) {
        err_set(planning->err, ERR_INVALID, "\"%.20s\" is not a %s", text, planning->period_name);
        return err_hint(planning->err, "Write it as %s.",
                        strcmp(planning->period_name, "quarter") == 0 ? "2014-Q1" : "2014-H1");
    }
    period_format(period, out);
    return ERR_OK;
}

/** Names the code that was meant; all of them where there are few. */
static enum err_code code_refuse(const struct planning *planning, const char *dimension,
                                 const struct code_run *codes, const char *code)
{
    char listed[WORDS_BYTES] = "";
    size_t len = 0;
    err_set(planning->err, ERR_INVALID, "\"%.40s\" is no code of %s", code, dimension);
    err_reason(planning->err, "CODE_UNKNOWN");
    const char *meant = nearest_name(code, codes->codes, codes->count);
    if (meant != NULL) {
        return err_hint(planning->err, "Did you mean \"%s\"?", meant);
    }
    if (codes->count > CODES_LISTED_MAX) {
        return ERR_INVALID;
    }
    for (size_t i = 0; i < codes->count && len < sizeof(listed); i++) {
        len += (size_t)snprintf(listed + len, sizeof(listed) - len, "%s%s", len == 0 ? "" : ", ",
                                codes->codes[i]);
    }
    return err_hint(planning->err, "The codes are %s.", listed);
}

static bool is_special(const char *dimension, const char *code)
{
    return strcmp(code, CATALOGUE_OUTCOME_NONE) == 0 ||
           (strcmp(dimension, DIMENSION_MUNICIPALITY) == 0 && strcmp(code, QUERY_POOL_KEY) == 0);
}

/** A filter on an unknown code would give an empty table, as if nothing had happened. */
static enum err_code codes_check(const struct planning *planning, const struct query_filter *filter,
                                 const struct code_run *codes)
{
    for (size_t i = 0; codes != NULL && i < filter->code_count; i++) {
        const char *code = filter->codes[i];
        if (!is_one_of(code, codes->codes, codes->count) && !is_special(filter->dimension, code)) {
            return code_refuse(planning, filter->dimension, codes, code);
        }
    }
    return ERR_OK;
}

static enum err_code filter_periods_check(const struct planning *planning,
                                          const struct query_filter *filter)
{
    char ignored[PERIOD_TEXT_BYTES];
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < filter->code_count && rc == ERR_OK; i++) {
        rc = period_read(planning, filter->codes[i], ignored);
    }
    return rc;
}

static enum err_code filter_check(struct planning *planning, size_t index)
{
    const struct query_filter *filter = &planning->query.words.filters[index];
    if (filter->code_count == 0 || filter->code_count > QUERY_CODES_MAX) {
        return err_set(planning->err, ERR_INVALID, "a filter of %zu codes, wanted 1 to %d",
                       filter->code_count, QUERY_CODES_MAX);
    }
    for (size_t i = 0; i < index; i++) {
        if (strcmp(planning->query.words.filters[i].dimension, filter->dimension) == 0) {
            return err_set(planning->err, ERR_INVALID, "dimension \"%.40s\" is filtered twice",
                           filter->dimension);
        }
    }
    if (strcmp(filter->dimension, planning->period_name) == 0) {
        return filter_periods_check(planning, filter);
    }
    if (is_outcome(planning, filter->dimension)) {
        return codes_check(planning, filter, planning->query.outcomes);
    }
    enum err_code rc = dimension_need(planning, filter->dimension);
    return rc != ERR_OK ? rc
                        : codes_check(planning, filter,
                                      catalogue_codes(planning->catalogue, filter->dimension));
}

static enum err_code filters_read(struct planning *planning)
{
    if (planning->query.words.filter_count > QUERY_FILTERS_MAX) {
        return err_set(planning->err, ERR_INVALID, "%zu filters, at most %d",
                       planning->query.words.filter_count, QUERY_FILTERS_MAX);
    }
    for (size_t i = 0; i < planning->query.words.filter_count; i++) {
        enum err_code rc = filter_check(planning, i);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    return ERR_OK;
}

static enum err_code periods_read(struct planning *planning)
{
    struct query *query = &planning->query;
    enum err_code rc = period_read(planning, query->words.period_from, query->period_from);
    if (rc == ERR_OK) {
        rc = period_read(planning, query->words.period_to, query->period_to);
    }
    if (rc == ERR_OK && query->period_to[0] != '\0' &&
        strcmp(query->period_from, query->period_to) > 0) {
        return err_set(planning->err, ERR_INVALID, "the first period %s is after the last, %s",
                       query->period_from, query->period_to);
    }
    return rc;
}

/** Says which tables the plan does hold. */
static enum err_code table_refuse(const struct planning *planning)
{
    char held[WORDS_BYTES] = "";
    size_t len = 0;
    size_t count = 0;
    const struct planned_table *tables = catalogue_plan(planning->catalogue, &count);
    for (size_t i = 0; i < count && len < sizeof(held); i++) {
        if (tables[i].indicator != planning->query.measure->indicator) {
            continue;
        }
        len += (size_t)snprintf(held + len, sizeof(held) - len, "%s%s", len == 0 ? "" : "; ",
                                planning->period_name);
        for (size_t j = 0; j < tables[i].dimension_count && len < sizeof(held); j++) {
            len += (size_t)snprintf(held + len, sizeof(held) - len, ",%s", tables[i].dimensions[j]);
        }
    }
    err_set(planning->err, ERR_INVALID, "the publication plan has no table of %s by these",
            planning->query.measure->indicator->id);
    err_reason(planning->err, "TABLE_NOT_PLANNED");
    return err_hint(planning->err, "Planned: %s.", held);
}

static enum err_code source_add(struct planning *planning, const char *const *dimensions,
                                size_t count, bool is_pool)
{
    struct query *query = &planning->query;
    struct query_source *source = &query->sources[query->source_count];
    *source = (struct query_source){.dimension_count = count, .is_pool = is_pool};
    if (query->words.audience == AUDIENCE_OWN) { // exact and the owner's: no plan limits it
        memcpy(source->dimensions, dimensions, count * sizeof(*dimensions));
        query->source_count++;
        return ERR_OK;
    }
    const struct planned_table *table =
        catalogue_find_table(planning->catalogue, query->measure->indicator, dimensions, count);
    if (table == NULL) {
        return is_pool && query->source_count > 0 ? ERR_OK : table_refuse(planning);
    }
    memcpy(source->dimensions, table->dimensions, count * sizeof(*dimensions));
    query->source_count++;
    return ERR_OK;
}

static enum err_code sources_find(struct planning *planning)
{
    const struct query *query = &planning->query;
    const char *const *needed = planning->dimensions;
    const bool is_pooled = query->words.audience == AUDIENCE_POOLED;
    const bool needs_member = is_one_of(DIMENSION_MUNICIPALITY, needed, planning->dimension_count);
    if (needs_member && is_pooled && !query->is_by_municipality) {
        err_set(planning->err, ERR_INVALID, "single municipalities are not shown to you");
        err_reason(planning->err, "MUNICIPALITY_WITHHELD");
        return err_hint(planning->err, "Leave the filter on municipality out.");
    }
    if (!needs_member || !is_pooled) {
        enum err_code rc = source_add(planning, needed, planning->dimension_count, false);
        if (rc != ERR_OK || !query->is_by_municipality) {
            return rc;
        }
    }
    const char *rest[PLAN_DIMENSIONS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < planning->dimension_count; i++) {
        if (strcmp(needed[i], DIMENSION_MUNICIPALITY) != 0) {
            rest[count++] = needed[i];
        }
    }
    return source_add(planning, rest, count, true);
}

enum err_code query_plan(const struct catalogue *catalogue, const struct query_words *words,
                         struct query *out, struct err *err)
{
    struct planning planning = {.catalogue = catalogue, .query = {.words = *words}, .err = err};
    enum err_code rc =
        catalogue_find_measure(catalogue, words->measure, &planning.query.measure, err);
    if (rc != ERR_OK) {
        return rc;
    }
    planning.query.outcomes = catalogue_outcomes(catalogue, planning.query.measure);
    planning.period_name = period_kind_name(planning.query.measure->indicator->period_kind);
    rc = by_read(&planning);
    if (rc == ERR_OK) {
        rc = filters_read(&planning);
    }
    if (rc == ERR_OK) {
        rc = periods_read(&planning);
    }
    if (rc == ERR_OK) {
        rc = sources_find(&planning);
    }
    if (rc == ERR_OK) {
        *out = planning.query;
    }
    return rc;
}
