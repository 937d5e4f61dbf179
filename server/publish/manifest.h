/*
 * manifest - what a release is, in canonical JSON (sorted keys, no blanks): plan, catalogue
 * and policy, periods, who is left out, the SHA-256 of every table, and what the protection
 * cost. Stewards sign its digest; it holds no figure of a cell.
 *
 *     AUTO(manifest_free) struct manifest *manifest = NULL;
 *     manifest_make(&source, key, &manifest, err);
 */
#ifndef FREMGANG_PUBLISH_MANIFEST_H
#define FREMGANG_PUBLISH_MANIFEST_H

#include "base/secret.h"
#include "crypto/sign.h"
#include "protect/policy.h"
#include "protect/released_table.h"
#include "publish/periods.h"
#include "publish/plan.h"

enum { MANIFEST_SHA256_BYTES = 32 };

struct manifest_figures {
    size_t shown;
    size_t withheld;
};

/** What goes in. Borrows. */
struct manifest_source {
    const char *release_id;
    const char *partnership;
    bool synthetic;
    const char *policy_id;
    const struct policy *policy;
    const struct plan *plan;
    const struct periods *periods;
    const struct released_table *const *tables;
    size_t table_count;
    size_t block_count;
    size_t solved; /* linear programs */
    struct manifest_figures named;
    struct manifest_figures pooled;
};

struct manifest {
    char *text; /* owned; canonical JSON */
    size_t len;
    uint8_t sha256[MANIFEST_SHA256_BYTES];
    uint8_t signature[SIGN_SIGNATURE_BYTES];
};

/** Gives the signed manifest. ERR_INTERNAL when memory is out. */
NODISCARD enum err_code manifest_make(const struct manifest_source *source,
                                      const struct secret *key, struct manifest **out,
                                      struct err *err);
/** Takes. NULL ok. */
void manifest_free(struct manifest *manifest);
DEFINE_AUTO(struct manifest, manifest_free);

/** SHA-256 over a table's canonical text: a line for its head, then one per cell with
 * period, keys, outcome, state and, when exact, the value, sorted by their bytes: stored cells
 * give the same digest (tests/integration/publish shows the SQL). ERR_LIMIT, ERR_INTERNAL. */
NODISCARD enum err_code manifest_table_digest(const struct released_table *table,
                                              uint8_t out[MANIFEST_SHA256_BYTES], struct err *err);

#endif
