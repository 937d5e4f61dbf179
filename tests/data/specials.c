/* Wrong, excluded and shared cases (see specials.h). */
#include "data/specials.h"

#include <string.h>

enum {
    SHARED_WORKER_FIRST = 6, /* R657-07 and R657-08 of Sverigesprogrammet */
    AFTERCARE_BIRTH_YEAR = 1995,
    ELSEWHERE_MUNICIPALITY = 101, /* København, in neither partnership */
};

static date_t day_of(int year, int month, int day)
{
    return date_from_parts((struct date_parts){year, month, day});
}

/* A whole case in Forebyggelsespakken: one measure at home, three follow-ups, one score. */
static enum err_code special_add(struct population *population, int birth_year, struct child **out,
                                 struct err *err)
{
    int number = population->first_number + population->count;
    struct child *child = NULL;
    enum err_code rc = population_add(population, day_of(birth_year, 2, 1),
                                      day_of(birth_year, 11, 30), &child, err);
    if (rc != ERR_OK) {
        return rc;
    }
    child->number = number;
    child->target_group = "OTHER";
    child->opened = workday_after(day_of(2015, 2, 1) + dice_below(&population->dice, 200));
    struct spell *spell =
        population_start_spell(population, child, RUNG_HOME, workday_after(child->opened + 10));
    child->enrolments[PROGRAMME_PAKKEN].from = child->opened;
    child->enrolments[PROGRAMME_PAKKEN].to = programme_end_day(PROGRAMME_PAKKEN);
    for (int i = 0; i < 3; i++) {
        child->followups[child->followup_count++] = (struct followup){
            .held = workday_after(spell->start + 80 * (i + 1)), .spells = {0}, .spell_count = 1};
    }
    child->measurements[child->measurement_count++] = (struct measurement){
        .instrument = "SDQ_TOTAL",
        .informant = "PARENT",
        .measured = workday_after(child->opened + 5),
        .score = dice_between(&population->dice, 12, 24),
    };
    *out = child;
    return ERR_OK;
}

static void child_break(struct child *child, enum fault fault)
{
    struct spell *spell = &child->spells[0];
    child->fault = fault;
    switch (fault) {
    case FAULT_END_BEFORE_START:
        spell->end = spell->start - 10;
        break;
    case FAULT_UNKNOWN_PARAGRAPH:
        spell->paragraph = "SEL-999";
        break;
    case FAULT_LOST_FOLLOWUP:
        child->followups[1].spells[0] = 8; // the ninth measure of a child that has one
        break;
    case FAULT_SCORE_OUT_OF_RANGE:
        child->measurements[0].score = 57; // SDQ ends at 40
        break;
    case FAULT_BAD_PERSON_NUMBER:
        memcpy(child->cpr + 2, "13", 2);
        break;
    case FAULT_PLACEMENT_NO_PLACE:
        spell->paragraph = "SEL-52-3-7";
        break;
    case FAULT_CLOSED_BEFORE_OPENED:
        child->closed = child->opened - 30;
        break;
    case FAULT_NONE:
    case FAULT_COUNT:
        break;
    }
}

static void child_make_aftercare(struct child *child)
{
    struct spell *spell = &child->spells[0];
    child->is_aftercare = true;
    spell->paragraph = "SEL-76";
    spell->place = "FOSTER_GENERAL";
    spell->rung = RUNG_FOSTER;
    child->measurement_count = 0; // too old for the instruments
}

enum err_code specials_add(struct population *population,
                           const struct municipality_plan *municipality, struct err *err)
{
    struct child *child = NULL;
    for (int i = 0; i < municipality->faulty_cases; i++) {
        enum err_code rc = special_add(population, 2004 + i % 5, &child, err);
        if (rc != ERR_OK) {
            return rc;
        }
        child_break(child, (enum fault)(FAULT_NONE + 1 + i % (FAULT_COUNT - 1)));
    }
    for (int i = 0; i < municipality->aftercare_cases; i++) {
        enum err_code rc = special_add(population, AFTERCARE_BIRTH_YEAR, &child, err);
        if (rc != ERR_OK) {
            return rc;
        }
        child_make_aftercare(child);
    }
    for (int i = 0; i < municipality->elsewhere_cases; i++) {
        enum err_code rc = special_add(population, 2005, &child, err);
        if (rc != ERR_OK) {
            return rc;
        }
        child->acting_municipality = ELSEWHERE_MUNICIPALITY;
    }
    return ERR_OK;
}

void specials_share(struct population *population)
{
    date_t from = programme_first_day(PROGRAMME_PAKKEN);
    date_t end = programme_end_day(PROGRAMME_PAKKEN);
    for (int i = 0; i < population->count; i++) {
        struct child *child = &population->children[i];
        bool is_open = child->opened < from && (child->closed == DATE_NONE || child->closed > from);
        if (child->worker >= SHARED_WORKER_FIRST && is_open) {
            child->enrolments[PROGRAMME_PAKKEN].from = from;
            child->enrolments[PROGRAMME_PAKKEN].to =
                child->closed == DATE_NONE || child->closed > end ? end : child->closed;
        }
    }
}
