/*
 * partnership_list - the partnerships that `sync` and `status` work on: the one named by
 * --partnership, else all in the outbox.
 *
 *     struct partnership_list list = {.count = 0};
 *     code = partnership_list_fill(cli, outbox, &list, &err);
 *     for (size_t i = 0; i < list.count; i++) { ... list.slugs[i] ... }
 */
#ifndef FREMGANG_PARTNERSHIP_LIST_H
#define FREMGANG_PARTNERSHIP_LIST_H

#include "cli.h"
#include "outbox/outbox.h"

enum { PARTNERSHIP_LIST_MAX = 64 };

struct partnership_list {
    char slugs[PARTNERSHIP_LIST_MAX][OUTBOX_TEXT_BYTES];
    size_t count;
};

/** Fills the list, in order. Errors as outbox_partnerships. */
NODISCARD enum err_code partnership_list_fill(const struct cli *cli, struct outbox *outbox,
                                              struct partnership_list *out, struct err *err);

#endif
