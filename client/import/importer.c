/*
 * importer - the files' rows to the stage. Enrolment files come first, so that each further
 * row is staged for just the partnerships its child takes part in.
 */
#include "import/importer.h"

#include "base/buf.h"
#include "import/cells.h"
#include "import/file_read.h"
#include "import/importer_state.h"
#include "import/record_blob.h"
#include "import/words.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_ARENA_BYTES_MAX = 4 * 1024 * 1024, /* keys of one row: 16 bytes for 2 of a cell */
    SLOT_OTHER = -1,                       /* a partnership that is not ours to send */
    SLOT_UNKNOWN = -2,
};

/* One file on its way to the stage. */
struct file_reader {
    struct importer *importer;
    int file;
    bool has_header; /* the header line was passed */
};

enum err_code importer_new(const struct import_settings *settings, struct importer **out,
                           struct err *err)
{
    AUTO(importer_free) struct importer *importer = calloc(1, sizeof(*importer));
    if (importer == NULL ||
        (importer->files = calloc(IMPORTER_FILES_MAX, sizeof(*importer->files))) == NULL) {
        return err_memory(err);
    }
    importer->settings = *settings;
    enum err_code rc = secret_new(PSEUDONYM_KEY_BYTES, &importer->run_key, err);
    if (rc == ERR_OK) {
        randombytes_buf(secret_bytes_mutable(importer->run_key), PSEUDONYM_KEY_BYTES);
        rc = child_map_new(&importer->children, err);
    }
    rc = rc == ERR_OK ? stage_open(&importer->stage, err) : rc;
    if (rc != ERR_OK) {
        return rc;
    }
    assert(settings->partnership_count <= IMPORTER_SLOTS_MAX);
    for (size_t i = 0; i < settings->partnership_count; i++) {
        struct import_slot *slot = &importer->slots[importer->slot_count++];
        (void)snprintf(slot->slug, sizeof(slot->slug), "%s", settings->partnerships[i].slug);
        slot->key = settings->partnerships[i].key;
    }
    *out = STEAL(importer);
    return ERR_OK;
}

void importer_free(struct importer *importer)
{
    if (importer != NULL) {
        free(importer->files);
        secret_free(importer->run_key);
        child_map_free(importer->children);
        stage_close(importer->stage);
        free(importer);
    }
}

size_t importer_slot_count(const struct importer *importer)
{
    return importer->slot_count;
}

const char *importer_slot_slug(const struct importer *importer, size_t slot)
{
    return importer->slots[slot].slug;
}

const struct import_summary *importer_summary(const struct importer *importer)
{
    return &importer->summary;
}

const struct secret *importer_slot_key(const struct importer *importer, size_t slot)
{
    return slot == IMPORTER_NOWHERE ? importer->run_key : importer->slots[slot].key;
}

void importer_report(struct importer *importer, const struct finding *finding)
{
    importer->summary.rules[finding->rule]++;
    importer->summary.severities[rule_get(finding->rule)->severity]++;
    importer->settings.handlers.finding(importer->settings.handlers.ctx, finding);
}

void importer_report_violation(struct importer *importer, const struct violation *violation,
                               int file, size_t line)
{
    struct finding finding;
    finding_of_violation(violation, &finding);
    if (file >= 0) {
        const struct import_file *source = &importer->files[file];
        finding.file = source->name;
        finding.line = line;
        finding.column = violation->field < 0 ? "" : source->columns.headers[violation->field];
    }
    importer_report(importer, &finding);
}

/* Tells what is wrong with one cell of a row. */
static void cell_report(struct file_reader *reader, size_t line, int field, enum rule rule,
                        enum received_class received)
{
    struct importer *importer = reader->importer;
    const struct violation violation = {.rule = rule,
                                        .type = importer->files[reader->file].type,
                                        .field = field,
                                        .received = received};
    importer_report_violation(importer, &violation, reader->file, line);
}

/* The slot of an enrolment's partnership. */
static int slot_find(struct importer *importer, const char *word)
{
    bool is_check = importer->settings.partnership_count == 0;
    if (*word == '\0' && importer->slot_count == 1 && !is_check) {
        return 0; /* no column: the whole file is for the one partnership */
    }
    for (size_t i = 0; i < importer->slot_count; i++) {
        if (strcmp(importer->slots[i].slug, word) == 0 ||
            words_equal(importer->slots[i].slug, word)) {
            return (int)i;
        }
    }
    if (!is_check) {
        return importer->settings.skips_others && *word != '\0' ? SLOT_OTHER : SLOT_UNKNOWN;
    }
    if (importer->slot_count == IMPORTER_SLOTS_MAX) {
        return SLOT_UNKNOWN;
    }
    struct import_slot *slot = &importer->slots[importer->slot_count];
    (void)snprintf(slot->slug, sizeof(slot->slug), "%s", word);
    slot->key = importer->run_key;
    return (int)importer->slot_count++;
}

/* Seals the row for one slot and stages it. */
static enum err_code row_stage(struct file_reader *reader, const struct cells *cells,
                               struct stage_row *row, struct err *err)
{
    struct importer *importer = reader->importer;
    AUTO(arena_free) struct arena *arena = arena_new(ROW_ARENA_BYTES_MAX);
    AUTO_BUF struct buf blob = BUF_INIT;
    struct record record;
    if (arena == NULL) {
        return err_memory(err);
    }
    size_t slot = row->slot == STAGE_NOWHERE ? IMPORTER_NOWHERE : (size_t)row->slot;
    enum err_code rc = cells_seal(cells, importer_slot_key(importer, slot), arena, &record, err);
    if (rc != ERR_OK) {
        return rc;
    }
    record_blob_write(&record, &blob);
    int owner = row->is_worker ? (int)FIELD_WORKER_MONTH_worker_key
                               : record_field_find(record.type, "case_key");
    memcpy(row->owner, record.values[owner].as.key, UNIT_KEY_BYTES);
    row->record = (struct wire_bytes){blob.data, blob.len};
    rc = buf_check(&blob, err);
    return rc == ERR_OK ? stage_put(importer->stage, row, err) : rc;
}

/* Stages a row for each slot of `slots`, or for children of none. */
static enum err_code row_stage_all(struct file_reader *reader, const struct cells *cells,
                                   uint32_t slots, struct stage_row *row, struct err *err)
{
    enum err_code rc = ERR_OK;
    row->is_first = true;
    if (slots == 0) {
        row->slot = STAGE_NOWHERE;
        return row_stage(reader, cells, row, err);
    }
    for (int slot = 0; slot < IMPORTER_SLOTS_MAX && rc == ERR_OK; slot++) {
        if ((slots & (1u << slot)) != 0) {
            row->slot = slot;
            rc = row_stage(reader, cells, row, err);
            row->is_first = false;
        }
    }
    return rc;
}

static enum err_code enrolment_stage(struct file_reader *reader, const struct cells *cells,
                                     struct stage_row *row, struct err *err)
{
    struct importer *importer = reader->importer;
    int slot = slot_find(importer, cells->partnership);
    if (slot == SLOT_OTHER) {
        importer->summary.rows_elsewhere++;
        return ERR_OK;
    }
    if (slot == SLOT_UNKNOWN) {
        struct finding finding;
        finding_of_text(RULE_ENROLMENT_UNKNOWN_PARTNERSHIP, importer->slots[0].slug, "", &finding);
        finding.file = importer->files[reader->file].name;
        finding.line = row->line;
        finding.column = importer->files[reader->file].columns.headers[MAPPING_PARTNERSHIP];
        importer_report(importer, &finding);
        importer->summary.rows_lost++;
        return ERR_OK;
    }
    uint8_t child[PSEUDONYM_BYTES];
    pseudonym_child(importer->run_key, &cells->cpr, child);
    enum err_code rc = child_map_add(importer->children, child, 1u << slot, err);
    return rc == ERR_OK ? row_stage_all(reader, cells, 1u << slot, row, err) : rc;
}

/* Tells what is odd about the child's number; false when the row is nobody's. */
static bool child_check(struct file_reader *reader, const struct cells *cells, size_t line)
{
    static const enum rule rules[] = {
        [CPR_OK_NO_MOD11] = RULE_CPR_NO_MOD11, [CPR_REPLACEMENT] = RULE_CPR_REPLACEMENT,
        [CPR_BAD_FORMAT] = RULE_CPR_FORMAT,    [CPR_BAD_DATE] = RULE_CPR_DATE,
        [CPR_FUTURE_DATE] = RULE_CPR_FUTURE,
    };
    enum record_type type = cells->record.type;
    int field = record_field_find(type, "case_key");
    if (cells->record.values[field].state == VALUE_ABSENT) {
        cell_report(reader, line, field, RULE_FIELD_REQUIRED, RECEIVED_EMPTY);
        return false;
    }
    bool is_usable = cpr_is_usable(cells->cpr_result);
    if (cells->cpr_result != CPR_OK && (type == RECORD_CASE || !is_usable)) {
        cell_report(reader, line, field, rules[cells->cpr_result],
                    is_usable ? RECEIVED_VALUE : RECEIVED_UNREADABLE);
    }
    return is_usable;
}

static enum err_code child_row_stage(struct file_reader *reader, const struct cells *cells,
                                     struct stage_row *row, struct err *err)
{
    struct importer *importer = reader->importer;
    if (!child_check(reader, cells, row->line)) {
        importer->summary.rows_lost++;
        return ERR_OK;
    }
    if (row->type == RECORD_ENROLMENT && !row->is_broken) {
        return enrolment_stage(reader, cells, row, err);
    }
    uint8_t child[PSEUDONYM_BYTES];
    pseudonym_child(importer->run_key, &cells->cpr, child);
    return row_stage_all(reader, cells, child_map_get(importer->children, child), row, err);
}

static enum err_code worker_row_stage(struct file_reader *reader, const struct cells *cells,
                                      struct stage_row *row, struct err *err)
{
    struct importer *importer = reader->importer;
    if (cells->record.values[FIELD_WORKER_MONTH_worker_key].state != VALUE_PRESENT) {
        if (!row->is_broken) {
            cell_report(reader, row->line, FIELD_WORKER_MONTH_worker_key, RULE_FIELD_REQUIRED,
                        RECEIVED_EMPTY);
        }
        importer->summary.rows_lost++;
        return ERR_OK;
    }
    row->is_worker = true;
    return row_stage_all(reader, cells, (1u << importer->slot_count) - 1, row, err);
}

/* A row whose cells cannot be trusted. */
static void row_report_broken(struct file_reader *reader, const struct csv_row *row)
{
    struct importer *importer = reader->importer;
    const struct import_file *file = &importer->files[reader->file];
    char expected[16];
    char received[16];
    (void)snprintf(expected, sizeof(expected), "%zu", file->columns.count);
    (void)snprintf(received, sizeof(received), "%zu", row->count);
    struct finding finding;
    finding_of_text(row->has_stray_quote ? RULE_ROW_QUOTE : RULE_ROW_CELLS,
                    row->has_stray_quote ? "\"\"" : expected,
                    row->has_stray_quote ? "\"" : received, &finding);
    finding.file = file->name;
    finding.line = row->line;
    importer_report(importer, &finding);
}

/* csv's handler: one row of the file. */
static enum err_code row_came(void *ctx, const struct csv_row *row, struct err *err)
{
    struct file_reader *reader = ctx;
    struct importer *importer = reader->importer;
    const struct import_file *file = &importer->files[reader->file];
    if (!reader->has_header) {
        reader->has_header = true;
        return ERR_OK;
    }
    importer->summary.rows[file->type]++;
    const struct cells_reader cells_reader = {.mapping = importer->settings.mapping,
                                              .type = file->type,
                                              .today = importer->settings.today};
    AUTO_CELLS struct cells cells;
    struct stage_row staged = {.type = (int)file->type, .file = reader->file, .line = row->line};
    staged.is_broken = row->count != file->columns.count || row->has_stray_quote;
    if (staged.is_broken) {
        row_report_broken(reader, row);
        cells_read_child(&cells_reader, &file->columns, row, &cells);
    } else {
        cells_read(&cells_reader, &file->columns, row, &cells);
    }
    return file->type == RECORD_WORKER_MONTH ? worker_row_stage(reader, &cells, &staged, err)
                                             : child_row_stage(reader, &cells, &staged, err);
}

static void bytes_came(void *ctx, size_t bytes)
{
    struct importer *importer = ((struct file_reader *)ctx)->importer;
    importer->bytes_done += bytes;
    if (importer->settings.handlers.progress != NULL) {
        importer->settings.handlers.progress(importer->settings.handlers.ctx, importer->bytes_done,
                                             importer->bytes_total);
    }
}

static void file_refuse(struct importer *importer, const struct import_file *file,
                        struct finding *finding)
{
    importer->summary.is_refused = true;
    finding->file = file->name;
    importer_report(importer, finding);
}

/* ERR_INVALID and ERR_LIMIT are the file's fault and become a finding; others are ours. */
static enum err_code file_blame(struct importer *importer, const struct import_file *file,
                                enum err_code rc, const struct err *err)
{
    if (rc != ERR_INVALID && rc != ERR_LIMIT && rc != ERR_NOT_FOUND) {
        return rc;
    }
    struct finding finding;
    finding_of_text(RULE_FILE_UNREADABLE, "", err->message, &finding);
    finding_expect(&finding, "a CSV file with a header line", "en CSV-fil med en overskriftslinje");
    file_refuse(importer, file, &finding);
    return ERR_OK;
}

/* A file that lost its header line begins with a child's row: that is not shown. */
static void type_refuse(struct importer *importer, const struct import_file *file)
{
    struct finding finding;
    finding_of_text(RULE_FILE_TYPE, "", "", &finding);
    finding_expect(&finding, "the headers that `fremgang dictionary` lists for one record",
                   "de overskrifter, som `fremgang dictionary` viser for én record");
    finding_receive(&finding, "another header line", "en anden overskriftslinje");
    file_refuse(importer, file, &finding);
}

/* Finds the file's type and columns from its header line. */
static void header_resolve(struct importer *importer, struct import_file *file,
                           const struct csv_row *header)
{
    const struct mapping *mapping = importer->settings.mapping;
    struct finding finding;
    enum record_type guess;
    if (!columns_guess_type(mapping, header, &guess)) {
        type_refuse(importer, file);
        return;
    }
    if (!mapping_type_of_file(mapping, file->name, &file->type)) {
        file->type = guess;
    }
    struct column_problems problems;
    columns_resolve(mapping, file->type, header, &file->columns, &problems);
    importer->summary.has_type[file->type] = true;
    for (size_t i = 0; i < problems.count; i++) {
        const struct column_problem *problem = &problems.items[i];
        bool is_missing = problem->rule == RULE_COLUMN_MISSING;
        finding_of_text(problem->rule, is_missing ? problem->column : problem->expected,
                        is_missing ? problem->expected : problem->column, &finding);
        finding.column = problem->column;
        finding.line = header->line;
        file_refuse(importer, file, &finding);
    }
    file->is_known = problems.count == 0;
}

struct header_reader {
    struct importer *importer;
    struct import_file *file;
};

static enum err_code header_came(void *ctx, const struct csv_row *row, struct err *err)
{
    struct header_reader *reader = ctx;
    header_resolve(reader->importer, reader->file, row);
    return err_set(err, ERR_CONFLICT, "the header line is all that is wanted");
}

static enum err_code header_read(struct importer *importer, struct import_file *file,
                                 struct err *err)
{
    struct header_reader reader = {importer, file};
    uint64_t size = 0;
    const struct file_handlers handlers = {.row = {header_came, &reader}, .size = &size};
    enum err_code rc = file_read(file->path, &handlers, err);
    importer->bytes_total += size;
    return rc == ERR_CONFLICT ? ERR_OK : file_blame(importer, file, rc, err);
}

static enum err_code rows_read(struct importer *importer, size_t index, struct err *err)
{
    struct file_reader reader = {.importer = importer, .file = (int)index};
    const struct file_handlers handlers = {
        .row = {row_came, &reader}, .bytes = bytes_came, .ctx = &reader};
    enum err_code rc = file_read(importer->files[index].path, &handlers, err);
    return file_blame(importer, &importer->files[index], rc, err);
}

/* Enrolments first, then by type. */
static enum err_code files_read(struct importer *importer, struct err *err)
{
    for (int turn = -1; turn < RECORD_TYPE_COUNT; turn++) {
        for (size_t i = 0; i < importer->file_count; i++) {
            const struct import_file *file = &importer->files[i];
            bool is_early = file->type == RECORD_ENROLMENT;
            bool is_turn = turn < 0 ? is_early : !is_early && (int)file->type == turn;
            if (!file->is_known || !is_turn) {
                continue;
            }
            enum err_code rc = rows_read(importer, i, err);
            if (rc != ERR_OK) {
                return rc;
            }
        }
    }
    return ERR_OK;
}

enum err_code importer_read(struct importer *importer, const char *const *paths, size_t count,
                            struct err *err)
{
    if (count > IMPORTER_FILES_MAX) {
        return err_set(err, ERR_LIMIT, "%zu files; at most %d can be read at once", count,
                       IMPORTER_FILES_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        struct import_file *file = &importer->files[importer->file_count++];
        const char *slash = strrchr(paths[i], '/');
        file->path = paths[i];
        file->name = slash == NULL ? paths[i] : slash + 1;
        enum err_code rc = header_read(importer, file, err);
        if (rc != ERR_OK) {
            return rc;
        }
    }
    return files_read(importer, err);
}
