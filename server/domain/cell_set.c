/* cell_set - see cell_set.h. Cells lie in one growing run; a table of slots finds equal ones. */
#include "domain/cell_set.h"

#include <string.h>

enum { CELLS_AT_FIRST = 256, SLOTS_PER_CELL = 2 };

struct cell_set {
    enum cell_set_kind kind;
    struct cell *cells;
    size_t count;
    size_t capacity;
    uint32_t *slots; /* index of the cell + 1; 0 is free */
    size_t slot_count;
};

/* The names, in the order of enum cell_state; the store spells them so. */
static const char *const STATES[] = {
    [CELL_EXACT] = "exact",
    [CELL_WITHHELD] = "withheld",
    [CELL_TOO_FEW_CONTRIBUTORS] = "too_few_contributors",
    [CELL_STRUCTURAL_ZERO] = "structural_zero",
    [CELL_NOT_APPLICABLE] = "not_applicable",
};

struct cell_value cell_exact(int64_t value)
{
    return (struct cell_value){CELL_EXACT, value};
}

struct cell_value cell_absent(enum cell_state state)
{
    return (struct cell_value){state, 0};
}

const char *cell_state_name(enum cell_state state)
{
    return STATES[state];
}

bool cell_state_find(const char *name, enum cell_state *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(STATES); i++) {
        if (strcmp(STATES[i], name) == 0) {
            *out = (enum cell_state)i;
            return true;
        }
    }
    return false;
}

/** How strongly a state decides a sum. */
static int state_weight(enum cell_state state)
{
    static const int WEIGHTS[] = {
        [CELL_STRUCTURAL_ZERO] = 0,      [CELL_EXACT] = 1,    [CELL_NOT_APPLICABLE] = 2,
        [CELL_TOO_FEW_CONTRIBUTORS] = 3, [CELL_WITHHELD] = 4,
    };
    return WEIGHTS[state];
}

struct cell_value cell_add(struct cell_value a, struct cell_value b)
{
    if (a.state == CELL_EXACT && b.state == CELL_EXACT) {
        return cell_exact(a.exact + b.exact);
    }
    return state_weight(a.state) >= state_weight(b.state) ? a : b;
}

enum err_code cell_set_new(enum cell_set_kind kind, struct cell_set **out, struct err *err)
{
    struct cell_set *set = calloc(1, sizeof(*set));
    if (set == NULL) {
        return err_memory(err);
    }
    set->kind = kind;
    *out = set;
    return ERR_OK;
}

void cell_set_free(struct cell_set *set)
{
    if (set != NULL) {
        free(set->cells);
        free(set->slots);
        free(set);
    }
}

/** FNV-1a over the cell's names, each with its NUL. */
static uint64_t text_hash(uint64_t hash, const char *text)
{
    do {
        hash = (hash ^ (uint8_t)*text) * 1099511628211U;
    } while (*text++ != '\0');
    return hash;
}

static bool is_same_name(const struct cell *a, const struct cell *b)
{
    bool is_same = strcmp(a->period, b->period) == 0 && strcmp(a->outcome, b->outcome) == 0;
    for (size_t i = 0; i < PLAN_DIMENSIONS_MAX; i++) {
        is_same = is_same && strcmp(a->keys[i], b->keys[i]) == 0;
    }
    return is_same;
}

/** The slot of the cell with this name, or the free one where it belongs. */
static size_t slot_find(const struct cell_set *set, const struct cell *cell)
{
    uint64_t hash = text_hash(text_hash(14695981039346656037U, cell->period), cell->outcome);
    for (size_t i = 0; i < PLAN_DIMENSIONS_MAX; i++) {
        hash = text_hash(hash, cell->keys[i]);
    }
    size_t slot = (size_t)(hash % set->slot_count);
    while (set->slots[slot] != 0 && !is_same_name(&set->cells[set->slots[slot] - 1], cell)) {
        slot = (slot + 1) % set->slot_count;
    }
    return slot;
}

static enum err_code set_grow(struct cell_set *set, struct err *err)
{
    size_t capacity = set->capacity == 0 ? CELLS_AT_FIRST : set->capacity * 2;
    struct cell *cells = reallocarray(set->cells, capacity, sizeof(*cells));
    if (cells == NULL) {
        return err_memory(err);
    }
    set->cells = cells;
    uint32_t *slots = calloc(capacity * SLOTS_PER_CELL, sizeof(*slots));
    if (slots == NULL) {
        return err_memory(err);
    }
    free(set->slots);
    set->slots = slots;
    set->slot_count = capacity * SLOTS_PER_CELL;
    set->capacity = capacity;
    for (size_t i = 0; i < set->count; i++) {
        set->slots[slot_find(set, &set->cells[i])] = (uint32_t)(i + 1);
    }
    return ERR_OK;
}

enum err_code cell_set_add(struct cell_set *set, const struct cell *cell, struct err *err)
{
    if (set->count == set->capacity) {
        enum err_code rc = set_grow(set, err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    size_t slot = slot_find(set, cell);
    if (set->slots[slot] != 0) {
        struct cell *same = &set->cells[set->slots[slot] - 1];
        same->value = cell_add(same->value, cell->value);
        return ERR_OK;
    }
    if (set->count == CELL_SET_CELLS_MAX) {
        return err_set(err, ERR_LIMIT, "the table has more than %d cells", CELL_SET_CELLS_MAX);
    }
    set->cells[set->count++] = *cell;
    set->slots[slot] = (uint32_t)set->count;
    return ERR_OK;
}

enum err_code cell_code_set(char out[CELL_CODE_BYTES], const char *code, struct err *err)
{
    size_t len = strlen(code);
    if (len >= CELL_CODE_BYTES) {
        return err_set(err, ERR_LIMIT, "a code of %zu letters, at most %d", len,
                       CELL_CODE_BYTES - 1);
    }
    memcpy(out, code, len + 1);
    return ERR_OK;
}

enum cell_set_kind cell_set_kind(const struct cell_set *set)
{
    return set->kind;
}

size_t cell_set_count(const struct cell_set *set)
{
    return set->count;
}

const struct cell *cell_set_at(const struct cell_set *set, size_t index)
{
    return &set->cells[index];
}
