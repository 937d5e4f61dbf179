/*
 * catalogue_call - what there is to ask for: indicators and releases. Called by
 * cmd_indicators, cmd_releases and, for stewards, cmd_publish.
 *
 *     AUTO(catalogue_releases_free) struct catalogue_releases *releases = NULL;
 *     code = catalogue_list_releases(caller, "sverigesprogrammet", &releases, err);
 */
#ifndef FREMGANG_RPC_CATALOGUE_CALL_H
#define FREMGANG_RPC_CATALOGUE_CALL_H

#include "rpc/caller.h"

enum { CATALOGUE_HASH_BYTES = 32 };

struct catalogue_indicator {
    const char *id;
    const char *name_da;
    const char *name_en;
    const char *unit;
    const char *statistic;
    const char *direction; /* up, down or neutral */
    const char *period_kind;
    const char *numerator;
    const char *denominator;
    const char *chart;
    const char *const *measures;
    size_t measure_count;
    const char *const *dimensions;
    size_t dimension_count;
};

struct catalogue_release {
    const char *id;
    const char *partnership;
    const char *state; /* staged, visible or withdrawn */
    const char *period_from;
    const char *period_to;
    const char *policy;
    int64_t staged_at_us;
    uint32_t approvals;
    bool has_manifest;
    uint8_t manifest_sha256[CATALOGUE_HASH_BYTES];
    uint64_t cells_shown;
    uint64_t cells_withheld;
    const char *const *left_out; /* "period municipality" */
    size_t left_out_count;
    bool synthetic;
};

/** Own their arena. */
struct catalogue_indicators {
    struct arena *arena;
    const struct catalogue_indicator *items;
    size_t count;
};
struct catalogue_releases {
    struct arena *arena;
    const struct catalogue_release *items;
    size_t count;
};

/** Every indicator in the catalogue's order. Errors as caller_call. */
NODISCARD enum err_code catalogue_list_indicators(struct caller *caller,
                                                  struct catalogue_indicators **out,
                                                  struct err *err);
/** The releases the caller may read, newest first; `partnership` may be "" for all. */
NODISCARD enum err_code catalogue_list_releases(struct caller *caller, const char *partnership,
                                                struct catalogue_releases **out, struct err *err);
/** Releases in every state, for stewards. */
NODISCARD enum err_code catalogue_list_staged(struct caller *caller, const char *partnership,
                                              struct catalogue_releases **out, struct err *err);
/** Take them. NULL ok. */
void catalogue_indicators_free(struct catalogue_indicators *indicators);
void catalogue_releases_free(struct catalogue_releases *releases);
DEFINE_AUTO(struct catalogue_indicators, catalogue_indicators_free);
DEFINE_AUTO(struct catalogue_releases, catalogue_releases_free);

#endif
