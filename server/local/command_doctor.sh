. "$FREMGANG_LOCAL/packages.sh"
. "$FREMGANG_LOCAL/cluster.sh"
. "$FREMGANG_LOCAL/servers.sh"

doctor_ok=0
doctor_bad=0

# check WHAT HINT command...
check() {
    check_what=$1
    check_hint=$2
    shift 2
    if "$@" >/dev/null 2>&1; then
        doctor_ok=$((doctor_ok + 1))
        printf 'ok    %s\n' "$check_what"
    else
        doctor_bad=$((doctor_bad + 1))
        printf 'BAD   %s\n      %s\n' "$check_what" "$check_hint"
    fi
}

debian_12() { grep -q '^VERSION_ID="12"' /etc/os-release; }
# shellcheck disable=SC2086
no_missing() { [ -z "$(packages_missing $1)" ]; }
disk_free() { [ "$(df -Pk "$FREMGANG_CHECKOUT" | awk 'NR==2 {print $4}')" -gt 2000000 ]; }
socket_fits() { [ "$(printf '%s/release/.s.PGSQL.5432' "$FREMGANG_RUN" | wc -c)" -le 107 ]; }
cert_fresh() { openssl x509 -checkend 604800 -noout -in "$FREMGANG_STATE/certs/server.crt"; }
clock_sane() { [ "$(date +%Y)" -ge 2024 ]; }

command_doctor() {
    check "this is Debian 12" "Other systems: install the like of the packages in server/local/packages.sh." debian_12
    check "packages to build" "Run: ./fremgang packages" no_missing "$PACKAGES_BUILD"
    check "packages to run" "Run: ./fremgang packages" no_missing "$PACKAGES_RUN"
    check "packages to test" "Run: ./fremgang packages" no_missing "$PACKAGES_TEST"
    check "2 GB of free disk" "Free some space under $FREMGANG_CHECKOUT." disk_free
    check "socket path is short enough" "Set FREMGANG_RUN to a shorter folder." socket_fits
    check "the clock is set" "Signed calls are refused when the clock is five minutes off." clock_sane
    check "programs are built" "Run: ./fremgang up" test -x "$FREMGANG_BUILD/bin/fremgangd"
    check "case database answers" "Run: ./fremgang up; log: $FREMGANG_STATE/logs/case.log" cluster_is_up case
    check "release database answers" "Run: ./fremgang up; log: $FREMGANG_STATE/logs/release.log" cluster_is_up release
    check "server certificate is valid for a week" "Run: ./fremgang reset, then ./fremgang up" cert_fresh
    check "servers run" "Run: ./fremgang up; log: $FREMGANG_STATE/logs/servers.log" servers_alive
    check "servers answer over TLS" "See ./fremgang logs" servers_answer
    printf '%d checks ok, %d bad\n' "$doctor_ok" "$doctor_bad"
    [ "$doctor_bad" -eq 0 ]
}
