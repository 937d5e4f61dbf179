/* principal - see principal.h. A direct-mapped table: a colliding principal takes the slot
 * over, which costs a query and nothing else. */
#include "rpc/principal.h"

#include "base/limits.h"

#include <pthread.h>
#include <string.h>

struct slot {
    struct principal principal; /* id "" while empty */
    int64_t read_at_us;
};

struct principal_cache {
    principal_finder find;
    void *ctx;
    const struct clock *clock;
    pthread_mutex_t lock; /* guards slots */
    struct slot slots[PRINCIPAL_CACHE_SLOTS];
};

enum err_code principal_cache_new(principal_finder find, void *ctx, const struct clock *clock,
                                  struct principal_cache **out, struct err *err)
{
    struct principal_cache *cache = calloc(1, sizeof(*cache));
    if (cache == NULL) {
        return err_memory(err);
    }
    cache->find = find;
    cache->ctx = ctx;
    cache->clock = clock;
    if (pthread_mutex_init(&cache->lock, NULL) != 0) {
        free(cache);
        return err_memory(err);
    }
    *out = cache;
    return ERR_OK;
}

void principal_cache_free(struct principal_cache *cache)
{
    if (cache == NULL) {
        return;
    }
    (void)pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* FNV-1a (Fowler, Noll, Vo 1991). */
static size_t slot_index(const char *id)
{
    uint32_t hash = 2166136261u;
    for (const char *at = id; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    }
    return hash % PRINCIPAL_CACHE_SLOTS;
}

/* A clock that was set back makes a copy old, not young. */
static bool is_fresh(const struct slot *slot, int64_t now_us)
{
    int64_t age_us = now_us - slot->read_at_us;
    return age_us >= 0 && age_us < (int64_t)PRINCIPAL_CACHE_SECONDS * 1000000;
}

static bool cache_read(struct principal_cache *cache, const char *id, int64_t now_us,
                       struct principal *out)
{
    struct slot *slot = &cache->slots[slot_index(id)];
    (void)pthread_mutex_lock(&cache->lock);
    bool is_hit = strcmp(slot->principal.id, id) == 0 && is_fresh(slot, now_us);
    if (is_hit) {
        *out = slot->principal;
    }
    (void)pthread_mutex_unlock(&cache->lock);
    return is_hit;
}

/* `read_at_us` is from before the query, so that the copy is never older than it claims. */
static void cache_write(struct principal_cache *cache, const struct principal *principal,
                        int64_t read_at_us)
{
    struct slot *slot = &cache->slots[slot_index(principal->id)];
    (void)pthread_mutex_lock(&cache->lock);
    *slot = (struct slot){.principal = *principal, .read_at_us = read_at_us};
    (void)pthread_mutex_unlock(&cache->lock);
}

enum err_code principal_cache_find(struct principal_cache *cache, const char *id,
                                   struct principal *out, struct err *err)
{
    struct principal found;
    int64_t now_us = clock_now_us(cache->clock);
    if (id[0] != '\0' && cache_read(cache, id, now_us, out)) {
        return ERR_OK;
    }
    enum err_code code = cache->find(cache->ctx, id, &found, err);
    if (code == ERR_OK) {
        cache_write(cache, &found, now_us);
        *out = found;
    }
    return code;
}
