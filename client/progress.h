/*
 * progress - a bar on the terminal while something long runs; silent elsewhere.
 *
 *     struct progress progress;
 *     progress_start(&progress, cli, "reading");
 *     progress_show(&progress, done, total);       // as often as one likes
 *     progress_end(&progress);                     // the line is empty again
 */
#ifndef FREMGANG_PROGRESS_H
#define FREMGANG_PROGRESS_H

#include "cli.h"

#include <stdint.h>

struct progress {
    FILE *talk; /* NULL: not a terminal */
    const char *label;
    int shown; /* percent on the screen; -1: nothing */
};

/** `label` is borrowed. */
void progress_start(struct progress *progress, const struct cli *cli, const char *label);
/** Redraws when the percentage changed. */
void progress_show(struct progress *progress, uint64_t done, uint64_t total);
/** Clears the line. */
void progress_end(struct progress *progress);

#endif
