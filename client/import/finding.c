/* finding - see finding.h. */
#include "import/finding.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_texts[][2] = {
    [FIELD_KIND_CHILD_KEY] = {"a CPR number of ten digits", "et CPR-nummer på ti cifre"},
    [FIELD_KIND_WORKER_KEY] = {"the caseworker's local id", "rådgiverens lokale id"},
    [FIELD_KIND_ROW_KEY] = {"the row's local id", "rækkens lokale id"},
    [FIELD_KIND_ROW_KEYS] = {"local ids separated by |", "lokale id'er adskilt af |"},
    [FIELD_KIND_DATE] = {"a date such as 30-11-2016 or 2016-11-30",
                         "en dato som 30-11-2016 eller 2016-11-30"},
    [FIELD_KIND_MONTH] = {"a month such as 2016-11", "en måned som 2016-11"},
    [FIELD_KIND_YEAR] = {"a year of four digits", "et årstal på fire cifre"},
    [FIELD_KIND_INTEGER] = {"a whole number", "et helt tal"},
    [FIELD_KIND_MUNICIPALITY] = {"a municipality's code or name", "en kommunes kode eller navn"},
    [FIELD_KIND_HUNDREDTHS] = {"a number such as 17 or 17,5", "et tal som 17 eller 17,5"},
    [FIELD_KIND_CODE] = {"a code of the list", "en kode fra listen"},
    [FIELD_KIND_NAME] = {"a short code", "en kort kode"},
};

const char *finding_kind_text(enum field_kind kind, bool is_danish)
{
    return kind_texts[kind][is_danish ? 1 : 0];
}

static void text_set(char out[FINDING_TEXT_BYTES], const char *text)
{
    (void)snprintf(out, FINDING_TEXT_BYTES, "%s", text);
}

static void expected_fill(const struct violation *violation, struct finding *out)
{
    if (violation->rule == RULE_CODE_UNKNOWN) {
        (void)snprintf(out->expected_en, FINDING_TEXT_BYTES, "a code of %s", violation->expected);
        (void)snprintf(out->expected_da, FINDING_TEXT_BYTES, "en kode fra %s", violation->expected);
    } else if (violation->expected[0] != '\0') {
        text_set(out->expected_en, violation->expected);
        text_set(out->expected_da, violation->expected);
    } else if (violation->field >= 0) {
        enum field_kind kind = record_def_get(violation->type)->fields[violation->field].kind;
        text_set(out->expected_en, finding_kind_text(kind, false));
        text_set(out->expected_da, finding_kind_text(kind, true));
    } else {
        const struct record_def *def = record_def_get(violation->type);
        text_set(out->expected_en, def->text_en);
        text_set(out->expected_da, def->text_da);
    }
}

void finding_of_violation(const struct violation *violation, struct finding *out)
{
    *out = (struct finding){.rule = violation->rule, .file = "", .column = ""};
    expected_fill(violation, out);
    text_set(out->received_en, received_name(violation->received, false));
    text_set(out->received_da, received_name(violation->received, true));
}

void finding_of_text(enum rule rule, const char *expected, const char *received,
                     struct finding *out)
{
    *out = (struct finding){.rule = rule, .file = "", .column = ""};
    text_set(out->expected_en, expected);
    text_set(out->expected_da, expected);
    text_set(out->received_en, received);
    text_set(out->received_da, received);
}

void finding_expect(struct finding *finding, const char *en, const char *da)
{
    text_set(finding->expected_en, en);
    text_set(finding->expected_da, da);
}

void finding_receive(struct finding *finding, const char *en, const char *da)
{
    text_set(finding->received_en, en);
    text_set(finding->received_da, da);
}
