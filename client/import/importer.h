/*
 * importer - a municipality's files become checked units. Called by cmd_check (no handlers
 * for units: nothing leaves memory and a temporary file) and cmd_import.
 *
 *     importer_new(&settings, &importer, err);
 *     importer_read(importer, paths, n, err);            // every row, to the stage
 *     if (!importer_summary(importer)->is_refused) {
 *         for (size_t slot = 0; slot < importer_slot_count(importer); slot++) {
 *             importer_assemble(importer, slot, err);    // every case of one partnership
 *         }
 *     }
 *
 * A wrong row refuses its case and no other. A wrong column or an unreadable file refuses
 * the import, for every case would lack its rows. Findings are told as they are found.
 */
#ifndef FREMGANG_IMPORT_IMPORTER_H
#define FREMGANG_IMPORT_IMPORTER_H

#include "base/secret.h"
#include "import/finding.h"
#include "import/mapping.h"
#include "outbox/outbox.h"

enum {
    IMPORTER_SLOTS_MAX = 16, /* partnerships of one import; a municipality has 1 to 5 */
    IMPORTER_FILES_MAX = 64,
    IMPORTER_NOWHERE = IMPORTER_SLOTS_MAX, /* the slot of children in no partnership */
};

struct importer;

struct import_partnership {
    const char *slug;
    const struct secret *key; /* PSEUDONYM_KEY_BYTES */
};

struct import_handlers {
    /** Something wrong; the finding is borrowed until the callback returns. */
    void (*finding)(void *ctx, const struct finding *finding);
    /** A case or worker-month that is right. NULL when only checking. */
    enum err_code (*unit)(void *ctx, const struct outbox_unit *unit, struct err *err);
    /** One that is in the export but refused. NULL when only checking. */
    enum err_code (*keep)(void *ctx, const struct unit_id *id, struct err *err);
    /** Whether months of a worker that no case of this import names are wanted too. NULL: no. */
    enum err_code (*wants_worker)(void *ctx, const uint8_t worker[UNIT_KEY_BYTES], bool *out,
                                  struct err *err);
    /** Bytes read so far of all. NULL: nobody looks. */
    void (*progress)(void *ctx, uint64_t done, uint64_t total);
    void *ctx;
};

/** Everything is borrowed for the importer's life. */
struct import_settings {
    const struct code_lists *lists;
    const struct mapping *mapping;
    date_t today;
    const struct import_partnership *partnerships; /* those to be served */
    size_t partnership_count;                      /* 0: check; every word is a partnership */
    bool skips_others; /* rows of partnerships not listed are left out, not wrong */
    struct import_handlers handlers;
};

struct import_summary {
    uint64_t rows[RECORD_TYPE_COUNT];
    uint64_t cases_good; /* a child in two partnerships counts once */
    uint64_t cases_refused;
    uint64_t cases_nowhere; /* right, but in no partnership: not sent */
    uint64_t worker_months_good;
    uint64_t worker_months_refused;
    uint64_t rows_lost;      /* no usable CPR number: nobody knows whose they are */
    uint64_t rows_elsewhere; /* enrolments in other partnerships */
    uint64_t rules[RULE_COUNT];
    uint64_t severities[4];
    bool has_type[RECORD_TYPE_COUNT]; /* a file of this type was read */
    bool is_refused;                  /* a file or column is wrong: nothing may be sent */
};

/** Gives an importer with an empty stage. ERR_UNAVAILABLE, ERR_INTERNAL. */
NODISCARD enum err_code importer_new(const struct import_settings *settings, struct importer **out,
                                     struct err *err);
/** NULL ok. */
void importer_free(struct importer *importer);
DEFINE_AUTO(struct importer, importer_free);

/** Reads every file, enrolments first. What is wrong with them is told as findings; an error
 * is only: ERR_LIMIT (more than IMPORTER_FILES_MAX), ERR_UNAVAILABLE (disk), ERR_INTERNAL. */
NODISCARD enum err_code importer_read(struct importer *importer, const char *const *paths,
                                      size_t count, struct err *err);
/** Partnerships of the import, known after reading. */
size_t importer_slot_count(const struct importer *importer);
const char *importer_slot_slug(const struct importer *importer, size_t slot);
/** Checks the slot's cases and worker-months and hands them out. IMPORTER_NOWHERE checks the
 * children of no partnership: whether they have a case, or wholly when no enrolments came. */
NODISCARD enum err_code importer_assemble(struct importer *importer, size_t slot, struct err *err);
/** What was counted so far. Borrowed. */
const struct import_summary *importer_summary(const struct importer *importer);

#endif
