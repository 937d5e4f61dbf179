/* release_build - see release_build.h. */
#include "support/release_build.h"

#include "protect/suppress.h"
#include "store/release/release_store.h"
#include "support.h"

#include <sodium.h>
#include <string.h>

enum { TABLES = 2, AUDIENCES = 2 };

static const char *const MEMBERS[RELEASE_MEMBERS] = {"167", "510", "657"};
static const char *const OUTCOMES[RELEASE_OUTCOMES] = {"INSTITUTION", "FOSTER"};

/** Adds the cells of one group: the total, then each outcome. `member` < 0 is the pool. */
static void group_add(struct block *block, int member, const int64_t *total_by_member,
                      const int64_t (*children)[RELEASE_OUTCOMES], size_t *cells)
{
    struct err err = ERR_INIT;
    for (int outcome = -1; outcome < RELEASE_OUTCOMES; outcome++) {
        uint32_t by_member[RELEASE_MEMBERS] = {0};
        uint32_t all = 0;
        const struct block_cell cell = {
            .table = member < 0 ? 0 : 1,
            .keys = {member < 0 ? NULL : MEMBERS[member]},
            .outcome = outcome < 0 ? RELEASED_OUTCOME_TOTAL : OUTCOMES[outcome],
            .quantities = 1,
            .whole = outcome < 0 ? BLOCK_NONE : cells[0],
            .zero_discloses = true,
        };
        ASSERT_OK(block_add_cell(block, &cell, &cells[outcome + 1], &err), err);
        for (int m = 0; m < RELEASE_MEMBERS; m++) {
            if (member < 0 || member == m) {
                by_member[m] = (uint32_t)(outcome < 0 ? total_by_member[m] : children[m][outcome]);
                all += by_member[m];
            }
        }
        ASSERT_OK(block_set_subjects(block, cells[outcome + 1], all, by_member, &err), err);
    }
}

static void joint_add(struct block *block, const struct release_counts *counts,
                      const size_t cells[RELEASE_MEMBERS + 1][RELEASE_OUTCOMES + 1])
{
    struct err err = ERR_INIT;
    for (size_t m = 0; m < RELEASE_MEMBERS; m++) {
        for (size_t o = 0; o < RELEASE_OUTCOMES; o++) {
            ASSERT_OK(block_add_joint(block, m, &counts->children[m][o], &err), err);
            for (size_t group = 0; group <= RELEASE_MEMBERS; group++) {
                if (group == RELEASE_MEMBERS || group == m) {
                    ASSERT_OK(block_link(block, cells[group][0], &err), err);
                    ASSERT_OK(block_link(block, cells[group][o + 1], &err), err);
                }
            }
        }
    }
}

static struct block *block_make(const struct release_counts *counts)
{
    static const struct block_table PLAN[TABLES] = {
        {"I01", "I01", {NULL}, 0, false},
        {"I01.municipality", "I01", {"municipality"}, 1, true},
    };
    static const struct block_quantity UNITS = {"UNITS", 1, 1};
    const struct block_spec spec = {
        "child_at_date", counts->period, RELEASE_MEMBERS, PLAN, TABLES, &UNITS, 1};
    struct err err = ERR_INIT;
    struct block *block = NULL;
    int64_t totals[RELEASE_MEMBERS];
    size_t cells[RELEASE_MEMBERS + 1][RELEASE_OUTCOMES + 1];
    ASSERT_OK(block_new(&spec, &block, &err), err);
    for (size_t m = 0; m < RELEASE_MEMBERS; m++) {
        totals[m] = counts->children[m][0] + counts->children[m][1];
    }
    group_add(block, -1, totals, counts->children, cells[RELEASE_MEMBERS]);
    for (int m = 0; m < RELEASE_MEMBERS; m++) {
        group_add(block, m, totals, counts->children, cells[m]);
    }
    joint_add(block, counts, (const size_t(*)[RELEASE_OUTCOMES + 1]) cells);
    ASSERT_OK(block_seal(block, &err), err);
    return block;
}

/** The blocks and patterns of a build, and its tables. */
struct parts {
    struct block *blocks[RELEASE_PERIODS_MAX];
    struct suppression *patterns[AUDIENCES][RELEASE_PERIODS_MAX];
    struct released_table *tables[AUDIENCES * TABLES];
};

static void parts_make(const struct release_build *build, struct parts *parts)
{
    struct policy policy = POLICY_DEFAULT;
    struct err err = ERR_INIT;
    assert_true(build->period_count <= RELEASE_PERIODS_MAX);
    for (size_t i = 0; i < build->period_count; i++) {
        parts->blocks[i] = block_make(&build->counts[i]);
        ASSERT_OK(suppress_named(parts->blocks[i], &policy, &parts->patterns[0][i], &err), err);
        ASSERT_OK(suppress_pooled(parts->patterns[0][i], &parts->patterns[1][i], &err), err);
    }
    for (size_t i = 0; i < AUDIENCES * TABLES; i++) {
        const struct released_table_source source = {
            (const struct suppression *const *)parts->patterns[i / TABLES], build->period_count,
            i % TABLES};
        ASSERT_OK(released_table_new(&source, &parts->tables[i], &err), err);
    }
}

static void parts_free(struct parts *parts)
{
    for (size_t i = 0; i < AUDIENCES * TABLES; i++) {
        released_table_free(parts->tables[i]);
    }
    for (size_t i = 0; i < RELEASE_PERIODS_MAX; i++) {
        suppression_free(parts->patterns[0][i]);
        suppression_free(parts->patterns[1][i]);
        block_free(parts->blocks[i]);
    }
}

static enum err_code draft_stage(struct world *world, const struct release_draft *draft,
                                 struct err *err)
{
    AUTO(db_rollback) struct db *db = NULL;
    struct db_begin_options options = {.role = "fremgang_publish"};
    enum err_code rc = db_begin(world->owner, &options, &db, err);
    if (rc == ERR_OK) {
        rc = release_stage(db, draft, err);
    }
    return rc == ERR_OK ? db_commit(STEAL(db), err) : rc;
}

enum err_code release_build_stage(struct world *world, struct release_build *build, struct err *err)
{
    struct parts parts = {.blocks = {NULL}};
    const char *periods[RELEASE_PERIODS_MAX];
    const uint8_t signature[64] = {1};
    const struct release_left_out left_out = {build->counts[0].period, 167};
    parts_make(build, &parts);
    for (size_t i = 0; i < build->period_count; i++) {
        periods[i] = build->counts[i].period;
    }
    crypto_hash_sha256(build->manifest_sha256, (const uint8_t *)build->id, strlen(build->id));
    const struct release_draft draft = {
        .release_id = build->id,
        .partnership_id = build->partnership_id,
        .policy = "suppress-t5-w5",
        .synthetic = true,
        .periods = periods,
        .period_count = build->period_count,
        .manifest = {(const uint8_t *)build->id, strlen(build->id)},
        .manifest_sha256 = build->manifest_sha256,
        .manifest_signature = signature,
        .left_out = &left_out,
        .left_out_count = 1,
        .tables = (const struct released_table *const *)parts.tables,
        .table_count = AUDIENCES * TABLES,
    };
    enum err_code rc = draft_stage(world, &draft, err);
    parts_free(&parts);
    return rc;
}
