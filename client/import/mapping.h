/*
 * mapping - how a municipality's export says what we say: which file holds which records,
 * their headers for our fields, their words for our codes. Danish headers, names and aliases
 * are built in, so a mapping file holds only what differs:
 *
 *     [files]
 *     case = sagsudtraek.csv
 *     [columns case]
 *     opened_date = Oprettet den | Startet
 *     ignore = Sagens titel
 *     [values measurement]
 *     instrument_version = P4-17
 *     [codes place_type]
 *     INSTITUTION = Huset på bakken
 *
 * Our name stands left, theirs right, several separated by |. `ignore = *` ignores every
 * column that is not known. `values` fill a field that the file has no column for.
 */
#ifndef FREMGANG_IMPORT_MAPPING_H
#define FREMGANG_IMPORT_MAPPING_H

#include "rules/code_list.h"
#include "rules/record.h"

enum {
    MAPPING_PARTNERSHIP = RECORD_FIELDS_MAX, /* the enrolment file's column "Partnerskab" */
    MAPPING_FIELDS = RECORD_FIELDS_MAX + 1,
};

struct mapping;

/** Reads a mapping file's text; NULL or "" gives the built-in one. Borrows `lists`.
 * ERR_INVALID names the line and the nearest right name; ERR_INTERNAL. */
NODISCARD enum err_code mapping_parse(const char *text, const struct code_lists *lists,
                                      struct mapping **out, struct err *err);
/** NULL ok. */
void mapping_free(struct mapping *mapping);
DEFINE_AUTO(struct mapping, mapping_free);

/** The record type that [files] gives a file name. False when it says nothing of it. */
NODISCARD bool mapping_type_of_file(const struct mapping *mapping, const char *name,
                                    enum record_type *out);
/** Field index of a header, MAPPING_PARTNERSHIP, or -1 when it is unknown. */
int mapping_field_of_header(const struct mapping *mapping, enum record_type type,
                            const char *header);
/** Whether [columns] says that the header is of no use. */
bool mapping_ignores(const struct mapping *mapping, enum record_type type, const char *header);
/** The value that [values] gives the field; NULL when none. Borrowed. */
const char *mapping_value(const struct mapping *mapping, enum record_type type, int field);
/** What we call the field towards the municipality: its Danish header. Static. */
const char *mapping_header(enum record_type type, int field);
/** The code that a municipality's word means on a date (DATE_NONE: any); NULL when none. */
const struct code *mapping_code(const struct mapping *mapping, const char *list, const char *word,
                                date_t on);

#endif
