/* Counts of the model (see expected.h). */
#include "data/expected.h"

#include <assert.h>
#include <string.h>

enum { MUNICIPALITIES_MAX = 4, MOVE_COUNT = 3 };

enum owed_kind { OWED_PLACEMENT, OWED_OTHER, OWED_KIND_COUNT };

/* One municipality in one quarter of one programme. */
struct quarter_counts {
    long rungs[RUNG_COUNT];
    long moves[MOVE_COUNT];               /* DOWN, SAME, UP */
    long obligations[OWED_KIND_COUNT][2]; /* late, on time */
    long workers;
    long cases;
    long fte_hundredths;
};

struct worker_tally {
    const char *id; /* borrowed, static */
    size_t municipality;
    int copy;
    const struct worker_plan *plan;
    const struct population_plan *population; /* whose quarters the leave counts in */
    bool counted[PROGRAMME_COUNT][QUARTERS];  /* carries a case: its FTE is in */
};

struct tally {
    struct quarter_counts quarters[PROGRAMME_COUNT][MUNICIPALITIES_MAX][QUARTERS];
    long refused[MUNICIPALITIES_MAX];
    struct worker_tally *workers; /* owned */
    size_t worker_count;
    size_t worker_capacity;
};

enum err_code tally_new(struct tally **out, struct err *err)
{
    assert(plan_municipality_count <= MUNICIPALITIES_MAX);
    struct tally *tally = calloc(1, sizeof(*tally));
    if (tally == NULL) {
        return err_memory(err);
    }
    *out = tally;
    return ERR_OK;
}

void tally_free(struct tally *tally)
{
    if (tally != NULL) {
        free(tally->workers);
        free(tally);
    }
}

/* The worker of a population, added when first met; a borrowed one is found again. */
static enum err_code tally_worker(struct tally *tally, size_t municipality,
                                  const struct population *population, int index, size_t *out,
                                  struct err *err)
{
    const struct worker_plan *plan = &population->plan->workers[index];
    for (size_t i = 0; i < tally->worker_count && plan->is_borrowed; i++) {
        if (tally->workers[i].copy == 0 && strcmp(tally->workers[i].id, plan->id) == 0) {
            *out = i;
            return ERR_OK;
        }
    }
    if (tally->worker_count == tally->worker_capacity) {
        size_t capacity = tally->worker_capacity == 0 ? 64 : 2 * tally->worker_capacity;
        struct worker_tally *workers = realloc(tally->workers, capacity * sizeof(*workers));
        if (workers == NULL) {
            return err_memory(err);
        }
        tally->workers = workers;
        tally->worker_capacity = capacity;
    }
    tally->workers[tally->worker_count] = (struct worker_tally){
        .id = plan->id,
        .municipality = municipality,
        .copy = population->copy,
        .plan = plan,
        .population = population->plan,
    };
    *out = tally->worker_count++;
    return ERR_OK;
}

static int rung_move(const struct spell *before, const struct spell *after)
{
    return after->rung < before->rung ? 0 : after->rung == before->rung ? 1 : 2;
}

/* I01, I03, I05 and I23 of one child at the last day of a quarter. */
static void count_snapshot(struct quarter_counts *counts, const struct child *child,
                           struct worker_tally *worker, enum programme programme, int quarter)
{
    int year = date_to_parts(programme_first_day(programme)).year;
    date_t at = quarter_start(year, quarter + 1) - 1;
    date_t before = quarter_start(year, quarter) - 1;
    const struct spell *spell = child_spell_at(child, at);
    if (!child_is_enrolled(child, programme, at)) {
        return;
    }
    if (spell != NULL) {
        counts->rungs[spell->rung]++;
        const struct spell *was = child_spell_at(child, before);
        if (was != NULL && child_is_enrolled(child, programme, before)) {
            counts->moves[rung_move(was, spell)]++;
        }
    }
    int own_quarter = plan_quarter_of(worker->population, at);
    bool is_away = worker->plan->leave_from <= own_quarter && own_quarter < worker->plan->leave_to;
    if (is_away) {
        return;
    }
    counts->cases++;
    if (!worker->counted[programme][quarter]) {
        worker->counted[programme][quarter] = true;
        counts->workers++;
        counts->fte_hundredths += worker->plan->fte_hundredths;
    }
}

static bool followup_covers(const struct followup *followup, int spell)
{
    for (int i = 0; i < followup->spell_count; i++) {
        if (followup->spells[i] == spell) {
            return true;
        }
    }
    return false;
}

/* The day of the first follow-up of the measure after `anchor`, or DATE_NONE. */
static date_t followup_after(const struct child *child, int spell, date_t anchor)
{
    date_t first = DATE_NONE;
    for (int i = 0; i < child->followup_count; i++) {
        date_t held = child->followups[i].held;
        if (held > anchor && followup_covers(&child->followups[i], spell) &&
            (first == DATE_NONE || held < first)) {
            first = held;
        }
    }
    return first;
}

/* I09: walks the measure's clock from follow-up to follow-up. */
static void count_obligations(struct quarter_counts counts[QUARTERS], const struct child *child,
                              int index, enum programme programme)
{
    const struct spell *spell = &child->spells[index];
    int year = date_to_parts(programme_first_day(programme)).year;
    enum owed_kind kind = spell->place[0] != '\0' ? OWED_PLACEMENT : OWED_OTHER;
    date_t anchor = spell->is_accessory ? DATE_NONE : spell->start;
    while (anchor != DATE_NONE) {
        date_t due = date_add_months(anchor, 3);
        date_t held = followup_after(child, index, anchor);
        bool is_owed = spell->end == DATE_NONE || spell->end > due;
        if (is_owed && child_is_enrolled(child, programme, due)) {
            struct date_parts parts = date_to_parts(due);
            int quarter = (parts.year - year) * 4 + (parts.month - 1) / 3;
            bool is_kept = held != DATE_NONE && held <= due;
            counts[quarter].obligations[kind][is_kept]++;
        }
        anchor = held;
    }
}

enum err_code tally_add(struct tally *tally, size_t municipality,
                        const struct population *population, struct err *err)
{
    size_t workers[WORKERS_MAX];
    for (int i = 0; i < population->worker_count; i++) {
        enum err_code rc = tally_worker(tally, municipality, population, i, &workers[i], err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    for (int i = 0; i < population->count; i++) {
        const struct child *child = &population->children[i];
        tally->refused[municipality] += child->fault != FAULT_NONE;
        if (child->fault != FAULT_NONE || child->is_aftercare || child->acting_municipality != 0) {
            continue;
        }
        struct worker_tally *worker = &tally->workers[workers[child->worker]];
        for (int p = 0; p < PROGRAMME_COUNT; p++) {
            struct quarter_counts *counts = tally->quarters[p][municipality];
            for (int q = 0; q < QUARTERS; q++) {
                count_snapshot(&counts[q], child, worker, (enum programme)p, q);
            }
            for (int s = 0; s < child->spell_count; s++) {
                count_obligations(counts, child, s, (enum programme)p);
            }
        }
    }
    return ERR_OK;
}

struct line {
    FILE *stream;
    enum programme programme;
    int quarter;
    int municipality;
};

static void line_write(const struct line *line, const char *indicator, const char *outcome,
                       long units)
{
    if (units == 0) {
        return;
    }
    int year = date_to_parts(programme_first_day(line->programme)).year;
    (void)fprintf(line->stream, "%s,%s,%d-Q%d,%d,%s,%ld\n", programme_slug(line->programme),
                  indicator, year + line->quarter / 4, line->quarter % 4 + 1, line->municipality,
                  outcome, units);
}

static void quarter_write(const struct line *line, const struct quarter_counts *counts)
{
    static const char *const places[RUNG_COUNT] = {NULL, NULL, "NETWORK", "FOSTER", "INSTITUTION"};
    static const char *const steps[RUNG_COUNT] = {"2", "3", "4", "5", "6"};
    static const char *const kept[] = {"LATE", "ON_TIME"};
    static const char *const moves[MOVE_COUNT] = {"DOWN", "SAME", "UP"};
    for (int i = RUNG_NETWORK; i < RUNG_COUNT; i++) {
        line_write(line, "I01", places[i], counts->rungs[i]);
    }
    for (int i = 0; i < RUNG_COUNT; i++) {
        line_write(line, "I03", steps[i], counts->rungs[i]);
    }
    for (int i = 0; i < MOVE_COUNT; i++) {
        line_write(line, "I05", moves[i], counts->moves[i]);
    }
    for (int i = 0; i < 2; i++) {
        long placement = counts->obligations[OWED_PLACEMENT][i];
        long other = counts->obligations[OWED_OTHER][i];
        line_write(line, "I09", kept[i], placement + other);
        line_write(line, "I09_PLACEMENT", kept[i], placement);
        line_write(line, "I09_OTHER", kept[i], other);
    }
    line_write(line, "I23", "CASES", counts->cases);
    line_write(line, "I23", "FTE_HUNDREDTHS", counts->fte_hundredths);
    line_write(line, "I23", "WORKERS", counts->workers);
}

void tally_write(const struct tally *tally, FILE *stream)
{
    (void)fputs("partnership,indicator,period,municipality,outcome,units\n", stream);
    for (int p = 0; p < PROGRAMME_COUNT; p++) {
        for (size_t m = 0; m < plan_municipality_count; m++) {
            for (int q = 0; q < QUARTERS; q++) {
                struct line line = {stream, (enum programme)p, q, plan_municipalities[m].code};
                quarter_write(&line, &tally->quarters[p][m][q]);
            }
        }
    }
    for (size_t m = 0; m < plan_municipality_count; m++) {
        (void)fprintf(stream, ",REFUSED,,%d,CASES,%ld\n", plan_municipalities[m].code,
                      tally->refused[m]);
    }
}

void tally_placed(const struct tally *tally, enum programme programme, int quarter, int *placed,
                  int *in_institution)
{
    *placed = 0;
    *in_institution = 0;
    for (size_t m = 0; m < plan_municipality_count; m++) {
        const struct quarter_counts *counts = &tally->quarters[programme][m][quarter];
        for (int rung = RUNG_NETWORK; rung < RUNG_COUNT; rung++) {
            *placed += (int)counts->rungs[rung];
        }
        *in_institution += (int)counts->rungs[RUNG_INSTITUTION];
    }
}
