/*
 * toy - a small invented population, and how its tables are cut: attributes (the first is
 * the member), a number for every combination of their codes, and tables that cross some of
 * the attributes. toy_block.h makes an audit block of it.
 *
 *     struct toy toy = {.sizes = sizes, .attribute_count = 2, .tables = tables,
 *                       .table_count = 2, .counts = counts};
 */
#ifndef FREMGANG_TESTS_UNIT_SERVER_PROTECT_TOY_H
#define FREMGANG_TESTS_UNIT_SERVER_PROTECT_TOY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOY_ATTRIBUTES_MAX = 6, TOY_TABLES_MAX = 16 };

struct toy {
    const size_t *sizes; /* codes of each attribute; the first is the member */
    size_t attribute_count;
    const unsigned *tables; /* bit a: the table crosses attribute a */
    size_t table_count;
    const int64_t *counts; /* units of each combination, the last attribute fastest */
    /* or NULL: as many subjects as units. Else the subjects of each combination, who are
     * all different */
    const uint32_t *subjects;
    bool zero_discloses;
    unsigned fine; /* bit t: table t is a fine one, the others coarse; 0: all fine */
};

static inline size_t toy_joint_count(const struct toy *toy)
{
    size_t count = 1;
    for (size_t a = 0; a < toy->attribute_count; a++) {
        count *= toy->sizes[a];
    }
    return count;
}

/* The code that combination `joint` has in each attribute. */
static inline void toy_codes(const struct toy *toy, size_t joint, size_t codes[TOY_ATTRIBUTES_MAX])
{
    for (size_t a = toy->attribute_count; a-- > 0;) {
        codes[a] = joint % toy->sizes[a];
        joint /= toy->sizes[a];
    }
}

/* Which cell of the table a combination lies in, counted from the table's first. */
static inline size_t toy_cell_of(const struct toy *toy, unsigned table,
                                 const size_t codes[TOY_ATTRIBUTES_MAX])
{
    size_t cell = 0;
    for (size_t a = 0; a < toy->attribute_count; a++) {
        if ((table >> a & 1U) != 0) {
            cell = cell * toy->sizes[a] + codes[a];
        }
    }
    return cell;
}

static inline size_t toy_table_size(const struct toy *toy, size_t table)
{
    size_t size = 1;
    for (size_t a = 0; a < toy->attribute_count; a++) {
        size *= (toy->tables[table] >> a & 1U) != 0 ? toy->sizes[a] : 1;
    }
    return size;
}

/* The number of a table's first cell: cells are numbered table after table. */
static inline size_t toy_first_cell(const struct toy *toy, size_t table)
{
    size_t first = 0;
    for (size_t t = 0; t < table; t++) {
        first += toy_table_size(toy, t);
    }
    return first;
}

#endif
