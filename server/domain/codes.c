/* codes - lists from the reference files, and the outcomes that the fact views write. */
#include "domain/codes.h"

#include "domain/reference_table.h"
#include "embed/embed_reference.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS_MAX = 16, ARENA_BYTES_MAX = 4 * 1024 * 1024 };

struct codes {
    struct arena *arena; /* owned: the files' texts */
    struct code_run runs[RUNS_MAX];
    size_t run_count;
    struct reference_table places;
};

/* A list that is a column of a reference file, maybe of the rows that belong to it alone. */
struct source {
    const char *name;
    const char *file;
    const char *text;
    const char *column;
    const char *filter_column; /* NULL: all rows */
};

/* What the fact views write as outcome (sql/case, facts). */
static const struct code_run OUTCOMES[] = {
    {"child_move", {"DOWN", "SAME", "UP"}, 3},
    {"obligation", {"ON_TIME", "LATE"}, 2},
    {"worker_at_date", {"OVER", "WITHIN"}, 2},
    {"measurement_pair", {"RECOVERED", "IMPROVED", "UNCHANGED", "DETERIORATED"}, 4},
    {"measurement_change", {"WORSE_2C", "WORSE_C", "SAME", "BETTER_C", "BETTER_2C"}, 5},
    {"measure_kind", {"PLACEMENT", "PREVENTIVE", "HOME", "NONE"}, 4},
};

void codes_free(struct codes *codes)
{
    if (codes != NULL) {
        arena_free(codes->arena);
        free(codes);
    }
}

static bool run_has(const struct code_run *run, const char *code)
{
    for (size_t i = 0; i < run->count; i++) {
        if (strcmp(run->codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

static enum err_code run_fill(struct codes *codes, const struct source *source,
                              const struct reference_table *table, struct err *err)
{
    size_t column = 0;
    size_t filter = 0;
    enum err_code code = reference_table_column(table, source->column, &column, err);
    if (code == ERR_OK && source->filter_column != NULL) {
        code = reference_table_column(table, source->filter_column, &filter, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct code_run *run = &codes->runs[codes->run_count++];
    run->name = source->name;
    for (size_t i = 0; i < table->row_count; i++) {
        const char *text = table->rows[i][column];
        bool ours =
            source->filter_column == NULL || strcmp(table->rows[i][filter], source->name) == 0;
        if (!ours || run_has(run, text)) {
            continue;
        }
        if (run->count == CODES_RUN_MAX) {
            return err_set(err, ERR_CORRUPT, "%s has more than %d codes of \"%s\"", source->file,
                           CODES_RUN_MAX, source->name);
        }
        run->codes[run->count++] = text;
    }
    return ERR_OK;
}

static enum err_code sources_read(struct codes *codes, struct err *err)
{
    const struct source sources[] = {
        {"sex", "code_list.csv", reference_code_list, "code", "list"},
        {"target_group", "code_list.csv", reference_code_list, "code", "list"},
        {"municipality", "municipality.csv", reference_municipality, "code", NULL},
        {"age_band", "age_band.csv", reference_age_band, "age_band", NULL},
        {"ladder_step", "ladder_step.csv", reference_ladder_step, "ladder_step", NULL},
        {"placement_type", "place_type.csv", reference_place_type, "share_type", NULL},
        {"followup_interval", "interval_band.csv", reference_interval_band, "interval_band", NULL},
    };
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < ARRAY_COUNT(sources) && code == ERR_OK; i++) {
        struct reference_table table = {.name = sources[i].file};
        code = reference_table_parse(sources[i].text, codes->arena, &table, err);
        code = code == ERR_OK ? run_fill(codes, &sources[i], &table, err) : code;
        if (strcmp(sources[i].name, "placement_type") == 0) {
            codes->places = table;
        }
    }
    return code;
}

enum err_code codes_load(struct codes **out, struct err *err)
{
    AUTO(codes_free) struct codes *codes = calloc(1, sizeof *codes);
    if (codes == NULL || (codes->arena = arena_new(ARENA_BYTES_MAX)) == NULL) {
        return err_memory(err);
    }
    enum err_code code = sources_read(codes, err);
    if (code == ERR_OK) {
        *out = STEAL(codes);
    }
    return code;
}

const struct code_run *codes_find(const struct codes *codes, const char *name)
{
    for (size_t i = 0; i < codes->run_count; i++) {
        if (strcmp(codes->runs[i].name, name) == 0) {
            return &codes->runs[i];
        }
    }
    for (size_t i = 0; i < ARRAY_COUNT(OUTCOMES); i++) {
        if (strcmp(OUTCOMES[i].name, name) == 0) {
            return &OUTCOMES[i];
        }
    }
    return NULL;
}

int codes_step_min(const struct codes *codes, const char *placement_type)
{
    struct err err = ERR_INIT;
    size_t step = 0;
    size_t type = 0;
    int least = 0;
    if (reference_table_column(&codes->places, "step", &step, &err) != ERR_OK ||
        reference_table_column(&codes->places, "share_type", &type, &err) != ERR_OK) {
        return 0;
    }
    for (size_t i = 0; i < codes->places.row_count; i++) {
        if (strcmp(codes->places.rows[i][type], placement_type) == 0) {
            int here = atoi(codes->places.rows[i][step]);
            least = least == 0 || here < least ? here : least;
        }
    }
    return least;
}
