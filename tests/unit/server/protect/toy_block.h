/*
 * toy_block - audit blocks from a few lines, for the tests of server/protect. A unit is a
 * subject, unless the toy says otherwise.
 *
 *     static const size_t sizes[] = {2, 3};                  // 2 members, 3 outcomes
 *     static const unsigned tables[] = {0x3, 0x2};           // member x outcome; outcome
 *     AUTO(block_free) struct block *block = toy_block(&(struct toy){
 *         .sizes = sizes, .attribute_count = 2, .tables = tables, .table_count = 2,
 *         .counts = counts});
 */
#ifndef FREMGANG_TESTS_UNIT_SERVER_PROTECT_TOY_BLOCK_H
#define FREMGANG_TESTS_UNIT_SERVER_PROTECT_TOY_BLOCK_H

#include "support.h"

#include "toy.h"

#include "protect/block.h"

#include <stdio.h>

static inline void toy_cells_add(const struct toy *toy, struct block *block)
{
    struct err err = ERR_INIT;
    for (size_t t = 0; t < toy->table_count; t++) {
        for (size_t i = 0; i < toy_table_size(toy, t); i++) {
            char key[24];
            size_t number;
            (void)snprintf(key, sizeof key, "%zu", i);
            struct block_cell cell = {.table = t,
                                      .keys = {key},
                                      .outcome = "TOTAL",
                                      .quantities = 1,
                                      .whole = t > 0 && toy->tables[0] == 0 ? 0 : BLOCK_NONE,
                                      .zero_discloses = toy->zero_discloses};
            ASSERT_OK(block_add_cell(block, &cell, &number, &err), err);
            assert_int_equal(number, toy_first_cell(toy, t) + i);
        }
    }
}

static inline void toy_joints_add(const struct toy *toy, struct block *block)
{
    struct err err = ERR_INIT;
    for (size_t joint = 0; joint < toy_joint_count(toy); joint++) {
        size_t codes[TOY_ATTRIBUTES_MAX];
        toy_codes(toy, joint, codes);
        ASSERT_OK(block_add_joint(block, codes[0], &toy->counts[joint], &err), err);
        for (size_t t = 0; t < toy->table_count; t++) {
            size_t cell = toy_first_cell(toy, t) + toy_cell_of(toy, toy->tables[t], codes);
            ASSERT_OK(block_link(block, cell, &err), err);
        }
    }
}

static inline void toy_subjects_set(const struct toy *toy, struct block *block)
{
    struct err err = ERR_INIT;
    for (size_t t = 0; t < toy->table_count; t++) {
        for (size_t i = 0; i < toy_table_size(toy, t); i++) {
            uint32_t all = 0;
            uint32_t members[BLOCK_MEMBERS_MAX] = {0};
            for (size_t joint = 0; joint < toy_joint_count(toy); joint++) {
                size_t codes[TOY_ATTRIBUTES_MAX];
                toy_codes(toy, joint, codes);
                if (toy_cell_of(toy, toy->tables[t], codes) == i) {
                    uint32_t more =
                        toy->subjects != NULL ? toy->subjects[joint] : (uint32_t)toy->counts[joint];
                    all += more;
                    members[codes[0]] += more;
                }
            }
            ASSERT_OK(block_set_subjects(block, toy_first_cell(toy, t) + i, all, members, &err),
                      err);
        }
    }
}

/* Gives the sealed block of a toy. */
static inline struct block *toy_block(const struct toy *toy)
{
    struct err err = ERR_INIT;
    struct block_table tables[TOY_TABLES_MAX];
    static const struct block_quantity units = {"UNITS", 1, 1};
    for (size_t t = 0; t < toy->table_count; t++) {
        bool coarse = toy->fine != 0 && (toy->fine >> t & 1U) == 0;
        bool of_members = (toy->tables[t] & 1U) != 0;
        tables[t] = (struct block_table){.name = "T",
                                         .indicator = "I01",
                                         .dimensions = {"key"},
                                         .dimension_count = coarse && !of_members ? 0 : 1,
                                         .names_members = of_members};
    }
    struct block_spec spec = {.unit = "child",
                              .period = "2014-Q1",
                              .member_count = toy->sizes[0],
                              .tables = tables,
                              .table_count = toy->table_count,
                              .quantities = &units,
                              .quantity_count = 1};
    struct block *block = NULL;
    ASSERT_OK(block_new(&spec, &block, &err), err);
    toy_cells_add(toy, block);
    toy_joints_add(toy, block);
    toy_subjects_set(toy, block);
    ASSERT_OK(block_seal(block, &err), err);
    return block;
}

#endif
