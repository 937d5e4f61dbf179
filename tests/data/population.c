/* Children who enter, move on the ladder and leave (see population.h). */
#include "data/population.h"

#include <assert.h>
#include <string.h>

enum {
    AGE_LAST_YEARS = 17,      /* cases close in the last quarter of this year of age */
    ENTRY_AGE_YEARS_MAX = 15, /* and open early enough to see some of it */
    AFTER_QUARTERS_MAX = 20,  /* programme and the time up to the extract */
    MOVE_GAP_DAYS = 30,       /* between two measures of one child */
    LEAVE_PERMILLE = 60,      /* cases closed a quarter after the programme */
    MOVE_PERMILLE = 50,       /* moves down a quarter after the programme */
};

enum err_code population_new(const struct population_options *options, struct population **out,
                             struct err *err)
{
    struct population *population = calloc(1, sizeof(*population));
    if (population == NULL) {
        return err_memory(err);
    }
    population->plan = options->plan;
    population->copy = options->copy;
    population->dice =
        dice_new(options->seed, (uint64_t)(options->plan->stream + options->copy * 1000));
    population->numbers = options->numbers;
    population->first_number = options->first_number;
    while (population->worker_count < WORKERS_MAX &&
           options->plan->workers[population->worker_count].id != NULL) {
        population->worker_count++;
    }
    while (population->site_count < SITES_MAX &&
           options->plan->sites[population->site_count] != NULL) {
        population->site_count++;
    }
    *out = population;
    return ERR_OK;
}

void population_free(struct population *population)
{
    if (population != NULL) {
        free(population->children);
        free(population);
    }
}

static enum err_code population_grow(struct population *population, struct err *err)
{
    if (population->count < population->capacity) {
        return ERR_OK;
    }
    int capacity = population->capacity == 0 ? 256 : population->capacity * 2;
    struct child *children = realloc(population->children, (size_t)capacity * sizeof(*children));
    if (children == NULL) {
        return err_memory(err);
    }
    population->children = children;
    population->capacity = capacity;
    return ERR_OK;
}

enum err_code population_add(struct population *population, date_t born_first, date_t born_last,
                             struct child **out, struct err *err)
{
    struct dice *dice = &population->dice;
    enum err_code rc = population_grow(population, err);
    if (rc != ERR_OK) {
        return rc;
    }
    struct child *child = &population->children[population->count];
    memset(child, 0, sizeof(*child));
    child->birth = born_first + dice_below(dice, born_last - born_first + 1);
    child->is_boy = dice_chance(dice, 540);
    child->worker = -1;
    child->site = dice_below(dice, population->site_count);
    child->closed = DATE_NONE;
    for (int i = 0; i < PROGRAMME_COUNT; i++) {
        child->enrolments[i].from = DATE_NONE;
        child->enrolments[i].to = DATE_NONE;
    }
    rc = person_numbers_draw(population->numbers, child->birth, child->is_boy, child->cpr, err);
    if (rc != ERR_OK) {
        return rc;
    }
    population->count++;
    *out = child;
    return ERR_OK;
}

/* The codes of a rung, the likelier ones more than once. */
static const struct {
    const char *paragraphs[6];
    const char *places[4];
} rung_codes[RUNG_COUNT] = {
    [RUNG_PREVENTIVE] = {{"SEL-11-3", "SEL-11-3", "SEL-11-3", "SEL-11-3", "SEL-11-4", "SEL-11-6"},
                         {"", "", "", ""}},
    [RUNG_HOME] = {{"SEL-52-3-3", "SEL-52-3-3", "SEL-52-3-2", "SEL-52-3-6", "SEL-52-3-9",
                    "SEL-52-3-5"},
                   {"", "", "", ""}},
    [RUNG_NETWORK] = {{"SEL-52-3-7", "SEL-52-3-7", "SEL-52-3-7", "SEL-52-3-7", "SEL-52-3-7",
                       "SEL-58"},
                      {"NETWORK", "NETWORK", "NETWORK", "NETWORK"}},
    [RUNG_FOSTER] = {{"SEL-52-3-7", "SEL-52-3-7", "SEL-52-3-7", "SEL-52-3-7", "SEL-58", "SEL-58"},
                     {"FOSTER_GENERAL", "FOSTER_GENERAL", "FOSTER_GENERAL", "FOSTER_MUNICIPAL"}},
    [RUNG_INSTITUTION] = {{"SEL-52-3-7", "SEL-52-3-7", "SEL-52-3-7", "SEL-58", "SEL-58", "SEL-58"},
                          {"INSTITUTION", "INSTITUTION", "RESIDENTIAL_PLACE", "RESIDENTIAL_PLACE"}},
};

struct spell *population_start_spell(struct population *population, struct child *child,
                                     enum rung rung, date_t start)
{
    struct dice *dice = &population->dice;
    assert(child->spell_count < SPELLS_MAX);
    struct spell *spell = &child->spells[child->spell_count++];
    *spell = (struct spell){
        .rung = rung,
        .paragraph = rung_codes[rung].paragraphs[dice_below(dice, 6)],
        .place = rung_codes[rung].places[dice_below(dice, 4)],
        .end_reason = "",
        .start = start,
        .end = DATE_NONE,
    };
    date_t decided = start - dice_between(dice, 3, 25);
    spell->decided = decided < child->opened ? child->opened : decided;
    return spell;
}

/* A second measure beside the first: contact person or relief at home, a support person for
 * the parents of a placed child. */
static void child_start_side_spell(struct population *population, struct child *child,
                                   const struct spell *main)
{
    struct dice *dice = &population->dice;
    bool is_placed = main->rung >= RUNG_NETWORK;
    if (main->rung == RUNG_PREVENTIVE || !dice_chance(dice, 200) ||
        child->spell_count == SPELLS_MAX) {
        return;
    }
    const char *paragraph = is_placed                ? "SEL-54"
                            : dice_chance(dice, 700) ? "SEL-52-3-6"
                                                     : "SEL-52-3-5";
    date_t start = main->start;
    child->spells[child->spell_count++] = (struct spell){
        .rung = RUNG_HOME,
        .is_side = true,
        .is_accessory = is_placed,
        .paragraph = paragraph,
        .place = "",
        .end_reason = "",
        .decided = main->decided,
        .start = start,
        .end = DATE_NONE,
    };
}

static enum rung child_rung(struct child *child)
{
    return child_last_spell(child)->rung;
}

static void child_end_spells(struct child *child, date_t end, const char *reason)
{
    for (int i = 0; i < child->spell_count; i++) {
        struct spell *spell = &child->spells[i];
        if (spell->end == DATE_NONE) {
            spell->end = end;
            spell->end_reason = spell->place[0] != '\0' ? reason : "";
        }
    }
}

/* A day of the quarter for a change, well after the child's last one. */
static date_t change_day(struct population *population, struct child *child, int quarter)
{
    int year = population->plan->first_year;
    date_t first = quarter_start(year, quarter) + 3;
    date_t last = quarter_start(year, quarter + 1) - 4;
    date_t free_from = child_last_spell(child)->start + MOVE_GAP_DAYS;
    first = free_from > first ? free_from : first;
    return first >= last ? last : first + dice_below(&population->dice, last - first + 1);
}

static void child_move(struct population *population, struct child *child, enum rung rung,
                       int quarter)
{
    date_t day = change_day(population, child, quarter);
    bool is_up = rung > child_rung(child);
    bool goes_home = rung < RUNG_NETWORK;
    const char *reason = is_up && dice_chance(&population->dice, 400) ? "BREAKDOWN"
                         : goes_home                                  ? "PLANNED_HOME"
                                                                      : "PLANNED_MOVE";
    child_end_spells(child, day, reason);
    struct spell *spell = population_start_spell(population, child, rung, day);
    child_start_side_spell(population, child, spell);
    child->moved_quarter = quarter;
}

static void child_leave(struct population *population, struct child *child, int quarter)
{
    date_t day = change_day(population, child, quarter);
    child_end_spells(child, day, "PLANNED_HOME");
    child->closed = day;
    child->moved_quarter = quarter;
    if (child->worker >= 0) {
        population->workers_open[child->worker]--;
    }
}

/* The worker on duty with the fewest open cases. */
static int population_free_worker(const struct population *population, int quarter)
{
    int best = -1;
    for (int i = 0; i < population->worker_count; i++) {
        const struct worker_plan *worker = &population->plan->workers[i];
        bool is_away = worker->from_quarter > quarter ||
                       (worker->leave_from <= quarter && quarter < worker->leave_to) ||
                       (worker->is_borrowed && population->copy > 0);
        if (!is_away && (best < 0 || population->workers_open[i] *
                                             population->plan->workers[best].fte_hundredths <
                                         population->workers_open[best] * worker->fte_hundredths)) {
            best = i;
        }
    }
    assert(best >= 0);
    return best;
}

static const char *child_draw_target_group(struct dice *dice, int age)
{
    if (age < 2) {
        return "INFANT_FAMILY";
    }
    if (age >= 13) {
        return dice_chance(dice, 700) ? "VULNERABLE_YOUTH" : "COMPLEX_FAMILY";
    }
    return dice_chance(dice, 450) ? "PARENT_MENTAL_ILLNESS" : "COMPLEX_FAMILY";
}

/* A child gets a case in the quarter and stands on the rung before its end. */
static enum err_code population_enter(struct population *population, enum rung rung, int quarter,
                                      date_t opened_first, struct err *err)
{
    struct dice *dice = &population->dice;
    int year = population->plan->first_year;
    date_t last = quarter_start(year, quarter + 1) - 4;
    date_t opened = workday_before(opened_first + 3 + dice_below(dice, last - 20 - opened_first));
    // Young enough that the case is seen for some years; more of school age than infants.
    int age = dice_below(dice, ENTRY_AGE_YEARS_MAX + 1);
    age = age < 6 && dice_chance(dice, 500) ? age + 8 : age;
    date_t birthday = date_add_months(opened, -12 * age);
    struct child *child = NULL;
    enum err_code rc = population_add(population, birthday - 360, birthday - 60, &child, err);
    if (rc != ERR_OK) {
        return rc;
    }
    child->opened = opened;
    date_t start = workday_after(child->opened + dice_between(dice, 4, 16));
    child->target_group = child_draw_target_group(dice, date_age_years(child->birth, start));
    child->worker = population_free_worker(population, quarter);
    population->workers_open[child->worker]++;
    child->moved_quarter = quarter;
    struct spell *spell = population_start_spell(population, child, rung, start);
    child_start_side_spell(population, child, spell);
    return ERR_OK;
}

static void population_count(struct population *population, int counts[RUNG_COUNT])
{
    memset(counts, 0, RUNG_COUNT * sizeof(int));
    for (int i = 0; i < population->count; i++) {
        if (population->children[i].closed == DATE_NONE) {
            counts[child_rung(&population->children[i])]++;
        }
    }
}

/* An open child on the rung that did not move this quarter; of the most loaded workers when
 * `from_loaded`. Starts looking at a random place. NULL when there is none. Borrowed. */
static struct child *population_pick(struct population *population, enum rung rung, int quarter,
                                     bool from_loaded)
{
    struct child *best = NULL;
    int first = dice_below(&population->dice, population->count);
    for (int n = 0; n < population->count; n++) {
        struct child *child = &population->children[(first + n) % population->count];
        if (child->closed != DATE_NONE || child->moved_quarter == quarter ||
            child_rung(child) != rung) {
            continue;
        }
        if (!from_loaded) {
            return child;
        }
        if (best == NULL ||
            population->workers_open[child->worker] > population->workers_open[best->worker]) {
            best = child;
        }
    }
    return best;
}

/* Cases close in the last quarter of the year in which the child is 17: the server knows the
 * birth year only, so nobody's age is in doubt. */
static int population_age_out(struct population *population, int quarter)
{
    struct date_parts last =
        date_to_parts(quarter_start(population->plan->first_year, quarter + 1) - 1);
    int left = 0;
    for (int i = 0; i < population->count && last.month == 12; i++) {
        struct child *child = &population->children[i];
        int born = date_to_parts(child->birth).year;
        if (child->closed == DATE_NONE && last.year - born >= AGE_LAST_YEARS) {
            child_leave(population, child, quarter);
            left++;
        }
    }
    return left;
}

static void population_close_cases(struct population *population, int quarter)
{
    // Of ten closed cases four were preventive, four at home, one or two in foster care.
    static const enum rung leaves_from[] = {
        RUNG_PREVENTIVE, RUNG_HOME,       RUNG_HOME, RUNG_PREVENTIVE, RUNG_FOSTER,
        RUNG_HOME,       RUNG_PREVENTIVE, RUNG_HOME, RUNG_PREVENTIVE, RUNG_INSTITUTION};
    int left = population_age_out(population, quarter);
    for (int i = left; i < population->plan->closings; i++) {
        enum rung rung = leaves_from[dice_below(&population->dice, ARRAY_COUNT(leaves_from))];
        struct child *child = population_pick(population, rung, quarter, true);
        if (child != NULL) {
            child_leave(population, child, quarter);
        }
    }
}

struct step {
    enum rung from;
    enum rung to;
};

static void population_exchange(struct population *population, int quarter, int wanted,
                                const struct step *steps, int step_count)
{
    for (int i = 0; i < wanted; i++) {
        struct step step = steps[dice_below(&population->dice, step_count)];
        struct child *child = population_pick(population, step.from, quarter, false);
        if (child != NULL) {
            child_move(population, child, step.to, quarter);
        }
    }
}

/* Moves the surplus of each rung, from the most intrusive down, to the nearest rung below
 * that lacks children, else to the nearest above. */
static void population_level(struct population *population, int quarter,
                             const int targets[RUNG_COUNT])
{
    int counts[RUNG_COUNT];
    population_count(population, counts);
    for (int rung = RUNG_COUNT - 1; rung >= 0; rung--) {
        while (counts[rung] > targets[rung]) {
            int to = rung - 1;
            while (to >= 0 && counts[to] >= targets[to]) {
                to--;
            }
            for (int up = rung + 1; to < 0 && up < RUNG_COUNT; up++) {
                to = counts[up] < targets[up] ? up : to;
            }
            struct child *child = population_pick(population, (enum rung)rung, quarter, to < 0);
            if (child == NULL) {
                break;
            }
            if (to < 0) {
                child_leave(population, child, quarter);
            } else {
                child_move(population, child, (enum rung)to, quarter);
                counts[to]++;
            }
            counts[rung]--;
        }
    }
}

/* Fills what the rungs lack: some placements from home, all else with new children. */
static enum err_code population_fill(struct population *population, int quarter,
                                     date_t opened_first, struct err *err)
{
    int targets[RUNG_COUNT];
    int counts[RUNG_COUNT];
    plan_targets(population->plan, quarter, targets);
    population_count(population, counts);
    for (int rung = RUNG_COUNT - 1; rung >= 0; rung--) {
        for (; counts[rung] < targets[rung]; counts[rung]++) {
            struct child *child = NULL;
            if (rung >= RUNG_NETWORK && population->count > 0 &&
                dice_chance(&population->dice, 300)) {
                child = population_pick(population, RUNG_HOME, quarter, false);
            }
            if (child != NULL) {
                child_move(population, child, (enum rung)rung, quarter);
                counts[RUNG_HOME]--;
                continue;
            }
            enum err_code rc =
                population_enter(population, (enum rung)rung, quarter, opened_first, err);
            if (rc != ERR_OK) {
                return rc;
            }
        }
    }
    return ERR_OK;
}

static enum err_code population_live_quarter(struct population *population, int quarter,
                                             struct err *err)
{
    static const struct step down[] = {
        {RUNG_HOME, RUNG_PREVENTIVE},  {RUNG_HOME, RUNG_PREVENTIVE},   {RUNG_HOME, RUNG_PREVENTIVE},
        {RUNG_NETWORK, RUNG_HOME},     {RUNG_FOSTER, RUNG_HOME},       {RUNG_FOSTER, RUNG_NETWORK},
        {RUNG_INSTITUTION, RUNG_HOME}, {RUNG_INSTITUTION, RUNG_FOSTER}};
    static const struct step up[] = {{RUNG_PREVENTIVE, RUNG_HOME}, {RUNG_PREVENTIVE, RUNG_HOME},
                                     {RUNG_PREVENTIVE, RUNG_HOME}, {RUNG_HOME, RUNG_NETWORK},
                                     {RUNG_HOME, RUNG_FOSTER},     {RUNG_FOSTER, RUNG_INSTITUTION}};
    const struct population_plan *plan = population->plan;
    int targets[RUNG_COUNT];
    plan_targets(plan, quarter, targets);
    population_close_cases(population, quarter);
    population_exchange(population, quarter, plan->downs, down, ARRAY_COUNT(down));
    population_exchange(population, quarter, plan->ups, up, ARRAY_COUNT(up));
    population_level(population, quarter, targets);
    return population_fill(population, quarter, quarter_start(plan->first_year, quarter), err);
}

/* After the programme nobody enters: cases close, and some children move one rung down. */
static void population_live_after(struct population *population, int quarter)
{
    (void)population_age_out(population, quarter);
    for (int i = 0; i < population->count; i++) {
        struct child *child = &population->children[i];
        if (child->closed != DATE_NONE) {
            continue;
        }
        if (dice_chance(&population->dice, LEAVE_PERMILLE)) {
            child_leave(population, child, quarter);
        } else if (child_rung(child) > RUNG_PREVENTIVE &&
                   dice_chance(&population->dice, MOVE_PERMILLE)) {
            child_move(population, child, (enum rung)(child_rung(child) - 1), quarter);
        }
    }
}

enum err_code population_live(struct population *population, struct err *err)
{
    int year = population->plan->first_year;
    // The first children's cases were opened over the two years before the burn-in.
    date_t stock_first = quarter_start(year, -BURN_IN_QUARTERS - 8);
    enum err_code rc = population_fill(population, -BURN_IN_QUARTERS - 1, stock_first, err);
    for (int q = -BURN_IN_QUARTERS; q < QUARTERS && rc == ERR_OK; q++) {
        rc = population_live_quarter(population, q, err);
    }
    for (int q = QUARTERS; q < AFTER_QUARTERS_MAX && rc == ERR_OK; q++) {
        if (quarter_start(year, q + 1) <= plan_extract_day()) {
            population_live_after(population, q);
        }
    }
    return rc;
}

void population_settle(struct population *population)
{
    date_t first = programme_first_day(population->plan->programme);
    date_t end = programme_end_day(population->plan->programme);
    int kept = 0;
    for (int i = 0; i < population->count; i++) {
        struct child *child = &population->children[i];
        if (child->closed != DATE_NONE && child->closed <= first) {
            continue;
        }
        child->number = population->first_number + kept;
        date_t to = child->closed == DATE_NONE || child->closed > end ? end : child->closed;
        child->enrolments[population->plan->programme].from =
            child->opened < first ? first : child->opened;
        child->enrolments[population->plan->programme].to = to;
        population->children[kept++] = *child;
    }
    population->count = kept;
}
