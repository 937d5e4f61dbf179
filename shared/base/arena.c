/* arena - see arena.h. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

enum { ARENA_CHUNK_BYTES = 16 * 1024 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t used;
    size_t capacity;
    alignas(max_align_t) uint8_t data[];
};

struct arena {
    struct arena_chunk *chunks; /* newest first; only the newest has room */
    size_t bytes_left;
    bool exhausted;
};

struct arena *arena_new(size_t bytes_max)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (arena != NULL) {
        arena->bytes_left = bytes_max;
    }
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    while (arena->chunks != NULL) {
        struct arena_chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        free(chunk);
    }
    free(arena);
}

static struct arena_chunk *chunk_add(struct arena *arena, size_t size)
{
    size_t capacity = size > ARENA_CHUNK_BYTES ? size : ARENA_CHUNK_BYTES;
    if (capacity > arena->bytes_left) {
        capacity = size;
    }
    struct arena_chunk *chunk =
        capacity > arena->bytes_left ? NULL : calloc(1, sizeof(*chunk) + capacity);
    if (chunk == NULL) {
        arena->exhausted = true;
        return NULL;
    }
    arena->bytes_left -= capacity;
    chunk->capacity = capacity;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align) {
        arena->exhausted = true;
        return NULL;
    }
    size_t rounded = (size + align - 1) / align * align;
    struct arena_chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->capacity - chunk->used < rounded) {
        chunk = chunk_add(arena, rounded);
    }
    if (chunk == NULL) {
        return NULL;
    }
    void *block = chunk->data + chunk->used;
    chunk->used += rounded;
    return block;
}

char *arena_copy(struct arena *arena, const void *bytes, size_t len)
{
    char *copy = len == SIZE_MAX ? NULL : arena_alloc(arena, len + 1);
    if (copy != NULL && len > 0) {
        memcpy(copy, bytes, len);
    }
    return copy;
}

bool arena_is_exhausted(const struct arena *arena)
{
    return arena->exhausted;
}
