/* Goal: the exports are the ones promised - the same bytes for a seed, the calibrated figures
 * for every seed, replacement numbers only, each municipality's own dialect - and a bad request
 * is refused. Method: generate into a folder of its own and look at the files as bytes. */
#include "support.h"

#include "base/auto.h"
#include "base/clock.h"
#include "data/generator.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 512, FILE_BYTES_MAX = 64 * 1024 * 1024, QUARTERS = 12 };

static const char *const folders[] = {"herning", "haderslev", "hvidovre"};
static const char *const files[] = {
    "sager.csv",         "indskrivninger.csv", "foranstaltninger.csv",
    "opfoelgninger.csv", "maalinger.csv",      "medarbejdere.csv"};

static char workspace[] = "/tmp/fremgang-data-XXXXXX";

struct bytes {
    char *data; /* owned, NUL-ended */
    size_t len;
};

static struct bytes bytes_read(const char *dir, const char *folder, const char *name)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s/%s/%s", workspace, dir, folder, name);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    struct stat info;
    assert_int_equal(fstat(fileno(stream), &info), 0);
    assert_true(info.st_size > 0 && info.st_size < FILE_BYTES_MAX);
    struct bytes bytes = {.len = (size_t)info.st_size};
    bytes.data = malloc(bytes.len + 1);
    assert_non_null(bytes.data);
    assert_int_equal(fread(bytes.data, 1, bytes.len, stream), bytes.len);
    bytes.data[bytes.len] = '\0';
    assert_int_equal(fclose(stream), 0);
    return bytes;
}

/* Generates into workspace/dir, without looking at the summary. */
static enum err_code run(const char *dir, uint64_t seed, int scale, struct err *err)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s", workspace, dir);
    FILE *summary = fopen("/dev/null", "w");
    assert_non_null(summary);
    struct generator_options options = {.out_dir = path, .seed = seed, .scale = scale};
    enum err_code rc = generator_run(&options, summary, err);
    assert_int_equal(fclose(summary), 0);
    return rc;
}

static void generate(const char *dir, uint64_t seed, int scale)
{
    struct err err = ERR_INIT;
    ASSERT_OK(run(dir, seed, scale, &err), err);
}

/* The units of a row of expected.csv, 0 when it has none. */
static long expected_units(const struct bytes *expected, const char *row)
{
    const char *at = strstr(expected->data, row);
    return at == NULL ? 0 : strtol(at + strlen(row), NULL, 10);
}

static long sverige_units(const struct bytes *expected, const char *indicator, int quarter,
                          const char *outcome)
{
    char row[128];
    (void)snprintf(row, sizeof(row), "\nsverigesprogrammet,%s,%d-Q%d,657,%s,", indicator,
                   2013 + quarter / 4, quarter % 4 + 1, outcome);
    return expected_units(expected, row);
}

static long pakken_units(const struct bytes *expected, const char *indicator, int quarter,
                         int municipality, const char *outcome)
{
    char row[128];
    (void)snprintf(row, sizeof(row), "\nforebyggelsespakken,%s,%d-Q%d,%d,%s,", indicator,
                   2015 + quarter / 4, quarter % 4 + 1, municipality, outcome);
    return expected_units(expected, row);
}

static bool folders_equal(const char *a, const char *b)
{
    bool equal = true;
    for (size_t i = 0; i < ARRAY_COUNT(folders); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(files); k++) {
            struct bytes first = bytes_read(a, folders[i], files[k]);
            struct bytes second = bytes_read(b, folders[i], files[k]);
            equal =
                equal && first.len == second.len && memcmp(first.data, second.data, first.len) == 0;
            free(first.data);
            free(second.data);
        }
    }
    return equal;
}

static void test_generator_run__same_seed_same_bytes(void **state)
{
    (void)state;
    generate("again", 1, 1);
    assert_true(folders_equal("base", "again"));
}

static void test_generator_run__other_seed_other_bytes(void **state)
{
    (void)state;
    generate("other", 2, 1);
    assert_false(folders_equal("base", "other"));
}

static void test_generator_run__meets_sverigesprogrammet_for_every_seed(void **state)
{
    (void)state;
    for (uint64_t seed = 10; seed < 16; seed++) {
        generate("seed", seed, 1);
        struct bytes expected = bytes_read("seed", ".", "expected.csv");
        long before = 15;
        for (int q = 0; q < QUARTERS; q++) {
            long institution = sverige_units(&expected, "I01", q, "INSTITUTION");
            assert_in_range(institution, 8, before);
            before = institution;
            long network = sverige_units(&expected, "I01", q, "NETWORK");
            long foster = sverige_units(&expected, "I01", q, "FOSTER");
            assert_int_equal(institution + network + foster, 60);
            assert_in_range(network, 5, 60);
            assert_int_equal(sverige_units(&expected, "I23", q, "CASES"), 192);
            long kept = sverige_units(&expected, "I09_PLACEMENT", q, "ON_TIME");
            long late = sverige_units(&expected, "I09_PLACEMENT", q, "LATE");
            assert_in_range(100 * kept / (kept + late), 75, 90);
            kept = sverige_units(&expected, "I09_OTHER", q, "ON_TIME");
            late = sverige_units(&expected, "I09_OTHER", q, "LATE");
            assert_in_range(100 * kept / (kept + late), 8, 22);
        }
        assert_int_equal(sverige_units(&expected, "I01", 0, "INSTITUTION"), 15);
        assert_int_equal(sverige_units(&expected, "I01", 11, "INSTITUTION"), 8);
        assert_int_equal(sverige_units(&expected, "I23", 0, "FTE_HUNDREDTHS"), 400);
        assert_int_equal(sverige_units(&expected, "I23", 11, "FTE_HUNDREDTHS"), 800);
        free(expected.data);
    }
}

static void test_generator_run__raises_followup_in_each_municipality(void **state)
{
    (void)state;
    static const int codes[] = {510, 167, 657};
    struct bytes expected = bytes_read("base", ".", "expected.csv");
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        long kept = pakken_units(&expected, "I09", 0, codes[i], "ON_TIME");
        long late = pakken_units(&expected, "I09", 0, codes[i], "LATE");
        assert_in_range(100 * kept / (kept + late), 38, 52);
        kept = pakken_units(&expected, "I09", 11, codes[i], "ON_TIME");
        late = pakken_units(&expected, "I09", 11, codes[i], "LATE");
        assert_in_range(100 * kept / (kept + late), 68, 82);
        for (int q = 0; q < QUARTERS; q++) {
            // Shares need both counts at or over the threshold of 5.
            assert_in_range(pakken_units(&expected, "I09", q, codes[i], "ON_TIME"), 5, 1000);
            assert_in_range(pakken_units(&expected, "I09", q, codes[i], "LATE"), 5, 1000);
            assert_in_range(pakken_units(&expected, "I01", q, codes[i], "INSTITUTION"), 5, 1000);
        }
        assert_true(pakken_units(&expected, "I03", 11, codes[i], "6") <
                    pakken_units(&expected, "I03", 0, codes[i], "6"));
    }
    free(expected.data);
}

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* Steps through everything that looks like a person number: ten digits, or six and four. */
static void assert_replacement_numbers(const struct bytes *bytes, long *found)
{
    for (const char *at = bytes->data; *at != '\0';) {
        size_t digits = digits_at(at);
        bool has_hyphen = digits == 6 && at[6] == '-' && digits_at(at + 7) == 4;
        if (digits == 10 || has_hyphen) {
            assert_in_range((at[0] - '0') * 10 + at[1] - '0', 61, 91);
            (*found)++;
        }
        at += has_hyphen ? 11 : digits == 0 ? 1 : digits;
    }
}

static void test_generator_run__writes_replacement_numbers_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(folders); i++) {
        long found = 0;
        for (size_t k = 0; k < ARRAY_COUNT(files); k++) {
            struct bytes bytes = bytes_read("base", folders[i], files[k]);
            assert_replacement_numbers(&bytes, &found);
            free(bytes.data);
        }
        assert_true(found > 1000);
    }
}

static size_t count_of(const struct bytes *bytes, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes->len; i++) {
        count += bytes->data[i] == c;
    }
    return count;
}

static void test_generator_run__herning_writes_cp1252_with_crlf(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_COUNT(files); k++) {
        struct bytes bytes = bytes_read("base", "herning", files[k]);
        assert_null(strstr(bytes.data, "\xc3"));
        assert_int_equal(count_of(&bytes, '\r'), count_of(&bytes, '\n'));
        assert_true(count_of(&bytes, ';') > 0);
        free(bytes.data);
    }
    struct bytes cases = bytes_read("base", "herning", "sager.csv");
    assert_non_null(strstr(cases.data, "M\xe5lgruppe"));
    free(cases.data);
    struct bytes months = bytes_read("base", "herning", "medarbejdere.csv");
    assert_non_null(strstr(months.data, ";1,00;"));
    free(months.data);
}

static void test_generator_run__haderslev_writes_utf8_with_bom(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_COUNT(files); k++) {
        struct bytes bytes = bytes_read("base", "haderslev", files[k]);
        assert_memory_equal(bytes.data, "\xef\xbb\xbf\"", 4);
        assert_int_equal(count_of(&bytes, '\r'), 0);
        free(bytes.data);
    }
    struct bytes cases = bytes_read("base", "haderslev", "sager.csv");
    assert_non_null(strstr(cases.data, "\"M\xc3\xa5lgruppe\";"));
    free(cases.data);
}

static void test_generator_run__hvidovre_writes_tabs_and_iso_dates(void **state)
{
    (void)state;
    struct bytes cases = bytes_read("base", "hvidovre", "sager.csv");
    assert_memory_equal(cases.data, "CPR-nummer\t", 11);
    assert_non_null(strstr(cases.data, "\t2015-"));
    assert_int_equal(count_of(&cases, ';'), 0);
    free(cases.data);
    struct bytes months = bytes_read("base", "hvidovre", "medarbejdere.csv");
    assert_non_null(strstr(months.data, "\t0.75\t"));
    free(months.data);
}

static void test_generator_run__says_synthetic_in_every_folder(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(folders); i++) {
        struct bytes note = bytes_read("base", folders[i], "LAESMIG.txt");
        assert_non_null(strstr(note.data, "Syntetiske data"));
        assert_non_null(strstr(note.data, "synthetic data"));
        free(note.data);
    }
}

static void test_generator_run__enrols_some_children_in_both(void **state)
{
    (void)state;
    struct bytes bytes = bytes_read("base", "herning", "indskrivninger.csv");
    long both = 0;
    // A child's two enrolments are two lines in a row: same number, two partnerships.
    for (char *line = bytes.data; (line = strstr(line, ";sverigesprogrammet;")) != NULL; line++) {
        const char *next = strchr(line, '\n');
        both += strncmp(next + 1, line - 11, 11) == 0 &&
                strncmp(next + 12, ";forebyggelsespakken;01-01-2015;", 32) == 0;
    }
    assert_in_range(both, 30, 60);
    free(bytes.data);
}

static void test_generator_run__scale_leaves_sverigesprogrammet_alone(void **state)
{
    (void)state;
    generate("scaled", 1, 3);
    struct bytes one = bytes_read("base", ".", "expected.csv");
    struct bytes three = bytes_read("scaled", ".", "expected.csv");
    const char *end = strstr(one.data, "forebyggelsespakken");
    assert_non_null(end);
    assert_memory_equal(one.data, three.data, (size_t)(end - one.data));
    assert_int_equal(pakken_units(&three, "I23", 0, 510, "CASES"),
                     3 * pakken_units(&one, "I23", 0, 510, "CASES"));
    free(one.data);
    free(three.data);
}

static int64_t elapsed_ms(int scale)
{
    int64_t start = clock_monotonic_ms();
    generate("timed", 1, scale);
    return clock_monotonic_ms() - start;
}

static void test_generator_run__time_grows_with_the_scale(void **state)
{
    (void)state;
    // 8 times the children: about 8 times as long, far from the 64 of a quadratic step.
    int64_t small = elapsed_ms(3) + 1;
    int64_t large = elapsed_ms(24);
    assert_true(large < 30 * small);
}

static void test_generator_run__refuses_bad_scales(void **state)
{
    (void)state;
    static const int scales[] = {0, -1, GENERATOR_SCALE_MAX + 1};
    for (size_t i = 0; i < ARRAY_COUNT(scales); i++) {
        struct err err = ERR_INIT;
        ASSERT_ERR(ERR_INVALID, run("refused", 1, scales[i], &err));
    }
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/refused", workspace);
    assert_int_equal(access(path, F_OK), -1);
}

static void test_generator_run__tells_a_folder_it_cannot_make(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    ASSERT_ERR(ERR_UNAVAILABLE, run("no/such/parent", 1, 1, &err));
    assert_non_null(strstr(err.message, "could not make folder"));
}

static void test_generator_run__tells_a_file_in_the_way(void **state)
{
    (void)state;
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/blocked", workspace);
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    assert_int_equal(fclose(stream), 0);
    struct err err = ERR_INIT;
    ASSERT_ERR(ERR_UNAVAILABLE, run("blocked", 1, 1, &err));
}

static int workspace_open(void **state)
{
    (void)state;
    if (mkdtemp(workspace) == NULL) {
        return -1;
    }
    generate("base", 1, 1);
    return 0;
}

static int entry_remove(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static int workspace_close(void **state)
{
    (void)state;
    return nftw(workspace, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generator_run__same_seed_same_bytes),
        cmocka_unit_test(test_generator_run__other_seed_other_bytes),
        cmocka_unit_test(test_generator_run__meets_sverigesprogrammet_for_every_seed),
        cmocka_unit_test(test_generator_run__raises_followup_in_each_municipality),
        cmocka_unit_test(test_generator_run__writes_replacement_numbers_only),
        cmocka_unit_test(test_generator_run__herning_writes_cp1252_with_crlf),
        cmocka_unit_test(test_generator_run__haderslev_writes_utf8_with_bom),
        cmocka_unit_test(test_generator_run__hvidovre_writes_tabs_and_iso_dates),
        cmocka_unit_test(test_generator_run__says_synthetic_in_every_folder),
        cmocka_unit_test(test_generator_run__enrols_some_children_in_both),
        cmocka_unit_test(test_generator_run__scale_leaves_sverigesprogrammet_alone),
        cmocka_unit_test(test_generator_run__time_grows_with_the_scale),
        cmocka_unit_test(test_generator_run__refuses_bad_scales),
        cmocka_unit_test(test_generator_run__tells_a_folder_it_cannot_make),
        cmocka_unit_test(test_generator_run__tells_a_file_in_the_way),
    };
    return cmocka_run_group_tests(tests, workspace_open, workspace_close);
}
