/*
 * codes - the codes that a dimension or an outcome can have, by public fact: a cell exists
 * for each of them, whether or not any child is in it. Read from the embedded reference
 * files. Called by the catalogue and the publisher's plan.
 *
 *     AUTO(codes_free) struct codes *codes = NULL;
 *     codes_load(&codes, err);
 *     const struct code_run *types = codes_find(codes, "placement_type");
 */
#ifndef FREMGANG_DOMAIN_CODES_H
#define FREMGANG_DOMAIN_CODES_H

#include "base/auto.h"
#include "base/err.h"

#include <stddef.h>

enum { CODES_RUN_MAX = 128 }; /* codes of one dimension; there are 98 municipalities */

/** One list of codes in the file's order; borrowed from the codes. */
struct code_run {
    const char *name;
    const char *codes[CODES_RUN_MAX];
    size_t count;
};

struct codes;

/** Gives the lists. ERR_CORRUPT when a reference file has another shape, ERR_INTERNAL. */
NODISCARD enum err_code codes_load(struct codes **out, struct err *err);
/** Takes. NULL ok. */
void codes_free(struct codes *codes);
DEFINE_AUTO(struct codes, codes_free);

/** A dimension ("sex"), or the outcomes of a fact ("obligation"); NULL when unknown. */
const struct code_run *codes_find(const struct codes *codes, const char *name);
/** The lowest ladder step of a placement of this type; 0 when the type is unknown. */
int codes_step_min(const struct codes *codes, const char *placement_type);

#endif
