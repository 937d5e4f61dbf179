/*
 * Goal: the catalogue takes the shipped reference files whole and refuses broken ones; an
 * unknown measure is answered with the nearest name.
 * Method: the embedded files, and small texts with one fault each.
 */
#include "support.h"

#include "domain/catalogue.h"

#include <string.h>

#define INDICATOR_HEAD                                                                             \
    "indicator,name_da,name_en,unit,statistic,direction,period_kind,numerator,denominator,chart,"  \
    "dimensions,caveat_da,caveat_en\n"
#define INDICATOR_ROW "I01,a,b,child,share,neutral,quarter,n,d,p,municipality|sex,,\n"
#define MEASURE_HEAD                                                                               \
    "measure,indicator,fact,rule,statistic,outcome_column,numerator_outcomes,name_da,name_en\n"
#define MEASURE_ROW "institution_share,I01,child_at_date,,share,placement_type,INSTITUTION,a,b\n"
#define PLAN_HEAD "indicator,dimensions\n"

static void test_catalogue_load__takes_the_shipped_files(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(catalogue_free) struct catalogue *catalogue = NULL;
    ASSERT_OK(catalogue_load(&catalogue, &err), err);

    static const char *const INDICATORS[] = {"I01", "I03", "I05", "I07", "I09",
                                             "I10", "I23", "I25", "I26", "I27"};
    size_t count = 0;
    const struct indicator *indicators = catalogue_indicators(catalogue, &count);
    assert_int_equal(10, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(INDICATORS[i], indicators[i].id);
        assert_non_null(catalogue_find_table(catalogue, &indicators[i], NULL, 0));
    }
}

static void test_catalogue_load__every_measure_is_well_formed(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO(catalogue_free) struct catalogue *catalogue = NULL;
    ASSERT_OK(catalogue_load(&catalogue, &err), err);
    size_t count = 0;
    const struct measure *measures = catalogue_measures(catalogue, &count);
    assert_true(count >= 14);
    for (size_t i = 0; i < count; i++) {
        const struct measure *found = NULL;
        ASSERT_OK(catalogue_find_measure(catalogue, measures[i].slug, &found, &err), err);
        assert_ptr_equal(&measures[i], found);
        bool is_ratio = measures[i].statistic == STATISTIC_RATIO;
        assert_int_equal(is_ratio, measures[i].outcome_column[0] == '\0');
    }
}

static void test_catalogue_find_measure__names_the_nearest(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const char *meant; /* NULL: no name is near */
    } CASES[] = {
        {"institusion_share", "institution_share"},
        {"foster_shar", "foster_share"},
        {"followup_on_time", "followup_on_time_3m"},
        {"xyz", NULL},
        {"", NULL},
        {"a_name_that_is_much_longer_than_every_name_that_the_catalogue_can_hold_at_all", NULL},
    };
    struct err err = ERR_INIT;
    AUTO(catalogue_free) struct catalogue *catalogue = NULL;
    ASSERT_OK(catalogue_load(&catalogue, &err), err);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const struct measure *measure = NULL;
        ASSERT_ERR(ERR_NOT_FOUND,
                   catalogue_find_measure(catalogue, CASES[i].typed, &measure, &err));
        assert_null(measure);
        assert_string_equal("MEASURE_UNKNOWN", err.reason);
        assert_non_null(strstr(err.hint, "fremgang indicators"));
        if (CASES[i].meant != NULL) {
            assert_non_null(strstr(err.hint, CASES[i].meant));
        } else {
            assert_null(strstr(err.hint, "Did you mean"));
        }
    }
}

static void test_catalogue_parse__refuses_broken_files(void **state)
{
    (void)state;
    static const struct catalogue_source BROKEN[] = {
        {"", MEASURE_HEAD, PLAN_HEAD},
        {"indicator\nI01\n", MEASURE_HEAD, PLAN_HEAD},
        {INDICATOR_HEAD "I01,a,b\n", MEASURE_HEAD, PLAN_HEAD},
        {INDICATOR_HEAD "I01,a,b,child,share,neutral,year,n,d,p,sex,,\n", MEASURE_HEAD, PLAN_HEAD},
        {INDICATOR_HEAD "\"I01,a,b,child,share,neutral,quarter,n,d,p,sex,,\n", MEASURE_HEAD,
         PLAN_HEAD},
        {INDICATOR_HEAD INDICATOR_ROW, MEASURE_HEAD "m,I99,f,,share,outcome,A,a,b\n", PLAN_HEAD},
        {INDICATOR_HEAD INDICATOR_ROW, MEASURE_HEAD "m,I01,f,,guess,outcome,A,a,b\n", PLAN_HEAD},
        {INDICATOR_HEAD INDICATOR_ROW, MEASURE_HEAD "m,I01,f,,share,outcome,,a,b\n", PLAN_HEAD},
        {INDICATOR_HEAD INDICATOR_ROW, MEASURE_HEAD "m,I01,f,,share,outcome,A||B,a,b\n", PLAN_HEAD},
        {INDICATOR_HEAD INDICATOR_ROW, MEASURE_HEAD MEASURE_ROW, PLAN_HEAD "I02,\n"},
        {INDICATOR_HEAD INDICATOR_ROW, MEASURE_HEAD MEASURE_ROW,
         PLAN_HEAD "I01,sex|municipality|age_band\n"},
        {INDICATOR_HEAD INDICATOR_ROW, MEASURE_HEAD MEASURE_ROW, "indicator\nI01\n"},
    };
    for (size_t i = 0; i < sizeof(BROKEN) / sizeof(BROKEN[0]); i++) {
        struct err err = ERR_INIT;
        struct catalogue *catalogue = NULL;
        if (catalogue_parse(&BROKEN[i], &catalogue, &err) != ERR_CORRUPT) {
            fail_msg("case %zu gave \"%s\"", i, err.message);
        }
        assert_null(catalogue);
    }
}

static void test_catalogue_find_table__ignores_the_order(void **state)
{
    (void)state;
    const struct catalogue_source source = {INDICATOR_HEAD INDICATOR_ROW, MEASURE_HEAD MEASURE_ROW,
                                            PLAN_HEAD
                                            "I01,\nI01,municipality\nI01,municipality|sex\n"};
    struct err err = ERR_INIT;
    AUTO(catalogue_free) struct catalogue *catalogue = NULL;
    ASSERT_OK(catalogue_parse(&source, &catalogue, &err), err);
    size_t count = 0;
    const struct indicator *indicator = catalogue_indicators(catalogue, &count);
    static const char *const TURNED[] = {"sex", "municipality"};
    const struct planned_table *table = catalogue_find_table(catalogue, indicator, TURNED, 2);
    assert_non_null(table);
    assert_string_equal("municipality", table->dimensions[0]);
    assert_null(catalogue_find_table(catalogue, indicator, TURNED, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalogue_load__takes_the_shipped_files),
        cmocka_unit_test(test_catalogue_load__every_measure_is_well_formed),
        cmocka_unit_test(test_catalogue_find_measure__names_the_nearest),
        cmocka_unit_test(test_catalogue_parse__refuses_broken_files),
        cmocka_unit_test(test_catalogue_find_table__ignores_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
