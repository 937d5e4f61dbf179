# build_preset PRESET [TARGET]: quiet unless it fails.

build_preset() {
    build_log=$FREMGANG_CHECKOUT/build/$1.log
    mkdir -p "$FREMGANG_CHECKOUT/build"
    (
        cd "$FREMGANG_CHECKOUT"
        [ -e "build/$1/build.ninja" ] || cmake --preset "$1" >"$build_log" 2>&1
        cmake --build --preset "$1" --target "${2:-all}" >>"$build_log" 2>&1
    ) || { tail -n 30 "$build_log" >&2; die "could not build preset $1" "See $build_log"; }
}
