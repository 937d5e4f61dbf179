/* child_map - open addressing; keys are uniform already, so their first bytes are the hash. */
#include "import/child_map.h"

#include <stdlib.h>
#include <string.h>

struct child {
    uint8_t key[CHILD_MAP_KEY_BYTES];
    uint32_t bits; /* 0: the place is free */
};

struct child_map {
    struct child *places;
    size_t capacity; /* a power of two */
    size_t count;
};

enum { CAPACITY_FIRST = 1024 };

enum err_code child_map_new(struct child_map **out, struct err *err)
{
    AUTO(child_map_free) struct child_map *map = calloc(1, sizeof(*map));
    if (map == NULL || (map->places = calloc(CAPACITY_FIRST, sizeof(*map->places))) == NULL) {
        return err_memory(err);
    }
    map->capacity = CAPACITY_FIRST;
    *out = STEAL(map);
    return ERR_OK;
}

void child_map_free(struct child_map *map)
{
    if (map != NULL) {
        free(map->places);
        free(map);
    }
}

/* The child's place, or the free one where it would stand. */
static struct child *place_find(struct child *places, size_t capacity,
                                const uint8_t key[CHILD_MAP_KEY_BYTES])
{
    uint64_t hash;
    memcpy(&hash, key, sizeof(hash));
    size_t at = (size_t)hash & (capacity - 1);
    while (places[at].bits != 0 && memcmp(places[at].key, key, CHILD_MAP_KEY_BYTES) != 0) {
        at = (at + 1) & (capacity - 1);
    }
    return &places[at];
}

static bool map_grow(struct child_map *map)
{
    size_t capacity = map->capacity * 2;
    struct child *places = calloc(capacity, sizeof(*places));
    if (places == NULL) {
        return false;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->places[i].bits != 0) {
            *place_find(places, capacity, map->places[i].key) = map->places[i];
        }
    }
    free(map->places);
    map->places = places;
    map->capacity = capacity;
    return true;
}

enum err_code child_map_add(struct child_map *map, const uint8_t key[CHILD_MAP_KEY_BYTES],
                            uint32_t bits, struct err *err)
{
    if (map->count * 2 >= map->capacity && !map_grow(map)) {
        return err_memory(err);
    }
    struct child *child = place_find(map->places, map->capacity, key);
    if (child->bits == 0 && bits != 0) {
        memcpy(child->key, key, CHILD_MAP_KEY_BYTES);
        map->count++;
    }
    child->bits |= bits;
    return ERR_OK;
}

uint32_t child_map_get(const struct child_map *map, const uint8_t key[CHILD_MAP_KEY_BYTES])
{
    return place_find(map->places, map->capacity, key)->bits;
}
