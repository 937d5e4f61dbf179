/*
 * block_private - what block.c builds and block_read.c reads; nobody else includes it.
 *
 *     block->cells[7].value[0]     // after block_seal
 */
#ifndef FREMGANG_PROTECT_BLOCK_PRIVATE_H
#define FREMGANG_PROTECT_BLOCK_PRIVATE_H

#include "protect/block.h"

/** A planned cell with its numbers; the texts of `plan` are owned. */
struct planned {
    struct block_cell plan;
    uint32_t subjects;
    uint32_t *member_subjects;                   /* owned, one per member */
    int64_t value[BLOCK_QUANTITIES_MAX];         /* filled by block_seal */
    int64_t *member_value[BLOCK_QUANTITIES_MAX]; /* owned, one per member, by block_seal */
    bool *member_can_occur;                      /* owned, one per member, by block_seal */
    uint32_t *columns;                           /* owned, ascending, by block_seal */
    size_t column_count;
    size_t twin; /* by block_seal */
};

/** A table with its texts owned, and how many cells it has. */
struct planned_table {
    struct block_table table;
    size_t cell_count;
};

struct block {
    char *unit;
    char *period;
    size_t member_count;
    size_t table_count;
    size_t quantity_count;
    struct planned_table *tables;
    struct block_quantity quantities[BLOCK_QUANTITIES_MAX]; /* names owned */
    struct planned *cells;
    size_t cell_count;
    size_t cell_capacity;
    bool sealed;

    /* columns; see block_columns() */
    size_t column_count;
    size_t column_capacity;
    uint32_t *member;
    size_t *first;
    int64_t *values[BLOCK_QUANTITIES_MAX];
    uint32_t *links;
    size_t link_count;
    size_t link_capacity;
    uint32_t *slots; /* hash of (member, links) -> column + 1 */
    size_t slot_count;

    /* the joint cell that is being linked, not yet a column */
    bool open;
    uint32_t open_member;
    int64_t open_values[BLOCK_QUANTITIES_MAX];
    uint32_t open_links[BLOCK_TABLES_MAX * 4];
    size_t open_link_count;
    size_t joint_count;
};

#endif
