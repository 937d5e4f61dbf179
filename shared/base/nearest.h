/*
 * nearest - the known name that a mistyped one most likely means. Called where an error
 * names what the caller may have meant, on either side of the wire.
 *
 *     const char *meant = nearest_name("institusion_share", names, name_count);
 */
#ifndef FREMGANG_BASE_NEAREST_H
#define FREMGANG_BASE_NEAREST_H

#include <stddef.h>

/** Longest text that is compared; names of ours have at most 40 letters. */
enum { NEAREST_BYTES_MAX = 64 };

/** Edits (Levenshtein) that make one text of the other; SIZE_MAX when either is longer than
 * NEAREST_BYTES_MAX. */
size_t nearest_edits(const char *a, const char *b);
/** The name with the fewest edits, the first of equals; NULL when every name
 * differs in more than half of its letters. Borrowed from `names`. */
const char *nearest_name(const char *typed, const char *const *names, size_t count);

#endif
