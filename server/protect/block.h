/*
 * block - an audit block: everything that will be published about one unit of count in one
 * period. It holds the joint cells (every combination of member, dimensions and outcomes
 * that can occur, by public fact) and the planned table cells, each a set of joint cells.
 * What an attacker does not know are the numbers of the joint cells.
 *
 *     AUTO(block_free) struct block *block = NULL;
 *     block_new(&spec, &block, err);
 *     block_add_cell(block, &cell, &total, err);            // the planned cells first
 *     block_add_joint(block, member, values, &joint, err);  // then what they are made of
 *     block_link(block, total, err);                        // the joint cell added last
 *     block_seal(block, err);                               // then it is read only
 *
 * Joint cells that lie in the same planned cells and belong to the same member are one
 * unknown: sealing merges them into one column. Called by publish and the tests; read by
 * the engine. The numbers are wiped when the block is freed.
 */
#ifndef FREMGANG_PROTECT_BLOCK_H
#define FREMGANG_PROTECT_BLOCK_H

#include "base/auto.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BLOCK_DIMENSIONS_MAX = 2,      /* of a table, beside period and outcome */
    BLOCK_MEMBERS_MAX = 98,        /* the Danish municipalities */
    BLOCK_QUANTITIES_MAX = 3,      /* units, and a ratio's numerator and denominator */
    BLOCK_TABLES_MAX = 64,         /* two cubes of 24 tables share a block, and spare */
    BLOCK_CELLS_MAX = 4000,        /* planned cells; ten members' full plan needs about 2000 */
    BLOCK_JOINT_CELLS_MAX = 400000 /* 24 bytes and a link per table each: some 50 MB */
};

/** No cell. */
#define BLOCK_NONE SIZE_MAX

/** One planned table. Texts are copied. */
struct block_table {
    const char *name;      /* "I01.municipality_sex" */
    const char *indicator; /* "I01" */
    const char *dimensions[BLOCK_DIMENSIONS_MAX];
    size_t dimension_count;
    bool names_members; /* one dimension is the municipality */
};

/** How much readers need a table: figures of the whole pool most, then each member's. */
enum block_rank { BLOCK_RANK_POOL, BLOCK_RANK_MUNICIPALITY, BLOCK_RANK_FINE, BLOCK_RANKS };

/** What is added up in a block. Each is audited with its own system of equations. */
struct block_quantity {
    const char *name; /* "UNITS", "NUMERATOR", "DENOMINATOR" */
    int64_t one;      /* raw value of one unit: 1, or 100 for hundredths; scales the width */
    int64_t step;     /* every joint value is a multiple of it, by public fact */
};

struct block_spec {
    const char *unit;   /* unit of count, "child_at_date" */
    const char *period; /* "2014-Q1" */
    size_t member_count;
    const struct block_table *tables;
    size_t table_count;
    const struct block_quantity *quantities;
    size_t quantity_count;
};

/** One planned cell. Texts are copied. */
struct block_cell {
    size_t table;
    const char *keys[BLOCK_DIMENSIONS_MAX];
    const char *outcome;
    unsigned quantities; /* bit q: the cell publishes quantity q; they are withheld together */
    size_t whole;        /* the cell of all outcomes that this one is a part of, or BLOCK_NONE */
    bool zero_discloses; /* none, or all, of the whole having the outcome says it of each */
    bool not_applicable; /* has no meaning; never shown */
    bool guard;          /* never shown, but must not be deduced: a share's complement */
    uint32_t cost; /* of withholding it, beside its value: what readers need most costs most */
};

struct block;

/** Gives an empty block. ERR_INVALID when the spec breaks a limit above, ERR_INTERNAL. */
NODISCARD enum err_code block_new(const struct block_spec *spec, struct block **out,
                                  struct err *err);
/** Wipes and takes. NULL ok. */
void block_free(struct block *block);
DEFINE_AUTO(struct block, block_free);

/** Adds a planned cell and gives its number. ERR_LIMIT names the table to drop. */
NODISCARD enum err_code block_add_cell(struct block *block, const struct block_cell *cell,
                                       size_t *out, struct err *err);
/** Adds a joint cell of a member with one value per quantity. ERR_LIMIT names the table to
 * drop, ERR_INVALID for a negative value or one that is no multiple of its step. */
NODISCARD enum err_code block_add_joint(struct block *block, size_t member, const int64_t *values,
                                        struct err *err);
/** Puts the joint cell added last into a planned cell, once. */
NODISCARD enum err_code block_link(struct block *block, size_t cell, struct err *err);
/** How many distinct subjects are behind a cell: in all, and of each member. */
NODISCARD enum err_code block_set_subjects(struct block *block, size_t cell, uint32_t subjects,
                                           const uint32_t *member_subjects, struct err *err);
/** Merges the joint cells into columns and adds up the cells. ERR_LIMIT, ERR_INTERNAL. */
NODISCARD enum err_code block_seal(struct block *block, struct err *err);

/** The columns of a sealed block: column j belongs to member[j] and lies in the planned
 * cells cells[first[j]] .. cells[first[j + 1] - 1], ascending. Borrowed. */
struct block_columns {
    size_t count;
    const uint32_t *member;
    const size_t *first;
    const uint32_t *cells;
    const int64_t *values[BLOCK_QUANTITIES_MAX];
};

struct block_columns block_columns(const struct block *block);
size_t block_member_count(const struct block *block);
size_t block_table_count(const struct block *block);
const struct block_table *block_table(const struct block *block, size_t table);
enum block_rank block_table_rank(const struct block *block, size_t table);
const char *block_period(const struct block *block);
const char *block_unit(const struct block *block);
size_t block_quantity_count(const struct block *block);
const struct block_quantity *block_quantity(const struct block *block, size_t quantity);
size_t block_cell_count(const struct block *block);
const struct block_cell *block_cell(const struct block *block, size_t cell);
/** Sum of the cell's joint cells, of all members. */
int64_t block_cell_value(const struct block *block, size_t cell, size_t quantity);
/** The same, of one member. */
int64_t block_member_value(const struct block *block, size_t cell, size_t quantity, size_t member);
uint32_t block_subjects(const struct block *block, size_t cell);
uint32_t block_member_subjects(const struct block *block, size_t cell, size_t member);
/** The columns of a cell, ascending; borrowed. */
const uint32_t *block_cell_columns(const struct block *block, size_t cell, size_t *count);
/** The first cell made of the same columns (maybe the cell itself): one figure, shown twice. */
size_t block_cell_twin(const struct block *block, size_t cell);
/** Whether any joint cell lies in it; if not, the cell is zero by public fact. */
bool block_cell_can_occur(const struct block *block, size_t cell);
/** Whether a member can contribute to it, by public fact. */
bool block_member_can_occur(const struct block *block, size_t cell, size_t member);

#endif
