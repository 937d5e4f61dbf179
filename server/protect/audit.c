/* audit - every viewer's attacks, side by side. */
#include "protect/audit.h"

#include "protect/attack.h"
#include "protect/primary.h"

#include <stdlib.h>

struct audit {
    struct population *populations[BLOCK_QUANTITIES_MAX]; /* owned */
    struct attack **attacks; /* owned; members first, the outsider last */
    size_t count;
    const struct attack *last; /* borrowed: who narrowed the cell asked about last */
};

void audit_free(struct audit *audit)
{
    if (audit == NULL) {
        return;
    }
    for (size_t i = 0; audit->attacks != NULL && i < audit->count; i++) {
        attack_free(audit->attacks[i]);
    }
    for (size_t q = 0; q < BLOCK_QUANTITIES_MAX; q++) {
        population_free(audit->populations[q]);
    }
    free(audit->attacks);
    free(audit);
}

/* Members come first: what they cannot tell apart, the outsider cannot either. */
static enum err_code attacks_make(struct audit *audit, const struct block *block,
                                  const bool *hidden, struct err *err)
{
    size_t quantities = block_quantity_count(block);
    size_t members = block_member_count(block);
    for (size_t i = 0; i < (members + 1) * quantities; i++) {
        size_t viewer = i / quantities;
        struct attack_spec spec = {.block = block,
                                   .viewer = viewer == members ? VIEWER_OUTSIDER : viewer,
                                   .quantity = i % quantities,
                                   .population = audit->populations[i % quantities],
                                   .hidden = hidden};
        enum err_code code = attack_new(&spec, &audit->attacks[i], err);
        if (code != ERR_OK) {
            return code;
        }
        audit->count++;
    }
    return ERR_OK;
}

enum err_code audit_new(const struct block *block, const bool *hidden, struct audit **out,
                        struct err *err)
{
    AUTO(audit_free) struct audit *audit = calloc(1, sizeof *audit);
    size_t quantities = block_quantity_count(block);
    if (audit != NULL) {
        audit->attacks =
            calloc((block_member_count(block) + 1) * quantities, sizeof(struct attack *));
    }
    if (audit == NULL || audit->attacks == NULL) {
        return err_memory(err);
    }
    for (size_t q = 0; q < quantities; q++) {
        enum err_code code = population_new(block, q, &audit->populations[q], err);
        if (code != ERR_OK) {
            return code;
        }
    }
    enum err_code code = attacks_make(audit, block, hidden, err);
    if (code == ERR_OK) {
        *out = STEAL(audit);
    }
    return code;
}

void audit_hide(struct audit *audit, size_t cell)
{
    for (size_t i = 0; i < audit->count; i++) {
        attack_hide(audit->attacks[i], cell);
    }
}

enum err_code audit_explore(struct audit *audit, int64_t width, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < audit->count && code == ERR_OK; i++) {
        code = attack_explore(audit->attacks[i], width, err);
    }
    return code;
}

enum err_code audit_cell(struct audit *audit, size_t cell, int64_t width, bool *wide,
                         struct err *err)
{
    bool all_wide = true;
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < audit->count && all_wide && code == ERR_OK; i++) {
        if (attack_concerns(audit->attacks[i], cell)) {
            audit->last = audit->attacks[i];
            code = attack_widen(audit->attacks[i], cell, width, &all_wide, err);
        }
    }
    if (code == ERR_OK) {
        *wide = all_wide;
    }
    return code;
}

bool audit_is_lever(const struct audit *audit, size_t cell)
{
    return attack_is_lever(audit->last, cell);
}

size_t audit_solve_count(const struct audit *audit)
{
    size_t sum = 0;
    for (size_t i = 0; i < audit->count; i++) {
        sum += attack_solve_count(audit->attacks[i]);
    }
    return sum;
}

/* A guard is never shown, and matters only when it would be sensitive. */
bool audit_counts(const struct block *block, const struct policy *policy, size_t cell)
{
    return block_cell_can_occur(block, cell) && !block_cell(block, cell)->not_applicable &&
           (!block_cell(block, cell)->guard || primary_is_sensitive(block, policy, cell));
}

enum err_code audit_pattern(const struct block *block, const struct policy *policy,
                            const bool *hidden, struct audit_verdict *out, struct err *err)
{
    AUTO(audit_free) struct audit *audit = NULL;
    enum err_code code = audit_new(block, hidden, &audit, err);
    bool all_safe = true;
    code = code == ERR_OK ? audit_explore(audit, policy->width, err) : code;
    for (size_t i = 0; i < block_cell_count(block) && all_safe && code == ERR_OK; i++) {
        if (!audit_counts(block, policy, i)) {
            continue;
        }
        if (hidden[i]) {
            code = audit_cell(audit, i, policy->width, &all_safe, err);
        } else {
            all_safe = !primary_is_sensitive(block, policy, i);
        }
    }
    if (code == ERR_OK) {
        *out = (struct audit_verdict){all_safe, audit_solve_count(audit)};
    }
    return code;
}
