/*
 * output_release - releases on stdout, as a list or one in full. Called by cmd_releases and
 * cmd_publish.
 *
 *     code = output_release_list(cli, releases, &err);
 */
#ifndef FREMGANG_OUTPUT_RELEASE_H
#define FREMGANG_OUTPUT_RELEASE_H

#include "cli.h"
#include "rpc/catalogue_call.h"

/** Prints them in their order. Errors as output_print. */
NODISCARD enum err_code output_release_list(const struct cli *cli,
                                            const struct catalogue_releases *releases,
                                            struct err *err);
/** Prints every field of one. Errors as output_print. */
NODISCARD enum err_code output_release_show(const struct cli *cli,
                                            const struct catalogue_release *release,
                                            struct err *err);

#endif
