/* push_units - the units of a batch: read, checked by the rules that the client has too, stored
 * or refused one by one. See intake.h. */
#include "handlers/intake/intake.h"
#include "store/case/push_store.h"
#include "wire/record_pb.h"

#include "fremgang/v1/submission.pb-c.h"

#include <stdio.h>
#include <string.h>

enum { MESSAGE_BYTES = 256 };

/** A batch on its way in. */
struct taking {
    struct call *call;
    Pb__PushResponse *answer;
    struct check_options rules;
    struct push_unit *units;     /* those that break no rule */
    Pb__UnitVerdict **verdicts;  /* of each of units */
    enum push_outcome *outcomes; /* of each of units */
    size_t count;
};

static const char *message_text(const struct call *call, const char *text,
                                const struct violation *violation)
{
    char message[MESSAGE_BYTES];
    if (violation->expected[0] == '\0') {
        return text; // static
    }
    snprintf(message, sizeof(message), "%s (%s)", text, violation->expected);
    return directory_copy(call, message);
}

static Pb__FieldViolation *violation_make(struct call *call, const struct violation *violation)
{
    const struct rule_def *rule = rule_get(violation->rule);
    const struct record_def *record = record_def_get(violation->type);
    Pb__FieldViolation *out = call_message(call, &pb__field_violation__descriptor);
    Pb__LocalizedMessage *message = call_message(call, &pb__localized_message__descriptor);
    if (out == NULL || message == NULL) {
        return NULL;
    }
    out->rule = rule->id;
    out->record_type = record->name;
    out->field = violation->field < 0 ? "" : record->fields[violation->field].name;
    out->row = violation->row;
    message->da = message_text(call, rule->text_da, violation);
    message->en = message_text(call, rule->text_en, violation);
    out->message = message;
    return message->da == NULL || message->en == NULL ? NULL : out;
}

static enum err_code refuse(struct taking *taking, const struct violation_list *found,
                            Pb__UnitVerdict *verdict, struct err *err)
{
    verdict->outcome = PB__UNIT_VERDICT__OUTCOME__OUTCOME_REFUSED;
    verdict->violations =
        arena_alloc(taking->call->arena, found->count * sizeof(*verdict->violations));
    if (verdict->violations == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < found->count; i++) {
        Pb__FieldViolation *violation = violation_make(taking->call, &found->items[i]);
        if (violation == NULL) {
            return err_memory(err);
        }
        verdict->violations[verdict->n_violations++] = violation;
    }
    return ERR_OK;
}

static enum err_code case_take(struct taking *taking, const Pb__Unit *unit,
                               struct violation_list *found, struct push_unit *out, struct err *err)
{
    struct case_bundle *bundle = arena_alloc(taking->call->arena, sizeof(*bundle));
    if (bundle == NULL) {
        return err_memory(err);
    }
    enum err_code rc = bundle_from_pb(unit->case_bundle, taking->call->arena, bundle, err);
    out->kind = PUSH_CASE;
    out->bundle = bundle;
    return rc == ERR_OK ? case_check(bundle, &taking->rules, found, err) : rc;
}

static enum err_code worker_month_take(struct taking *taking, const Pb__Unit *unit,
                                       struct violation_list *found, struct push_unit *out,
                                       struct err *err)
{
    struct record *record = arena_alloc(taking->call->arena, sizeof(*record));
    if (record == NULL) {
        return err_memory(err);
    }
    enum err_code rc = record_from_pb(RECORD_WORKER_MONTH, &unit->worker_month->base,
                                      taking->call->arena, record, err);
    out->kind = PUSH_WORKER_MONTH;
    out->record = record;
    return rc == ERR_OK ? worker_month_check(record, 1, &taking->rules, found, err) : rc;
}

static enum err_code tombstone_take(struct taking *taking, const Pb__Unit *unit,
                                    struct violation_list *found, struct push_unit *out,
                                    struct err *err)
{
    const Pb__Tombstone *tombstone = unit->tombstone;
    const bool is_case = tombstone->case_key.len == RECORD_KEY_BYTES;
    (void)taking;
    (void)found;
    if (is_case == (tombstone->worker_key.len == RECORD_KEY_BYTES)) {
        return err_set(err, ERR_INVALID, "a tombstone names one case or one worker-month");
    }
    out->kind = is_case ? PUSH_REMOVE_CASE : PUSH_REMOVE_WORKER_MONTH;
    out->key = is_case ? tombstone->case_key.data : tombstone->worker_key.data;
    out->month = is_case ? 0 : tombstone->month;
    return ERR_OK;
}

/* How each kind of unit is read. */
static const struct {
    Pb__Unit__BodyCase body;
    enum err_code (*take)(struct taking *, const Pb__Unit *, struct violation_list *,
                          struct push_unit *, struct err *);
} BODIES[] = {
    {PB__UNIT__BODY_CASE_BUNDLE, case_take},
    {PB__UNIT__BODY_WORKER_MONTH, worker_month_take},
    {PB__UNIT__BODY_TOMBSTONE, tombstone_take},
};

static enum err_code body_take(struct taking *taking, const Pb__Unit *unit,
                               struct violation_list *found, struct push_unit *out, struct err *err)
{
    for (size_t i = 0; i < ARRAY_COUNT(BODIES); i++) {
        if (BODIES[i].body == unit->body_case) {
            return BODIES[i].take(taking, unit, found, out, err);
        }
    }
    return err_set(err, ERR_INVALID, "a unit is a case, a worker-month or a tombstone");
}

static enum err_code unit_take(struct taking *taking, const Pb__Unit *unit, struct err *err)
{
    AUTO_VIOLATIONS struct violation_list found = VIOLATION_LIST_INIT;
    Pb__UnitVerdict *verdict = call_message(taking->call, &pb__unit_verdict__descriptor);
    struct push_unit out = {.version = (int64_t)unit->version};
    if (verdict == NULL) {
        return err_memory(err);
    }
    if (unit->version == 0 || unit->version > INT64_MAX) {
        return err_set(err, ERR_INVALID, "a unit's version is from 1 to 2^63 - 1");
    }
    taking->answer->verdicts[taking->answer->n_verdicts++] = verdict;
    enum err_code rc = body_take(taking, unit, &found, &out, err);
    if (rc == ERR_OK && violation_list_blocks(&found)) {
        return refuse(taking, &found, verdict, err);
    }
    if (rc == ERR_OK) {
        taking->units[taking->count] = out;
        taking->verdicts[taking->count++] = verdict;
    }
    return rc;
}

static enum err_code taking_open(struct taking *taking, size_t count, struct err *err)
{
    struct arena *arena = taking->call->arena;
    taking->answer->verdicts = arena_alloc(arena, (count + 1) * sizeof(Pb__UnitVerdict *));
    taking->units = arena_alloc(arena, (count + 1) * sizeof(*taking->units));
    taking->verdicts = arena_alloc(arena, (count + 1) * sizeof(*taking->verdicts));
    taking->outcomes = arena_alloc(arena, (count + 1) * sizeof(*taking->outcomes));
    return arena_is_exhausted(arena) ? err_memory(err) : ERR_OK;
}

static Pb__UnitVerdict__Outcome outcome_to_pb(enum push_outcome outcome)
{
    static const Pb__UnitVerdict__Outcome OUTCOMES[] = {
        [PUSH_UNCHANGED] = PB__UNIT_VERDICT__OUTCOME__OUTCOME_UNCHANGED,
        [PUSH_STORED] = PB__UNIT_VERDICT__OUTCOME__OUTCOME_STORED,
        [PUSH_REMOVED] = PB__UNIT_VERDICT__OUTCOME__OUTCOME_REMOVED,
    };
    return OUTCOMES[outcome];
}

enum err_code intake_push_units(struct call *call, int partnership_id, const Pb__PushRequest *push,
                                Pb__PushResponse *answer, struct err *err)
{
    const struct intake_services *services = call->services;
    struct taking taking = {
        .call = call,
        .answer = answer,
        .rules = {.lists = services->lists, .today = directory_today(call->clock)},
    };
    enum err_code rc = taking_open(&taking, push->n_units, err);
    for (size_t i = 0; i < push->n_units && rc == ERR_OK; i++) {
        rc = unit_take(&taking, push->units[i], err);
    }
    if (rc != ERR_OK) {
        return rc;
    }
    const struct push_batch batch = {
        .municipality_code = call->principal.municipality_code,
        .partnership_id = partnership_id,
        .units = taking.units,
        .count = taking.count,
    };
    rc = push_store(call->transaction, &batch, taking.outcomes, err);
    for (size_t i = 0; i < taking.count && rc == ERR_OK; i++) {
        taking.verdicts[i]->outcome = outcome_to_pb(taking.outcomes[i]);
    }
    return rc;
}
