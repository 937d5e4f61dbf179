/* fake_pair - a fake_process and a caller that is its one principal. */
#ifndef FREMGANG_TESTS_UNIT_CLIENT_RPC_FAKE_PAIR_H
#define FREMGANG_TESTS_UNIT_CLIENT_RPC_FAKE_PAIR_H

#include "fake_process.h"

#include "rpc/caller.h"

/* A process with the principal's key known, and a caller that is that principal. */
struct fake_pair {
    struct fake_process process;
    struct secret *identity;
    struct caller *caller;
};

static inline void fake_pair_open(struct fake_pair *pair, uint32_t kind)
{
    struct err err = ERR_INIT;
    ASSERT_OK(sign_key_new(&pair->identity, &err), err);
    sign_public_key(pair->identity, pair->process.public_key);
    pair->process.kind = process_name(kind);
    pair->process.server.answer = fake_answer;
    pair->process.server.ctx = &pair->process;
    rep_server_start(&pair->process.server, NULL);
    struct caller_settings settings = {
        .principal_id = "p-1", .identity = pair->identity, .clock = clock_system()};
    size_t index = caller_process_index(kind);
    settings.urls[index][0] = pair->process.server.url;
    settings.url_counts[index] = 1;
    ASSERT_OK(caller_new(&settings, &pair->caller, &err), err);
}

static inline void fake_pair_close(struct fake_pair *pair)
{
    caller_free(pair->caller);
    rep_server_stop(&pair->process.server);
    secret_free(pair->identity);
    secret_free(pair->process.receipt_key);
}

#define AUTO_PAIR __attribute__((cleanup(fake_pair_close)))

#endif
