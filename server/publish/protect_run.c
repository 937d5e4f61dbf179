/* protect_run - blocks live until their tables are made, then they are wiped. */
#include "publish/protect_run.h"

#include <stdlib.h>
#include <string.h>

enum { AUDIENCES = 2, TABLES_MAX = 8 * PLAN_BLOCK_TABLES_MAX * AUDIENCES };

struct protect_run {
    struct policy policy;
    /* the blocks of the cube at hand */
    struct block *blocks[PERIODS_MAX];                    /* owned */
    struct suppression *patterns[AUDIENCES][PERIODS_MAX]; /* owned */
    size_t open_count;
    /* everything so far */
    struct released_table *tables[TABLES_MAX]; /* owned */
    size_t table_count;
    size_t block_count;
    struct suppression_figures figures[AUDIENCES];
};

static void blocks_clear(struct protect_run *run)
{
    for (size_t i = 0; i < run->open_count; i++) {
        for (size_t a = 0; a < AUDIENCES; a++) {
            suppression_free(run->patterns[a][i]);
            run->patterns[a][i] = NULL;
        }
        block_free(run->blocks[i]);
        run->blocks[i] = NULL;
    }
    run->open_count = 0;
}

void protect_run_free(struct protect_run *run)
{
    if (run == NULL) {
        return;
    }
    blocks_clear(run);
    for (size_t i = 0; i < run->table_count; i++) {
        released_table_free(run->tables[i]);
    }
    free(run);
}

enum err_code protect_run_new(const struct policy *policy, struct protect_run **out,
                              struct err *err)
{
    struct protect_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return err_memory(err);
    }
    run->policy = *policy;
    *out = run;
    return ERR_OK;
}

static void figures_add(struct suppression_figures *sum, const struct suppression *suppression)
{
    struct suppression_figures more = suppression_figures(suppression);
    sum->shown += more.shown;
    sum->withheld += more.withheld;
    sum->secondary += more.secondary;
    sum->solved += more.solved;
    for (size_t rank = 0; rank < BLOCK_RANKS; rank++) {
        sum->rank_shown[rank] += more.rank_shown[rank];
        sum->rank_withheld[rank] += more.rank_withheld[rank];
    }
}

enum err_code protect_run_block(struct protect_run *run, const struct cube *cube, size_t period,
                                struct err *err)
{
    if (run->open_count == PERIODS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d periods in one release", PERIODS_MAX);
    }
    size_t at = run->open_count++;
    struct suppression **named = &run->patterns[RELEASED_NAMED][at];
    struct suppression **pooled = &run->patterns[RELEASED_POOLED][at];
    enum err_code code = cube_block(cube, period, &run->blocks[at], err);
    code = code == ERR_OK ? suppress_named(run->blocks[at], &run->policy, named, err) : code;
    code = code == ERR_OK ? suppress_pooled(*named, pooled, err) : code;
    if (code == ERR_OK) {
        run->block_count++;
        figures_add(&run->figures[RELEASED_NAMED], *named);
        figures_add(&run->figures[RELEASED_POOLED], *pooled);
    }
    return code;
}

enum err_code protect_run_tables(struct protect_run *run, struct err *err)
{
    size_t tables = run->open_count == 0 ? 0 : block_table_count(run->blocks[0]);
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < tables * AUDIENCES && code == ERR_OK; i++) {
        if (run->table_count == TABLES_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d tables in one release", TABLES_MAX);
        }
        struct released_table_source source = {
            .suppressions = (const struct suppression *const *)run->patterns[i / tables],
            .suppression_count = run->open_count,
            .table = i % tables};
        code = released_table_new(&source, &run->tables[run->table_count], err);
        run->table_count += code == ERR_OK ? 1 : 0;
    }
    blocks_clear(run);
    return code;
}

const struct released_table *const *protect_run_table_list(const struct protect_run *run,
                                                           size_t *count)
{
    *count = run->table_count;
    return (const struct released_table *const *)run->tables;
}

size_t protect_run_block_count(const struct protect_run *run)
{
    return run->block_count;
}

struct suppression_figures protect_run_figures(const struct protect_run *run,
                                               enum released_audience audience)
{
    return run->figures[audience];
}
