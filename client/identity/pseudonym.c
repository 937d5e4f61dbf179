/* pseudonym - see pseudonym.h. */
#include "identity/pseudonym.h"

#include "crypto/mac.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert((int)PSEUDONYM_KEY_BYTES == (int)MAC_KEY_BYTES, "the partnership key is the MAC key");

/* The value that the partnership key is laid over: in epoch 0 the number itself. */
static struct mac_part inner_of_child(const struct cpr *cpr)
{
    assert(strlen(cpr->digits) == CPR_DIGITS);
    return (struct mac_part){cpr->digits, CPR_DIGITS};
}

static void pseudonym_make(const struct secret *key, const char *context, struct mac_part inner,
                           uint8_t out[PSEUDONYM_BYTES])
{
    uint8_t code[MAC_BYTES];
    mac_make(key, context, inner, code);
    memcpy(out, code, PSEUDONYM_BYTES);
    sodium_memzero(code, sizeof(code));
}

void pseudonym_child(const struct secret *key, const struct cpr *cpr, uint8_t out[PSEUDONYM_BYTES])
{
    pseudonym_make(key, "child", inner_of_child(cpr), out);
}

void pseudonym_worker(const struct secret *key, const char *id, size_t len,
                      uint8_t out[PSEUDONYM_BYTES])
{
    pseudonym_make(key, "worker", (struct mac_part){id, len}, out);
}

void pseudonym_row(const struct secret *key, const char *context,
                   const uint8_t child[PSEUDONYM_BYTES], const char *id,
                   uint8_t out[PSEUDONYM_BYTES])
{
    /* Two steps, so that the parts need no separator: the id first, then the child over it. */
    uint8_t both[2 * PSEUDONYM_BYTES];
    memcpy(both, child, PSEUDONYM_BYTES);
    pseudonym_make(key, context, (struct mac_part){id, strlen(id)}, both + PSEUDONYM_BYTES);
    pseudonym_make(key, context, (struct mac_part){both, sizeof(both)}, out);
}
