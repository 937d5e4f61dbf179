/* block - building: planned cells, joint cells, and the merge of joint cells into columns. */
#include "protect/block.h"

#include "protect/block_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 1024, COLUMNS_FIRST = 256 };

/* Wipes before the memory goes back: the numbers are of children. */
static void wipe_free(void *memory, size_t size)
{
    if (memory != NULL) {
        explicit_bzero(memory, size);
        free(memory);
    }
}

static void planned_clear(struct planned *cell, const struct block *block)
{
    for (size_t i = 0; i < BLOCK_DIMENSIONS_MAX; i++) {
        free((char *)cell->plan.keys[i]);
    }
    free((char *)cell->plan.outcome);
    wipe_free(cell->member_subjects, block->member_count * sizeof(uint32_t));
    for (size_t q = 0; q < BLOCK_QUANTITIES_MAX; q++) {
        wipe_free(cell->member_value[q], block->member_count * sizeof(int64_t));
    }
    free(cell->member_can_occur);
    free(cell->columns);
}

static void table_clear(struct planned_table *table)
{
    free((char *)table->table.name);
    free((char *)table->table.indicator);
    for (size_t i = 0; i < BLOCK_DIMENSIONS_MAX; i++) {
        free((char *)table->table.dimensions[i]);
    }
}

void block_free(struct block *block)
{
    if (block == NULL) {
        return;
    }
    for (size_t i = 0; i < block->cell_count; i++) {
        planned_clear(&block->cells[i], block);
    }
    wipe_free(block->cells, block->cell_capacity * sizeof(struct planned));
    for (size_t i = 0; block->tables != NULL && i < block->table_count; i++) {
        table_clear(&block->tables[i]);
    }
    free(block->tables);
    for (size_t q = 0; q < BLOCK_QUANTITIES_MAX; q++) {
        free((char *)block->quantities[q].name);
        wipe_free(block->values[q], block->column_capacity * sizeof(int64_t));
    }
    free(block->member);
    free(block->first);
    free(block->links);
    free(block->slots);
    free(block->unit);
    free(block->period);
    wipe_free(block, sizeof *block);
}

static bool text_copy(const char *text, const char **out)
{
    *out = text == NULL ? NULL : strdup(text);
    return text == NULL || *out != NULL;
}

static bool table_copy(const struct block_table *source, struct planned_table *target)
{
    target->table = (struct block_table){.dimension_count = source->dimension_count,
                                         .names_members = source->names_members};
    bool ok = text_copy(source->name, &target->table.name) &&
              text_copy(source->indicator, &target->table.indicator);
    for (size_t i = 0; ok && i < source->dimension_count; i++) {
        ok = text_copy(source->dimensions[i], &target->table.dimensions[i]);
    }
    return ok;
}

static bool spec_is_valid(const struct block_spec *spec)
{
    bool ok = spec->member_count >= 1 && spec->member_count <= BLOCK_MEMBERS_MAX &&
              spec->table_count >= 1 && spec->table_count <= BLOCK_TABLES_MAX &&
              spec->quantity_count >= 1 && spec->quantity_count <= BLOCK_QUANTITIES_MAX;
    for (size_t i = 0; ok && i < spec->table_count; i++) {
        ok = spec->tables[i].dimension_count <= BLOCK_DIMENSIONS_MAX;
    }
    for (size_t q = 0; ok && q < spec->quantity_count; q++) {
        ok = spec->quantities[q].one >= 1 && spec->quantities[q].step >= 1;
    }
    return ok;
}

static bool spec_copy(struct block *block, const struct block_spec *spec)
{
    block->tables = calloc(spec->table_count, sizeof(struct planned_table));
    block->unit = strdup(spec->unit);
    block->period = strdup(spec->period);
    bool ok = block->tables != NULL && block->unit != NULL && block->period != NULL;
    for (size_t i = 0; ok && i < spec->table_count; i++) {
        ok = table_copy(&spec->tables[i], &block->tables[i]);
    }
    for (size_t q = 0; ok && q < spec->quantity_count; q++) {
        block->quantities[q] = spec->quantities[q];
        ok = text_copy(spec->quantities[q].name, &block->quantities[q].name);
    }
    block->slots = calloc(SLOTS_FIRST, sizeof(uint32_t));
    block->slot_count = SLOTS_FIRST;
    block->first = calloc(1, sizeof(size_t));
    return ok && block->slots != NULL && block->first != NULL;
}

enum err_code block_new(const struct block_spec *spec, struct block **out, struct err *err)
{
    if (!spec_is_valid(spec)) {
        return err_set(err, ERR_INVALID, "audit block of \"%s\" is out of its limits", spec->unit);
    }
    AUTO(block_free) struct block *block = calloc(1, sizeof *block);
    if (block == NULL) {
        return err_memory(err);
    }
    block->member_count = spec->member_count;
    block->table_count = spec->table_count;
    block->quantity_count = spec->quantity_count;
    if (!spec_copy(block, spec)) {
        return err_memory(err);
    }
    *out = STEAL(block);
    return ERR_OK;
}

/* A block that is too large is refused whole; the table with most cells is the one whose
 * loss helps most. */
static enum err_code block_too_large(const struct block *block, const char *what, size_t limit,
                                     struct err *err)
{
    size_t largest = 0;
    for (size_t i = 1; i < block->table_count; i++) {
        if (block->tables[i].cell_count > block->tables[largest].cell_count) {
            largest = i;
        }
    }
    (void)err_set(err, ERR_LIMIT, "audit block of \"%s\" has more than %zu %s", block->unit, limit,
                  what);
    (void)err_hint(err, "Drop table \"%s\" (%zu cells) from the publication plan.",
                   block->tables[largest].table.name, block->tables[largest].cell_count);
    return err_reason(err, "BLOCK_TOO_LARGE");
}

/* Doubles an array to hold one more; the old copy is wiped. */
static bool grow(void **array, size_t size, size_t count, size_t *capacity)
{
    if (count < *capacity) {
        return true;
    }
    size_t wanted = *capacity == 0 ? COLUMNS_FIRST : *capacity * 2;
    void *larger = calloc(wanted, size);
    if (larger == NULL) {
        return false;
    }
    if (*array != NULL) {
        memcpy(larger, *array, count * size);
        wipe_free(*array, *capacity * size);
    }
    *array = larger;
    *capacity = wanted;
    return true;
}

static enum err_code cell_check(const struct block *block, const struct block_cell *cell,
                                struct err *err)
{
    unsigned known = (1U << block->quantity_count) - 1U;
    if (block->sealed || block->joint_count > 0 || cell->table >= block->table_count ||
        cell->quantities == 0 || (cell->quantities & ~known) != 0 ||
        (cell->whole != BLOCK_NONE && cell->whole >= block->cell_count)) {
        return err_set(err, ERR_INVALID, "planned cell does not fit its audit block");
    }
    if (block->cell_count >= BLOCK_CELLS_MAX) {
        return block_too_large(block, "planned cells", BLOCK_CELLS_MAX, err);
    }
    return ERR_OK;
}

enum err_code block_add_cell(struct block *block, const struct block_cell *cell, size_t *out,
                             struct err *err)
{
    enum err_code code = cell_check(block, cell, err);
    if (code != ERR_OK) {
        return code;
    }
    if (!grow((void **)&block->cells, sizeof(struct planned), block->cell_count,
              &block->cell_capacity)) {
        return err_memory(err);
    }
    struct planned *planned = &block->cells[block->cell_count++];
    planned->plan = *cell;
    planned->plan.outcome = NULL;
    memset(planned->plan.keys, 0, sizeof planned->plan.keys);
    bool ok = text_copy(cell->outcome, &planned->plan.outcome);
    for (size_t i = 0; ok && i < block->tables[cell->table].table.dimension_count; i++) {
        ok = text_copy(cell->keys[i], &planned->plan.keys[i]);
    }
    planned->member_subjects = calloc(block->member_count, sizeof(uint32_t));
    if (!ok || planned->member_subjects == NULL) {
        return err_memory(err);
    }
    block->tables[cell->table].cell_count++;
    *out = block->cell_count - 1;
    return ERR_OK;
}

static uint64_t signature_hash(uint32_t member, const uint32_t *links, size_t count)
{
    uint64_t hash = 1469598103934665603ULL ^ member; /* FNV-1a over words */
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ links[i]) * 1099511628211ULL;
        hash ^= hash >> 29;
    }
    return hash;
}

static bool column_is(const struct block *block, size_t column)
{
    size_t count = block->first[column + 1] - block->first[column];
    return block->member[column] == block->open_member && count == block->open_link_count &&
           memcmp(&block->links[block->first[column]], block->open_links,
                  count * sizeof(uint32_t)) == 0;
}

/* The slot of the open joint cell's signature: its column's, or the empty one it will get. */
static size_t slot_find(const struct block *block)
{
    uint64_t hash = signature_hash(block->open_member, block->open_links, block->open_link_count);
    size_t slot = hash & (block->slot_count - 1);
    while (block->slots[slot] != 0 && !column_is(block, block->slots[slot] - 1)) {
        slot = (slot + 1) & (block->slot_count - 1);
    }
    return slot;
}

static bool slots_grow(struct block *block)
{
    size_t wanted = block->slot_count * 2;
    uint32_t *slots = calloc(wanted, sizeof(uint32_t));
    if (slots == NULL) {
        return false;
    }
    for (size_t j = 0; j < block->column_count; j++) {
        uint64_t hash = signature_hash(block->member[j], &block->links[block->first[j]],
                                       block->first[j + 1] - block->first[j]);
        size_t slot = hash & (wanted - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (wanted - 1);
        }
        slots[slot] = (uint32_t)j + 1;
    }
    free(block->slots);
    block->slots = slots;
    block->slot_count = wanted;
    return true;
}

static bool columns_grow(struct block *block)
{
    size_t count = block->column_count;
    if (count < block->column_capacity) {
        return true;
    }
    size_t capacity = block->column_capacity;
    bool ok = grow((void **)&block->member, sizeof(uint32_t), count, &capacity);
    for (size_t q = 0; ok && q < block->quantity_count; q++) {
        size_t same = block->column_capacity;
        ok = grow((void **)&block->values[q], sizeof(int64_t), count, &same);
    }
    size_t *first = ok ? realloc(block->first, (capacity + 1) * sizeof(size_t)) : NULL;
    if (first == NULL) {
        return false;
    }
    block->first = first;
    block->column_capacity = capacity;
    return true;
}

static bool column_append(struct block *block, size_t slot)
{
    if (!columns_grow(block)) {
        return false;
    }
    for (size_t i = 0; i < block->open_link_count; i++) {
        if (!grow((void **)&block->links, sizeof(uint32_t), block->link_count,
                  &block->link_capacity)) {
            return false;
        }
        block->links[block->link_count++] = block->open_links[i];
    }
    size_t column = block->column_count++;
    block->member[column] = block->open_member;
    block->first[column + 1] = block->link_count;
    block->slots[slot] = (uint32_t)column + 1;
    return block->column_count * 2 < block->slot_count || slots_grow(block);
}

/* Turns the open joint cell into a column, or adds it to the column it cannot be told from. */
static bool joint_close(struct block *block)
{
    if (!block->open) {
        return true;
    }
    for (size_t i = 1; i < block->open_link_count; i++) {
        for (size_t k = i; k > 0 && block->open_links[k] < block->open_links[k - 1]; k--) {
            uint32_t moved = block->open_links[k];
            block->open_links[k] = block->open_links[k - 1];
            block->open_links[k - 1] = moved;
        }
    }
    size_t slot = slot_find(block);
    bool known = block->slots[slot] != 0;
    size_t column = known ? block->slots[slot] - 1 : block->column_count;
    if (!known && !column_append(block, slot)) {
        return false;
    }
    for (size_t q = 0; q < block->quantity_count; q++) {
        block->values[q][column] += block->open_values[q];
    }
    block->open = false;
    return true;
}

enum err_code block_add_joint(struct block *block, size_t member, const int64_t *values,
                              struct err *err)
{
    bool ok = !block->sealed && member < block->member_count;
    for (size_t q = 0; ok && q < block->quantity_count; q++) {
        ok = values[q] >= 0 && values[q] % block->quantities[q].step == 0;
    }
    if (!ok) {
        return err_set(err, ERR_INVALID, "joint cell does not fit its audit block");
    }
    if (block->joint_count >= BLOCK_JOINT_CELLS_MAX) {
        return block_too_large(block, "joint cells", BLOCK_JOINT_CELLS_MAX, err);
    }
    if (!joint_close(block)) {
        return err_memory(err);
    }
    block->joint_count++;
    block->open = true;
    block->open_member = (uint32_t)member;
    block->open_link_count = 0;
    memcpy(block->open_values, values, block->quantity_count * sizeof(int64_t));
    return ERR_OK;
}

enum err_code block_link(struct block *block, size_t cell, struct err *err)
{
    if (!block->open || cell >= block->cell_count) {
        return err_set(err, ERR_INVALID, "no joint cell is open for this planned cell");
    }
    if (block->open_link_count >= ARRAY_COUNT(block->open_links)) {
        return block_too_large(block, "cells on one joint cell", ARRAY_COUNT(block->open_links),
                               err);
    }
    for (size_t i = 0; i < block->open_link_count; i++) {
        if (block->open_links[i] == cell) {
            return ERR_OK;
        }
    }
    block->open_links[block->open_link_count++] = (uint32_t)cell;
    return ERR_OK;
}

enum err_code block_set_subjects(struct block *block, size_t cell, uint32_t subjects,
                                 const uint32_t *member_subjects, struct err *err)
{
    if (block->sealed || cell >= block->cell_count) {
        return err_set(err, ERR_INVALID, "planned cell is not open for its subjects");
    }
    block->cells[cell].subjects = subjects;
    memcpy(block->cells[cell].member_subjects, member_subjects,
           block->member_count * sizeof(uint32_t));
    return ERR_OK;
}

static bool cell_reserve(struct block *block, struct planned *cell)
{
    cell->columns = calloc(cell->column_count + 1, sizeof(uint32_t));
    cell->member_can_occur = calloc(block->member_count, sizeof(bool));
    bool ok = cell->columns != NULL && cell->member_can_occur != NULL;
    for (size_t q = 0; ok && q < block->quantity_count; q++) {
        cell->member_value[q] = calloc(block->member_count, sizeof(int64_t));
        ok = cell->member_value[q] != NULL;
    }
    cell->column_count = 0;
    return ok;
}

static void column_add_to_cells(struct block *block, size_t column)
{
    uint32_t member = block->member[column];
    for (size_t i = block->first[column]; i < block->first[column + 1]; i++) {
        struct planned *cell = &block->cells[block->links[i]];
        cell->columns[cell->column_count++] = (uint32_t)column;
        cell->member_can_occur[member] = true;
        for (size_t q = 0; q < block->quantity_count; q++) {
            cell->value[q] += block->values[q][column];
            cell->member_value[q][member] += block->values[q][column];
        }
    }
}

static bool cells_are_twins(const struct planned *one, const struct planned *other)
{
    return one->plan.quantities == other->plan.quantities &&
           one->column_count == other->column_count &&
           memcmp(one->columns, other->columns, one->column_count * sizeof(uint32_t)) == 0;
}

static void cells_find_twins(struct block *block)
{
    for (size_t i = 0; i < block->cell_count; i++) {
        size_t twin = 0;
        while (twin < i && !cells_are_twins(&block->cells[twin], &block->cells[i])) {
            twin++;
        }
        block->cells[i].twin = twin;
    }
}

enum err_code block_seal(struct block *block, struct err *err)
{
    assert(!block->sealed);
    if (!joint_close(block)) {
        return err_memory(err);
    }
    for (size_t i = 0; i < block->link_count; i++) {
        block->cells[block->links[i]].column_count++;
    }
    for (size_t i = 0; i < block->cell_count; i++) {
        if (!cell_reserve(block, &block->cells[i])) {
            return err_memory(err);
        }
    }
    for (size_t j = 0; j < block->column_count; j++) {
        column_add_to_cells(block, j);
    }
    cells_find_twins(block);
    block->sealed = true;
    return ERR_OK;
}
