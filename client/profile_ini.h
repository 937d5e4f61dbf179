/*
 * profile_ini - the file profile.ini, read by inih and written atomically. Called by
 * profile.c alone.
 *
 *     [principal]   id, role, municipality
 *     [servers]     intake, pool, keys (each may repeat), server_name, ca, certificate,
 *                   private_key, receipt_key
 *     [defaults]    partnership, languages
 */
#ifndef FREMGANG_PROFILE_INI_H
#define FREMGANG_PROFILE_INI_H

#include "profile.h"

#define PROFILE_INI_FILE "profile.ini"

/** Fills every field but name and dir, which must be set. ERR_NOT_FOUND, ERR_CORRUPT with
 * the number of the first wrong line. */
NODISCARD enum err_code profile_ini_read(struct profile *profile, struct err *err);
/** Replaces the file in one rename. ERR_UNAVAILABLE, ERR_LIMIT. */
NODISCARD enum err_code profile_ini_write(const struct profile *profile, struct err *err);

#endif
