/* support - the includes that every cmocka program needs, in the order cmocka asks for. */
#ifndef FREMGANG_TESTS_UNIT_SUPPORT_H
#define FREMGANG_TESTS_UNIT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"

/** Fails with the error's own message when the call did not work. */
#define ASSERT_OK(call, err)                                                                       \
    do {                                                                                           \
        if ((call) != ERR_OK) {                                                                    \
            fail_msg("%s: %s", #call, (err).message);                                              \
        }                                                                                          \
    } while (0)

/** Asserts the code that a call fails with. */
#define ASSERT_ERR(expected, call) assert_int_equal((expected), (call))

#endif
