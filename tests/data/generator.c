/* From plan to files (see generator.h). */
#include "data/generator.h"

#include "base/auto.h"
#include "data/expected.h"
#include "data/export.h"
#include "data/followups.h"
#include "data/specials.h"
#include "data/wellbeing.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 1024 };

/* What one run carries through the municipalities. */
struct run {
    const struct generator_options *options;
    struct person_numbers *numbers;
    struct tally *tally;
};

/* Where a population stands in its municipality. */
struct place {
    size_t municipality; /* index into plan_municipalities */
    int copy;
    int next_number; /* of the next child */
};

static enum err_code population_make(const struct run *run, const struct population_plan *plan,
                                     const struct place *place, struct population **out,
                                     struct err *err)
{
    struct population_options options = {
        .plan = plan,
        .copy = place->copy,
        .seed = run->options->seed,
        .numbers = run->numbers,
        .first_number = place->next_number,
    };
    AUTO(population_free) struct population *population = NULL;
    enum err_code rc = population_new(&options, &population, err);
    if (rc == ERR_OK) {
        rc = population_live(population, err);
    }
    if (rc != ERR_OK) {
        return rc;
    }
    population_settle(population);
    if (plan->programme == PROGRAMME_SVERIGE) {
        specials_share(population);
    }
    followups_hold(population);
    wellbeing_measure(population);
    if (plan->programme == PROGRAMME_PAKKEN && place->copy == 0) {
        rc = specials_add(population, &plan_municipalities[place->municipality], err);
    }
    if (rc == ERR_OK) {
        *out = STEAL(population);
    }
    return rc;
}

static enum err_code population_run(struct run *run, const struct population_plan *plan,
                                    struct place *place, struct export *export, struct err *err)
{
    AUTO(population_free) struct population *population = NULL;
    enum err_code rc = population_make(run, plan, place, &population, err);
    if (rc != ERR_OK) {
        return rc;
    }
    place->next_number += population->count;
    rc = tally_add(run->tally, place->municipality, population, err);
    return rc == ERR_OK ? export_population(export, population, err) : rc;
}

static enum err_code municipality_run(struct run *run, size_t index, struct err *err)
{
    const struct municipality_plan *municipality = &plan_municipalities[index];
    struct place place = {.municipality = index, .next_number = 1};
    AUTO(export_free) struct export *export = NULL;
    enum err_code rc = export_open(run->options->out_dir, municipality, &export, err);
    for (int i = 0; i < POPULATIONS_MAX && rc == ERR_OK; i++) {
        const struct population_plan *plan = municipality->populations[i];
        int copies = plan == NULL                          ? 0
                     : plan->programme == PROGRAMME_PAKKEN ? run->options->scale
                                                           : 1;
        for (place.copy = 0; place.copy < copies && rc == ERR_OK; place.copy++) {
            rc = population_run(run, plan, &place, export, err);
        }
    }
    return rc == ERR_OK ? export_close(export, err) : rc;
}

static enum err_code expected_write(const struct run *run, struct err *err)
{
    char path[PATH_BYTES];
    int len = snprintf(path, sizeof(path), "%s/expected.csv", run->options->out_dir);
    FILE *stream = len < 0 || (size_t)len >= sizeof(path) ? NULL : fopen(path, "wb");
    if (stream == NULL) {
        return err_set(err, ERR_UNAVAILABLE, "could not write \"expected.csv\" in \"%s\"",
                       run->options->out_dir);
    }
    tally_write(run->tally, stream);
    bool failed = ferror(stream) != 0;
    failed = fclose(stream) != 0 || failed;
    return failed ? err_set(err, ERR_UNAVAILABLE, "could not write \"%s\"", path) : ERR_OK;
}

static void summary_write(const struct tally *tally, FILE *summary)
{
    (void)fputs("synthetic data - syntetiske data\n"
                "partnership,period,placed,in_institution\n",
                summary);
    for (int p = 0; p < PROGRAMME_COUNT; p++) {
        int year = date_to_parts(programme_first_day((enum programme)p)).year;
        for (int q = 0; q < QUARTERS; q++) {
            int placed;
            int in_institution;
            tally_placed(tally, (enum programme)p, q, &placed, &in_institution);
            (void)fprintf(summary, "%s,%d-Q%d,%d,%d\n", programme_slug((enum programme)p),
                          year + q / 4, q % 4 + 1, placed, in_institution);
        }
    }
}

enum err_code generator_run(const struct generator_options *options, FILE *summary, struct err *err)
{
    if (options->scale < 1 || options->scale > GENERATOR_SCALE_MAX) {
        return err_set(err, ERR_INVALID, "scale must be 1 to %d, got %d", GENERATOR_SCALE_MAX,
                       options->scale);
    }
    if (mkdir(options->out_dir, 0777) != 0 && errno != EEXIST) {
        return err_set(err, ERR_UNAVAILABLE, "could not make folder \"%s\": %s", options->out_dir,
                       strerror(errno));
    }
    AUTO(person_numbers_free) struct person_numbers *numbers = NULL;
    AUTO(tally_free) struct tally *tally = NULL;
    enum err_code rc = person_numbers_new(&numbers, err);
    rc = rc == ERR_OK ? tally_new(&tally, err) : rc;
    struct run run = {.options = options, .numbers = numbers, .tally = tally};
    for (size_t i = 0; i < plan_municipality_count && rc == ERR_OK; i++) {
        rc = municipality_run(&run, i, err);
    }
    rc = rc == ERR_OK ? expected_write(&run, err) : rc;
    if (rc == ERR_OK) {
        summary_write(tally, summary);
    }
    return rc;
}

void generator_list(FILE *stream)
{
    for (size_t i = 0; i < plan_municipality_count; i++) {
        const struct municipality_plan *municipality = &plan_municipalities[i];
        const struct dialect *dialect = &municipality->dialect;
        const char *separator = dialect->separator == '\t'  ? "tab"
                                : dialect->separator == ';' ? "semicolon"
                                                            : "comma";
        const char *encoding = dialect->is_cp1252 ? "CP1252"
                               : dialect->has_bom ? "UTF-8 with BOM"
                                                  : "UTF-8";
        (void)fprintf(stream, "%d %s: %s, %s\n", municipality->code, municipality->folder, encoding,
                      separator);
        for (int k = 0; k < POPULATIONS_MAX && municipality->populations[k] != NULL; k++) {
            (void)fprintf(stream, "    %s\n",
                          programme_slug(municipality->populations[k]->programme));
        }
    }
}
