. "$FREMGANG_LOCAL/packages.sh"
. "$FREMGANG_LOCAL/build.sh"

command_build() {
    mkdir -p "$FREMGANG_STATE/logs"
    # shellcheck disable=SC2086
    packages_install $PACKAGES_BUILD
    build_preset "${1:-dev}"
    say "built into build/${1:-dev}/bin"
}
