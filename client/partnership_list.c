/* partnership_list - see partnership_list.h. */
#include "partnership_list.h"

static void slug_add(void *ctx, const char *slug)
{
    struct partnership_list *list = ctx;
    if (list->count < PARTNERSHIP_LIST_MAX) {
        (void)snprintf(list->slugs[list->count++], OUTBOX_TEXT_BYTES, "%s", slug);
    }
}

enum err_code partnership_list_fill(const struct cli *cli, struct outbox *outbox,
                                    struct partnership_list *out, struct err *err)
{
    const char *slug = cli_option(cli, "partnership");
    if (slug != NULL) {
        slug_add(out, slug);
        return ERR_OK;
    }
    return outbox_partnerships(outbox, slug_add, out, err);
}
