/*
 * audit - is a pattern of hidden cells safe against every viewer? The viewers are an
 * outsider and each member that knows its own joint cells; each quantity has its own
 * system. `audit_pattern` starts from nothing; suppress.c keeps an audit open while it
 * hides more.
 *
 *     struct audit_verdict verdict;
 *     audit_pattern(block, &policy, hidden, &verdict, err);
 */
#ifndef FREMGANG_PROTECT_AUDIT_H
#define FREMGANG_PROTECT_AUDIT_H

#include "protect/block.h"
#include "protect/policy.h"

struct audit;

/** Gives an open audit: one attack per viewer and quantity. ERR_INTERNAL. */
NODISCARD enum err_code audit_new(const struct block *block, const bool *hidden, struct audit **out,
                                  struct err *err);
/** Takes the audit. NULL ok. */
void audit_free(struct audit *audit);
DEFINE_AUTO(struct audit, audit_free);

/** Tells every attack that the cell is hidden now. */
void audit_hide(struct audit *audit, size_t cell);

/** A head start for audit_cell: moves all hidden cells at once. */
NODISCARD enum err_code audit_explore(struct audit *audit, int64_t width, struct err *err);
/** Asks every viewer about one hidden cell. `*wide` is false at the first viewer who can
 * narrow it below `width`; audit_is_lever then names the published cells it used. */
NODISCARD enum err_code audit_cell(struct audit *audit, size_t cell, int64_t width, bool *wide,
                                   struct err *err);
bool audit_is_lever(const struct audit *audit, size_t cell);
/** Linear programs solved so far. */
size_t audit_solve_count(const struct audit *audit);

/** Whether a hidden cell must stay wide: it can occur, has a meaning, and is no guard of
 * something harmless. */
bool audit_counts(const struct block *block, const struct policy *policy, size_t cell);

/** Safe: every sensitive cell is hidden, and every hidden cell is wide for every viewer. */
struct audit_verdict {
    bool safe;
    size_t solved; /* linear programs */
};

/** Judges a finished pattern with new attacks. ERR_INTERNAL. */
NODISCARD enum err_code audit_pattern(const struct block *block, const struct policy *policy,
                                      const bool *hidden, struct audit_verdict *out,
                                      struct err *err);

#endif
