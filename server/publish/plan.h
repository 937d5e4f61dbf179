/*
 * plan - the publication plan as audit blocks: which facts are counted together, by which
 * dimensions and outcomes, and which tables come out. Called by publish and cube.
 *
 *     AUTO(plan_free) struct plan *plan = NULL;
 *     plan_load(&plan, err);
 *     for (size_t i = 0; i < plan->block_count; i++) { ... plan->blocks[i].unit ... }
 *
 * A unit has one code in every dimension and, on every axis (an indicator's outcomes), one
 * outcome or none. Facts about the same units (a child's placement, ladder step and move)
 * are joined, because their figures together say more than each alone.
 */
#ifndef FREMGANG_PUBLISH_PLAN_H
#define FREMGANG_PUBLISH_PLAN_H

#include "domain/catalogue.h"
#include "domain/codes.h"

#include <stdint.h>

enum {
    PLAN_TABLES_MAX = 24, /* of one cube (indicator): design of the publication plan */
    PLAN_BLOCK_TABLES_MAX = 64,
    PLAN_AXES_MAX = 3,
    PLAN_JOINT_DIMENSIONS_MAX = 4, /* sex, age_band, target_group, measure_kind */
    PLAN_FACTS_MAX = 2,
    PLAN_SHARES_MAX = 8, /* shares published of one axis */
    PLAN_NAME_BYTES = 80,
    PLAN_VERSION_BYTES = 65, /* SHA-256 in hex and NUL */
};

/** In plan_table.dimensions: the member, not one of the block's joint dimensions. */
#define PLAN_MUNICIPALITY SIZE_MAX

/** Which column of a fact row holds the outcome. */
enum plan_column { PLAN_OUTCOME, PLAN_PLACEMENT_TYPE, PLAN_LADDER_STEP };

/** One indicator of a block. Texts are borrowed from the plan. */
struct plan_axis {
    const char *indicator; /* "I01" */
    const char *fact;
    const char *rule; /* "" for all */
    enum plan_column column;
    const struct code_run *outcomes; /* NULL for a ratio: it has none */
    bool zero_discloses;
    uint32_t shares[PLAN_SHARES_MAX]; /* bit i: outcome i is in the numerator */
    size_t share_count;
};

struct plan_table {
    char name[PLAN_NAME_BYTES]; /* "I01.municipality.sex" */
    size_t axis;
    size_t dimensions[PLAN_DIMENSIONS_MAX]; /* of the block, or PLAN_MUNICIPALITY */
    const char *dimension_names[PLAN_DIMENSIONS_MAX];
    size_t dimension_count;
};

struct plan_block {
    const char *unit; /* "child" */
    enum period_kind period_kind;
    const char *facts[PLAN_FACTS_MAX];
    size_t fact_count;
    bool joins_subjects; /* one unit a subject and period, from all facts */
    const struct code_run *dimensions[PLAN_JOINT_DIMENSIONS_MAX];
    size_t dimension_count;
    struct plan_axis axes[PLAN_AXES_MAX];
    size_t axis_count;
    struct plan_table tables[PLAN_BLOCK_TABLES_MAX];
    size_t table_count;
};

struct plan {
    struct catalogue *catalogue; /* owned */
    struct codes *codes;         /* owned */
    struct arena *arena;         /* owned */
    struct plan_block *blocks;   /* owned */
    size_t block_count;
    char plan_version[PLAN_VERSION_BYTES];      /* of plan.csv */
    char catalogue_version[PLAN_VERSION_BYTES]; /* of indicator.csv and measure.csv */
};

/** Gives the embedded plan. ERR_CORRUPT when the reference files contradict each other,
 * ERR_LIMIT when a cube has more than PLAN_TABLES_MAX tables, ERR_INTERNAL. */
NODISCARD enum err_code plan_load(struct plan **out, struct err *err);
/** Takes. NULL ok. */
void plan_free(struct plan *plan);
DEFINE_AUTO(struct plan, plan_free);

#endif
