/*
 * check - the rules across the rows of one case. Every loop here is bounded by
 * CASE_ROWS_MAX, which is looked at first.
 */
#include "rules/check.h"

#include "base/limits.h"
#include "rules/check_row.h"

#include <string.h>

struct checker {
    const struct case_bundle *bundle;
    const struct check_options *options;
    struct violation_list *out;
    const struct record *case_record; /* NULL when missing */
};

static struct row_context at_row(const struct checker *checker, enum record_type type, size_t index)
{
    return (struct row_context){
        .options = checker->options, .type = type, .row = (uint32_t)index + 1, .out = checker->out};
}

static void report(const struct checker *checker, enum record_type type, size_t index,
                   enum rule rule, int field)
{
    const struct row_context at = at_row(checker, type, index);
    row_report(&at, rule, field, RECEIVED_VALUE, "%s", "");
}

/* Reports that `field` must not lie before (or after) `limit`. */
static void report_date(const struct row_context *at, enum rule rule, int field,
                        enum received_class received, date_t limit)
{
    char text[DATE_TEXT_BYTES];
    date_format(limit, text);
    row_report(at, rule, field, received, "%s %s",
               received == RECEIVED_EARLIER ? ">=" : "<=", text);
}

/* The code of a CODE field that is in its list; NULL otherwise. */
static const struct code *code_of(const struct checker *checker, const struct record *record,
                                  const char *list, int field)
{
    const char *text = record_text(record, field);
    return text == NULL ? NULL : code_find(checker->options->lists, list, text);
}

static bool has_kind(const struct checker *checker, const struct record *record, const char *kinds)
{
    const struct code *code = code_of(checker, record, "paragraph", FIELD_INTERVENTION_paragraph);
    return code != NULL && code_set_has(kinds, code_attribute(code, "kind"));
}

/* Two half-open spells; an absent end is open. */
static bool spells_overlap(const struct record *a, const struct record *b, int from, int to)
{
    date_t a_from = record_number(a, from, DATE_NONE);
    date_t b_from = record_number(b, from, DATE_NONE);
    if (a_from == DATE_NONE || b_from == DATE_NONE) {
        return false;
    }
    return a_from < record_number(b, to, INT32_MAX) && b_from < record_number(a, to, INT32_MAX);
}

static bool keys_equal(const struct record *a, const struct record *b, int field)
{
    const uint8_t *left = record_key(a, field);
    const uint8_t *right = record_key(b, field);
    return left != NULL && right != NULL && memcmp(left, right, RECORD_KEY_BYTES) == 0;
}

static bool texts_equal(const struct record *a, const struct record *b, int field)
{
    const char *left = record_text(a, field);
    const char *right = record_text(b, field);
    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

/* False when some list is too long to be checked across. */
static bool sizes_check(const struct checker *checker)
{
    bool is_good = true;
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        if (checker->bundle->lists[type].count > CASE_ROWS_MAX) {
            struct row_context at = at_row(checker, (enum record_type)type, 0);
            at.row = 0;
            row_report(&at, RULE_CASE_ROWS_LIMIT, -1, RECEIVED_OUTSIDE, "<= %d", CASE_ROWS_MAX);
            is_good = false;
        }
    }
    return is_good;
}

static void rows_check(const struct checker *checker)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct record_list *list = &checker->bundle->lists[type];
        for (size_t i = 0; i < list->count; i++) {
            const struct row_context at = at_row(checker, (enum record_type)type, i);
            row_check(&at, &list->items[i]);
        }
    }
}

static void owner_check(const struct checker *checker, enum record_type type)
{
    const struct record_list *list = &checker->bundle->lists[type];
    int field = record_field_find(type, "case_key");
    const uint8_t *owner = record_key(checker->case_record, FIELD_CASE_case_key);
    for (size_t i = 0; field >= 0 && owner != NULL && i < list->count; i++) {
        const uint8_t *key = record_key(&list->items[i], field);
        if (key != NULL && memcmp(key, owner, RECORD_KEY_BYTES) != 0) {
            const struct row_context at = at_row(checker, type, i);
            row_report(&at, RULE_KEY_OTHER_CASE, field, RECEIVED_OTHER_CHILD, "%s", "");
        }
    }
}

static void duplicate_check(const struct checker *checker, enum record_type type)
{
    const struct record_list *list = &checker->bundle->lists[type];
    int field = record_own_key(type);
    for (size_t i = 1; field >= 0 && i < list->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (keys_equal(&list->items[i], &list->items[j], field)) {
                const struct row_context at = at_row(checker, type, i);
                row_report(&at, RULE_KEY_DUPLICATE, field, RECEIVED_REPEATED, "%s", "");
                break;
            }
        }
    }
}

static void case_own_check(const struct checker *checker)
{
    const struct record *record = checker->case_record;
    date_t opened = record_number(record, FIELD_CASE_opened_date, DATE_NONE);
    date_t closed = record_number(record, FIELD_CASE_closed_date, DATE_NONE);
    const struct row_context at = at_row(checker, RECORD_CASE, 0);
    if (opened != DATE_NONE && closed != DATE_NONE && closed < opened) {
        report_date(&at, RULE_CASE_CLOSED_BEFORE_OPENED, FIELD_CASE_closed_date, RECEIVED_EARLIER,
                    opened);
    }
    if (closed == DATE_NONE && record->values[FIELD_CASE_worker_key].state == VALUE_ABSENT) {
        row_report(&at, RULE_CASE_NO_WORKER, FIELD_CASE_worker_key, RECEIVED_EMPTY, "%s", "");
    }
    int32_t born = record_number(record, FIELD_CASE_birth_year, 0);
    int32_t age = opened == DATE_NONE || born == 0 ? 0 : date_to_parts(opened).year - born;
    if (age < 0 || age >= 23) { /* after-care ends at 23: SEL section 76, BL section 114 */
        row_report(&at, RULE_CASE_AGE, FIELD_CASE_birth_year, RECEIVED_OUTSIDE, "0 - 22");
    }
}

static void enrolments_check(const struct checker *checker)
{
    const struct record_list *list = &checker->bundle->lists[RECORD_ENROLMENT];
    date_t opened = checker->case_record == NULL
                        ? DATE_NONE
                        : record_number(checker->case_record, FIELD_CASE_opened_date, DATE_NONE);
    for (size_t i = 0; i < list->count; i++) {
        const struct record *record = &list->items[i];
        const struct row_context at = at_row(checker, RECORD_ENROLMENT, i);
        date_t from = record_number(record, FIELD_ENROLMENT_from_date, DATE_NONE);
        if (from != DATE_NONE && record_number(record, FIELD_ENROLMENT_to_date, from) < from) {
            report_date(&at, RULE_ENROLMENT_ENDS_BEFORE_START, FIELD_ENROLMENT_to_date,
                        RECEIVED_EARLIER, from);
        }
        if (from != DATE_NONE && opened != DATE_NONE && from < opened) {
            report_date(&at, RULE_ENROLMENT_BEFORE_CASE, FIELD_ENROLMENT_from_date,
                        RECEIVED_EARLIER, opened);
        }
        for (size_t j = 0; j < i; j++) {
            if (spells_overlap(record, &list->items[j], FIELD_ENROLMENT_from_date,
                               FIELD_ENROLMENT_to_date)) {
                report(checker, RECORD_ENROLMENT, i, RULE_ENROLMENT_OVERLAP,
                       FIELD_ENROLMENT_from_date);
                break;
            }
        }
    }
}

static void intervention_dates_check(const struct checker *checker, const struct row_context *at,
                                     const struct record *record)
{
    date_t start = record_number(record, FIELD_INTERVENTION_start_date, DATE_NONE);
    if (start == DATE_NONE) {
        return;
    }
    if (record_number(record, FIELD_INTERVENTION_end_date, start) < start) {
        report_date(at, RULE_INTERVENTION_ENDS_BEFORE_START, FIELD_INTERVENTION_end_date,
                    RECEIVED_EARLIER, start);
    }
    date_t decided = record_number(record, FIELD_INTERVENTION_decision_date, start);
    if (start < decided) {
        report_date(at, RULE_INTERVENTION_STARTS_BEFORE_DECISION, FIELD_INTERVENTION_start_date,
                    RECEIVED_EARLIER, decided);
    }
    if (checker->case_record == NULL) {
        return;
    }
    date_t opened = record_number(checker->case_record, FIELD_CASE_opened_date, start);
    date_t closed = record_number(checker->case_record, FIELD_CASE_closed_date, INT32_MAX);
    if (start < opened) {
        report_date(at, RULE_INTERVENTION_OUTSIDE_CASE, FIELD_INTERVENTION_start_date,
                    RECEIVED_EARLIER, opened);
    } else if (start > closed) {
        report_date(at, RULE_INTERVENTION_OUTSIDE_CASE, FIELD_INTERVENTION_start_date,
                    RECEIVED_LATER, closed);
    }
}

static void intervention_codes_check(const struct checker *checker, const struct row_context *at,
                                     const struct record *record)
{
    bool is_placement = has_kind(checker, record, "PLACEMENT");
    bool may_have_place = has_kind(checker, record, "PLACEMENT|AFTERCARE|YOUTH_CRIME");
    bool has_place = record->values[FIELD_INTERVENTION_place_type].state != VALUE_ABSENT;
    bool has_end = record->values[FIELD_INTERVENTION_end_date].state != VALUE_ABSENT;
    bool has_reason = record->values[FIELD_INTERVENTION_end_reason].state != VALUE_ABSENT;
    if (is_placement && !has_place) {
        row_report(at, RULE_INTERVENTION_PLACE_MISSING, FIELD_INTERVENTION_place_type,
                   RECEIVED_EMPTY, "place_type");
    }
    if (!may_have_place && has_place &&
        code_of(checker, record, "paragraph", FIELD_INTERVENTION_paragraph) != NULL) {
        row_report(at, RULE_INTERVENTION_PLACE_UNEXPECTED, FIELD_INTERVENTION_place_type,
                   RECEIVED_VALUE, "%s", "");
    }
    if (is_placement && has_end && !has_reason) {
        row_report(at, RULE_INTERVENTION_REASON_MISSING, FIELD_INTERVENTION_end_reason,
                   RECEIVED_EMPTY, "end_reason");
    }
    if (has_reason && !has_end) {
        row_report(at, RULE_INTERVENTION_REASON_WITHOUT_END, FIELD_INTERVENTION_end_date,
                   RECEIVED_EMPTY, "%s", "");
    }
}

static void interventions_check(const struct checker *checker)
{
    const struct record_list *list = &checker->bundle->lists[RECORD_INTERVENTION];
    for (size_t i = 0; i < list->count; i++) {
        const struct record *record = &list->items[i];
        const struct row_context at = at_row(checker, RECORD_INTERVENTION, i);
        intervention_dates_check(checker, &at, record);
        intervention_codes_check(checker, &at, record);
        if (!has_kind(checker, record, "PLACEMENT")) {
            continue;
        }
        for (size_t j = 0; j < i; j++) {
            if (spells_overlap(record, &list->items[j], FIELD_INTERVENTION_start_date,
                               FIELD_INTERVENTION_end_date) &&
                has_kind(checker, &list->items[j], "PLACEMENT")) {
                report(checker, RECORD_INTERVENTION, i, RULE_INTERVENTION_PLACEMENTS_OVERLAP,
                       FIELD_INTERVENTION_start_date);
                break;
            }
        }
    }
}

static const struct record *intervention_find(const struct checker *checker, const uint8_t *key)
{
    const struct record_list *list = &checker->bundle->lists[RECORD_INTERVENTION];
    for (size_t i = 0; i < list->count; i++) {
        const uint8_t *other = record_key(&list->items[i], FIELD_INTERVENTION_intervention_key);
        if (other != NULL && memcmp(other, key, RECORD_KEY_BYTES) == 0) {
            return &list->items[i];
        }
    }
    return NULL;
}

static void follow_up_link_check(const struct checker *checker, const struct row_context *at,
                                 const struct record *record, const uint8_t *key)
{
    const struct record *intervention = intervention_find(checker, key);
    if (intervention == NULL) {
        row_report(at, RULE_FOLLOW_UP_UNKNOWN_INTERVENTION, FIELD_FOLLOW_UP_intervention_keys,
                   RECEIVED_UNKNOWN_ID, "%s", "");
        return;
    }
    date_t held = record_number(record, FIELD_FOLLOW_UP_followup_date, DATE_NONE);
    if (held == DATE_NONE) {
        return;
    }
    date_t start = record_number(intervention, FIELD_INTERVENTION_start_date, held);
    date_t end = record_number(intervention, FIELD_INTERVENTION_end_date, held);
    if (held < start) {
        report_date(at, RULE_FOLLOW_UP_BEFORE_START, FIELD_FOLLOW_UP_followup_date,
                    RECEIVED_EARLIER, start);
    } else if (held > end) {
        report_date(at, RULE_FOLLOW_UP_AFTER_END, FIELD_FOLLOW_UP_followup_date, RECEIVED_LATER,
                    end);
    }
}

static void follow_ups_check(const struct checker *checker)
{
    const struct record_list *list = &checker->bundle->lists[RECORD_FOLLOW_UP];
    for (size_t i = 0; i < list->count; i++) {
        const struct row_context at = at_row(checker, RECORD_FOLLOW_UP, i);
        const struct value *links = &list->items[i].values[FIELD_FOLLOW_UP_intervention_keys];
        if (links->state == VALUE_ABSENT ||
            (links->state == VALUE_PRESENT && links->as.keys.count == 0)) {
            row_report(&at, RULE_FOLLOW_UP_NO_INTERVENTION, FIELD_FOLLOW_UP_intervention_keys,
                       RECEIVED_EMPTY, "%s", "");
        }
        size_t count = links->state == VALUE_PRESENT ? links->as.keys.count : 0;
        if (count > CASE_ROWS_MAX) {
            row_report(&at, RULE_CASE_ROWS_LIMIT, FIELD_FOLLOW_UP_intervention_keys,
                       RECEIVED_OUTSIDE, "<= %d", CASE_ROWS_MAX);
            continue;
        }
        for (size_t j = 0; j < count; j++) {
            follow_up_link_check(checker, &at, &list->items[i], links->as.keys.items[j]);
        }
    }
}

static bool measurements_equal(const struct record *a, const struct record *b)
{
    return texts_equal(a, b, FIELD_MEASUREMENT_instrument) &&
           texts_equal(a, b, FIELD_MEASUREMENT_informant) &&
           record_number(a, FIELD_MEASUREMENT_measured_date, INT32_MAX) ==
               record_number(b, FIELD_MEASUREMENT_measured_date, DATE_NONE);
}

static void score_check(const struct checker *checker, const struct row_context *at,
                        const struct record *record)
{
    const char *instrument = record_text(record, FIELD_MEASUREMENT_instrument);
    const char *version = record_text(record, FIELD_MEASUREMENT_instrument_version);
    const char *informant = record_text(record, FIELD_MEASUREMENT_informant);
    const struct code_lists *lists = checker->options->lists;
    if (instrument == NULL || version == NULL || informant == NULL ||
        code_find(lists, "instrument", instrument) == NULL ||
        code_find(lists, "informant", informant) == NULL) {
        return; /* said already, by the row's own rules */
    }
    const struct code *code = code_find_instrument(lists, instrument, version, informant);
    if (code == NULL) {
        row_report(at, RULE_MEASUREMENT_UNKNOWN_VERSION, FIELD_MEASUREMENT_instrument_version,
                   RECEIVED_OTHER_TEXT, "instrument: %s", instrument);
        return;
    }
    int32_t score = record_number(record, FIELD_MEASUREMENT_score_hundredths, DATE_NONE);
    if (score != DATE_NONE && (score < code_hundredths(code, "min", score) ||
                               score > code_hundredths(code, "max", score))) {
        row_report(at, RULE_MEASUREMENT_OUT_OF_RANGE, FIELD_MEASUREMENT_score_hundredths,
                   RECEIVED_OUTSIDE, "%s: %s - %s", instrument, code_attribute(code, "min"),
                   code_attribute(code, "max"));
    }
}

static void measurements_check(const struct checker *checker)
{
    const struct record_list *list = &checker->bundle->lists[RECORD_MEASUREMENT];
    for (size_t i = 0; i < list->count; i++) {
        const struct row_context at = at_row(checker, RECORD_MEASUREMENT, i);
        score_check(checker, &at, &list->items[i]);
        for (size_t j = 0; j < i; j++) {
            if (measurements_equal(&list->items[i], &list->items[j])) {
                row_report(&at, RULE_MEASUREMENT_DUPLICATE, -1, RECEIVED_REPEATED, "%s", "");
                break;
            }
        }
    }
}

static void case_count_check(const struct checker *checker)
{
    size_t count = checker->bundle->lists[RECORD_CASE].count;
    struct row_context at = at_row(checker, RECORD_CASE, 0);
    if (count == 0) {
        at.row = 0;
        row_report(&at, RULE_CASE_MISSING, -1, RECEIVED_EMPTY, "%s", "");
    }
    for (size_t i = 1; i < count; i++) {
        at.row = (uint32_t)i + 1;
        row_report(&at, RULE_CASE_DUPLICATE, FIELD_CASE_case_key, RECEIVED_REPEATED, "%s", "");
    }
    if (checker->bundle->lists[RECORD_ENROLMENT].count == 0 &&
        !checker->options->allow_no_enrolment) {
        at = (struct row_context){
            .options = checker->options, .type = RECORD_ENROLMENT, .out = checker->out};
        row_report(&at, RULE_ENROLMENT_MISSING, -1, RECEIVED_EMPTY, "%s", "");
    }
}

enum err_code case_check(const struct case_bundle *bundle, const struct check_options *options,
                         struct violation_list *out, struct err *err)
{
    struct checker checker = {.bundle = bundle, .options = options, .out = out};
    if (bundle->lists[RECORD_CASE].count > 0) {
        checker.case_record = &bundle->lists[RECORD_CASE].items[0];
    }
    case_count_check(&checker);
    if (sizes_check(&checker)) {
        rows_check(&checker);
        for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
            if (checker.case_record != NULL) {
                owner_check(&checker, (enum record_type)type);
            }
            duplicate_check(&checker, (enum record_type)type);
        }
        if (checker.case_record != NULL) {
            case_own_check(&checker);
        }
        enrolments_check(&checker);
        interventions_check(&checker);
        follow_ups_check(&checker);
        measurements_check(&checker);
    }
    return out->out_of_memory ? err_memory(err) : ERR_OK;
}

enum err_code worker_month_check(const struct record *record, uint32_t row,
                                 const struct check_options *options, struct violation_list *out,
                                 struct err *err)
{
    const struct row_context at = {
        .options = options, .type = RECORD_WORKER_MONTH, .row = row, .out = out};
    row_check(&at, record);
    return out->out_of_memory ? err_memory(err) : ERR_OK;
}
