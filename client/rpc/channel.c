/* channel - see channel.h. */
#include "rpc/channel.h"

#include "base/clock.h"
#include "rpc/breaker.h"
#include "rpc/endpoint.h"

#include <string.h>

struct member {
    char *url;                 /* owned */
    struct endpoint *endpoint; /* owned; NULL until first used */
    struct breaker breaker;
};

struct channel {
    struct member members[CHANNEL_URLS_MAX];
    size_t count;
    size_t preferred; /* the member that last worked, or the next to try */
    nng_tls_config *config;
};

static enum err_code add_urls(struct channel *channel, const struct channel_settings *settings,
                              struct err *err)
{
    for (size_t i = 0; i < settings->url_count; i++) {
        enum err_code code = endpoint_check_url(settings->urls[i], err);
        if (code != ERR_OK) {
            return code;
        }
        channel->members[i].url = strdup(settings->urls[i]);
        if (channel->members[i].url == NULL) {
            return err_memory(err);
        }
        channel->count++;
    }
    return ERR_OK;
}

static bool needs_tls(const struct channel *channel)
{
    for (size_t i = 0; i < channel->count; i++) {
        if (endpoint_url_is_tls(channel->members[i].url)) {
            return true;
        }
    }
    return false;
}

enum err_code channel_new(const struct channel_settings *settings, struct channel **out,
                          struct err *err)
{
    if (settings->url_count == 0) {
        return err_set(err, ERR_INVALID, "no server is named");
    }
    if (settings->url_count > CHANNEL_URLS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d servers", CHANNEL_URLS_MAX);
    }
    AUTO(channel_free) struct channel *channel = calloc(1, sizeof(*channel));
    if (channel == NULL) {
        return err_memory(err);
    }
    enum err_code code = add_urls(channel, settings, err);
    if (code == ERR_OK && needs_tls(channel)) {
        code = tls_config_new(&settings->tls, &channel->config, err);
    }
    if (code == ERR_OK) {
        *out = STEAL(channel);
    }
    return code;
}

void channel_free(struct channel *channel)
{
    if (channel == NULL) {
        return;
    }
    for (size_t i = 0; i < channel->count; i++) {
        endpoint_free(channel->members[i].endpoint);
        free(channel->members[i].url);
    }
    if (channel->config != NULL) {
        nng_tls_config_free(channel->config);
    }
    free(channel);
}

/* The preferred member, or the next one after it that does not rest; NULL when all do. */
static struct member *choose(struct channel *channel, int64_t now_ms, size_t *admitted)
{
    struct member *chosen = NULL;
    *admitted = 0;
    for (size_t i = 0; i < channel->count; i++) {
        size_t place = (channel->preferred + i) % channel->count;
        struct member *member = &channel->members[place];
        if (breaker_admits(&member->breaker, now_ms)) {
            chosen = chosen == NULL ? member : chosen;
            (*admitted)++;
        }
    }
    return chosen;
}

/* A server that answers badly still answers: only silence and closed doors count. */
static bool endpoint_failed(enum err_code code)
{
    return code == ERR_UNAVAILABLE || code == ERR_TIMEOUT || code == ERR_DENIED;
}

static enum err_code ensure_endpoint(struct channel *channel, struct member *member,
                                     struct err *err)
{
    return member->endpoint != NULL
               ? ERR_OK
               : endpoint_new(member->url, channel->config, &member->endpoint, err);
}

enum err_code channel_exchange(struct channel *channel, const struct buf *request,
                               int64_t deadline_ms, struct buf *response, struct err *err)
{
    size_t admitted;
    int64_t now_ms = clock_monotonic_ms();
    struct member *member = choose(channel, now_ms, &admitted);
    if (member == NULL) {
        (void)err_set(err, ERR_UNAVAILABLE, "no server answers at %s", channel->members[0].url);
        return err_hint(err, "Try again in half a minute; `fremgang health` asks all servers.");
    }
    int64_t attempt_ms = admitted > 1 ? now_ms + (deadline_ms - now_ms) / 2 : deadline_ms;
    enum err_code code = ensure_endpoint(channel, member, err);
    if (code != ERR_OK) {
        return code;
    }
    code = endpoint_exchange(member->endpoint, request, attempt_ms, response, err);
    size_t place = (size_t)(member - channel->members);
    breaker_report(&member->breaker, !endpoint_failed(code), clock_monotonic_ms());
    channel->preferred = endpoint_failed(code) ? (place + 1) % channel->count : place;
    return code;
}
