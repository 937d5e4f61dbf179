/* Goal: every method and message can be described from the embedded texts, by any of its
 * names, and a wrong name is refused. Method: walk the whole method table. */
#include "support.h"

#include "base/auto.h"
#include "rpc/describe.h"
#include "rpc/proto_doc.h"

#include <stdio.h>
#include <string.h>

static void test_describe_name__knows_every_method(void **state)
{
    (void)state;
    for (size_t i = 0; i < method_count(); i++) {
        struct err err = ERR_INIT;
        AUTO_BUF struct buf text = BUF_INIT;
        const struct method *method = method_at(i);
        ASSERT_OK(describe_name(method->path, &text, &err), err);
        assert_non_null(strstr(buf_text(&text), method->path));
        assert_non_null(strstr(buf_text(&text), "  roles      "));
        if (strncmp(method->service, "fremgang.", 9) == 0) {
            assert_non_null(strstr(buf_text(&text), "\nmessage "));
            assert_null(strstr(buf_text(&text), "\n\n\n"));
        }
    }
}

static void test_describe_find__takes_three_spellings(void **state)
{
    (void)state;
    const struct method *method = method_at(METHOD_TABLE_GET);
    assert_ptr_equal(describe_find("/fremgang.v1.TableService/Get"), method);
    assert_ptr_equal(describe_find("fremgang.v1.TableService.Get"), method);
    assert_ptr_equal(describe_find("TableService.Get"), method);
}

static void test_describe_find__refuses_parts_of_names(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "Get",
        ".Get",
        "ableService.Get",
        "TableService/Get",
        "TableService",
        "TableService.get",
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        assert_null(describe_find(wrong[i]));
    }
}

static void test_describe_name__describes_services_and_messages(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    AUTO_BUF struct buf all = BUF_INIT;
    AUTO_BUF struct buf one = BUF_INIT;
    AUTO_BUF struct buf message = BUF_INIT;
    ASSERT_OK(describe_name("", &all, &err), err);
    ASSERT_OK(describe_name("OwnService", &one, &err), err);
    ASSERT_OK(describe_name("fremgang.v1.Unit", &message, &err), err);
    assert_non_null(strstr(buf_text(&all), buf_text(&one)));
    assert_non_null(strstr(buf_text(&one), "Computed from the caller's own rows"));
    assert_non_null(strstr(buf_text(&one), "  Table(OwnTableRequest) -> OwnTableResponse\n"));
    assert_non_null(strstr(buf_text(&message), "  oneof body {"));
    assert_string_equal(buf_text(&message) + message.len - 3, "\n}\n");
}

static void test_describe_name__refuses_unknown_names(void **state)
{
    (void)state;
    static const char *const wrong[] = {"Nothing", "TableServic", "ableService", "/", "Unit {"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct err err = ERR_INIT;
        AUTO_BUF struct buf text = BUF_INIT;
        ASSERT_ERR(ERR_NOT_FOUND, describe_name(wrong[i], &text, &err));
        assert_int_equal(text.len, 0);
    }
}

static void test_proto_doc_message__ends_with_the_message(void **state)
{
    (void)state;
    AUTO_BUF struct buf empty = BUF_INIT;
    AUTO_BUF struct buf nested = BUF_INIT;
    assert_true(proto_doc_message("WithheldCell", &empty));
    assert_true(proto_doc_message("UnitVerdict", &nested));
    assert_string_equal(buf_text(&empty),
                        "// Carries nothing on purpose: the reason would narrow the hidden "
                        "number.\nmessage WithheldCell {}\n");
    assert_non_null(strstr(buf_text(&nested), "repeated FieldViolation violations = 2;\n}\n"));
    assert_null(strstr(buf_text(&nested), "Receipt"));
}

static void test_proto_doc_rpc__stays_within_its_service(void **state)
{
    (void)state;
    AUTO_BUF struct buf text = BUF_INIT;
    assert_false(proto_doc_rpc("TableService", "Table", &text));
    assert_false(proto_doc_rpc("NoService", "Get", &text));
    assert_true(proto_doc_rpc("TableService", "Get", &text));
    assert_string_equal(buf_text(&text), "One measure by at most two dimensions beside period.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_describe_name__knows_every_method),
        cmocka_unit_test(test_describe_find__takes_three_spellings),
        cmocka_unit_test(test_describe_find__refuses_parts_of_names),
        cmocka_unit_test(test_describe_name__describes_services_and_messages),
        cmocka_unit_test(test_describe_name__refuses_unknown_names),
        cmocka_unit_test(test_proto_doc_message__ends_with_the_message),
        cmocka_unit_test(test_proto_doc_rpc__stays_within_its_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
