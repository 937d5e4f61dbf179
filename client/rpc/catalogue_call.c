/* catalogue_call - see catalogue_call.h. */
#include "rpc/catalogue_call.h"

#include "rpc/exchange.h"

#include "fremgang/v1/admin.pb-c.h"
#include "fremgang/v1/catalogue.pb-c.h"

#include <string.h>

void catalogue_indicators_free(struct catalogue_indicators *indicators)
{
    if (indicators != NULL) {
        arena_free(indicators->arena);
    }
}

void catalogue_releases_free(struct catalogue_releases *releases)
{
    if (releases != NULL) {
        arena_free(releases->arena);
    }
}

static struct catalogue_indicator indicator_of(const Pb__Indicator *message)
{
    return (struct catalogue_indicator){
        .id = message->id,
        .name_da = message->name_da,
        .name_en = message->name_en,
        .unit = message->unit,
        .statistic = message->statistic,
        .direction = message->direction,
        .period_kind = message->period_kind,
        .numerator = message->numerator,
        .denominator = message->denominator,
        .chart = message->chart,
        .measures = message->measures,
        .measure_count = message->n_measures,
        .dimensions = message->dimensions,
        .dimension_count = message->n_dimensions,
    };
}

static struct catalogue_release release_of(const Pb__Release *message)
{
    struct catalogue_release release = {
        .id = message->id,
        .partnership = message->partnership,
        .state = message->state,
        .period_from = message->period_from,
        .period_to = message->period_to,
        .policy = message->policy,
        .staged_at_us = message->staged_at_us,
        .approvals = message->approvals,
        .has_manifest = message->manifest_sha256.len == CATALOGUE_HASH_BYTES,
        .cells_shown = message->cells_shown,
        .cells_withheld = message->cells_withheld,
        .left_out = message->left_out,
        .left_out_count = message->n_left_out,
        .synthetic = message->synthetic,
    };
    if (release.has_manifest) {
        memcpy(release.manifest_sha256, message->manifest_sha256.data, CATALOGUE_HASH_BYTES);
    }
    return release;
}

enum err_code catalogue_list_indicators(struct caller *caller, struct catalogue_indicators **out,
                                        struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__ListIndicatorsRequest request = PB__LIST_INDICATORS_REQUEST__INIT;
    ProtobufCMessage *answer;
    struct exchange exchange = {.method = METHOD_CATALOGUE_INDICATORS, .request = &request.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__ListIndicatorsResponse *response = (const Pb__ListIndicatorsResponse *)answer;
    struct catalogue_indicators *list = arena_alloc(arena, sizeof(*list));
    struct catalogue_indicator *items =
        arena_alloc(arena, (response->n_indicators + 1) * sizeof(*items));
    if (list == NULL || items == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < response->n_indicators; i++) {
        items[i] = indicator_of(response->indicators[i]);
    }
    *list = (struct catalogue_indicators){STEAL(arena), items, response->n_indicators};
    *out = list;
    return ERR_OK;
}

/* The repeated field of either response. */
struct release_messages {
    Pb__Release **items;
    size_t count;
};

/* Takes the arena, in which the messages live, whether it works or not. */
static enum err_code keep_releases(struct release_messages messages, struct arena *arena,
                                   struct catalogue_releases **out, struct err *err)
{
    AUTO(arena_free) struct arena *owned = arena;
    struct catalogue_releases *list = arena_alloc(arena, sizeof(*list));
    struct catalogue_release *items = arena_alloc(arena, (messages.count + 1) * sizeof(*items));
    if (list == NULL || items == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < messages.count; i++) {
        items[i] = release_of(messages.items[i]);
    }
    *list = (struct catalogue_releases){STEAL(owned), items, messages.count};
    *out = list;
    return ERR_OK;
}

enum err_code catalogue_list_releases(struct caller *caller, const char *partnership,
                                      struct catalogue_releases **out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__ListReleasesRequest request = PB__LIST_RELEASES_REQUEST__INIT;
    ProtobufCMessage *answer;
    request.partnership = partnership;
    struct exchange exchange = {.method = METHOD_CATALOGUE_RELEASES, .request = &request.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__ListReleasesResponse *response = (const Pb__ListReleasesResponse *)answer;
    struct release_messages messages = {response->releases, response->n_releases};
    return keep_releases(messages, STEAL(arena), out, err);
}

enum err_code catalogue_list_staged(struct caller *caller, const char *partnership,
                                    struct catalogue_releases **out, struct err *err)
{
    AUTO(arena_free) struct arena *arena = exchange_arena();
    Pb__ListStagedReleasesRequest request = PB__LIST_STAGED_RELEASES_REQUEST__INIT;
    ProtobufCMessage *answer;
    request.partnership = partnership;
    struct exchange exchange = {.method = METHOD_ADMIN_LIST_STAGED, .request = &request.base};
    enum err_code code = exchange_run(caller, &exchange, arena, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    const Pb__ListStagedReleasesResponse *response = (const Pb__ListStagedReleasesResponse *)answer;
    struct release_messages messages = {response->releases, response->n_releases};
    return keep_releases(messages, STEAL(arena), out, err);
}
