/*
 * assembly - staged rows, sorted by child, become cases: checked, packed and handed out one
 * after the other, so that memory holds one case at a time.
 */
#include "import/importer.h"

#include "base/buf.h"
#include "base/limits.h"
#include "import/importer_state.h"
#include "import/record_blob.h"
#include "wire/unit_pb.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Rows of one case: five types of CASE_ROWS_MAX at 400 bytes, and packing them. */
    CASE_ARENA_BYTES_MAX = 32 * 1024 * 1024,
    SOURCE_BYTES = 300,
};

/* Where a row of the case came from. */
struct row_place {
    int file;
    size_t line;
    bool is_told; /* its violations are told in this slot */
};

/* The case (or worker) whose rows are coming. */
struct assembly {
    struct importer *importer;
    size_t slot;
    bool has_owner;
    uint8_t owner[UNIT_KEY_BYTES];
    bool is_broken;
    struct arena *arena; /* texts and keys of the records */
    struct record *records;
    struct row_place *places;
    size_t count;
    size_t capacity;
    size_t starts[RECORD_TYPE_COUNT]; /* in records; rows come by type */
    size_t counts[RECORD_TYPE_COUNT];
};

static void assembly_clear(struct assembly *assembly)
{
    arena_free(assembly->arena);
    free(assembly->records);
    free(assembly->places);
}

static enum err_code rows_reserve(struct assembly *assembly, struct err *err)
{
    if (assembly->count < assembly->capacity) {
        return ERR_OK;
    }
    size_t capacity = assembly->capacity == 0 ? 64 : assembly->capacity * 2;
    struct record *records = realloc(assembly->records, capacity * sizeof(*records));
    if (records == NULL) {
        return err_memory(err);
    }
    assembly->records = records;
    struct row_place *places = realloc(assembly->places, capacity * sizeof(*places));
    if (places == NULL) {
        return err_memory(err);
    }
    assembly->places = places;
    assembly->capacity = capacity;
    return ERR_OK;
}

static enum err_code owner_begin(struct assembly *assembly, const uint8_t owner[UNIT_KEY_BYTES],
                                 struct err *err)
{
    arena_free(assembly->arena);
    assembly->arena = arena_new(CASE_ARENA_BYTES_MAX);
    assembly->has_owner = true;
    assembly->is_broken = false;
    assembly->count = 0;
    memset(assembly->counts, 0, sizeof(assembly->counts));
    memset(assembly->starts, 0, sizeof(assembly->starts));
    memcpy(assembly->owner, owner, UNIT_KEY_BYTES);
    return assembly->arena == NULL ? err_memory(err) : ERR_OK;
}

/* Adds a row of the owner. One more row than a case may have is kept, so that the rules see
 * it; the rest is only counted. */
static enum err_code row_add(struct assembly *assembly, const struct stage_row *row,
                             struct err *err)
{
    assembly->is_broken = assembly->is_broken || row->is_broken;
    if (row->is_broken || assembly->counts[row->type] > CASE_ROWS_MAX) {
        return ERR_OK;
    }
    enum err_code rc = rows_reserve(assembly, err);
    rc = rc == ERR_OK ? record_blob_read((enum record_type)row->type, row->record, assembly->arena,
                                         &assembly->records[assembly->count], err)
                      : rc;
    if (rc != ERR_OK) {
        return rc;
    }
    if (assembly->counts[row->type]++ == 0) {
        assembly->starts[row->type] = assembly->count;
    }
    assembly->places[assembly->count++] = (struct row_place){
        .file = row->file,
        .line = row->line,
        .is_told = row->is_first || row->type == RECORD_ENROLMENT,
    };
    return ERR_OK;
}

static struct case_bundle bundle_of(const struct assembly *assembly)
{
    struct case_bundle bundle = {.lists = {{NULL, 0}}};
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        if (assembly->counts[type] > 0) {
            bundle.lists[type] = (struct record_list){&assembly->records[assembly->starts[type]],
                                                      assembly->counts[type]};
        }
    }
    return bundle;
}

static const struct row_place *place_of(const struct assembly *assembly,
                                        const struct violation *violation)
{
    if (violation->row == 0 || violation->row > assembly->counts[violation->type]) {
        return assembly->count == 0 ? NULL : &assembly->places[0];
    }
    return &assembly->places[assembly->starts[violation->type] + violation->row - 1];
}

/* A rule about rows of a type that no file was given for says nothing. */
static bool rule_applies(const struct importer *importer, enum rule rule)
{
    const bool *has_type = importer->summary.has_type;
    switch (rule) {
    case RULE_CASE_MISSING:
        return has_type[RECORD_CASE];
    case RULE_FOLLOW_UP_UNKNOWN_INTERVENTION:
        return has_type[RECORD_INTERVENTION];
    default:
        return true;
    }
}

/* Of children in no partnership only lost rows matter, unless there were no enrolments. */
static bool is_wanted(const struct assembly *assembly, const struct violation *violation)
{
    bool is_outsider = assembly->slot == IMPORTER_NOWHERE &&
                       assembly->importer->summary.has_type[RECORD_ENROLMENT];
    return rule_applies(assembly->importer, violation->rule) &&
           (!is_outsider || violation->rule == RULE_CASE_MISSING);
}

/* Tells the violations that matter; gives whether one of them blocks. */
static bool violations_tell(const struct assembly *assembly, const struct violation_list *found)
{
    bool is_blocked = found->is_truncated;
    for (size_t i = 0; i < found->count; i++) {
        const struct violation *violation = &found->items[i];
        if (!is_wanted(assembly, violation)) {
            continue;
        }
        const struct row_place *place = place_of(assembly, violation);
        if (assembly->is_broken && violation->rule == RULE_CASE_MISSING) {
            is_blocked = true; /* the broken row, which was told, may be the case */
            continue;
        }
        is_blocked = is_blocked || rule_get(violation->rule)->severity == RULE_BLOCK;
        if (place == NULL || place->is_told) {
            importer_report_violation(assembly->importer, violation,
                                      place == NULL ? -1 : place->file,
                                      place == NULL ? 0 : place->line);
        }
    }
    return is_blocked;
}

static void source_write(const struct assembly *assembly, enum record_type type, size_t row,
                         char out[SOURCE_BYTES])
{
    const struct row_place *place = &assembly->places[assembly->starts[type] + row];
    (void)snprintf(out, SOURCE_BYTES, "%.200s:%zu", assembly->importer->files[place->file].name,
                   place->line);
}

static enum err_code unit_keep(struct assembly *assembly, const struct unit_id *id, struct err *err)
{
    const struct import_handlers *handlers = &assembly->importer->settings.handlers;
    return handlers->keep == NULL ? ERR_OK : handlers->keep(handlers->ctx, id, err);
}

/* Packs a good case and hands it out. */
static enum err_code case_give(struct assembly *assembly, const struct case_bundle *bundle,
                               const struct unit_id *id, struct err *err)
{
    const struct import_handlers *handlers = &assembly->importer->settings.handlers;
    const uint8_t *worker = record_key(&bundle->lists[RECORD_CASE].items[0], FIELD_CASE_worker_key);
    enum err_code rc = worker == NULL ? ERR_OK
                                      : stage_put_worker(assembly->importer->stage,
                                                         (int)assembly->slot, worker, err);
    if (rc != ERR_OK || handlers->unit == NULL) {
        return rc;
    }
    char source[SOURCE_BYTES];
    AUTO_BUF struct buf body = BUF_INIT;
    source_write(assembly, RECORD_CASE, 0, source);
    rc = unit_pack_case(bundle, assembly->arena, &body, err);
    const struct outbox_unit unit = {
        .id = *id, .body = {body.data, body.len}, .source = source, .worker = worker};
    return rc == ERR_OK ? handlers->unit(handlers->ctx, &unit, err) : rc;
}

/* Counts a case or worker-month once, however many partnerships it is in. */
static void count_once(const struct assembly *assembly, enum record_type type, size_t row,
                       uint64_t *counter)
{
    if (assembly->counts[type] <= row || assembly->places[assembly->starts[type] + row].is_told) {
        *counter += 1;
    }
}

static enum err_code case_finish(struct assembly *assembly, struct err *err)
{
    struct importer *importer = assembly->importer;
    bool is_outsider = assembly->slot == IMPORTER_NOWHERE;
    const struct check_options options = {.lists = importer->settings.lists,
                                          .today = importer->settings.today,
                                          .allow_no_enrolment = is_outsider};
    const struct case_bundle bundle = bundle_of(assembly);
    struct unit_id id = {.kind = UNIT_KIND_CASE};
    memcpy(id.key, assembly->owner, UNIT_KEY_BYTES);
    AUTO_VIOLATIONS struct violation_list found = VIOLATION_LIST_INIT;
    enum err_code rc = case_check(&bundle, &options, &found, err);
    if (rc != ERR_OK) {
        return rc;
    }
    bool is_blocked = violations_tell(assembly, &found) || assembly->is_broken;
    if (is_blocked) {
        count_once(assembly, RECORD_CASE, 0, &importer->summary.cases_refused);
        return is_outsider ? ERR_OK : unit_keep(assembly, &id, err);
    }
    if (bundle.lists[RECORD_CASE].count == 0) {
        return ERR_OK; /* a part of a case, checked as far as it goes */
    }
    if (is_outsider) {
        count_once(assembly, RECORD_CASE, 0, &importer->summary.cases_nowhere);
        return ERR_OK;
    }
    count_once(assembly, RECORD_CASE, 0, &importer->summary.cases_good);
    return case_give(assembly, &bundle, &id, err);
}

static bool month_is_repeated(const struct assembly *assembly, size_t row)
{
    const struct record *months = &assembly->records[assembly->starts[RECORD_WORKER_MONTH]];
    int32_t month = record_number(&months[row], FIELD_WORKER_MONTH_month, DATE_NONE);
    for (size_t i = 0; i < row; i++) {
        if (month != DATE_NONE &&
            record_number(&months[i], FIELD_WORKER_MONTH_month, DATE_NONE) == month) {
            return true;
        }
    }
    return false;
}

static enum err_code worker_month_give(struct assembly *assembly, const struct record *record,
                                       size_t row, const struct unit_id *id, struct err *err)
{
    const struct import_handlers *handlers = &assembly->importer->settings.handlers;
    char source[SOURCE_BYTES];
    AUTO_BUF struct buf body = BUF_INIT;
    source_write(assembly, RECORD_WORKER_MONTH, row, source);
    enum err_code rc = unit_pack_worker_month(record, assembly->arena, &body, err);
    const struct outbox_unit unit = {.id = *id, .body = {body.data, body.len}, .source = source};
    return rc == ERR_OK ? handlers->unit(handlers->ctx, &unit, err) : rc;
}

static enum err_code worker_month_finish(struct assembly *assembly, size_t row, bool is_wanted_here,
                                         struct err *err)
{
    struct importer *importer = assembly->importer;
    const struct record *record = &assembly->records[assembly->starts[RECORD_WORKER_MONTH] + row];
    const struct check_options options = {.lists = importer->settings.lists,
                                          .today = importer->settings.today};
    AUTO_VIOLATIONS struct violation_list found = VIOLATION_LIST_INIT;
    enum err_code rc = worker_month_check(record, (uint32_t)row + 1, &options, &found, err);
    if (rc != ERR_OK) {
        return rc;
    }
    if (month_is_repeated(assembly, row)) {
        const struct violation repeated = {.rule = RULE_WORKER_MONTH_DUPLICATE,
                                           .type = RECORD_WORKER_MONTH,
                                           .row = (uint32_t)row + 1,
                                           .field = FIELD_WORKER_MONTH_month,
                                           .received = RECEIVED_REPEATED};
        violation_list_add(&found, &repeated);
    }
    struct unit_id id = {
        .kind = UNIT_KIND_WORKER_MONTH,
        .month = record_number(record, FIELD_WORKER_MONTH_month, 0),
    };
    memcpy(id.key, assembly->owner, UNIT_KEY_BYTES);
    if (violations_tell(assembly, &found)) {
        count_once(assembly, RECORD_WORKER_MONTH, row, &importer->summary.worker_months_refused);
        return unit_keep(assembly, &id, err);
    }
    count_once(assembly, RECORD_WORKER_MONTH, row, &importer->summary.worker_months_good);
    bool is_given = is_wanted_here && importer->settings.handlers.unit != NULL;
    return is_given ? worker_month_give(assembly, record, row, &id, err) : ERR_OK;
}

/* A worker's months go where a case names the worker. */
static enum err_code worker_finish(struct assembly *assembly, struct err *err)
{
    struct importer *importer = assembly->importer;
    const struct import_handlers *handlers = &importer->settings.handlers;
    bool is_named = false;
    enum err_code rc =
        stage_has_worker(importer->stage, (int)assembly->slot, assembly->owner, &is_named, err);
    if (rc == ERR_OK && !is_named && handlers->wants_worker != NULL) {
        rc = handlers->wants_worker(handlers->ctx, assembly->owner, &is_named, err);
    }
    for (size_t row = 0; rc == ERR_OK && row < assembly->counts[RECORD_WORKER_MONTH]; row++) {
        rc = worker_month_finish(assembly, row, is_named, err);
    }
    return rc;
}

static enum err_code owner_finish(struct assembly *assembly, bool of_workers, struct err *err)
{
    if (!assembly->has_owner) {
        return ERR_OK;
    }
    assembly->has_owner = false;
    return of_workers ? worker_finish(assembly, err) : case_finish(assembly, err);
}

/* stage's visitor: rows of one owner come together. */
static enum err_code row_visit(void *ctx, const struct stage_row *row, struct err *err)
{
    struct assembly *assembly = ctx;
    enum err_code rc = ERR_OK;
    if (!assembly->has_owner || memcmp(assembly->owner, row->owner, UNIT_KEY_BYTES) != 0) {
        rc = owner_finish(assembly, row->is_worker, err);
        rc = rc == ERR_OK ? owner_begin(assembly, row->owner, err) : rc;
    }
    return rc == ERR_OK ? row_add(assembly, row, err) : rc;
}

enum err_code importer_assemble(struct importer *importer, size_t slot, struct err *err)
{
    assert(slot == IMPORTER_NOWHERE || slot < importer->slot_count);
    int stage_slot = slot == IMPORTER_NOWHERE ? STAGE_NOWHERE : (int)slot;
    enum err_code rc = ERR_OK;
    for (int of_workers = 0; of_workers < 2 && rc == ERR_OK; of_workers++) {
        __attribute__((cleanup(assembly_clear))) struct assembly assembly = {.importer = importer,
                                                                             .slot = slot};
        rc = stage_each(importer->stage, stage_slot, of_workers == 1, row_visit, &assembly, err);
        rc = rc == ERR_OK ? owner_finish(&assembly, of_workers == 1, err) : rc;
    }
    return rc;
}
