/* block - reading a sealed block. */
#include "protect/block.h"

#include "protect/block_private.h"

#include <assert.h>

struct block_columns block_columns(const struct block *block)
{
    assert(block->sealed);
    struct block_columns columns = {.count = block->column_count,
                                    .member = block->member,
                                    .first = block->first,
                                    .cells = block->links};
    for (size_t q = 0; q < block->quantity_count; q++) {
        columns.values[q] = block->values[q];
    }
    return columns;
}

size_t block_member_count(const struct block *block)
{
    return block->member_count;
}

size_t block_table_count(const struct block *block)
{
    return block->table_count;
}

const struct block_table *block_table(const struct block *block, size_t table)
{
    assert(table < block->table_count);
    return &block->tables[table].table;
}

enum block_rank block_table_rank(const struct block *block, size_t table)
{
    const struct block_table *plan = block_table(block, table);
    return plan->dimension_count == 0                          ? BLOCK_RANK_POOL
           : plan->dimension_count == 1 && plan->names_members ? BLOCK_RANK_MUNICIPALITY
                                                               : BLOCK_RANK_FINE;
}

const char *block_period(const struct block *block)
{
    return block->period;
}

const char *block_unit(const struct block *block)
{
    return block->unit;
}

size_t block_quantity_count(const struct block *block)
{
    return block->quantity_count;
}

const struct block_quantity *block_quantity(const struct block *block, size_t quantity)
{
    assert(quantity < block->quantity_count);
    return &block->quantities[quantity];
}

size_t block_cell_count(const struct block *block)
{
    return block->cell_count;
}

static const struct planned *planned_at(const struct block *block, size_t cell)
{
    assert(block->sealed && cell < block->cell_count);
    return &block->cells[cell];
}

const struct block_cell *block_cell(const struct block *block, size_t cell)
{
    assert(cell < block->cell_count);
    return &block->cells[cell].plan;
}

int64_t block_cell_value(const struct block *block, size_t cell, size_t quantity)
{
    return planned_at(block, cell)->value[quantity];
}

int64_t block_member_value(const struct block *block, size_t cell, size_t quantity, size_t member)
{
    return planned_at(block, cell)->member_value[quantity][member];
}

uint32_t block_subjects(const struct block *block, size_t cell)
{
    return planned_at(block, cell)->subjects;
}

uint32_t block_member_subjects(const struct block *block, size_t cell, size_t member)
{
    return planned_at(block, cell)->member_subjects[member];
}

const uint32_t *block_cell_columns(const struct block *block, size_t cell, size_t *count)
{
    *count = planned_at(block, cell)->column_count;
    return planned_at(block, cell)->columns;
}

size_t block_cell_twin(const struct block *block, size_t cell)
{
    return planned_at(block, cell)->twin;
}

bool block_cell_can_occur(const struct block *block, size_t cell)
{
    return planned_at(block, cell)->column_count > 0;
}

bool block_member_can_occur(const struct block *block, size_t cell, size_t member)
{
    return planned_at(block, cell)->member_can_occur[member];
}
