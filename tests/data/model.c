/* Questions about an invented child (see model.h). */
#include "data/model.h"

#include <assert.h>
#include <stddef.h>

static bool day_is_within(date_t day, date_t from, date_t to)
{
    return from != DATE_NONE && from <= day && (to == DATE_NONE || day < to);
}

const struct spell *child_spell_at(const struct child *child, date_t day)
{
    for (int i = child->spell_count - 1; i >= 0; i--) {
        const struct spell *spell = &child->spells[i];
        if (!spell->is_side && day_is_within(day, spell->start, spell->end)) {
            return spell;
        }
    }
    return NULL;
}

struct spell *child_last_spell(struct child *child)
{
    int i = child->spell_count - 1;
    while (i > 0 && child->spells[i].is_side) {
        i--;
    }
    assert(i >= 0 && !child->spells[i].is_side);
    return &child->spells[i];
}

bool child_is_enrolled(const struct child *child, enum programme programme, date_t day)
{
    return day_is_within(day, child->opened, child->closed) &&
           day_is_within(day, child->enrolments[programme].from, child->enrolments[programme].to);
}

date_t quarter_start(int year, int index)
{
    date_t first = date_from_parts((struct date_parts){year, 1, 1});
    return date_add_months(first, 3 * index);
}

/* 1970-01-01 was a Thursday; Monday is 0. */
static int weekday_of(date_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7);
}

date_t workday_before(date_t day)
{
    int weekday = weekday_of(day);
    return weekday < 5 ? day : day - (weekday - 4);
}

date_t workday_after(date_t day)
{
    int weekday = weekday_of(day);
    return weekday < 5 ? day : day + (7 - weekday);
}
