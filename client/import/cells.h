/*
 * cells - one CSV row as a record: dates, decimal commas, codes in the municipality's words.
 * Reading and sealing are two steps, because a child may be in several partnerships: the
 * cells are read once, and the keys are made once for each partnership's key.
 *
 *     AUTO_CELLS struct cells cells;
 *     cells_read(&reader, &columns, row, &cells);
 *     if (cpr_is_usable(cells.cpr_result)) {
 *         cells_seal(&cells, partnership_key, arena, &record, err);
 *     }
 */
#ifndef FREMGANG_IMPORT_CELLS_H
#define FREMGANG_IMPORT_CELLS_H

#include "base/arena.h"
#include "identity/cpr.h"
#include "identity/pseudonym.h"
#include "import/columns.h"

struct cells_reader {
    const struct mapping *mapping; /* borrowed */
    enum record_type type;
    date_t today;
};

/** A row that was read; holds the CPR number, so it is wiped. Texts are borrowed from the
 * CSV row and the code lists. */
struct cells {
    struct record record; /* its keys are not made yet; those that will be are PRESENT */
    struct cpr cpr;
    enum cpr_result cpr_result;         /* CPR_OK when the type has no child */
    const char *ids[RECORD_FIELDS_MAX]; /* cells that keys are made of */
    const char *partnership;            /* "" when there is no such cell */
};

/** `AUTO_CELLS struct cells cells;` wipes it when the scope ends. */
#define AUTO_CELLS __attribute__((cleanup(cells_wipe)))

/** Reads a row that has as many cells as the header. */
void cells_read(const struct cells_reader *reader, const struct columns *columns,
                const struct csv_row *row, struct cells *out);
/** Reads the child's number alone, of a row that is otherwise unusable. */
void cells_read_child(const struct cells_reader *reader, const struct columns *columns,
                      const struct csv_row *row, struct cells *out);
/** Copies the record with its keys made for one partnership; key lists live in `arena`.
 * ERR_LIMIT at its cap. */
NODISCARD enum err_code cells_seal(const struct cells *cells, const struct secret *key,
                                   struct arena *arena, struct record *out, struct err *err);
void cells_wipe(struct cells *cells);

#endif
