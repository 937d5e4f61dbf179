/*
 * arena - the memory of one request: many small blocks, one release, one cap.
 *
 *     AUTO(arena_free) struct arena *arena = arena_new(WIRE_ARENA_BYTES_MAX);
 *     char *text = arena_alloc(arena, 40);     // NULL when the cap is reached
 */
#ifndef FREMGANG_BASE_ARENA_H
#define FREMGANG_BASE_ARENA_H

#include "base/auto.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/** Gives an empty arena that will hold at most `bytes_max`; NULL when out of memory. */
struct arena *arena_new(size_t bytes_max);
/** Takes the arena and every block in it. NULL ok. */
void arena_free(struct arena *arena);
DEFINE_AUTO(struct arena, arena_free);

/** A zeroed block aligned for any type, owned by the arena; NULL at the cap. */
void *arena_alloc(struct arena *arena, size_t size);
/** A copy of `len` bytes followed by a NUL, owned by the arena; NULL at the cap. */
char *arena_copy(struct arena *arena, const void *bytes, size_t len);
/** Whether an allocation was ever refused by the cap. */
bool arena_is_exhausted(const struct arena *arena);

#endif
