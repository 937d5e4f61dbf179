/* query_table - what a table is called and how its bytes are fixed: canonical query, digest,
 * citation, caveats. See query.h. */
#include "domain/query_internal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    CITATION_DIGEST_BYTES = 6,
    OWN_CAVEATS_MAX = 2, /* the indicator's and the one on hundredths */
};

const char *query_audience_name(enum query_audience audience)
{
    static const char *const NAMES[] = {
        [AUDIENCE_NAMED] = "named",
        [AUDIENCE_POOLED] = "pooled",
        [AUDIENCE_OWN] = "own",
    };
    return NAMES[audience];
}

static void texts_append(struct buf *buf, const char *const *texts, size_t count, char separator)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buf_append_byte(buf, (uint8_t)separator);
        }
        buf_append_text(buf, texts[i]);
    }
}

static int text_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int filter_compare(const void *a, const void *b)
{
    return strcmp((*(const struct query_filter *const *)a)->dimension,
                  (*(const struct query_filter *const *)b)->dimension);
}

/** Filters by dimension, codes by text: the order of the words does not matter. */
static void filters_append(struct buf *buf, const struct query *query)
{
    const struct query_filter *filters[QUERY_FILTERS_MAX];
    const size_t count = query->words.filter_count;
    for (size_t i = 0; i < count; i++) {
        filters[i] = &query->words.filters[i];
    }
    qsort(filters, count, sizeof(filters[0]), filter_compare);
    for (size_t i = 0; i < count; i++) {
        const char *codes[QUERY_CODES_MAX];
        memcpy(codes, filters[i]->codes, filters[i]->code_count * sizeof(codes[0]));
        qsort(codes, filters[i]->code_count, sizeof(codes[0]), text_compare);
        buf_append_format(buf, "&where.%s=", filters[i]->dimension);
        texts_append(buf, codes, filters[i]->code_count, '|');
    }
}

static void canonical_append(struct buf *buf, const struct query *query)
{
    buf_append_format(buf, "partnership=%s&measure=%s&by=", query->words.partnership,
                      query->measure->slug);
    texts_append(buf, query->by, query->by_count, ',');
    filters_append(buf, query);
    buf_append_format(buf, "&from=%s&to=%s&audience=%s", query->period_from, query->period_to,
                      query_audience_name(query->words.audience));
}

static void value_append(struct buf *buf, bool is_present, struct cell_value value)
{
    if (!is_present) {
        buf_append_text(buf, ";");
    } else if (value.state == CELL_EXACT) {
        buf_append_format(buf, ";%lld", (long long)value.exact);
    } else {
        buf_append_format(buf, ";%s", cell_state_name(value.state));
    }
}

/** The rows as text: a line each, `;` between cells, 12 significant digits. */
static void rows_append(struct buf *buf, const struct query_table *table, size_t key_count)
{
    for (size_t i = 0; i < table->row_count; i++) {
        const struct query_row *row = &table->rows[i];
        for (size_t key = 0; key < key_count; key++) {
            buf_append_text(buf, key == 0 ? "" : ";");
            buf_append_text(buf, row->keys[key]);
        }
        value_append(buf, row->has_numerator, row->numerator);
        value_append(buf, row->has_denominator, row->denominator);
        if (row->has_value) {
            buf_append_format(buf, ";%.12g\n", row->value);
        } else {
            buf_append_text(buf, ";\n");
        }
    }
}

static enum err_code digest_fill(struct query_table *table, const struct query *query,
                                 struct err *err)
{
    AUTO_BUF struct buf text = BUF_INIT;
    texts_append(&text, query->by, query->by_count, ';');
    buf_append_text(&text, ";numerator;denominator;value\n");
    rows_append(&text, table, query->by_count);
    enum err_code rc = buf_check(&text, err);
    if (rc == ERR_OK) {
        crypto_hash_sha256(table->sha256, text.data, text.len);
    }
    return rc;
}

static void citation_append(struct query_table *table, const struct query *query,
                            const struct query_scope *scope)
{
    struct buf *buf = &table->citation;
    buf_append_format(buf, "Fremgang, %s: %s", query->words.partnership, query->measure->slug);
    buf_append_text(buf, " by ");
    texts_append(buf, query->by, query->by_count, ',');
    if (query->words.audience == AUDIENCE_OWN) {
        buf_append_text(buf, "; own figures");
    } else {
        buf_append_text(buf, "; release ");
        texts_append(buf, scope->release_ids, scope->release_count, ',');
        buf_append_format(buf, "; policy %s; %s", scope->policy,
                          query_audience_name(query->words.audience));
    }
    buf_append_text(buf, "; sha256 ");
    for (size_t i = 0; i < CITATION_DIGEST_BYTES; i++) {
        buf_append_format(buf, "%02x", table->sha256[i]);
    }
    buf_append_text(buf, scope->synthetic ? "; synthetic data" : "");
}

static enum err_code caveat_add(struct query_table *table, const char *en, const char *da,
                                struct err *err)
{
    char *copy_en = strdup(en);
    char *copy_da = strdup(da);
    if (copy_en == NULL || copy_da == NULL) {
        free(copy_en);
        free(copy_da);
        return err_memory(err);
    }
    table->caveats[table->caveat_count] = copy_en;
    table->caveats_da[table->caveat_count] = copy_da;
    table->caveat_count++;
    return ERR_OK;
}

static enum err_code caveats_fill(struct query_table *table, const struct query *query,
                                  const struct query_scope *scope, struct err *err)
{
    const struct measure *measure = query->measure;
    const size_t capacity = scope->caveat_count + OWN_CAVEATS_MAX;
    table->caveats = calloc(capacity, sizeof(*table->caveats));
    table->caveats_da = calloc(capacity, sizeof(*table->caveats_da));
    enum err_code rc =
        table->caveats == NULL || table->caveats_da == NULL ? err_memory(err) : ERR_OK;
    if (rc == ERR_OK && measure->indicator->caveat_en[0] != '\0') {
        rc = caveat_add(table, measure->indicator->caveat_en, measure->indicator->caveat_da, err);
    }
    if (rc == ERR_OK &&
        (measure->statistic == STATISTIC_RATIO || measure->statistic == STATISTIC_MEAN)) {
        rc = caveat_add(table, "JSON and CSV give numerator and denominator in hundredths",
                        "JSON og CSV angiver tæller og nævner i hundrededele", err);
    }
    for (size_t i = 0; i < scope->caveat_count && rc == ERR_OK; i++) {
        rc = caveat_add(table, scope->caveats[i], scope->caveats_da[i], err);
    }
    return rc;
}

enum err_code query_table_name(struct query_table *table, const struct query *query,
                               const struct query_scope *scope, struct err *err)
{
    canonical_append(&table->canonical, query);
    enum err_code rc = digest_fill(table, query, err);
    if (rc == ERR_OK) {
        citation_append(table, query, scope);
        rc = caveats_fill(table, query, scope, err);
    }
    if (rc == ERR_OK) {
        rc = buf_check(&table->canonical, err);
    }
    return rc == ERR_OK ? buf_check(&table->citation, err) : rc;
}

void query_table_free(struct query_table *table)
{
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; i < table->caveat_count; i++) {
        free(table->caveats[i]);
        free(table->caveats_da[i]);
    }
    free(table->caveats);
    free(table->caveats_da);
    buf_clear(&table->canonical);
    buf_clear(&table->citation);
    free(table->rows);
    free(table);
}

const struct query_row *query_table_rows(const struct query_table *table, size_t *count)
{
    *count = table->row_count;
    return table->rows;
}

const char *query_table_canonical(const struct query_table *table)
{
    return buf_text(&table->canonical);
}

const uint8_t *query_table_sha256(const struct query_table *table)
{
    return table->sha256;
}

const char *query_table_citation(const struct query_table *table)
{
    return buf_text(&table->citation);
}

const char *const *query_table_caveats(const struct query_table *table, size_t *count)
{
    *count = table->caveat_count;
    return (const char *const *)table->caveats;
}

const char *const *query_table_caveats_da(const struct query_table *table, size_t *count)
{
    *count = table->caveat_count;
    return (const char *const *)table->caveats_da;
}
