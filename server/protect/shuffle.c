/* shuffle - grouping columns by what is published of them, and moving their children about. */
#include "protect/shuffle.h"

#include <stdlib.h>

enum { ROUNDS = 8 };

/* A column, and the published cells it lies in as one number. Two groups that meet in one
 * number by chance make a population that is not possible, which is then not learned. */
struct stand_in {
    uint64_t signature;
    size_t column;
};

uint64_t shuffle_mix(uint64_t number)
{
    number *= 0x9e3779b97f4a7c15ULL;
    number = (number ^ number >> 31) * 0xbf58476d1ce4e5b9ULL;
    return (number ^ number >> 29) * 0x94d049bb133111ebULL;
}

static int stand_in_compare(const void *one, const void *other)
{
    const struct stand_in *a = one;
    const struct stand_in *b = other;
    if (a->signature != b->signature) {
        return a->signature < b->signature ? -1 : 1;
    }
    return (a->column > b->column) - (a->column < b->column);
}

static size_t stand_ins_find(const struct shuffle *shuffle, struct stand_in *out)
{
    struct block_columns columns = block_columns(shuffle->block);
    size_t count = 0;
    for (size_t j = 0; j < columns.count; j++) {
        if (columns.member[j] == shuffle->viewer) {
            continue;
        }
        uint64_t signature = 0;
        for (size_t i = columns.first[j]; i < columns.first[j + 1]; i++) {
            size_t cell = columns.cells[i];
            unsigned quantities = block_cell(shuffle->block, cell)->quantities;
            if (!shuffle->hidden[cell] && (quantities >> shuffle->quantity & 1U) != 0) {
                signature += shuffle_mix(cell + 1);
            }
        }
        out[count++] = (struct stand_in){signature, j};
    }
    qsort(out, count, sizeof *out, stand_in_compare);
    return count;
}

/* Moves everybody of a group into one of its columns, another one each round. */
static void stand_ins_swap(const struct shuffle *shuffle, const struct stand_in *group, size_t size,
                           size_t round)
{
    size_t target = group[shuffle_mix(group[0].signature + round) % size].column;
    for (size_t i = 0; i < size; i++) {
        double truth = (double)population_truth(shuffle->population, group[i].column);
        if (truth > 0.0) {
            population_change(shuffle->population, group[i].column, -truth);
            population_change(shuffle->population, target, truth);
        }
    }
}

enum err_code shuffle_try(const struct shuffle *shuffle, struct err *err)
{
    AUTO_HEAP struct stand_in *all = calloc(block_columns(shuffle->block).count + 1, sizeof *all);
    if (all == NULL) {
        return err_memory(err);
    }
    size_t count = stand_ins_find(shuffle, all);
    for (size_t round = 0; round < ROUNDS; round++) {
        population_begin(shuffle->population);
        for (size_t from = 0, to = 0; from < count; from = to) {
            while (to < count && all[to].signature == all[from].signature) {
                to++;
            }
            stand_ins_swap(shuffle, &all[from], to - from, round);
        }
        population_learn(shuffle->population, shuffle->hidden);
    }
    return ERR_OK;
}
