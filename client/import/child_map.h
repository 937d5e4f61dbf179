/*
 * child_map - which partnerships each child of the export takes part in: a bit per slot,
 * found by a pseudonym that is good for this run only. 20 bytes a child, so that the
 * enrolment file of the largest municipality fits.
 *
 *     child_map_add(map, key, 1u << slot, err);
 *     uint32_t slots = child_map_get(map, key);      // 0: in none
 */
#ifndef FREMGANG_IMPORT_CHILD_MAP_H
#define FREMGANG_IMPORT_CHILD_MAP_H

#include "base/auto.h"
#include "base/err.h"

#include <stdint.h>

enum { CHILD_MAP_KEY_BYTES = 16 };

struct child_map;

/** Gives an empty map. ERR_INTERNAL. */
NODISCARD enum err_code child_map_new(struct child_map **out, struct err *err);
/** NULL ok. */
void child_map_free(struct child_map *map);
DEFINE_AUTO(struct child_map, child_map_free);

/** Adds bits to a child's. ERR_INTERNAL when memory is out. */
NODISCARD enum err_code child_map_add(struct child_map *map, const uint8_t key[CHILD_MAP_KEY_BYTES],
                                      uint32_t bits, struct err *err);
/** The child's bits; 0 for a child that was never added. */
uint32_t child_map_get(const struct child_map *map, const uint8_t key[CHILD_MAP_KEY_BYTES]);

#endif
