. "$FREMGANG_LOCAL/packages.sh"

command_packages() {
    mkdir -p "$FREMGANG_STATE/logs"
    # shellcheck disable=SC2086
    packages_install $PACKAGES_BUILD $PACKAGES_RUN $PACKAGES_TEST
    say "all packages are installed"
}
