/* replay_seal - see replay_seal.h. XSalsa20-Poly1305 with a random nonce. */
#include "handlers/pool/replay_seal.h"

#include "crypto/mac.h"

#include <sodium.h>

#define REPLAY_DOMAIN "fremgang-replay-v1"

_Static_assert(MAC_BYTES == crypto_secretbox_KEYBYTES, "the code is the key");

static void key_make(const struct secret *token_key, uint8_t out[MAC_BYTES])
{
    mac_make(token_key, REPLAY_DOMAIN, (struct mac_part){"", 0}, out);
}

enum err_code replay_seal(const struct secret *token_key, struct wire_bytes answer, struct buf *out,
                          struct err *err)
{
    uint8_t nonce[crypto_secretbox_NONCEBYTES];
    uint8_t key[MAC_BYTES];
    const size_t sealed_len = answer.len + crypto_secretbox_MACBYTES;
    randombytes_buf(nonce, sizeof(nonce));
    buf_append(out, nonce, sizeof(nonce));
    buf_reserve(out, sealed_len);
    enum err_code rc = buf_check(out, err);
    if (rc != ERR_OK) {
        return rc;
    }
    key_make(token_key, key);
    (void)crypto_secretbox_easy(out->data + out->len, answer.data, answer.len, nonce, key);
    sodium_memzero(key, sizeof(key));
    out->len += sealed_len;
    return ERR_OK;
}

enum err_code replay_open(const struct secret *token_key, struct wire_bytes sealed,
                          struct arena *arena, struct wire_bytes *out, struct err *err)
{
    uint8_t key[MAC_BYTES];
    const size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (sealed.len < around) {
        return err_set(err, ERR_CORRUPT, "a kept answer is too short");
    }
    const size_t len = sealed.len - around;
    uint8_t *answer = arena_alloc(arena, len + 1);
    if (answer == NULL) {
        return err_memory(err);
    }
    key_make(token_key, key);
    int opened =
        crypto_secretbox_open_easy(answer, sealed.data + crypto_secretbox_NONCEBYTES,
                                   sealed.len - crypto_secretbox_NONCEBYTES, sealed.data, key);
    sodium_memzero(key, sizeof(key));
    if (opened != 0) {
        return err_set(err, ERR_CORRUPT, "a kept answer does not open with this server's key");
    }
    *out = (struct wire_bytes){answer, len};
    return ERR_OK;
}
