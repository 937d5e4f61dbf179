/* suppress - primary rules, then more and more hidden cells until every viewer is left in
 * the dark about each, then a fresh audit. */
#include "protect/suppress.h"

#include "protect/audit.h"
#include "protect/primary.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Hiding a cell smaller than the width rarely hides another: it costs this much more. */
    SMALL_CELL_COST = 50,
};

struct suppression {
    const struct block *block; /* borrowed */
    struct policy policy;
    enum released_audience audience;
    bool coarse;   /* for now all fine tables count as withheld */
    bool too_few;  /* pooled, and fewer members than it takes: nothing is shown */
    bool *hidden;  /* owned, per cell; structural zeros and guards too */
    bool *primary; /* owned, per cell: hidden for its own sake */
    size_t solved;
};

void suppression_free(struct suppression *suppression)
{
    if (suppression == NULL) {
        return;
    }
    free(suppression->hidden);
    free(suppression->primary);
    free(suppression);
}

static enum err_code suppression_new(const struct block *block, const struct policy *policy,
                                     struct suppression **out, struct err *err)
{
    AUTO(suppression_free) struct suppression *suppression = calloc(1, sizeof *suppression);
    if (suppression == NULL) {
        return err_memory(err);
    }
    suppression->block = block;
    suppression->policy = *policy;
    suppression->hidden = calloc(block_cell_count(block) + 1, sizeof(bool));
    suppression->primary = calloc(block_cell_count(block) + 1, sizeof(bool));
    if (suppression->hidden == NULL || suppression->primary == NULL) {
        return err_memory(err);
    }
    *out = STEAL(suppression);
    return ERR_OK;
}

/* A cell that never holds a shown number, whatever the data. */
static bool cell_is_never_shown(const struct block *block, size_t cell)
{
    return block_cell(block, cell)->guard || block_cell(block, cell)->not_applicable ||
           !block_cell_can_occur(block, cell);
}

/* The same figure may stand in two tables: both places are hidden. */
static void hide_with_twins(struct suppression *suppression, struct audit *audit, size_t cell)
{
    size_t twin = block_cell_twin(suppression->block, cell);
    for (size_t i = twin; i < block_cell_count(suppression->block); i++) {
        if (block_cell_twin(suppression->block, i) != twin || suppression->hidden[i]) {
            continue;
        }
        suppression->hidden[i] = true;
        if (audit != NULL) {
            audit_hide(audit, i);
        }
    }
}

static void primary_hide(struct suppression *suppression)
{
    const struct block *block = suppression->block;
    bool pooled = suppression->audience == RELEASED_POOLED;
    for (size_t i = 0; i < block_cell_count(block); i++) {
        if (cell_is_never_shown(block, i)) {
            suppression->hidden[i] = true;
        } else if (primary_is_sensitive(block, &suppression->policy, i) ||
                   (pooled && primary_is_municipal(block, &suppression->policy, i))) {
            suppression->primary[i] = true;
            hide_with_twins(suppression, NULL, i);
        }
    }
}

static int64_t cell_cost(const struct suppression *suppression, size_t cell)
{
    const struct block *block = suppression->block;
    const struct block_cell *plan = block_cell(block, cell);
    size_t quantity = 0;
    while ((plan->quantities >> quantity & 1U) == 0) {
        quantity++;
    }
    int64_t units = block_cell_value(block, cell, quantity) / block_quantity(block, quantity)->one;
    int64_t small = units < suppression->policy.width ? SMALL_CELL_COST : 0;
    return 1 + units + small + plan->cost;
}

static enum block_rank cell_rank(const struct block *block, size_t cell)
{
    return block_table_rank(block, block_cell(block, cell)->table);
}

/* A cell of the pool or of a member that is shown and zero. */
static bool cell_shows_zero(const struct suppression *suppression, size_t cell)
{
    const struct block *block = suppression->block;
    return !suppression->hidden[cell] && cell_rank(block, cell) != BLOCK_RANK_FINE &&
           (block_cell(block, cell)->quantities & 1U) != 0 && block_cell_value(block, cell, 0) == 0;
}

static bool column_is_zero_to_all(const struct suppression *suppression, size_t column)
{
    struct block_columns columns = block_columns(suppression->block);
    for (size_t i = columns.first[column]; i < columns.first[column + 1]; i++) {
        if (cell_shows_zero(suppression, columns.cells[i])) {
            return true;
        }
    }
    return false;
}

/* Whether a fine cell can only be zero, as shown coarser cells tell: hiding it hides nothing. */
static bool cell_is_plain_zero(const struct suppression *suppression, size_t cell)
{
    if (cell_rank(suppression->block, cell) != BLOCK_RANK_FINE ||
        (block_cell(suppression->block, cell)->quantities & 1U) == 0 ||
        block_cell_value(suppression->block, cell, 0) != 0) {
        return false;
    }
    size_t count = 0;
    const uint32_t *columns = block_cell_columns(suppression->block, cell, &count);
    for (size_t i = 0; i < count; i++) {
        if (!column_is_zero_to_all(suppression, columns[i])) {
            return false;
        }
    }
    return true;
}

/* The cheapest published cell that the last viewer used; BLOCK_NONE when there is none.
 * Plain zeros only when nothing else is left. */
static size_t cheapest_lever(const struct suppression *suppression, const struct audit *audit)
{
    size_t best = BLOCK_NONE;
    size_t zero = BLOCK_NONE;
    int64_t best_cost = 0;
    for (size_t i = 0; i < block_cell_count(suppression->block); i++) {
        if (suppression->hidden[i] || !audit_is_lever(audit, i)) {
            continue;
        }
        int64_t cost = cell_cost(suppression, i);
        if (best != BLOCK_NONE && cost >= best_cost) {
            continue;
        }
        if (cell_is_plain_zero(suppression, i)) {
            zero = i;
        } else {
            best = i;
            best_cost = cost;
        }
    }
    return best == BLOCK_NONE ? zero : best;
}

/* Hides what is shown of the cell's own table, if that is a fine one; counts it. */
static size_t table_hide(struct suppression *suppression, struct audit *audit, size_t cell)
{
    const struct block *block = suppression->block;
    size_t count = 0;
    for (size_t i = 0; cell_rank(block, cell) == BLOCK_RANK_FINE && i < block_cell_count(block);
         i++) {
        if (block_cell(block, i)->table == block_cell(block, cell)->table &&
            !suppression->hidden[i] && !cell_is_plain_zero(suppression, i)) {
            hide_with_twins(suppression, audit, i);
            count++;
        }
    }
    return count;
}

/* Hides a lever for the cell, or all of its fine table before a coarser figure goes; says how
 * many, 0 when nothing is left. */
static size_t lever_hide(struct suppression *suppression, struct audit *audit, size_t cell)
{
    size_t lever = cheapest_lever(suppression, audit);
    if (lever == BLOCK_NONE) {
        return 0;
    }
    size_t count = cell_rank(suppression->block, lever) == BLOCK_RANK_FINE
                       ? 0
                       : table_hide(suppression, audit, cell);
    if (count == 0) {
        hide_with_twins(suppression, audit, lever);
        count = 1;
    }
    return count;
}

/* Hides levers until the cell is wide for everybody; counts what it hid. */
static enum err_code cell_protect(struct suppression *suppression, struct audit *audit, size_t cell,
                                  size_t *added, struct err *err)
{
    for (;;) {
        bool wide = false;
        enum err_code code = audit_cell(audit, cell, suppression->policy.width, &wide, err);
        if (code != ERR_OK || wide) {
            return code;
        }
        size_t count = lever_hide(suppression, audit, cell);
        if (count == 0) {
            const struct block_cell *plan = block_cell(suppression->block, cell);
            return err_set(err, ERR_LIMIT, "no pattern protects table \"%s\" of %s",
                           block_table(suppression->block, plan->table)->name,
                           block_period(suppression->block));
        }
        *added += count;
    }
}

/* Whether the cell is hidden, and must stay wide. */
static bool cell_counts(const struct suppression *suppression, size_t cell)
{
    return suppression->hidden[cell] &&
           !(suppression->coarse && cell_rank(suppression->block, cell) == BLOCK_RANK_FINE) &&
           audit_counts(suppression->block, &suppression->policy, cell);
}

/* One pass over all hidden cells with new attacks; counts what it hid. */
static enum err_code pass_run(struct suppression *suppression, size_t *added, struct err *err)
{
    AUTO(audit_free) struct audit *audit = NULL;
    enum err_code code = audit_new(suppression->block, suppression->hidden, &audit, err);
    size_t before = 0;
    *added = 0;
    do {
        before = *added;
        code = code == ERR_OK ? audit_explore(audit, suppression->policy.width, err) : code;
        for (size_t i = 0; i < block_cell_count(suppression->block) && code == ERR_OK; i++) {
            if (cell_counts(suppression, i)) {
                code = cell_protect(suppression, audit, i, added, err);
            }
        }
    } while (code == ERR_OK && *added > before);
    if (audit != NULL) {
        suppression->solved += audit_solve_count(audit);
    }
    return code;
}

/* Passes, each from nothing, until one finds every hidden cell wide and adds none: that one
 * is the final audit. It leans on nothing that an earlier pass has learned. */
static enum err_code passes_run(struct suppression *suppression, struct err *err)
{
    size_t added = 1;
    enum err_code code = ERR_OK;
    while (code == ERR_OK && added > 0) {
        code = pass_run(suppression, &added, err);
    }
    return code;
}

/* First what the figures of the pool and of members need among themselves, as if no finer
 * table were planned: so no fine cell is spent where a coarse one must go anyway. Then all,
 * in passes that take nothing from this one but its hidden cells. */
static enum err_code coarse_protect(struct suppression *suppression, struct err *err)
{
    const struct block *block = suppression->block;
    size_t cells = block_cell_count(block);
    AUTO_HEAP bool *before = calloc(cells + 1, sizeof *before);
    if (before == NULL) {
        return err_memory(err);
    }
    memcpy(before, suppression->hidden, cells * sizeof *before);
    for (size_t i = 0; i < cells; i++) {
        suppression->hidden[i] |= cell_rank(block, i) == BLOCK_RANK_FINE;
    }
    suppression->coarse = true;
    enum err_code code = passes_run(suppression, err);
    suppression->coarse = false;
    for (size_t i = 0; i < cells; i++) {
        if (cell_rank(block, i) == BLOCK_RANK_FINE) {
            suppression->hidden[i] = before[i];
        }
    }
    return code;
}

static enum err_code protect(struct suppression *suppression, struct err *err)
{
    primary_hide(suppression);
    enum err_code code = coarse_protect(suppression, err);
    return code == ERR_OK ? passes_run(suppression, err) : code;
}

enum err_code suppress_named(const struct block *block, const struct policy *policy,
                             struct suppression **out, struct err *err)
{
    AUTO(suppression_free) struct suppression *suppression = NULL;
    enum err_code code = suppression_new(block, policy, &suppression, err);
    if (code != ERR_OK) {
        return code;
    }
    suppression->audience = RELEASED_NAMED;
    code = protect(suppression, err);
    if (code == ERR_OK) {
        *out = STEAL(suppression);
    }
    return code;
}

enum err_code suppress_pooled(const struct suppression *named, struct suppression **out,
                              struct err *err)
{
    assert(named->audience == RELEASED_NAMED);
    AUTO(suppression_free) struct suppression *suppression = NULL;
    enum err_code code = suppression_new(named->block, &named->policy, &suppression, err);
    if (code != ERR_OK) {
        return code;
    }
    suppression->audience = RELEASED_POOLED;
    memcpy(suppression->hidden, named->hidden, block_cell_count(named->block) * sizeof(bool));
    memcpy(suppression->primary, named->primary, block_cell_count(named->block) * sizeof(bool));
    suppression->too_few = block_member_count(named->block) < named->policy.contributors_min;
    if (!suppression->too_few) {
        code = protect(suppression, err);
    }
    if (code == ERR_OK) {
        *out = STEAL(suppression);
    }
    return code;
}

enum released_audience suppression_audience(const struct suppression *suppression)
{
    return suppression->audience;
}

const struct block *suppression_block(const struct suppression *suppression)
{
    return suppression->block;
}

enum released_state suppression_state(const struct suppression *suppression, size_t cell)
{
    const struct block *block = suppression->block;
    if (block_cell(block, cell)->guard) {
        return RELEASED_WITHHELD;
    }
    if (block_cell(block, cell)->not_applicable) {
        return RELEASED_NOT_APPLICABLE;
    }
    if (!block_cell_can_occur(block, cell)) {
        return RELEASED_STRUCTURAL_ZERO;
    }
    if (suppression->too_few) {
        return RELEASED_TOO_FEW_CONTRIBUTORS;
    }
    return suppression->hidden[cell] ? RELEASED_WITHHELD : RELEASED_EXACT;
}

struct suppression_figures suppression_figures(const struct suppression *suppression)
{
    struct suppression_figures figures = {.solved = suppression->solved};
    for (size_t i = 0; i < block_cell_count(suppression->block); i++) {
        if (cell_is_never_shown(suppression->block, i)) {
            continue;
        }
        bool shown = suppression_state(suppression, i) == RELEASED_EXACT;
        enum block_rank rank = cell_rank(suppression->block, i);
        figures.rank_shown[rank] += shown ? 1 : 0;
        figures.rank_withheld[rank] += shown ? 0 : 1;
        figures.shown += shown ? 1 : 0;
        figures.withheld += shown ? 0 : 1;
        figures.secondary += !shown && !suppression->primary[i] ? 1 : 0;
    }
    return figures;
}
