/* primary - the rules on single cells. */
#include "protect/primary.h"

#include <stdlib.h>

/* Nobody is left out: the cell as an outsider sees it. */
#define NOBODY SIZE_MAX

/* A cell without one member's part: what that member sees when it subtracts its own. */
struct part {
    uint32_t subjects;
    int64_t value; /* of the cell's first quantity */
};

static size_t first_quantity(const struct block_cell *cell)
{
    size_t quantity = 0;
    while ((cell->quantities >> quantity & 1U) == 0) {
        quantity++;
    }
    return quantity;
}

static uint32_t subjects_without(const struct block *block, size_t cell, size_t member)
{
    uint64_t others = 0;
    for (size_t i = 0; i < block_member_count(block); i++) {
        others += i == member ? 0 : block_member_subjects(block, cell, i);
    }
    if (others == 0) {
        return 0;
    }
    uint32_t all = block_subjects(block, cell);
    uint32_t own = block_member_subjects(block, cell, member);
    /* a subject of two members is counted once in `all`: at least one is left */
    return all > own ? all - own : 1;
}

static struct part part_without(const struct block *block, size_t cell, size_t member)
{
    size_t quantity = first_quantity(block_cell(block, cell));
    struct part part = {block_subjects(block, cell), block_cell_value(block, cell, quantity)};
    if (member != NOBODY) {
        part.subjects = subjects_without(block, cell, member);
        part.value -= block_member_value(block, cell, quantity, member);
    }
    return part;
}

static bool part_is_sensitive(const struct block *block, const struct policy *policy, size_t cell,
                              size_t member)
{
    struct part part = part_without(block, cell, member);
    if (part.subjects > 0 && part.subjects < policy->threshold) {
        return true;
    }
    const struct block_cell *plan = block_cell(block, cell);
    if (!plan->zero_discloses || plan->whole == BLOCK_NONE) {
        return false;
    }
    struct part whole = part_without(block, plan->whole, member);
    return whole.subjects > 0 && (part.value == 0 || part.value == whole.value);
}

static bool others_can_occur(const struct block *block, size_t cell, size_t member)
{
    for (size_t i = 0; i < block_member_count(block); i++) {
        if (i != member && block_member_can_occur(block, cell, i)) {
            return true;
        }
    }
    return false;
}

bool primary_is_sensitive(const struct block *block, const struct policy *policy, size_t cell)
{
    if (block_cell(block, cell)->not_applicable || !block_cell_can_occur(block, cell)) {
        return false;
    }
    if (part_is_sensitive(block, policy, cell, NOBODY)) {
        return true;
    }
    for (size_t member = 0; member < block_member_count(block); member++) {
        if (block_member_can_occur(block, cell, member) && others_can_occur(block, cell, member) &&
            part_is_sensitive(block, policy, cell, member)) {
            return true;
        }
    }
    return false;
}

static int larger_first(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one;
    int64_t b = *(const int64_t *)other;
    return (a < b) - (a > b);
}

static int64_t sum_of(const int64_t *values, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum;
}

bool contribution_dominates(int64_t *values, size_t count, uint32_t n, uint32_t percent)
{
    qsort(values, count, sizeof *values, larger_first);
    int64_t largest = sum_of(values, n < count ? n : count);
    return largest * 100 > sum_of(values, count) * percent;
}

bool contribution_is_close(int64_t *values, size_t count, uint32_t percent)
{
    if (count == 0) {
        return false;
    }
    qsort(values, count, sizeof *values, larger_first);
    int64_t rest = sum_of(values, count) - values[0] - (count > 1 ? values[1] : 0);
    return rest * 100 < values[0] * percent;
}

static uint32_t contributor_count(const struct block *block, size_t cell)
{
    uint32_t count = 0;
    for (size_t i = 0; i < block_member_count(block); i++) {
        count += block_member_subjects(block, cell, i) > 0 ? 1 : 0;
    }
    return count;
}

static bool contributors_are_few(const struct block *block, const struct policy *policy,
                                 size_t cell)
{
    uint32_t contributors = contributor_count(block, cell);
    if (contributors < policy->contributors_min) {
        return true;
    }
    for (size_t i = 0; i < block_member_count(block); i++) {
        bool contributes = block_member_subjects(block, cell, i) > 0;
        if (contributes && (contributors - 1 < policy->rest_contributors_min ||
                            subjects_without(block, cell, i) < policy->rest_subjects_min)) {
            return true;
        }
    }
    return false;
}

bool primary_is_municipal(const struct block *block, const struct policy *policy, size_t cell)
{
    const struct block_cell *plan = block_cell(block, cell);
    if (plan->not_applicable || !block_cell_can_occur(block, cell)) {
        return false;
    }
    if (block_table(block, plan->table)->names_members ||
        contributors_are_few(block, policy, cell)) {
        return true;
    }
    size_t count = block_member_count(block);
    int64_t values[BLOCK_MEMBERS_MAX];
    for (size_t quantity = 0; quantity < block_quantity_count(block); quantity++) {
        if ((plan->quantities >> quantity & 1U) == 0) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            values[i] = block_member_value(block, cell, quantity, i);
        }
        if (contribution_dominates(values, count, policy->dominance_n, policy->dominance_percent) ||
            contribution_is_close(values, count, policy->p_percent)) {
            return true;
        }
    }
    return false;
}
