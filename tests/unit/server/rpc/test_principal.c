/*
 * Goal: the copy of a principal is never older than it may be, and absence is never
 * remembered. Method: a finder that counts, and a clock that is turned both ways.
 */
#include "fake_store.h"

#include "base/limits.h"

static void test_principal_cache_find__asks_once_in_thirty_seconds(void **state)
{
    static const struct {
        int64_t at_us;
        int finds;
    } STEPS[] = {
        {0, 1}, {29999999, 1}, {30000000, 2}, {59999999, 2}, {60000000, 3}, {59000000, 4},
    };
    struct fake_store store;
    int64_t now_us = 0;
    struct clock clock = clock_fixed(&now_us);
    AUTO(principal_cache_free) struct principal_cache *cache = NULL;
    struct principal found;
    struct err err = ERR_INIT;
    (void)state;
    fake_store_open(&store);
    ASSERT_OK(principal_cache_new(fake_principal_find, &store, &clock, &cache, &err), err);
    for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
        now_us = STEPS[i].at_us;
        ASSERT_OK(principal_cache_find(cache, "p-steward", &found, &err), err);
        assert_string_equal(found.id, "p-steward");
        assert_int_equal(store.finds, STEPS[i].finds);
    }
    fake_store_close(&store);
}

static void test_principal_cache_find__remembers_neither_absence_nor_failure(void **state)
{
    struct fake_store store;
    int64_t now_us = 0;
    struct clock clock = clock_fixed(&now_us);
    AUTO(principal_cache_free) struct principal_cache *cache = NULL;
    struct principal found = {.id = "untouched"};
    struct err err = ERR_INIT;
    (void)state;
    fake_store_open(&store);
    ASSERT_OK(principal_cache_new(fake_principal_find, &store, &clock, &cache, &err), err);
    ASSERT_ERR(ERR_NOT_FOUND, principal_cache_find(cache, "p-new", &found, &err));
    ASSERT_ERR(ERR_NOT_FOUND, principal_cache_find(cache, "", &found, &err));
    (void)snprintf(store.principals[2].id, sizeof(store.principals[2].id), "p-new");
    store.failing = "principal";
    ASSERT_ERR(ERR_UNAVAILABLE, principal_cache_find(cache, "p-new", &found, &err));
    assert_string_equal(found.id, "untouched");
    store.failing = "";
    ASSERT_OK(principal_cache_find(cache, "p-new", &found, &err), err);
    assert_string_equal(found.id, "p-new");
    fake_store_close(&store);
}

static enum err_code find_any(void *ctx, const char *id, struct principal *out, struct err *err)
{
    (void)ctx;
    (void)err;
    *out = (struct principal){.epoch = 1};
    (void)snprintf(out->id, sizeof(out->id), "%s", id);
    return ERR_OK;
}

/* More principals than slots: some share one, and none is taken for another. */
static void test_principal_cache_find__never_mixes_principals_up(void **state)
{
    int64_t now_us = 0;
    struct clock clock = clock_fixed(&now_us);
    AUTO(principal_cache_free) struct principal_cache *cache = NULL;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(principal_cache_new(find_any, NULL, &clock, &cache, &err), err);
    for (int i = 0; i < 4 * PRINCIPAL_CACHE_SLOTS; i++) {
        char id[32];
        struct principal found;
        (void)snprintf(id, sizeof(id), "p-%d", i % (2 * PRINCIPAL_CACHE_SLOTS));
        ASSERT_OK(principal_cache_find(cache, id, &found, &err), err);
        assert_string_equal(found.id, id);
    }
}

/* A store that takes ten seconds to answer. */
static enum err_code find_slowly(void *ctx, const char *id, struct principal *out, struct err *err)
{
    int64_t *now_us = ctx;
    *now_us += 10 * INT64_C(1000000);
    return find_any(NULL, id, out, err);
}

/* What a slow query read is as old as its beginning. */
static void test_principal_cache_find__counts_age_from_before_the_query(void **state)
{
    int64_t now_us = 0;
    struct clock clock = clock_fixed(&now_us);
    AUTO(principal_cache_free) struct principal_cache *cache = NULL;
    struct principal found;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(principal_cache_new(find_slowly, &now_us, &clock, &cache, &err), err);
    ASSERT_OK(principal_cache_find(cache, "p-1", &found, &err), err);
    now_us = PRINCIPAL_CACHE_SECONDS * INT64_C(1000000) - 1;
    ASSERT_OK(principal_cache_find(cache, "p-1", &found, &err), err);
    assert_int_equal(now_us, PRINCIPAL_CACHE_SECONDS * INT64_C(1000000) - 1); // not asked
    now_us = PRINCIPAL_CACHE_SECONDS * INT64_C(1000000);
    ASSERT_OK(principal_cache_find(cache, "p-1", &found, &err), err);
    assert_true(now_us > PRINCIPAL_CACHE_SECONDS * INT64_C(1000000)); // asked again
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_principal_cache_find__asks_once_in_thirty_seconds),
        cmocka_unit_test(test_principal_cache_find__remembers_neither_absence_nor_failure),
        cmocka_unit_test(test_principal_cache_find__never_mixes_principals_up),
        cmocka_unit_test(test_principal_cache_find__counts_age_from_before_the_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
