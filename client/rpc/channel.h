/*
 * channel - the way to one kind of process: one endpoint per URL, each behind its breaker.
 * An exchange goes to the endpoint that last worked, else to the next one not resting.
 * Called by caller.c; single-threaded.
 *
 *     AUTO(channel_free) struct channel *channel = NULL;
 *     if (channel_new(&settings, &channel, err) == ERR_OK) {
 *         code = channel_exchange(channel, &request, deadline_ms, &response, err);
 *     }
 */
#ifndef FREMGANG_RPC_CHANNEL_H
#define FREMGANG_RPC_CHANNEL_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"
#include "rpc/tls.h"

#include <stddef.h>
#include <stdint.h>

enum { CHANNEL_URLS_MAX = 8 };

struct channel;

/** All borrowed for the time of channel_new. */
struct channel_settings {
    const char *urls[CHANNEL_URLS_MAX];
    size_t url_count;
    struct tls_settings tls; /* read only when a URL is tls+tcp:// */
};

/** Gives a channel; connections are made when first needed. ERR_INVALID (no URL, or one that
 * is not allowed) and what tls_config_new gives. */
NODISCARD enum err_code channel_new(const struct channel_settings *settings, struct channel **out,
                                    struct err *err);
/** Takes the channel; bounded in time. NULL ok. */
void channel_free(struct channel *channel);
DEFINE_AUTO(struct channel, channel_free);

/** One attempt at one endpoint, so that the caller decides on the next. An attempt gets half
 * of the time left while another endpoint could still be tried. Errors as
 * endpoint_exchange; ERR_UNAVAILABLE when all endpoints rest. */
NODISCARD enum err_code channel_exchange(struct channel *channel, const struct buf *request,
                                         int64_t deadline_ms, struct buf *response,
                                         struct err *err);

#endif
