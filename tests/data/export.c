/* A municipality's folder (see export.h). */
#include "data/export.h"

#include "data/csv_writer.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDER_BYTES = 960, ID_BYTES = 48, COLUMNS_MAX = 9 };

/* The files, in the order of shared/rules/record_table.def, whose Danish headers these are;
 * the enrolment file also names the partnership. */
enum export_file {
    FILE_CASES,
    FILE_ENROLMENTS,
    FILE_INTERVENTIONS,
    FILE_FOLLOWUPS,
    FILE_MEASUREMENTS,
    FILE_WORKER_MONTHS,
    FILE_COUNT,
};

static const struct {
    const char *name;
    const char *headers[COLUMNS_MAX];
} layouts[FILE_COUNT] = {
    {"sager.csv",
     {"CPR-nummer", "Sag oprettet", "Sag lukket", "Målgruppe", "Handlekommune", "Sagsbehandler"}},
    {"indskrivninger.csv", {"CPR-nummer", "Partnerskab", "Fra", "Til", "Distrikt"}},
    {"foranstaltninger.csv",
     {"Foranstaltnings-id", "CPR-nummer", "Paragraf", "Anbringelsessted", "Afgørelsesdato",
      "Startdato", "Slutdato", "Ophørsårsag"}},
    {"opfoelgninger.csv",
     {"Opfølgnings-id", "CPR-nummer", "Opfølgningsdato", "Foranstaltnings-id"}},
    {"maalinger.csv",
     {"Målings-id", "CPR-nummer", "Redskab", "Version", "Informant", "Måledato", "Score"}},
    {"medarbejdere.csv", {"Sagsbehandler", "Måned", "Årsværk", "Orlov"}},
};

static const char note[] =
    "Syntetiske data - synthetic data\n"
    "================================\n"
    "\n"
    "Filerne i denne mappe er lavet af et program. Ingen af børnene, sagerne og rådgiverne\n"
    "findes, og tallene siger intet om den kommune, mappen er opkaldt efter. Alle personnumre\n"
    "er erstatningspersonnumre (dagen er lagt 60 til) og tilhører ingen.\n"
    "\n"
    "The files in this folder were made by a program. None of the children, cases and\n"
    "caseworkers exist, and the figures say nothing about the municipality the folder is named\n"
    "after. Every person number is a replacement number (day of birth plus 60).\n";

struct export
{
    const struct municipality_plan *municipality;
    struct csv_file files[FILE_COUNT];
};

static enum err_code folder_make(const char *path, struct err *err)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return err_set(err, ERR_UNAVAILABLE, "could not make folder \"%s\": %s", path,
                       strerror(errno));
    }
    return ERR_OK;
}

static enum err_code note_write(const char *folder, struct err *err)
{
    static const struct dialect plain = {.newline = "\n"};
    struct csv_file file;
    enum err_code rc = csv_open(&file, folder, "LAESMIG.txt", &plain, err);
    if (rc != ERR_OK) {
        return rc;
    }
    (void)fputs(note, file.stream);
    return csv_close(&file, err);
}

static enum err_code file_begin(struct csv_file *file, const char *folder, int index,
                                const struct dialect *dialect, struct err *err)
{
    enum err_code rc = csv_open(file, folder, layouts[index].name, dialect, err);
    if (rc != ERR_OK) {
        return rc;
    }
    csv_begin_row(file);
    for (int i = 0; i < COLUMNS_MAX && layouts[index].headers[i] != NULL; i++) {
        csv_text(file, layouts[index].headers[i]);
    }
    csv_end_row(file);
    return ERR_OK;
}

enum err_code export_open(const char *out_dir, const struct municipality_plan *municipality,
                          struct export **out, struct err *err)
{
    char folder[FOLDER_BYTES];
    int len = snprintf(folder, sizeof(folder), "%s/%s", out_dir, municipality->folder);
    if (len < 0 || (size_t)len >= sizeof(folder)) {
        return err_set(err, ERR_LIMIT, "folder name is longer than %d bytes", FOLDER_BYTES);
    }
    AUTO(export_free) struct export *export = calloc(1, sizeof(*export));
    if (export == NULL) {
        return err_memory(err);
    }
    export->municipality = municipality;
    enum err_code rc = folder_make(folder, err);
    rc = rc == ERR_OK ? note_write(folder, err) : rc;
    for (int i = 0; i < FILE_COUNT && rc == ERR_OK; i++) {
        rc = file_begin(&export->files[i], folder, i, &municipality->dialect, err);
    }
    if (rc == ERR_OK) {
        *out = STEAL(export);
    }
    return rc;
}

/* Local ids: stable, and told apart by municipality. */
static void id_format(char out[ID_BYTES], char kind, const struct child *child, int index)
{
    (void)snprintf(out, ID_BYTES, "%c%06d-%02d", kind, child->number, index + 1);
}

static void worker_id_format(char out[ID_BYTES], const struct population *population, int worker)
{
    out[0] = '\0';
    if (worker >= 0 && population->copy == 0) {
        (void)snprintf(out, ID_BYTES, "%s", population->plan->workers[worker].id);
    } else if (worker >= 0) {
        (void)snprintf(out, ID_BYTES, "%s-%d", population->plan->workers[worker].id,
                       population->copy + 1);
    }
}

static void case_write(struct csv_file *file, const struct population *population,
                       const struct child *child)
{
    char worker[ID_BYTES];
    char acting[ID_BYTES] = "";
    worker_id_format(worker, population, child->worker);
    if (child->acting_municipality != 0) {
        (void)snprintf(acting, sizeof(acting), "%04d", child->acting_municipality);
    }
    csv_begin_row(file);
    csv_text(file, child->cpr);
    csv_date(file, child->opened);
    csv_date(file, child->closed);
    csv_code(file, child->target_group);
    csv_text(file, acting);
    csv_text(file, worker);
    csv_end_row(file);
}

static void enrolments_write(struct csv_file *file, const struct population *population,
                             const struct child *child)
{
    for (int programme = 0; programme < PROGRAMME_COUNT; programme++) {
        if (child->enrolments[programme].from == DATE_NONE) {
            continue;
        }
        csv_begin_row(file);
        csv_text(file, child->cpr);
        csv_text(file, programme_slug((enum programme)programme));
        csv_date(file, child->enrolments[programme].from);
        csv_date(file, child->enrolments[programme].to);
        csv_text(file, population->plan->sites[child->site]);
        csv_end_row(file);
    }
}

static void interventions_write(struct csv_file *file, const struct child *child)
{
    for (int i = 0; i < child->spell_count; i++) {
        const struct spell *spell = &child->spells[i];
        char id[ID_BYTES];
        id_format(id, 'F', child, i);
        csv_begin_row(file);
        csv_text(file, id);
        csv_text(file, child->cpr);
        csv_code(file, spell->paragraph);
        csv_code(file, spell->place);
        csv_date(file, spell->decided);
        csv_date(file, spell->start);
        csv_date(file, spell->end);
        csv_code(file, spell->end_reason);
        csv_end_row(file);
    }
}

static void followups_write(struct csv_file *file, const struct child *child)
{
    for (int i = 0; i < child->followup_count; i++) {
        const struct followup *followup = &child->followups[i];
        char id[ID_BYTES];
        char covered[ID_BYTES * LINKS_MAX] = "";
        for (int k = 0; k < followup->spell_count; k++) {
            id_format(id, 'F', child, followup->spells[k]);
            (void)strcat(strcat(covered, k > 0 ? "|" : ""), id);
        }
        id_format(id, 'O', child, i);
        csv_begin_row(file);
        csv_text(file, id);
        csv_text(file, child->cpr);
        csv_date(file, followup->held);
        csv_text(file, covered);
        csv_end_row(file);
    }
}

static void measurements_write(struct csv_file *file, const struct child *child)
{
    for (int i = 0; i < child->measurement_count; i++) {
        const struct measurement *measurement = &child->measurements[i];
        char id[ID_BYTES];
        id_format(id, 'M', child, i);
        csv_begin_row(file);
        csv_text(file, id);
        csv_text(file, child->cpr);
        csv_code(file, measurement->instrument);
        csv_text(file, strcmp(measurement->instrument, "WHO5") == 0 ? "1998" : "P4-17");
        csv_code(file, measurement->informant);
        csv_date(file, measurement->measured);
        csv_number(file, measurement->score);
        csv_end_row(file);
    }
}

/* One row a month from the worker's first in the programme to the last whole month. */
static void worker_months_write(struct csv_file *file, const struct population *population,
                                int index)
{
    const struct population_plan *plan = population->plan;
    const struct worker_plan *worker = &plan->workers[index];
    int first = worker->from_quarter > 0 ? worker->from_quarter : 0;
    char id[ID_BYTES];
    worker_id_format(id, population, index);
    date_t month = quarter_start(plan->first_year, first);
    while (date_add_months(month, 1) <= plan_extract_day()) {
        int quarter = plan_quarter_of(plan, month);
        bool is_away = worker->leave_from <= quarter && quarter < worker->leave_to;
        csv_begin_row(file);
        csv_text(file, id);
        csv_month(file, month);
        csv_hundredths(file, worker->fte_hundredths);
        csv_code(file, is_away ? "LONG" : "NONE");
        csv_end_row(file);
        month = date_add_months(month, 1);
    }
}

enum err_code export_population(struct export *export, const struct population *population,
                                struct err *err)
{
    for (int i = 0; i < population->count; i++) {
        const struct child *child = &population->children[i];
        case_write(&export->files[FILE_CASES], population, child);
        enrolments_write(&export->files[FILE_ENROLMENTS], population, child);
        interventions_write(&export->files[FILE_INTERVENTIONS], child);
        followups_write(&export->files[FILE_FOLLOWUPS], child);
        measurements_write(&export->files[FILE_MEASUREMENTS], child);
    }
    for (int i = 0; i < population->worker_count; i++) {
        if (!population->plan->workers[i].is_borrowed) {
            worker_months_write(&export->files[FILE_WORKER_MONTHS], population, i);
        }
    }
    for (int i = 0; i < FILE_COUNT; i++) {
        if (ferror(export->files[i].stream)) {
            return err_set(err, ERR_UNAVAILABLE, "could not write \"%s/%s\"",
                           export->municipality->folder, layouts[i].name);
        }
    }
    return ERR_OK;
}

enum err_code export_close(struct export *export, struct err *err)
{
    enum err_code first = ERR_OK;
    for (int i = 0; i < FILE_COUNT; i++) {
        enum err_code rc = csv_close(&export->files[i], first == ERR_OK ? err : NULL);
        first = first == ERR_OK ? rc : first;
    }
    return first;
}

void export_free(struct export *export)
{
    if (export == NULL) {
        return;
    }
    // Only after a failure is anything still open; that failure is already told.
    (void)!export_close(export, NULL);
    free(export);
}
