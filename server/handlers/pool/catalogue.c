/* catalogue - CatalogueService, and the stewards' list of releases. See pool.h. */
#include "handlers/pool/pool.h"
#include "store/release/release_store.h"

#include "fremgang/v1/admin.pb-c.h"
#include "fremgang/v1/catalogue.pb-c.h"

#include <string.h>

enum { RELEASES_MAX = 2000 };

static void indicator_head(const struct indicator *indicator, Pb__Indicator *out)
{
    out->id = indicator->id;
    out->name_da = indicator->name_da;
    out->name_en = indicator->name_en;
    out->unit = indicator->unit;
    out->statistic = indicator->statistic;
    out->direction = indicator->direction;
    out->period_kind = period_kind_name(indicator->period_kind);
    out->numerator = indicator->numerator;
    out->denominator = indicator->denominator;
    out->chart = indicator->chart;
}

static enum err_code indicator_fill(struct call *call, const struct catalogue *catalogue,
                                    const struct indicator *indicator, Pb__Indicator *out,
                                    struct err *err)
{
    size_t count = 0;
    const struct measure *measures = catalogue_measures(catalogue, &count);
    out->measures = arena_alloc(call->arena, count * sizeof(*out->measures));
    out->dimensions =
        arena_alloc(call->arena, (indicator->dimension_count + 1) * sizeof(*out->dimensions));
    if (out->measures == NULL || out->dimensions == NULL) {
        return err_memory(err);
    }
    indicator_head(indicator, out);
    for (size_t i = 0; i < count; i++) {
        if (measures[i].indicator == indicator) {
            out->measures[out->n_measures++] = measures[i].slug;
        }
    }
    for (size_t i = 0; i < indicator->dimension_count; i++) {
        out->dimensions[out->n_dimensions++] = indicator->dimensions[i];
    }
    return ERR_OK;
}

enum err_code pool_list_indicators(struct call *call, const ProtobufCMessage *request,
                                   ProtobufCMessage *response, struct err *err)
{
    const struct pool_services *services = call->services;
    Pb__ListIndicatorsResponse *answer = (Pb__ListIndicatorsResponse *)response;
    size_t count = 0;
    const struct indicator *indicators = catalogue_indicators(services->catalogue, &count);
    (void)request;
    answer->indicators = arena_alloc(call->arena, count * sizeof(*answer->indicators));
    if (answer->indicators == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        Pb__Indicator *indicator = call_message(call, &pb__indicator__descriptor);
        enum err_code rc = indicator == NULL ? err_memory(err)
                                             : indicator_fill(call, services->catalogue,
                                                              &indicators[i], indicator, err);
        if (rc != ERR_OK) {
            return rc;
        }
        answer->indicators[answer->n_indicators++] = indicator;
    }
    return ERR_OK;
}

/** Releases read so far, as messages in the call's arena. */
struct release_messages {
    struct call *call;
    Pb__Release **items;
    size_t count;
};

/** Splits "a|b" into texts of the arena. */
static enum err_code left_out_fill(struct call *call, const char *text, Pb__Release *out,
                                   struct err *err)
{
    size_t count = text[0] == '\0' ? 0 : 1;
    for (const char *at = text; *at != '\0'; at++) {
        count += *at == '|' ? 1 : 0;
    }
    out->left_out = arena_alloc(call->arena, (count + 1) * sizeof(*out->left_out));
    if (out->left_out == NULL) {
        return err_memory(err);
    }
    while (out->n_left_out < count) {
        size_t len = strcspn(text, "|");
        const char *copy = arena_copy(call->arena, text, len);
        if (copy == NULL) {
            return err_memory(err);
        }
        out->left_out[out->n_left_out++] = copy;
        text += len + 1;
    }
    return ERR_OK;
}

static enum err_code release_fill(struct call *call, const struct release_summary *summary,
                                  Pb__Release *out, struct err *err)
{
    const struct db_bytes digest = summary->manifest_sha256;
    out->id = directory_copy(call, summary->id);
    out->partnership = directory_copy(call, summary->partnership);
    out->state = directory_copy(call, summary->state);
    out->period_from = directory_copy(call, summary->period_from);
    out->period_to = directory_copy(call, summary->period_to);
    out->policy = directory_copy(call, summary->policy);
    out->manifest_sha256.data = (uint8_t *)arena_copy(call->arena, digest.data, digest.len);
    out->manifest_sha256.len = digest.len;
    out->staged_at_us = summary->staged_at_us;
    out->approvals = (uint32_t)summary->approvals;
    out->cells_shown = (uint64_t)summary->cells_shown;
    out->cells_withheld = (uint64_t)summary->cells_withheld;
    out->synthetic = summary->synthetic;
    if (arena_is_exhausted(call->arena)) {
        return err_memory(err);
    }
    return left_out_fill(call, summary->left_out, out, err);
}

static enum err_code release_read(const struct release_summary *summary, void *ctx, struct err *err)
{
    struct release_messages *list = ctx;
    if (list->count == RELEASES_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d releases; ask for one partnership",
                       RELEASES_MAX);
    }
    Pb__Release *release = call_message(list->call, &pb__release__descriptor);
    if (release == NULL) {
        return err_memory(err);
    }
    list->items[list->count++] = release;
    return release_fill(list->call, summary, release, err);
}

static enum err_code releases_read(struct call *call, const char *slug,
                                   struct release_messages *out, struct err *err)
{
    out->call = call;
    out->items = arena_alloc(call->arena, RELEASES_MAX * sizeof(*out->items));
    if (out->items == NULL) {
        return err_memory(err);
    }
    struct release_summary_reader reader = {release_read, out};
    return release_list(call->transaction, slug, reader, err);
}

/** Keeps the releases of partnerships whose tables the caller may read. They are sorted by
 * time, so the last answer is asked again for a run of one partnership only. */
static enum err_code releases_filter(struct call *call, struct release_messages *list,
                                     struct err *err)
{
    const char *slug = "";
    bool may_read = false;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(slug, list->items[i]->partnership) != 0) {
            AUTO(partnership_free) struct partnership *partnership = NULL;
            enum query_audience audience = AUDIENCE_POOLED;
            slug = list->items[i]->partnership;
            enum err_code rc = partnership_find(call->transaction, slug, &partnership, err);
            if (rc == ERR_OK) {
                rc = pool_audience(call, partnership, &audience, err);
            }
            if (rc != ERR_OK && rc != ERR_DENIED) {
                return rc;
            }
            may_read = rc == ERR_OK;
        }
        if (may_read) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
    return ERR_OK;
}

enum err_code pool_list_releases(struct call *call, const ProtobufCMessage *request,
                                 ProtobufCMessage *response, struct err *err)
{
    const Pb__ListReleasesRequest *ask = (const Pb__ListReleasesRequest *)request;
    Pb__ListReleasesResponse *answer = (Pb__ListReleasesResponse *)response;
    struct release_messages list = {.count = 0};
    enum err_code rc = releases_read(call, ask->partnership, &list, err);
    if (rc == ERR_OK) {
        rc = releases_filter(call, &list, err);
    }
    answer->releases = list.items;
    answer->n_releases = list.count;
    return rc;
}

enum err_code pool_list_staged(struct call *call, const ProtobufCMessage *request,
                               ProtobufCMessage *response, struct err *err)
{
    const Pb__ListStagedReleasesRequest *ask = (const Pb__ListStagedReleasesRequest *)request;
    Pb__ListStagedReleasesResponse *answer = (Pb__ListStagedReleasesResponse *)response;
    struct release_messages list = {.count = 0};
    enum err_code rc = releases_read(call, ask->partnership, &list, err);
    answer->releases = list.items;
    answer->n_releases = list.count;
    return rc;
}
