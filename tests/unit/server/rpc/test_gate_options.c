/*
 * Goal: a server that could not answer one of its methods does not start. Method: each
 * handler of each process taken away in turn, then store and key.
 */
#include "gate_fixture.h"

static enum err_code open_without(uint32_t process, size_t missing, const struct gate_ops *ops,
                                  const struct secret *key)
{
    call_handler handlers[METHOD_COUNT];
    int64_t now_us = 0;
    struct clock clock = clock_fixed(&now_us);
    AUTO(gate_free) struct gate *gate = NULL;
    struct err err = ERR_INIT;
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        handlers[i] = i == missing ? NULL : fixture_handler;
    }
    enum err_code code = gate_new(&(struct gate_options){.process = process,
                                                         .token_key = key,
                                                         .handlers = handlers,
                                                         .ops = ops,
                                                         .clock = &clock},
                                  &gate, &err);
    assert_true((code == ERR_OK) == (gate != NULL));
    return code;
}

static void test_gate_new__refuses_a_missing_handler(void **state)
{
    AUTO(secret_free) struct secret *key = NULL;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(secret_new(32, &key, &err), err);
    for (uint32_t process = PROCESS_INTAKE; process <= PROCESS_KEYS; process <<= 1) {
        ASSERT_ERR(ERR_OK, open_without(process, METHOD_COUNT, &FAKE_OPS, key));
        for (size_t i = 0; i < METHOD_COUNT; i++) {
            bool is_served = (method_at(i)->processes & process) != 0;
            ASSERT_ERR(is_served ? ERR_INTERNAL : ERR_OK, open_without(process, i, &FAKE_OPS, key));
        }
    }
}

static void test_gate_new__wants_store_and_key_unless_nothing_needs_them(void **state)
{
    AUTO(secret_free) struct secret *key = NULL;
    struct err err = ERR_INIT;
    (void)state;
    ASSERT_OK(secret_new(32, &key, &err), err);
    ASSERT_ERR(ERR_INTERNAL, open_without(PROCESS_POOL, METHOD_COUNT, NULL, key));
    ASSERT_ERR(ERR_INTERNAL, open_without(PROCESS_INTAKE, METHOD_COUNT, &FAKE_OPS, NULL));
    ASSERT_ERR(ERR_OK, open_without(PROCESS_KEYS, METHOD_COUNT, NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate_new__refuses_a_missing_handler),
        cmocka_unit_test(test_gate_new__wants_store_and_key_unless_nothing_needs_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
