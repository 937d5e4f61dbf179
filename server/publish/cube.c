/* cube - collecting units from fact rows. */
#include "publish/cube.h"

#include "publish/cube_private.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS_FIRST = 1024 };

void cube_free(struct cube *cube)
{
    if (cube == NULL) {
        return;
    }
    if (cube->units != NULL) {
        explicit_bzero(cube->units, cube->capacity * sizeof *cube->units);
        free(cube->units);
    }
    free(cube->first);
    free(cube);
}

enum err_code cube_new(const struct cube_spec *spec, struct cube **out, struct err *err)
{
    AUTO(cube_free) struct cube *cube = calloc(1, sizeof *cube);
    if (cube == NULL) {
        return err_memory(err);
    }
    cube->spec = *spec;
    cube->first = calloc(spec->period_count + 1, sizeof *cube->first);
    if (cube->first == NULL) {
        return err_memory(err);
    }
    *out = STEAL(cube);
    return ERR_OK;
}

size_t cube_unit_count(const struct cube *cube)
{
    return cube->count;
}

/* Grows by doubling; the old copy is wiped. */
static enum err_code cube_grow(struct cube *cube, struct err *err)
{
    if (cube->count < cube->capacity) {
        return ERR_OK;
    }
    if (cube->count >= CUBE_UNITS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d units of \"%s\" in one release",
                       CUBE_UNITS_MAX, cube->spec.plan->unit);
    }
    size_t capacity = cube->capacity == 0 ? UNITS_FIRST : cube->capacity * 2;
    struct unit *units = calloc(capacity, sizeof *units);
    if (units == NULL) {
        return err_memory(err);
    }
    if (cube->units != NULL) {
        memcpy(units, cube->units, cube->count * sizeof *units);
        explicit_bzero(cube->units, cube->capacity * sizeof *units);
        free(cube->units);
    }
    cube->units = units;
    cube->capacity = capacity;
    return ERR_OK;
}

/* Where the row belongs; false when its period or municipality is not in the release. */
static bool place_find(const struct cube *cube, const struct fact_row *row, struct unit *unit)
{
    for (size_t i = 0; i < cube->spec.period_count; i++) {
        const struct period_chosen *period = cube->spec.periods[i];
        if (strcmp(period->text, row->period) != 0) {
            continue;
        }
        for (size_t k = 0; k < period->member_count; k++) {
            if (period->members[k] == row->municipality_code) {
                unit->period = (uint16_t)i;
                unit->member = (uint8_t)k;
                return true;
            }
        }
    }
    return false;
}

static enum err_code code_find_place(const struct code_run *run, const char *code, uint8_t *out,
                                     struct err *err)
{
    for (size_t i = 0; i < run->count; i++) {
        if (strcmp(run->codes[i], code) == 0) {
            *out = (uint8_t)i;
            return ERR_OK;
        }
    }
    /* the code is data of a child: it is not told */
    return err_set(err, ERR_CORRUPT, "a fact has an unknown code of \"%s\"", run->name);
}

static const char *dimension_of(const struct fact_row *row, const char *name)
{
    return strcmp(name, "sex") == 0              ? row->sex
           : strcmp(name, "age_band") == 0       ? row->age_band
           : strcmp(name, "target_group") == 0   ? row->target_group
           : strcmp(name, "placement_type") == 0 ? row->placement_type
           : strcmp(name, "ladder_step") == 0    ? row->ladder_step
                                                 : row->measure_kind;
}

static enum err_code dimensions_set(const struct plan_block *plan, const struct fact_row *row,
                                    struct unit *unit, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < plan->dimension_count && code == ERR_OK; i++) {
        code = code_find_place(plan->dimensions[i], dimension_of(row, plan->dimensions[i]->name),
                               &unit->dimensions[i], err);
    }
    return code;
}

/* The rule and the outcome say which indicators count the row; a fact with one indicator
 * counts every row. */
static enum err_code outcomes_set(const struct plan_block *plan, const char *fact,
                                  const struct fact_row *row, struct unit *unit, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < plan->axis_count && code == ERR_OK; i++) {
        const struct plan_axis *axis = &plan->axes[i];
        if (axis->outcomes == NULL || strcmp(axis->fact, fact) != 0 ||
            (axis->rule[0] != '\0' && strcmp(axis->rule, row->rule) != 0)) {
            continue;
        }
        const char *outcome = axis->column == PLAN_OUTCOME          ? row->outcome
                              : axis->column == PLAN_PLACEMENT_TYPE ? row->placement_type
                                                                    : row->ladder_step;
        if (strcmp(outcome, CATALOGUE_OUTCOME_NONE) == 0) {
            continue;
        }
        uint8_t place = 0;
        code = code_find_place(axis->outcomes, outcome, &place, err);
        unit->outcomes[i] = (uint8_t)(place + 1);
    }
    return code;
}

/* A row under a rule that no indicator asks for counts nowhere. */
static bool unit_counts(const struct plan_block *plan, const struct unit *unit)
{
    for (size_t i = 0; i < plan->axis_count; i++) {
        if (plan->axes[i].outcomes == NULL || unit->outcomes[i] != 0) {
            return true;
        }
    }
    return false;
}

enum err_code cube_add(struct cube *cube, const char *fact, const struct fact_row *row,
                       struct err *err)
{
    struct unit unit = {.units = row->units,
                        .numerator = row->numerator_hundredths,
                        .denominator = row->denominator_hundredths};
    if (!place_find(cube, row, &unit)) {
        return ERR_OK;
    }
    memcpy(unit.subject, row->subject, sizeof unit.subject);
    enum err_code code = dimensions_set(cube->spec.plan, row, &unit, err);
    code = code == ERR_OK ? outcomes_set(cube->spec.plan, fact, row, &unit, err) : code;
    code = code == ERR_OK ? cube_grow(cube, err) : code;
    if (code == ERR_OK && unit_counts(cube->spec.plan, &unit)) {
        cube->units[cube->count++] = unit;
    }
    explicit_bzero(&unit, sizeof unit);
    return code;
}

static int unit_compare(const void *one, const void *other)
{
    const struct unit *a = one;
    const struct unit *b = other;
    if (a->period != b->period) {
        return a->period < b->period ? -1 : 1;
    }
    int order = memcmp(a->subject, b->subject, sizeof a->subject);
    return order != 0 ? order : (a->member > b->member) - (a->member < b->member);
}

/* Several facts of one subject in one period and municipality are one unit. */
static void units_join(struct cube *cube)
{
    size_t kept = 0;
    for (size_t i = 0; i < cube->count; i++) {
        if (kept == 0 || unit_compare(&cube->units[kept - 1], &cube->units[i]) != 0) {
            cube->units[kept++] = cube->units[i];
            continue;
        }
        for (size_t axis = 0; axis < PLAN_AXES_MAX; axis++) {
            if (cube->units[i].outcomes[axis] != 0) {
                cube->units[kept - 1].outcomes[axis] = cube->units[i].outcomes[axis];
            }
        }
    }
    cube->count = kept;
}

void cube_close(struct cube *cube)
{
    if (cube->count > 0) {
        qsort(cube->units, cube->count, sizeof *cube->units, unit_compare);
    }
    if (cube->spec.plan->joins_subjects) {
        units_join(cube);
    }
    size_t at = 0;
    for (size_t period = 0; period < cube->spec.period_count; period++) {
        cube->first[period] = at;
        while (at < cube->count && cube->units[at].period == period) {
            at++;
        }
    }
    cube->first[cube->spec.period_count] = at;
}
