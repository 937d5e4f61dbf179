/*
 * finding - one thing wrong with an export, in six parts: rule id, text, file:row:column,
 * expected, received, how to fix. The texts are in rules/rule_table.def; received is a class
 * of thing, or a column header, never a cell.
 *
 *     finding_of_violation(&violation, &finding);
 *     finding.file = "sager.csv"; finding.line = 12; finding.column = "Sag oprettet";
 */
#ifndef FREMGANG_IMPORT_FINDING_H
#define FREMGANG_IMPORT_FINDING_H

#include "rules/check.h"

enum { FINDING_TEXT_BYTES = 160 };

struct finding {
    enum rule rule;
    const char *file;   /* borrowed; "" when about rows that are nowhere */
    size_t line;        /* 0: about the whole file */
    const char *column; /* their header; "" when about several */
    char expected_en[FINDING_TEXT_BYTES];
    char expected_da[FINDING_TEXT_BYTES];
    char received_en[FINDING_TEXT_BYTES];
    char received_da[FINDING_TEXT_BYTES];
};

/** Fills rule, expected and received of a broken row rule; clears the place. */
void finding_of_violation(const struct violation *violation, struct finding *out);
/** Fills them for a rule about a file, column or cell, with texts that need no translation. */
void finding_of_text(enum rule rule, const char *expected, const char *received,
                     struct finding *out);
/** Says what was expected, in both languages. */
void finding_expect(struct finding *finding, const char *en, const char *da);
/** Says what came instead, in both languages; never a cell. */
void finding_receive(struct finding *finding, const char *en, const char *da);
/** What a cell of this kind must look like. Static. */
const char *finding_kind_text(enum field_kind kind, bool is_danish);

#endif
