/* table - see table.h. */
#include "rpc/table.h"

#include "base/arena.h"

#include <assert.h>

static const char *const STATE_NAMES[TABLE_CELL_STATES] = {
    [TABLE_CELL_ABSENT] = "",
    [TABLE_CELL_EXACT] = "exact",
    [TABLE_CELL_NOISY] = "noisy",
    [TABLE_CELL_WITHHELD] = "withheld",
    [TABLE_CELL_TOO_FEW_CONTRIBUTORS] = "too_few_contributors",
    [TABLE_CELL_STRUCTURAL_ZERO] = "structural_zero",
    [TABLE_CELL_NOT_APPLICABLE] = "not_applicable",
};

void table_free(struct table *table)
{
    if (table != NULL) {
        arena_free(table->arena);
    }
}

const char *table_cell_state_name(enum table_cell_state state)
{
    assert(state < TABLE_CELL_STATES);
    return STATE_NAMES[state];
}
