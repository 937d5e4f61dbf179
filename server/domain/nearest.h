/*
 * nearest - the known name that a mistyped one most likely means. Called where an error
 * names what the caller may have meant.
 *
 *     const char *meant = nearest_name("institusion_share", names, name_count);
 */
#ifndef FREMGANG_DOMAIN_NEAREST_H
#define FREMGANG_DOMAIN_NEAREST_H

#include <stddef.h>

/** The name with the fewest edits (Levenshtein), the first of equals; NULL when every name
 * differs in more than half of its letters. Borrowed from `names`. */
const char *nearest_name(const char *typed, const char *const *names, size_t count);

#endif
