/*
 * generator - writes the demo's municipal exports, called by generate.c and its tests.
 *
 *     struct generator_options options = {.out_dir = "demo", .seed = 1, .scale = 1};
 *     if (generator_run(&options, stdout, &err) != ERR_OK) { ... }
 *
 * The same options give the same bytes, on every machine.
 */
#ifndef FREMGANG_TESTS_DATA_GENERATOR_H
#define FREMGANG_TESTS_DATA_GENERATOR_H

#include "base/err.h"

#include <stdint.h>
#include <stdio.h>

enum { GENERATOR_SCALE_MAX = 2000 };

struct generator_options {
    const char *out_dir; /* made when missing; its parent must exist */
    uint64_t seed;
    int scale; /* 1 .. GENERATOR_SCALE_MAX copies of Forebyggelsespakken's populations */
};

/** Writes one folder per municipality and expected.csv, and the institution shares to
 * `summary`. ERR_INVALID for a bad scale, ERR_UNAVAILABLE when a file cannot be written,
 * ERR_INTERNAL out of memory. */
NODISCARD enum err_code generator_run(const struct generator_options *options, FILE *summary,
                                      struct err *err);
/** Prints the municipalities, their dialects and populations. */
void generator_list(FILE *stream);

#endif
