/* periods - one pass over the partnership's quarters and half-years. */
#include "publish/periods.h"

#include <stdlib.h>
#include <string.h>

void periods_free(struct periods *periods)
{
    if (periods == NULL) {
        return;
    }
    free(periods->chosen);
    free(periods->left_out);
    free(periods->waiting);
    free(periods);
}

static bool mark_is_listed(const struct period_mark *marks, size_t count, const char *period,
                           int municipality_code)
{
    for (size_t i = 0; i < count; i++) {
        if (marks[i].municipality_code == municipality_code &&
            strcmp(marks[i].period, period) == 0) {
            return true;
        }
    }
    return false;
}

static bool period_is_released(const struct periods_input *input, const char *period)
{
    for (size_t i = 0; i < input->released_count; i++) {
        if (strcmp(input->released[i].period, period) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_member_in(const struct periods_input *input, struct period period, int code)
{
    for (size_t i = 0; i < input->member_count; i++) {
        const struct query_member *member = &input->members[i];
        if (member->municipality_code == code && member->from_date <= period_last_day(period) &&
            period_first_day(period) < member->to_date) {
            return true;
        }
    }
    return false;
}

static bool has_closed(const struct periods_input *input, struct period period, int code)
{
    char text[PERIOD_TEXT_BYTES];
    period_format(period, text);
    if (mark_is_listed(input->closed, input->closed_count, text, code)) {
        return true;
    }
    if (period.kind != PERIOD_HALF_YEAR) {
        return false;
    }
    struct period quarter = period_of(PERIOD_QUARTER, period_first_day(period));
    for (int i = 0; i < 2; i++, quarter = period_next(quarter)) {
        if (is_member_in(input, quarter, code) && !has_closed(input, quarter, code)) {
            return false;
        }
    }
    return true;
}

static void member_sort_in(struct period_chosen *chosen, int code)
{
    size_t at = chosen->member_count;
    for (size_t i = 0; i < chosen->member_count; i++) {
        if (chosen->members[i] == code) {
            return; /* a member twice: it left and came back */
        }
    }
    while (at > 0 && chosen->members[at - 1] > code) {
        chosen->members[at] = chosen->members[at - 1];
        at--;
    }
    chosen->members[at] = code;
    chosen->member_count++;
}

static void mark_add(struct period_mark *marks, size_t *count, const char *period, int code)
{
    if (mark_is_listed(marks, *count, period, code)) {
        return;
    }
    memcpy(marks[*count].period, period, PERIOD_TEXT_BYTES);
    marks[(*count)++].municipality_code = code;
}

/* What one period looks like when sorted into who counts and who has not closed. */
struct draft {
    struct period_chosen chosen;
    int open[PERIODS_MEMBERS_MAX];
    size_t open_count;
};

static enum err_code draft_fill(const struct periods_input *input, struct period period,
                                struct draft *draft, struct err *err)
{
    *draft = (struct draft){.chosen.period = period};
    period_format(period, draft->chosen.text);
    for (size_t i = 0; i < input->member_count; i++) {
        int code = input->members[i].municipality_code;
        if (!is_member_in(input, period, code)) {
            continue;
        }
        if (draft->chosen.member_count + draft->open_count == PERIODS_MEMBERS_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d members in %s", PERIODS_MEMBERS_MAX,
                           draft->chosen.text);
        }
        bool named =
            mark_is_listed(input->leave_out, input->leave_out_count, draft->chosen.text, code);
        if (has_closed(input, period, code) && !named) {
            member_sort_in(&draft->chosen, code);
        } else {
            draft->open[draft->open_count++] = code;
        }
    }
    return ERR_OK;
}

static void draft_decide(const struct periods_input *input, const struct draft *draft,
                         struct periods *periods)
{
    const char *text = draft->chosen.text;
    bool may_go = draft->chosen.member_count > 0;
    for (size_t i = 0; i < draft->open_count; i++) {
        may_go = may_go &&
                 (input->without_open ||
                  mark_is_listed(input->leave_out, input->leave_out_count, text, draft->open[i]));
    }
    if (may_go) {
        periods->chosen[periods->count++] = draft->chosen;
    }
    for (size_t i = 0; i < draft->open_count; i++) {
        if (may_go) {
            mark_add(periods->left_out, &periods->left_out_count, text, draft->open[i]);
        } else if (draft->chosen.member_count > 0) {
            mark_add(periods->waiting, &periods->waiting_count, text, draft->open[i]);
        }
    }
}

static enum err_code kind_choose(const struct periods_input *input, enum period_kind kind,
                                 struct periods *periods, struct err *err)
{
    struct period period = period_of(kind, input->from_date);
    for (; period_first_day(period) < input->to_date; period = period_next(period)) {
        struct draft draft;
        enum err_code code = draft_fill(input, period, &draft, err);
        if (code != ERR_OK) {
            return code;
        }
        if (periods->count == PERIODS_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d periods to release", PERIODS_MAX);
        }
        if (!period_is_released(input, draft.chosen.text)) {
            draft_decide(input, &draft, periods);
        }
    }
    return ERR_OK;
}

static enum err_code leave_out_check(const struct periods_input *input, struct err *err)
{
    for (size_t i = 0; i < input->leave_out_count; i++) {
        struct period period;
        const struct period_mark *mark = &input->leave_out[i];
        if (!period_parse(mark->period, &period) ||
            !is_member_in(input, period, mark->municipality_code)) {
            return err_set(err, ERR_INVALID, "municipality %d is no member in %s",
                           mark->municipality_code, mark->period);
        }
    }
    return ERR_OK;
}

static int chosen_compare(const void *one, const void *other)
{
    const struct period_chosen *a = one;
    const struct period_chosen *b = other;
    date_t a_day = period_last_day(a->period);
    date_t b_day = period_last_day(b->period);
    return a_day != b_day ? (a_day > b_day) - (a_day < b_day) : strcmp(b->text, a->text);
}

enum err_code periods_choose(const struct periods_input *input, struct periods **out,
                             struct err *err)
{
    AUTO(periods_free) struct periods *periods = calloc(1, sizeof *periods);
    if (periods == NULL) {
        return err_memory(err);
    }
    size_t marks_max = PERIODS_MAX * (input->member_count + 1);
    periods->chosen = calloc(PERIODS_MAX, sizeof *periods->chosen);
    periods->left_out = calloc(marks_max, sizeof *periods->left_out);
    periods->waiting = calloc(marks_max, sizeof *periods->waiting);
    if (periods->chosen == NULL || periods->left_out == NULL || periods->waiting == NULL) {
        return err_memory(err);
    }
    enum err_code code = leave_out_check(input, err);
    code = code == ERR_OK ? kind_choose(input, PERIOD_QUARTER, periods, err) : code;
    code = code == ERR_OK ? kind_choose(input, PERIOD_HALF_YEAR, periods, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    qsort(periods->chosen, periods->count, sizeof *periods->chosen, chosen_compare);
    *out = STEAL(periods);
    return ERR_OK;
}
