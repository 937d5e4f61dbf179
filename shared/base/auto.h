/*
 * auto - release at the end of the scope, in one word.
 *
 *     AUTO(buf_free) struct buf *line = buf_new(err);
 *     ...
 *     *out = STEAL(line);   // gives: the scope no longer frees it
 *
 * `AUTO(f)` needs `DEFINE_AUTO(type, f)` once, next to the declaration of `f`.
 */
#ifndef FREMGANG_BASE_AUTO_H
#define FREMGANG_BASE_AUTO_H

#include <stddef.h>
#include <stdlib.h>

/** Makes `AUTO(function)` usable for locals of `type *`; `function` takes NULL too. */
#define DEFINE_AUTO(type, function)                                                                \
    static inline void function##_auto(type **local)                                               \
    {                                                                                              \
        function(*local);                                                                          \
    }                                                                                              \
    struct function##_auto_needs_a_semicolon

#define AUTO(function) __attribute__((cleanup(function##_auto), unused))

/** Plain heap memory: `AUTO_HEAP char *text = strdup(..);`. */
static inline void auto_heap(void *local)
{
    free(*(void **)local);
}
#define AUTO_HEAP __attribute__((cleanup(auto_heap), unused))

/** Hands the pointer over and leaves NULL behind. */
#define STEAL(pointer)                                                                             \
    __extension__({                                                                                \
        __typeof__(pointer) stolen = (pointer);                                                    \
        (pointer) = NULL;                                                                          \
        stolen;                                                                                    \
    })

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
