. "$FREMGANG_LOCAL/packages.sh"
. "$FREMGANG_LOCAL/build.sh"

# test_preset PRESET [ctest arguments...]: builds and runs; counts go to test_passed, test_failed.
test_preset() {
    preset=$1
    shift
    step "building with preset $preset"
    build_preset "$preset"
    step "testing preset $preset"
    log=$FREMGANG_CHECKOUT/build/$preset-test.log
    # The status of ctest is read from its own summary, which also counts.
    (cd "$FREMGANG_CHECKOUT" && ctest --test-dir "build/$preset" --output-on-failure -j 2 "$@" 2>&1) | tee "$log"
    summary=$(grep -E '^[0-9]+% tests passed' "$log" || true)
    [ -n "$summary" ] || die "the tests of preset $preset did not run to their end" "See $log"
    failed=$(printf '%s' "$summary" | sed -E 's/.*, ([0-9]+) tests? failed out of ([0-9]+)/\1/')
    total=$(printf '%s' "$summary" | sed -E 's/.*, ([0-9]+) tests? failed out of ([0-9]+)/\2/')
    test_failed=$((test_failed + failed))
    test_passed=$((test_passed + total - failed))
}

command_test() {
    long=0
    pattern=.
    while [ $# -gt 0 ]; do
        case $1 in
        --long) long=1 ;;
        -R) pattern=${2:?-R wants a pattern} && shift ;;
        *) die "test does not know \"$1\"" "usage: ./fremgang test [--long] [-R PATTERN]" ;;
        esac
        shift
    done
    mkdir -p "$FREMGANG_STATE/logs"
    # shellcheck disable=SC2086
    packages_install $PACKAGES_BUILD $PACKAGES_RUN $PACKAGES_TEST
    test_passed=0
    test_failed=0
    export FREMGANG_TEST_LONG=$long
    test_preset asan -R "$pattern"
    if [ "$long" = 1 ]; then
        test_preset clang -R "$pattern"
        test_preset tsan -R "$pattern" -LE "lint|memcheck"
    fi
    printf '%d passed, %d failed\n' "$test_passed" "$test_failed"
    [ "$test_failed" -eq 0 ] && [ "$test_passed" -gt 0 ]
}
