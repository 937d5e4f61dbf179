/* Goal: no bytes but those that the process made pass as a token or a challenge. */
#include "fuzz.h"

#include "rpc/token.h"

#include "wire/method.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct secret *key;
    uint8_t zeros[KEY_BYTES] = {0};
    struct err err = ERR_INIT;
    struct token token;
    if (key == NULL && secret_copy(zeros, sizeof(zeros), &key, &err) != ERR_OK) {
        abort();
    }
    struct token_reader reader = {.process = PROCESS_POOL, .key = key, .now_us = 1};
    if (token_read(&reader, (struct wire_bytes){data, size}, &token, &err) == ERR_OK ||
        challenge_check(&reader, (struct wire_bytes){data, size}, "p", &err) == ERR_OK) {
        abort(); // the key never leaves this function, so nothing can be right
    }
    return 0;
}
