/* query_statistic - the rows of one group by the measure's statistic. A value exists only when
 * every cell it needs is exact. See query.h. */
#include "domain/query_internal.h"

#include <stdlib.h>
#include <string.h>

enum { HISTOGRAM_BANDS_MAX = 16, BELOW_UNKNOWN = -1 };

/** What a cell that is not in the set stands for. */
static struct cell_value missing(const struct group *group)
{
    return group->kind == CELLS_EXACT ? cell_exact(0) : cell_absent(CELL_WITHHELD);
}

static const struct group_outcome *outcome_find(const struct group *group, const char *outcome)
{
    for (size_t i = 0; i < group->outcome_count; i++) {
        if (strcmp(group->outcomes[i].outcome, outcome) == 0) {
            return &group->outcomes[i];
        }
    }
    return NULL;
}

static struct cell_value outcome_value(const struct group *group, const char *outcome)
{
    const struct group_outcome *found = outcome_find(group, outcome);
    return found != NULL ? found->value : missing(group);
}

/** All outcomes together: the stored total, or the sum. */
static struct cell_value total_of(const struct group *group)
{
    const struct group_outcome *total = outcome_find(group, CELL_OUTCOME_TOTAL);
    if (total != NULL) {
        return total->value;
    }
    struct cell_value sum = cell_exact(0);
    for (size_t i = 0; i < group->outcome_count; i++) {
        sum = cell_add(sum, group->outcomes[i].value);
    }
    return sum;
}

static void row_divide(struct query_row *row)
{
    row->has_value = row->numerator.state == CELL_EXACT && row->denominator.state == CELL_EXACT &&
                     row->denominator.exact > 0;
    row->value =
        row->has_value ? (double)row->numerator.exact / (double)row->denominator.exact : 0.0;
}

static enum err_code row_of_two(const struct group *group, struct cell_value numerator,
                                struct cell_value denominator, struct query_table *table,
                                struct err *err)
{
    struct query_row *row = query_table_add(table, group);
    if (row == NULL) {
        return err_memory(err);
    }
    row->has_numerator = true;
    row->numerator = numerator;
    row->has_denominator = true;
    row->denominator = denominator;
    row_divide(row);
    return ERR_OK;
}

static enum err_code share_rows(const struct group *group, struct query_table *table,
                                struct err *err)
{
    const struct measure *measure = group->query->measure;
    struct cell_value numerator = outcome_value(group, measure->outcomes[0]);
    for (size_t i = 1; i < measure->outcome_count; i++) {
        numerator = cell_add(numerator, outcome_value(group, measure->outcomes[i]));
    }
    return row_of_two(group, numerator, total_of(group), table, err);
}

static enum err_code distribution_rows(const struct group *group, struct query_table *table,
                                       struct err *err)
{
    const struct cell_value total = total_of(group);
    const size_t last = group->query->by_count - 1;
    for (size_t i = 0; i < group->outcome_count; i++) {
        const struct group_outcome *outcome = &group->outcomes[i];
        if (strcmp(outcome->outcome, CELL_OUTCOME_TOTAL) == 0 ||
            !query_filter_passes(group->query, group->query->by[last], outcome->outcome)) {
            continue;
        }
        enum err_code rc = row_of_two(group, outcome->value, total, table, err);
        if (rc != ERR_OK) {
            return rc;
        }
        struct query_row *row = &table->rows[table->row_count - 1];
        memcpy(row->keys[last], outcome->outcome, strlen(outcome->outcome) + 1);
    }
    return ERR_OK;
}

static enum err_code count_rows(const struct group *group, struct query_table *table,
                                struct err *err)
{
    struct query_row *row = query_table_add(table, group);
    if (row == NULL) {
        return err_memory(err);
    }
    row->has_numerator = true;
    row->numerator = total_of(group);
    row->has_value = row->numerator.state == CELL_EXACT;
    row->value = (double)row->numerator.exact;
    return ERR_OK;
}

static enum err_code ratio_rows(const struct group *group, struct query_table *table,
                                struct err *err)
{
    return row_of_two(group, outcome_value(group, CELL_OUTCOME_NUMERATOR),
                      outcome_value(group, CELL_OUTCOME_DENOMINATOR), table, err);
}

/** A band of whole days, both ends in it: "62-92", or "275+" without an end. */
struct band {
    long from;
    long to;
    bool is_open;
};

static bool band_read(const char *code, struct band *out)
{
    char *end = NULL;
    out->from = strtol(code, &end, 10);
    if (end == code) {
        return false;
    }
    out->is_open = strcmp(end, "+") == 0;
    if (out->is_open) {
        return true;
    }
    if (*end != '-') {
        return false;
    }
    out->to = strtol(end + 1, &end, 10);
    return *end == '\0' && out->to >= out->from;
}

/** A group's bands in order, and how many units are known to lie below each. */
struct histogram {
    struct band bands[HISTOGRAM_BANDS_MAX];
    struct cell_value counts[HISTOGRAM_BANDS_MAX];
    int64_t below[HISTOGRAM_BANDS_MAX]; /* BELOW_UNKNOWN when hidden bands are on both sides */
    size_t count;
};

/** Reads the bands. False when an outcome is no band, or one between others is missing in a
 * release: it is hidden. */
static bool histogram_read(const struct group *group, struct histogram *out)
{
    long expected = 0;
    out->count = 0;
    for (size_t i = 0; i < group->outcome_count; i++) {
        const struct group_outcome *outcome = &group->outcomes[i];
        struct band band;
        if (strcmp(outcome->outcome, CELL_OUTCOME_TOTAL) == 0) {
            continue;
        }
        if (out->count == HISTOGRAM_BANDS_MAX || !band_read(outcome->outcome, &band) ||
            (group->kind == CELLS_PROTECTED && band.from != expected)) {
            return false;
        }
        out->counts[out->count] = outcome->value;
        out->bands[out->count++] = band;
        expected = band.is_open ? -1 : band.to + 1;
    }
    return true;
}

/** Adds up from below while bands are shown, and from above by what is left of the total. */
static void histogram_add_up(struct histogram *histogram, int64_t total)
{
    int64_t below = 0;
    int64_t above = 0;
    for (size_t i = 0; i < histogram->count; i++) {
        const bool is_shown = histogram->counts[i].state == CELL_EXACT;
        histogram->below[i] = below;
        below = below == BELOW_UNKNOWN || !is_shown ? BELOW_UNKNOWN
                                                    : below + histogram->counts[i].exact;
    }
    for (size_t i = histogram->count; i-- > 0 && histogram->counts[i].state == CELL_EXACT;) {
        above += histogram->counts[i].exact;
        histogram->below[i] = total - above;
    }
}

/** The grouped median: half of the total, interpolated inside the band that holds it. Whole
 * days a..b cover a - 0.5 to b + 0.5. False when that band is hidden or open, or it is not
 * known how many units lie below it. */
static bool median_find(const struct group *group, int64_t total, double *out)
{
    struct histogram histogram;
    const double half = (double)total / 2.0;
    if (!histogram_read(group, &histogram)) {
        return false;
    }
    histogram_add_up(&histogram, total);
    for (size_t i = 0; i < histogram.count; i++) {
        const struct band *band = &histogram.bands[i];
        const int64_t count = histogram.counts[i].exact;
        const int64_t below = histogram.below[i];
        if (histogram.counts[i].state != CELL_EXACT || below == BELOW_UNKNOWN || count == 0 ||
            (double)below > half || (double)(below + count) < half || band->is_open) {
            continue;
        }
        const double start = band->from == 0 ? 0.0 : (double)band->from - 0.5;
        const double end = (double)band->to + 0.5;
        *out = start + (half - (double)below) / (double)count * (end - start);
        return true;
    }
    return false;
}

static enum err_code median_rows(const struct group *group, struct query_table *table,
                                 struct err *err)
{
    struct query_row *row = query_table_add(table, group);
    if (row == NULL) {
        return err_memory(err);
    }
    row->has_denominator = true;
    row->denominator = total_of(group);
    const bool has_any = row->denominator.state == CELL_EXACT && row->denominator.exact > 0;
    row->has_value = has_any && median_find(group, row->denominator.exact, &row->value);
    if (has_any && !row->has_value) { // the counts that it would be read from are not shown
        row->has_numerator = true;
        row->numerator = cell_absent(CELL_WITHHELD);
    }
    return ERR_OK;
}

enum err_code statistic_rows(const struct group *group, struct query_table *table, struct err *err)
{
    static enum err_code (*const ROWS[])(const struct group *, struct query_table *,
                                         struct err *) = {
        [STATISTIC_COUNT] = count_rows,   [STATISTIC_SHARE] = share_rows,
        [STATISTIC_RATIO] = ratio_rows,   [STATISTIC_DISTRIBUTION] = distribution_rows,
        [STATISTIC_MEDIAN] = median_rows, [STATISTIC_MEAN] = ratio_rows,
    };
    return ROWS[group->query->measure->statistic](group, table, err);
}
