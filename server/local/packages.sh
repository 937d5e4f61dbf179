# The Debian 12 packages that building, running and testing need, and their installation.

PACKAGES_BUILD="gcc libc6-dev cmake ninja-build pkg-config git protobuf-compiler libprotobuf-dev
 libprotobuf-c-dev protobuf-c-compiler libnng-dev libpq-dev  libsodium-dev
 libsqlite3-dev libcmocka-dev libinih-dev libjansson-dev coinor-libclp-dev libutf8proc-dev libc6-dev"
PACKAGES_RUN="postgresql-15 haproxy openssl util-linux"
PACKAGES_TEST="clang-14 clang-format-14 libclang-rt-14-dev postgresql-15-pgtap
 libtap-parser-sourcehandler-pgtap-perl nng-utils valgrind python3 python3-yaml"

packages_missing() {
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf ' %s' "$package"
    done
}

# packages_install LIST...: installs what is missing; silent when nothing is.
packages_install() {
    missing=$(packages_missing "$@")
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || die "packages are missing:$missing" "Fremgang installs them on Debian 12; install their like by hand."
    step "installing packages:$missing"
    # The package's own cluster on port 5432 is not ours: never created for our sake.
    as_root mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' |
        as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    as_root apt-get update -q >"$FREMGANG_STATE/logs/packages.log" 2>&1 || true
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confold $missing >>"$FREMGANG_STATE/logs/packages.log" 2>&1 ||
        { tail -n 20 "$FREMGANG_STATE/logs/packages.log" >&2; die "could not install packages:$missing" "See $FREMGANG_STATE/logs/packages.log"; }
}
