/* catalogue - see catalogue.h. */
#include "domain/catalogue.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "domain/reference_table.h"
#include "embed/embed_reference.h"

#include <string.h>

enum {
    CATALOGUE_ARENA_BYTES_MAX = 4 * 1024 * 1024, /* the three files are 20 KB */
    NAMES_MAX = 128,
};

struct catalogue {
    struct arena *arena; /* owns every text and row */
    struct indicator *indicators;
    size_t indicator_count;
    struct measure *measures;
    size_t measure_count;
    struct planned_table *tables;
    size_t table_count;
    struct codes *codes; /* owned */
};

static const char *const STATISTICS[] = {
    [STATISTIC_COUNT] = "count", [STATISTIC_SHARE] = "share",
    [STATISTIC_MEAN] = "mean",   [STATISTIC_DISTRIBUTION] = "distribution",
    [STATISTIC_RATIO] = "ratio", [STATISTIC_MEDIAN] = "median",
};

/** A reference file being read, and the first failure. */
struct reading {
    struct reference_table table;
    struct arena *arena;
    const char *const *row;
    enum err_code rc;
    struct err *err;
};

static enum err_code reading_open(struct reading *reading, const char *name, const char *text)
{
    reading->table.name = name;
    reading->rc = reference_table_parse(text, reading->arena, &reading->table, reading->err);
    if (reading->rc == ERR_OK && reading->table.row_count == 0) {
        reading->rc = err_set(reading->err, ERR_CORRUPT, "%s has no rows", name);
    }
    return reading->rc;
}

/** The cell of the current row; "" after a failure. */
static const char *cell(struct reading *reading, const char *column)
{
    size_t index = 0;
    if (reading->rc == ERR_OK) {
        reading->rc = reference_table_column(&reading->table, column, &index, reading->err);
    }
    return reading->rc == ERR_OK ? reading->row[index] : "";
}

static void reading_refuse(struct reading *reading, const char *column, const char *value)
{
    if (reading->rc == ERR_OK) {
        reading->rc = err_set(reading->err, ERR_CORRUPT, "%s: \"%s\" cannot be a %s",
                              reading->table.name, value, column);
    }
}

/** Splits a cell at `|` into at most `max` words. */
static size_t words(struct reading *reading, const char *column, const char **out, size_t max)
{
    const char *text = cell(reading, column);
    size_t count = 0;
    while (*text != '\0' && reading->rc == ERR_OK) {
        size_t len = strcspn(text, "|");
        if (count == max || len == 0) {
            reading_refuse(reading, column, text);
            return 0;
        }
        out[count] = arena_copy(reading->arena, text, len);
        if (out[count] == NULL) {
            reading->rc = err_memory(reading->err);
            return 0;
        }
        count++;
        text += len + (text[len] == '|' ? 1 : 0);
    }
    return count;
}

static void *rows_alloc(struct reading *reading, size_t size)
{
    void *rows = arena_alloc(reading->arena, (reading->table.row_count + 1) * size);
    if (rows == NULL) {
        reading->rc = err_memory(reading->err);
    }
    return rows;
}

static void indicator_read(struct reading *reading, struct indicator *out)
{
    *out = (struct indicator){
        .id = cell(reading, "indicator"),
        .name_da = cell(reading, "name_da"),
        .name_en = cell(reading, "name_en"),
        .unit = cell(reading, "unit"),
        .statistic = cell(reading, "statistic"),
        .direction = cell(reading, "direction"),
        .numerator = cell(reading, "numerator"),
        .denominator = cell(reading, "denominator"),
        .chart = cell(reading, "chart"),
        .caveat_da = cell(reading, "caveat_da"),
        .caveat_en = cell(reading, "caveat_en"),
    };
    out->dimension_count = words(reading, "dimensions", out->dimensions, INDICATOR_DIMENSIONS_MAX);
    const char *kind = cell(reading, "period_kind");
    if (!period_kind_find(kind, &out->period_kind)) {
        reading_refuse(reading, "period_kind", kind);
    }
}

static enum err_code indicators_read(struct catalogue *catalogue, struct reading *reading,
                                     const char *text)
{
    if (reading_open(reading, "indicator.csv", text) != ERR_OK) {
        return reading->rc;
    }
    catalogue->indicators = rows_alloc(reading, sizeof(*catalogue->indicators));
    for (size_t i = 0; i < reading->table.row_count && reading->rc == ERR_OK; i++) {
        reading->row = reading->table.rows[i];
        indicator_read(reading, &catalogue->indicators[catalogue->indicator_count++]);
    }
    return reading->rc;
}

static const struct indicator *indicator_of(const struct catalogue *catalogue,
                                            struct reading *reading)
{
    const char *id = cell(reading, "indicator");
    for (size_t i = 0; i < catalogue->indicator_count; i++) {
        if (strcmp(catalogue->indicators[i].id, id) == 0) {
            return &catalogue->indicators[i];
        }
    }
    reading_refuse(reading, "indicator", id);
    return NULL;
}

static void measure_read(const struct catalogue *catalogue, struct reading *reading,
                         struct measure *out)
{
    *out = (struct measure){
        .slug = cell(reading, "measure"),
        .name_da = cell(reading, "name_da"),
        .name_en = cell(reading, "name_en"),
        .indicator = indicator_of(catalogue, reading),
        .fact = cell(reading, "fact"),
        .rule = cell(reading, "rule"),
        .outcome_column = cell(reading, "outcome_column"),
    };
    out->outcome_count =
        words(reading, "numerator_outcomes", out->outcomes, CATALOGUE_OUTCOMES_MAX);
    const char *statistic = cell(reading, "statistic");
    for (size_t i = 0; i < ARRAY_COUNT(STATISTICS); i++) {
        if (strcmp(STATISTICS[i], statistic) == 0) {
            out->statistic = (enum measure_statistic)i;
            if (out->statistic == STATISTIC_SHARE && out->outcome_count == 0) {
                reading_refuse(reading, "share without a numerator", out->slug);
            }
            return;
        }
    }
    reading_refuse(reading, "statistic", statistic);
}

static enum err_code measures_read(struct catalogue *catalogue, struct reading *reading,
                                   const char *text)
{
    if (reading_open(reading, "measure.csv", text) != ERR_OK) {
        return reading->rc;
    }
    catalogue->measures = rows_alloc(reading, sizeof(*catalogue->measures));
    for (size_t i = 0; i < reading->table.row_count && reading->rc == ERR_OK; i++) {
        reading->row = reading->table.rows[i];
        measure_read(catalogue, reading, &catalogue->measures[catalogue->measure_count++]);
    }
    return reading->rc;
}

static enum err_code plan_read(struct catalogue *catalogue, struct reading *reading,
                               const char *text)
{
    if (reading_open(reading, "plan.csv", text) != ERR_OK) {
        return reading->rc;
    }
    catalogue->tables = rows_alloc(reading, sizeof(*catalogue->tables));
    for (size_t i = 0; i < reading->table.row_count && reading->rc == ERR_OK; i++) {
        struct planned_table *table = &catalogue->tables[catalogue->table_count++];
        reading->row = reading->table.rows[i];
        *table = (struct planned_table){.indicator = indicator_of(catalogue, reading)};
        table->dimension_count =
            words(reading, "dimensions", table->dimensions, PLAN_DIMENSIONS_MAX);
    }
    return reading->rc;
}

enum err_code catalogue_parse(const struct catalogue_source *source, struct catalogue **out,
                              struct err *err)
{
    AUTO(catalogue_free) struct catalogue *catalogue = calloc(1, sizeof(*catalogue));
    if (catalogue == NULL || (catalogue->arena = arena_new(CATALOGUE_ARENA_BYTES_MAX)) == NULL) {
        return err_memory(err);
    }
    struct reading reading = {.arena = catalogue->arena, .err = err};
    enum err_code rc = indicators_read(catalogue, &reading, source->indicator_csv);
    if (rc == ERR_OK) {
        rc = measures_read(catalogue, &reading, source->measure_csv);
    }
    if (rc == ERR_OK) {
        rc = plan_read(catalogue, &reading, source->plan_csv);
    }
    if (rc == ERR_OK) {
        rc = codes_load(&catalogue->codes, err);
    }
    if (rc == ERR_OK) {
        *out = STEAL(catalogue);
    }
    return rc;
}

enum err_code catalogue_load(struct catalogue **out, struct err *err)
{
    const struct catalogue_source source = {
        .indicator_csv = reference_indicator,
        .measure_csv = reference_measure,
        .plan_csv = reference_plan,
    };
    return catalogue_parse(&source, out, err);
}

void catalogue_free(struct catalogue *catalogue)
{
    if (catalogue != NULL) {
        codes_free(catalogue->codes);
        arena_free(catalogue->arena);
        free(catalogue);
    }
}

const struct indicator *catalogue_indicators(const struct catalogue *catalogue, size_t *count)
{
    *count = catalogue->indicator_count;
    return catalogue->indicators;
}

const struct measure *catalogue_measures(const struct catalogue *catalogue, size_t *count)
{
    *count = catalogue->measure_count;
    return catalogue->measures;
}

const struct planned_table *catalogue_plan(const struct catalogue *catalogue, size_t *count)
{
    *count = catalogue->table_count;
    return catalogue->tables;
}

const struct code_run *catalogue_codes(const struct catalogue *catalogue, const char *dimension)
{
    return codes_find(catalogue->codes, dimension);
}

const struct code_run *catalogue_outcomes(const struct catalogue *catalogue,
                                          const struct measure *measure)
{
    const bool is_of_fact = strcmp(measure->outcome_column, "outcome") == 0;
    return codes_find(catalogue->codes, is_of_fact ? measure->fact : measure->outcome_column);
}

enum err_code catalogue_find_measure(const struct catalogue *catalogue, const char *name,
                                     const struct measure **out, struct err *err)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < catalogue->measure_count; i++) {
        const struct measure *measure = &catalogue->measures[i];
        if (strcmp(measure->slug, name) == 0 || strcmp(measure->indicator->id, name) == 0) {
            *out = measure;
            return ERR_OK;
        }
        if (count < NAMES_MAX) {
            names[count++] = measure->slug;
        }
    }
    const char *meant = nearest_name(name, names, count);
    err_set(err, ERR_NOT_FOUND, "unrecognized measure \"%s\"", name);
    err_reason(err, "MEASURE_UNKNOWN");
    if (meant != NULL) {
        return err_hint(err, "Did you mean \"%s\"? `fremgang indicators` lists all.", meant);
    }
    return err_hint(err, "`fremgang indicators` lists all measures.");
}

static bool table_has(const struct planned_table *table, const char *dimension)
{
    for (size_t i = 0; i < table->dimension_count; i++) {
        if (strcmp(table->dimensions[i], dimension) == 0) {
            return true;
        }
    }
    return false;
}

const struct planned_table *catalogue_find_table(const struct catalogue *catalogue,
                                                 const struct indicator *indicator,
                                                 const char *const *dimensions, size_t count)
{
    for (size_t i = 0; i < catalogue->table_count; i++) {
        const struct planned_table *table = &catalogue->tables[i];
        if (table->indicator != indicator || table->dimension_count != count) {
            continue;
        }
        bool has_all = true;
        for (size_t j = 0; j < count; j++) {
            has_all = has_all && table_has(table, dimensions[j]);
        }
        if (has_all) {
            return table;
        }
    }
    return NULL;
}

const char *statistic_name(enum measure_statistic statistic)
{
    return STATISTICS[statistic];
}
