/*
 * importer_state - what importer.c (files to stage) and assembly.c (stage to cases) share.
 *
 *     importer_report(importer, &finding);
 */
#ifndef FREMGANG_IMPORT_IMPORTER_STATE_H
#define FREMGANG_IMPORT_IMPORTER_STATE_H

#include "import/child_map.h"
#include "import/columns.h"
#include "import/importer.h"
#include "outbox/stage.h"

struct import_file {
    const char *path; /* borrowed */
    const char *name; /* its last part */
    enum record_type type;
    bool is_known; /* the type was found and the columns are right */
    struct columns columns;
};

struct import_slot {
    char slug[OUTBOX_TEXT_BYTES];
    const struct secret *key; /* borrowed */
};

struct importer {
    struct import_settings settings;
    struct import_summary summary;
    struct import_file *files; /* owned; IMPORTER_FILES_MAX */
    size_t file_count;
    struct import_slot slots[IMPORTER_SLOTS_MAX];
    size_t slot_count;
    struct secret *run_key; /* of pseudonyms that live as long as this run */
    struct child_map *children;
    struct stage *stage;
    uint64_t bytes_done;
    uint64_t bytes_total;
};

/** Counts the finding and tells it. */
void importer_report(struct importer *importer, const struct finding *finding);
/** Tells a row rule's violation at its place in a file. */
void importer_report_violation(struct importer *importer, const struct violation *violation,
                               int file, size_t line);
/** The key that makes a slot's pseudonyms; IMPORTER_NOWHERE has the run's. */
const struct secret *importer_slot_key(const struct importer *importer, size_t slot);

#endif
