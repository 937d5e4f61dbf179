command_format() {
    cd "$FREMGANG_CHECKOUT"
    git ls-files '*.c' '*.h' | xargs clang-format-14 -i
}
