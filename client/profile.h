/*
 * profile - who this installation or person is towards the servers: one directory under
 * $FREMGANG_HOME/profiles (default ~/.config/fremgang/profiles) with
 *
 *     profile.ini               principal, servers, TLS files, pinned receipt key, defaults
 *     identity.key              Ed25519 secret key, mode 0600
 *     partnership-<slug>.key    32 bytes that make pseudonyms, mode 0600
 *     outbox.sqlite             what was sent (client/outbox)
 *
 *     AUTO(profile_free) struct profile *profile = NULL;
 *     if (profile_load(cli->profile, &profile, &err) != ERR_OK) { ... }
 *
 * File names in profile.ini are relative to the directory unless they start with "/".
 */
#ifndef FREMGANG_PROFILE_H
#define FREMGANG_PROFILE_H

#include "base/auto.h"
#include "base/err.h"
#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROFILE_TEXT_BYTES = 128,   /* ids, names, slugs; the longest id is 64 */
    PROFILE_URL_BYTES = 160,    /* an INI line holds 199 bytes */
    PROFILE_PATH_BYTES = 1024,  /* a file's path */
    PROFILE_URLS_MAX = 4,       /* servers of one kind that a client may try */
    PROFILE_KEY_BYTES = 32,     /* a partnership key; also a public key */
    PROFILE_IDENTITY_BYTES = 64 /* libsodium's Ed25519 secret key: seed and public key */
};

enum profile_server { PROFILE_INTAKE, PROFILE_POOL, PROFILE_KEYS, PROFILE_SERVER_COUNT };

/** The URLs of one kind of process, tried in this order. */
struct profile_urls {
    size_t count;
    char items[PROFILE_URLS_MAX][PROFILE_URL_BYTES];
};

/** Plain data; empty text means not set. */
struct profile {
    char name[PROFILE_TEXT_BYTES];
    char dir[PROFILE_PATH_BYTES];
    char principal_id[PROFILE_TEXT_BYTES]; /* empty until enrolled */
    char role[PROFILE_TEXT_BYTES];
    int municipality_code; /* 0 unless the role is municipality */
    struct profile_urls urls[PROFILE_SERVER_COUNT];
    char server_name[PROFILE_TEXT_BYTES]; /* that the servers' certificates must carry */
    char ca_file[PROFILE_PATH_BYTES];
    char cert_file[PROFILE_PATH_BYTES];
    char key_file[PROFILE_PATH_BYTES];
    bool receipt_key_pinned;
    uint8_t receipt_key[PROFILE_KEY_BYTES];
    char partnership[PROFILE_TEXT_BYTES]; /* used when a verb names none */
    char languages[PROFILE_TEXT_BYTES];   /* accepted, best first, e.g. "da,en" */
};

/** Gives a new profile with an empty directory (mode 0700) or an existing one that was never
 * saved. ERR_INVALID for a bad name, ERR_CONFLICT when the profile exists, ERR_UNAVAILABLE. */
NODISCARD enum err_code profile_create(const char *name, struct profile **out, struct err *err);
/** Gives the saved profile. ERR_NOT_FOUND, ERR_INVALID (bad name), ERR_CORRUPT (bad line). */
NODISCARD enum err_code profile_load(const char *name, struct profile **out, struct err *err);
/** Writes profile.ini so that a crash leaves the old or the new one. ERR_INVALID when a
 * value cannot stand in the file, ERR_UNAVAILABLE. */
NODISCARD enum err_code profile_save(const struct profile *profile, struct err *err);
/** Takes the profile, not its files. NULL ok. */
void profile_free(struct profile *profile);
DEFINE_AUTO(struct profile, profile_free);

/** Copies `text` into a field of `size` bytes; ERR_INVALID when it does not fit or holds a
 * character that profile.ini cannot. `what` names the field in the message. */
NODISCARD enum err_code profile_set(char *field, size_t size, const char *what, const char *text,
                                    struct err *err);
/** Adds a server of a kind. ERR_LIMIT after PROFILE_URLS_MAX, ERR_INVALID. */
NODISCARD enum err_code profile_add_url(struct profile *profile, enum profile_server server,
                                        const char *url, struct err *err);
/** "intake", "pool" or "keys". Static. */
const char *profile_server_name(enum profile_server server);

/** Writes the path of a file of the profile: "" stays "", "/x" stays, "x" is in its
 * directory. ERR_LIMIT when longer than PROFILE_PATH_BYTES. */
NODISCARD enum err_code profile_path(const struct profile *profile, const char *file,
                                     char out[PROFILE_PATH_BYTES], struct err *err);
/** Writes the path of the outbox database. ERR_LIMIT. */
NODISCARD enum err_code profile_outbox_path(const struct profile *profile,
                                            char out[PROFILE_PATH_BYTES], struct err *err);
/** Copies a file (CA, certificate or its key) into the directory as `name`, mode 0600,
 * replacing one of that name. ERR_NOT_FOUND, ERR_LIMIT (over 1 MiB), ERR_UNAVAILABLE. */
NODISCARD enum err_code profile_copy_in(const struct profile *profile, const char *source,
                                        const char *name, struct err *err);

/** Gives the Ed25519 secret key. ERR_NOT_FOUND, ERR_DENIED, ERR_CORRUPT as secret_read_file. */
NODISCARD enum err_code profile_read_identity(const struct profile *profile, struct secret **out,
                                              struct err *err);
/** Gives identity.key, making it first when there is none. ERR_UNAVAILABLE and as above. */
NODISCARD enum err_code profile_make_identity(const struct profile *profile, struct secret **out,
                                              struct err *err);
/** Gives the partnership's key. ERR_INVALID (bad slug) and as profile_read_identity. */
NODISCARD enum err_code profile_read_partnership_key(const struct profile *profile,
                                                     const char *slug, struct secret **out,
                                                     struct err *err);
/** Stores a partnership's key. ERR_CONFLICT when one is there: another key would make other
 * pseudonyms. ERR_INVALID, ERR_UNAVAILABLE. */
NODISCARD enum err_code profile_write_partnership_key(const struct profile *profile,
                                                      const char *slug, const struct secret *key,
                                                      struct err *err);

/** Lower-case letters, digits, "-" and "_", at most 64: profile names and partnership slugs. */
bool profile_name_is_valid(const char *name);

#endif
