/* The follow-up process (see followups.h). */
#include "data/followups.h"

#include <assert.h>

enum {
    TARGET_MONTHS = 3,
    EARLY_DAYS_MAX = 26, /* a kept follow-up is held in the last weeks before it is due */
    METER_BEFORE = 24,   /* quarters of the meter before the programme */
    METER_QUARTERS = 60, /* and in all */
};

/* Spreads decisions: after n of them the kept ones are the planned share, within one. */
struct meter {
    int carry[FOLLOWUP_KIND_COUNT][METER_QUARTERS];
};

static const struct population_plan *plan_on(const struct population *population, date_t day)
{
    // Those who stay after Sverigesprogrammet are followed up as the next programme plans.
    return day >= programme_end_day(population->plan->programme) &&
                   population->plan->programme == PROGRAMME_SVERIGE
               ? &plan_herning_pakken
               : population->plan;
}

static int plan_permille(const struct population_plan *plan, enum followup_kind kind, date_t due)
{
    int quarter = plan_quarter_of(plan, due);
    quarter = quarter < 0 ? 0 : quarter >= QUARTERS ? QUARTERS - 1 : quarter;
    return plan->followups.on_time_permille[kind][quarter];
}

/* `quarter` is the due day's by the population's own plan, whichever plan the share is of. */
static bool meter_keeps(struct meter *meter, enum followup_kind kind, int quarter, int permille)
{
    int index = quarter + METER_BEFORE;
    assert(index >= 0 && index < METER_QUARTERS);
    int *carry = &meter->carry[kind][index];
    *carry += permille;
    if (*carry < 1000) {
        return false;
    }
    *carry -= 1000;
    return true;
}

/* The day of the follow-up after `anchor`. */
static date_t followup_next(struct population *population, struct meter *meter,
                            const struct spell *spell, date_t anchor)
{
    struct dice *dice = &population->dice;
    enum followup_kind kind = spell->rung >= RUNG_NETWORK ? FOLLOWUP_PLACEMENT : FOLLOWUP_OTHER;
    date_t due = date_add_months(anchor, TARGET_MONTHS);
    const struct population_plan *plan = plan_on(population, due);
    bool is_obligation = spell->end == DATE_NONE || spell->end > due;
    int permille = plan_permille(plan, kind, due);
    int quarter = plan_quarter_of(population->plan, due);
    bool keeps =
        is_obligation ? meter_keeps(meter, kind, quarter, permille) : dice_chance(dice, permille);
    if (keeps) {
        return workday_before(due - dice_below(dice, EARLY_DAYS_MAX));
    }
    int low = plan->followups.late_days_low[kind];
    int high = plan->followups.late_days_high[kind];
    return workday_after(anchor + dice_between(dice, low, high));
}

static bool spell_runs(const struct spell *spell, date_t day)
{
    return spell->start < day && (spell->end == DATE_NONE || day < spell->end);
}

static void child_add_followup(struct child *child, int spell, date_t held)
{
    if (child->followup_count == FOLLOWUPS_MAX) {
        return;
    }
    struct followup *followup = &child->followups[child->followup_count++];
    *followup = (struct followup){.held = held, .spells = {spell}, .spell_count = 1};
    for (int i = 0; i < child->spell_count && followup->spell_count < LINKS_MAX; i++) {
        // The support of the parents is no measure for the child: not followed up with it.
        const struct spell *beside = &child->spells[i];
        if (beside->is_side && !beside->is_accessory && spell_runs(beside, held)) {
            followup->spells[followup->spell_count++] = i;
        }
    }
}

static void child_hold_followups(struct population *population, struct meter *meter,
                                 struct child *child)
{
    for (int i = 0; i < child->spell_count; i++) {
        const struct spell *spell = &child->spells[i];
        if (spell->is_side) {
            continue;
        }
        date_t held = followup_next(population, meter, spell, spell->start);
        while (spell_runs(spell, held) && held < plan_extract_day()) {
            child_add_followup(child, i, held);
            held = followup_next(population, meter, spell, held);
        }
    }
}

void followups_hold(struct population *population)
{
    struct meter meter;
    for (int kind = 0; kind < FOLLOWUP_KIND_COUNT; kind++) {
        for (int i = 0; i < METER_QUARTERS; i++) {
            meter.carry[kind][i] = dice_below(&population->dice, 1000);
        }
    }
    for (int i = 0; i < population->count; i++) {
        child_hold_followups(population, &meter, &population->children[i]);
    }
}
