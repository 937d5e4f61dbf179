/*
 * fuzz - the one entry of a fuzz target, in libFuzzer's form. A target must take any bytes
 * without crashing, leaking or running long, and returns 0.
 */
#ifndef FREMGANG_TESTS_FUZZ_FUZZ_H
#define FREMGANG_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
