/*
 * Goal: files become cases, one bad case stops no other, a wrong file stops all, and no
 * message ever holds a cell. Method: small exports in a temporary folder, read with handlers
 * that keep what they are given. Person numbers are replacement numbers (day + 60).
 */
#include "support.h"

#include "base/buf.h"
#include "identity/pseudonym.h"
#include "import/importer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 8, PATH_BYTES = 128 };

static const char cases[] = "CPR-nummer;Sag oprettet;Sag lukket;Målgruppe;Sagsbehandler\n"
                            "710104-4285;2015-01-01;;OTHER;R1\n"
                            "720104-4285;2015-01-01;;OTHER;R1\n";
static const char enrolments[] = "CPR-nummer;Partnerskab;Fra\n"
                                 "710104-4285;p;2015-02-01\n"
                                 "720104-4285;p;2015-02-01\n";
static const char interventions[] = "Foranstaltnings-id;CPR-nummer;Paragraf;Startdato\n"
                                    "F1;710104-4285;SEL-52-3-2;2015-03-01\n"
                                    "F1;720104-4285;SEL-52-3-2;2015-03-01\n";
static const char workers[] = "Sagsbehandler;Måned;Årsværk;Orlov\n"
                              "R1;2016-01;1;Nej\n"
                              "R2;2016-01;1;Nej\n";

struct bench {
    char folder[64];
    char paths[FILES_MAX][PATH_BYTES];
    const char *path_list[FILES_MAX];
    size_t count;
    struct code_lists *lists;
    struct mapping *mapping;
    struct secret *keys[2];
    struct buf findings; /* "rule file:line column; " */
    struct buf sources;  /* of units given */
    size_t cases;
    size_t worker_months;
    size_t kept;
    struct import_summary summary;
};

static int bench_make(void **state)
{
    static const uint8_t keys[2][PSEUDONYM_KEY_BYTES] = {{1}, {2}};
    struct err err = ERR_INIT;
    struct bench *bench = calloc(1, sizeof(*bench));
    assert_non_null(bench);
    (void)snprintf(bench->folder, sizeof(bench->folder), "/tmp/fremgang-import-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    ASSERT_OK(code_lists_load(&bench->lists, &err), err);
    ASSERT_OK(mapping_parse(NULL, bench->lists, &bench->mapping, &err), err);
    for (size_t i = 0; i < 2; i++) {
        ASSERT_OK(secret_copy(keys[i], sizeof(keys[i]), &bench->keys[i], &err), err);
    }
    *state = bench;
    return 0;
}

static int bench_free(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < bench->count; i++) {
        (void)unlink(bench->paths[i]);
    }
    (void)rmdir(bench->folder);
    secret_free(bench->keys[0]);
    secret_free(bench->keys[1]);
    mapping_free(bench->mapping);
    code_lists_free(bench->lists);
    buf_clear(&bench->findings);
    buf_clear(&bench->sources);
    free(bench);
    return 0;
}

static void file_add(struct bench *bench, const char *name, const char *text, size_t len)
{
    size_t at = bench->count++;
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s", bench->folder, name);
    memcpy(bench->paths[at], path, sizeof(path));
    bench->path_list[at] = bench->paths[at];
    FILE *file = fopen(bench->paths[at], "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void text_add(struct bench *bench, const char *name, const char *text)
{
    file_add(bench, name, text, strlen(text));
}

static void finding_came(void *ctx, const struct finding *finding)
{
    struct bench *bench = ctx;
    const struct rule_def *rule = rule_get(finding->rule);
    if (rule->severity != RULE_INFO) {
        buf_append_format(&bench->findings, "%s %s:%zu %s; ", rule->id, finding->file,
                          finding->line, finding->column);
    }
    const char *texts[] = {finding->expected_en, finding->expected_da, finding->received_en,
                           finding->received_da, finding->column};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_null(strstr(texts[i], "4285")); /* the end of every number here */
        assert_null(strstr(texts[i], "SECRET"));
    }
}

static enum err_code unit_came(void *ctx, const struct outbox_unit *unit, struct err *err)
{
    struct bench *bench = ctx;
    bench->cases += unit->id.kind == UNIT_KIND_CASE ? 1 : 0;
    bench->worker_months += unit->id.kind == UNIT_KIND_CASE ? 0 : 1;
    buf_append_format(&bench->sources, "%s ", unit->source);
    assert_null(memmem(unit->body.data, unit->body.len, "4285", 4));
    assert_null(memmem(unit->body.data, unit->body.len, "F1", 2));
    return buf_check(&bench->sources, err);
}

static enum err_code keep_came(void *ctx, const struct unit_id *id, struct err *err)
{
    (void)id;
    (void)err;
    ((struct bench *)ctx)->kept++;
    return ERR_OK;
}

/* Reads the bench's files for partnerships p and q (or as a check, with none). */
static void run(struct bench *bench, size_t partnerships, bool skips_others)
{
    struct err err = ERR_INIT;
    const struct import_partnership known[] = {{"p", bench->keys[0]}, {"q", bench->keys[1]}};
    const struct import_settings settings = {
        .lists = bench->lists,
        .mapping = bench->mapping,
        .today = 16982, /* 2016-06-30 */
        .partnerships = known,
        .partnership_count = partnerships,
        .skips_others = skips_others,
        .handlers = {.finding = finding_came, .unit = unit_came, .keep = keep_came, .ctx = bench},
    };
    AUTO(importer_free) struct importer *importer = NULL;
    ASSERT_OK(importer_new(&settings, &importer, &err), err);
    ASSERT_OK(importer_read(importer, bench->path_list, bench->count, &err), err);
    if (!importer_summary(importer)->is_refused) {
        for (size_t i = 0; i < importer_slot_count(importer); i++) {
            ASSERT_OK(importer_assemble(importer, i, &err), err);
        }
        ASSERT_OK(importer_assemble(importer, IMPORTER_NOWHERE, &err), err);
    }
    bench->summary = *importer_summary(importer);
}

static void export_add(struct bench *bench)
{
    text_add(bench, "sager.csv", cases);
    text_add(bench, "indskrivninger.csv", enrolments);
    text_add(bench, "foranstaltninger.csv", interventions);
    text_add(bench, "medarbejdere.csv", workers);
}

static void test_importer__makes_cases_of_files_in_any_order(void **state)
{
    struct bench *bench = *state;
    export_add(bench);
    run(bench, 1, true);
    assert_string_equal(buf_text(&bench->findings), "");
    assert_int_equal(bench->cases, 2);
    assert_int_equal(bench->worker_months, 1); /* R2 has no case in the partnership */
    assert_non_null(strstr(buf_text(&bench->sources), "sager.csv:2 "));
    assert_int_equal(bench->summary.cases_good, 2);
    assert_int_equal(bench->summary.rows_lost, 0);
}

static void test_importer__one_bad_case_stops_no_other(void **state)
{
    struct bench *bench = *state;
    export_add(bench);
    text_add(bench, "opf.csv",
             "Opfølgnings-id;CPR-nummer;Opfølgningsdato;Foranstaltnings-id\n"
             "O1;710104-4285;2015-06-01;F9\n"
             "O2;720104-4285;2015-06-01;F1\n");
    run(bench, 1, true);
    assert_string_equal(buf_text(&bench->findings),
                        "follow_up.unknown_intervention opf.csv:2 Foranstaltnings-id; ");
    assert_int_equal(bench->cases, 1);
    assert_int_equal(bench->kept, 1);
    assert_int_equal(bench->summary.cases_refused, 1);
}

static void test_importer__sends_a_case_only_where_it_takes_part(void **state)
{
    struct bench *bench = *state;
    text_add(bench, "sager.csv", cases);
    text_add(bench, "i.csv",
             "CPR-nummer;Partnerskab;Fra\n"
             "710104-4285;p;2015-02-01\n"
             "710104-4285;q;2015-02-01\n"
             "720104-4285;r;2015-02-01\n");
    text_add(bench, "f.csv", interventions);
    run(bench, 2, true);
    assert_string_equal(buf_text(&bench->findings), "");
    assert_int_equal(bench->cases, 2); /* the first child, in both */
    assert_int_equal(bench->summary.cases_good, 1);
    assert_int_equal(bench->summary.cases_nowhere, 1);
    assert_int_equal(bench->summary.rows_elsewhere, 1);
}

static void test_importer__an_unknown_partnership_is_wrong_when_all_are_meant(void **state)
{
    struct bench *bench = *state;
    text_add(bench, "sager.csv", cases);
    text_add(bench, "i.csv", "CPR-nummer;Partnerskab;Fra\n710104-4285;pp;2015-02-01\n");
    run(bench, 2, false);
    assert_string_equal(buf_text(&bench->findings),
                        "enrolment.unknown_partnership i.csv:2 Partnerskab; ");
    assert_int_equal(bench->cases, 0);
    assert_int_equal(bench->summary.rows_lost, 1);
}

static void test_importer__tells_a_childs_error_once(void **state)
{
    struct bench *bench = *state;
    text_add(bench, "sager.csv",
             "CPR-nummer;Sag oprettet;Sag lukket;Målgruppe;Sagsbehandler\n"
             "710104-4285;2015-01-01;2014-01-01;OTHER;R1\n");
    text_add(bench, "i.csv",
             "CPR-nummer;Partnerskab;Fra\n"
             "710104-4285;p;2015-02-01\n710104-4285;q;2015-02-01\n");
    run(bench, 2, false);
    assert_string_equal(buf_text(&bench->findings),
                        "case.closed_before_opened sager.csv:2 Sag lukket; ");
    assert_int_equal(bench->kept, 2);
    assert_int_equal(bench->summary.cases_refused, 1);
}

static void test_importer__rows_of_nobody_are_told_and_counted(void **state)
{
    struct bench *bench = *state;
    text_add(bench, "sager.csv",
             "CPR-nummer;Sag oprettet;Målgruppe\n"
             "SECRET;2015-01-01;OTHER\n"
             ";2015-01-01;OTHER\n"
             "511062-5629;2015-01-01;OTHER\n"
             "710120-4285;2015-01-01;OTHER\n"
             "710104-4285;2015-01-01;OTHER\n");
    text_add(bench, "i.csv", "CPR-nummer;Fra\n710104-4285;2015-02-01\n");
    run(bench, 1, true);
    assert_string_equal(buf_text(&bench->findings),
                        "cpr.format sager.csv:2 CPR-nummer; field.required sager.csv:3 CPR-nummer; "
                        "cpr.date sager.csv:4 CPR-nummer; cpr.future sager.csv:5 CPR-nummer; ");
    assert_int_equal(bench->summary.rows_lost, 4);
    assert_int_equal(bench->cases, 1);
}

static void test_importer__rows_without_a_case_are_not_lost_silently(void **state)
{
    struct bench *bench = *state;
    export_add(bench);
    text_add(bench, "m.csv",
             "Målings-id;CPR-nummer;Redskab;Version;Informant;Måledato;Score\n"
             "M1;730104-4285;WHO5;1998;CHILD;2015-05-01;48\n");
    run(bench, 1, true);
    assert_string_equal(buf_text(&bench->findings), "case.missing m.csv:2 ; ");
    assert_int_equal(bench->cases, 2);
}

static void test_importer__a_broken_row_refuses_its_case(void **state)
{
    struct bench *bench = *state;
    text_add(bench, "sager.csv",
             "CPR-nummer;Sag oprettet;Målgruppe\n"
             "710104-4285;2015-01-01;OTHER;SECRET\n"
             "720104-4285;2015-01-01\n"
             "730104-4285;2015-01-01;\"OTHER\"x\n"
             "740104-4285;2015-01-01;OTHER\n");
    text_add(bench, "i.csv",
             "CPR-nummer;Fra\n710104-4285;2015-02-01\n720104-4285;2015-02-01\n"
             "730104-4285;2015-02-01\n740104-4285;2015-02-01\n");
    run(bench, 1, true);
    assert_non_null(strstr(buf_text(&bench->findings), "row.cells sager.csv:2 ;"));
    assert_non_null(strstr(buf_text(&bench->findings), "row.cells sager.csv:3 ;"));
    assert_non_null(strstr(buf_text(&bench->findings), "row.quote sager.csv:4 ;"));
    assert_null(strstr(buf_text(&bench->findings), "case.missing"));
    assert_int_equal(bench->cases, 1);
    assert_int_equal(bench->kept, 3);
}

static void test_importer__a_month_given_twice_is_refused(void **state)
{
    struct bench *bench = *state;
    export_add(bench);
    text_add(bench, "mere.csv", "Sagsbehandler;Måned;Årsværk;Orlov\nR1;2016-01;0,5;Nej\n");
    run(bench, 1, true);
    assert_string_equal(buf_text(&bench->findings), "worker_month.duplicate mere.csv:2 Måned; ");
    assert_int_equal(bench->worker_months, 1);
}

/* Files that refuse the whole import. */
static void test_importer__a_wrong_file_refuses_everything(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        const char *finding;
    } rows[] = {
        {"", 0, "file.unreadable wrong.csv:0 ; "},
        {"a;b;c\n1;2;3\n", 12, "file.type wrong.csv:0 ; "},
        {"710104-4285;2015-01-01;OTHER\n", 29, "file.type wrong.csv:0 ; "},
        {"CPR-nummer;Sag oprettet;Målgruppe;710104-4285\n", 47,
         "column.unknown wrong.csv:1 ######; "},
        {"CPR-nummer;Sag oprettet\n", 24, "column.missing wrong.csv:1 Målgruppe; "},
        {"CPR-nummer;Sag oprettet;Målgruppe;Titel\n", 41, "column.unknown wrong.csv:1 Titel; "},
        {"CPR-nummer;Sag oprettet;Målgruppe;CPR\n", 39, "column.double wrong.csv:1 CPR; "},
        {"CPR-nummer;Sag oprettet;Målgruppe\n71\0", 38, "file.unreadable wrong.csv:0 ; "},
        {"CPR-nummer;Sag oprettet;Målgruppe\n\"71\n", 39, "file.unreadable wrong.csv:0 ; "},
        {"\xff\xfe"
         "C\0P\0R\0",
         8, "file.unreadable wrong.csv:0 ; "},
    };
    struct bench *bench = *state;
    export_add(bench);
    size_t good = bench->count;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bench->count = good;
        buf_reset(&bench->findings);
        file_add(bench, "wrong.csv", rows[i].text, rows[i].len);
        run(bench, 1, true);
        assert_true(bench->summary.is_refused);
        assert_string_equal(buf_text(&bench->findings), rows[i].finding);
    }
    assert_int_equal(bench->cases, 0);
    bench->path_list[good] = "/nowhere/at/all.csv";
    buf_reset(&bench->findings);
    run(bench, 1, true);
    assert_string_equal(buf_text(&bench->findings), "file.unreadable all.csv:0 ; ");
}

static void test_importer__a_header_alone_is_a_file_of_no_rows(void **state)
{
    struct bench *bench = *state;
    text_add(bench, "sager.csv", "CPR-nummer;Sag oprettet;Målgruppe\n");
    text_add(bench, "i.csv", "CPR-nummer;Partnerskab;Fra");
    run(bench, 1, true);
    assert_string_equal(buf_text(&bench->findings), "");
    assert_int_equal(bench->summary.rows[RECORD_CASE], 0);
    assert_false(bench->summary.is_refused);
}

static void test_importer__limits_the_number_of_files(void **state)
{
    struct bench *bench = *state;
    struct err err = ERR_INIT;
    const char *paths[IMPORTER_FILES_MAX + 1];
    text_add(bench, "sager.csv", cases);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        paths[i] = bench->paths[0];
    }
    const struct import_settings settings = {.lists = bench->lists,
                                             .mapping = bench->mapping,
                                             .today = 16982,
                                             .handlers = {.finding = finding_came, .ctx = bench}};
    AUTO(importer_free) struct importer *importer = NULL;
    ASSERT_OK(importer_new(&settings, &importer, &err), err);
    ASSERT_ERR(ERR_LIMIT, importer_read(importer, paths, IMPORTER_FILES_MAX + 1, &err));
    ASSERT_OK(importer_read(importer, paths, IMPORTER_FILES_MAX, &err), err);
}

static void test_importer__checks_a_part_of_an_export_as_far_as_it_goes(void **state)
{
    struct bench *bench = *state;
    text_add(bench, "opf.csv",
             "Opfølgnings-id;CPR-nummer;Opfølgningsdato;Foranstaltnings-id\n"
             "O1;710104-4285;2015-06-01;F9\n"
             "O2;720104-4285;2017-06-01;F1\n");
    run(bench, 0, false);
    assert_string_equal(buf_text(&bench->findings), "date.future opf.csv:3 Opfølgningsdato; ");
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BENCH(test_importer__makes_cases_of_files_in_any_order),
        ON_BENCH(test_importer__one_bad_case_stops_no_other),
        ON_BENCH(test_importer__sends_a_case_only_where_it_takes_part),
        ON_BENCH(test_importer__an_unknown_partnership_is_wrong_when_all_are_meant),
        ON_BENCH(test_importer__tells_a_childs_error_once),
        ON_BENCH(test_importer__rows_of_nobody_are_told_and_counted),
        ON_BENCH(test_importer__rows_without_a_case_are_not_lost_silently),
        ON_BENCH(test_importer__a_broken_row_refuses_its_case),
        ON_BENCH(test_importer__a_month_given_twice_is_refused),
        ON_BENCH(test_importer__a_wrong_file_refuses_everything),
        ON_BENCH(test_importer__a_header_alone_is_a_file_of_no_rows),
        ON_BENCH(test_importer__limits_the_number_of_files),
        ON_BENCH(test_importer__checks_a_part_of_an_export_as_far_as_it_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
