/* token - see token.h. The layout is fixed: big-endian numbers, then the id with its length,
 * then 16 random bytes, then the MAC over all before it. */
#include "rpc/token.h"

#include "base/limits.h"
#include "crypto/mac.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { KIND_TOKEN = 1, KIND_CHALLENGE = 2, FIXED_BYTES = 1 + 1 + 4 + 4 + 4 + 8 + 1 };

static const char MAC_DOMAIN[] = "fremgang-token-v1";

/* Both kinds carry the same fields; a challenge leaves role to epoch 0. */
struct content {
    uint8_t kind;
    uint8_t process;
    struct token token;
};

static uint8_t *put(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        at[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
    return at + size;
}

static uint64_t get(const uint8_t **at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | (*at)[i];
    }
    *at += size;
    return value;
}

static void content_write(const struct token_reader *maker, const struct content *content,
                          struct token_bytes *out)
{
    size_t id_len = strlen(content->token.principal_id);
    uint8_t *at = out->data;
    assert(id_len <= PRINCIPAL_ID_BYTES_MAX);
    at = put(at, content->kind, 1);
    at = put(at, content->process, 1);
    at = put(at, content->token.role, 4);
    at = put(at, (uint32_t)content->token.municipality_code, 4);
    at = put(at, content->token.epoch, 4);
    at = put(at, (uint64_t)content->token.expires_at_us, 8);
    at = put(at, id_len, 1);
    memcpy(at, content->token.principal_id, id_len);
    at += id_len;
    randombytes_buf(at, TOKEN_NONCE_BYTES);
    at += TOKEN_NONCE_BYTES;
    struct mac_part body = {out->data, (size_t)(at - out->data)};
    mac_make(maker->key, MAC_DOMAIN, body, at);
    out->len = body.len + MAC_BYTES;
}

/* The MAC is checked before anything else is looked at. */
static bool content_read(const struct token_reader *reader, struct wire_bytes bytes,
                         struct content *out)
{
    if (bytes.len < FIXED_BYTES + TOKEN_NONCE_BYTES + MAC_BYTES || bytes.len > TOKEN_BYTES_MAX) {
        return false;
    }
    size_t body_len = bytes.len - MAC_BYTES;
    struct mac_part body = {bytes.data, body_len};
    if (!mac_check(reader->key, MAC_DOMAIN, body, bytes.data + body_len)) {
        return false;
    }
    const uint8_t *at = bytes.data;
    struct content content = {.kind = (uint8_t)get(&at, 1), .process = (uint8_t)get(&at, 1)};
    content.token.role = (uint32_t)get(&at, 4);
    content.token.municipality_code = (int32_t)(uint32_t)get(&at, 4);
    content.token.epoch = (uint32_t)get(&at, 4);
    content.token.expires_at_us = (int64_t)get(&at, 8);
    size_t id_len = (size_t)get(&at, 1);
    if (id_len > PRINCIPAL_ID_BYTES_MAX || FIXED_BYTES + id_len + TOKEN_NONCE_BYTES != body_len) {
        return false;
    }
    memcpy(content.token.principal_id, at, id_len);
    content.token.principal_id[id_len] = '\0';
    *out = content;
    return true;
}

static enum err_code refuse(struct err *err, const char *message, const char *reason)
{
    (void)err_set(err, ERR_DENIED, "%s", message);
    return err_reason(err, reason);
}

void token_write(const struct token_reader *maker, const struct token *token,
                 struct token_bytes *out)
{
    struct content content = {
        .kind = KIND_TOKEN, .process = (uint8_t)maker->process, .token = *token};
    content_write(maker, &content, out);
}

enum err_code token_read(const struct token_reader *reader, struct wire_bytes bytes,
                         struct token *out, struct err *err)
{
    struct content content;
    if (!content_read(reader, bytes, &content) || content.kind != KIND_TOKEN ||
        content.process != reader->process) {
        return refuse(err, "the token was not made by this server process", "TOKEN_INVALID");
    }
    if (reader->now_us >= content.token.expires_at_us) {
        return refuse(err, "the token has expired", "TOKEN_EXPIRED");
    }
    *out = content.token;
    return ERR_OK;
}

void challenge_write(const struct token_reader *maker, const char *principal_id,
                     struct token_bytes *out)
{
    struct content content = {.kind = KIND_CHALLENGE, .process = (uint8_t)maker->process};
    size_t id_len = strlen(principal_id);
    assert(id_len <= PRINCIPAL_ID_BYTES_MAX);
    memcpy(content.token.principal_id, principal_id, id_len + 1);
    content.token.expires_at_us = maker->now_us + (int64_t)CHALLENGE_LIFE_SECONDS * 1000000;
    content_write(maker, &content, out);
}

enum err_code challenge_check(const struct token_reader *reader, struct wire_bytes bytes,
                              const char *principal_id, struct err *err)
{
    struct content content;
    if (!content_read(reader, bytes, &content) || content.kind != KIND_CHALLENGE ||
        content.process != reader->process ||
        strcmp(content.token.principal_id, principal_id) != 0) {
        return refuse(err, "the challenge was not made here for this principal",
                      "CHALLENGE_INVALID");
    }
    if (reader->now_us >= content.token.expires_at_us) {
        return refuse(err, "the challenge has expired", "CHALLENGE_INVALID");
    }
    return ERR_OK;
}
