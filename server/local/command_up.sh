. "$FREMGANG_LOCAL/packages.sh"
. "$FREMGANG_LOCAL/build.sh"
. "$FREMGANG_LOCAL/cluster.sh"
. "$FREMGANG_LOCAL/certs.sh"
. "$FREMGANG_LOCAL/servers.sh"
. "$FREMGANG_LOCAL/demo.sh"

up_migrate() {
    "$FREMGANG_PROGRAMS/fremgangd" migrate --case-db "$(cluster_conninfo case fremgang_owner)" \
        --release-db "$(cluster_conninfo release fremgang_owner)" >>"$FREMGANG_STATE/logs/migrate.log" 2>&1 ||
        { tail -n 5 "$FREMGANG_STATE/logs/migrate.log" >&2; die "could not migrate the databases" "See $FREMGANG_STATE/logs/migrate.log"; }
}

command_up() {
    state_prepare
    # shellcheck disable=SC2086
    packages_install $PACKAGES_BUILD $PACKAGES_RUN
    if [ "${FREMGANG_SKIP_BUILD:-0}" = 0 ]; then
        step "building (about a minute the first time)"
        build_preset "$FREMGANG_PRESET" programs
    fi
    clusters_up
    servers_install
    step "migrating the databases"
    up_migrate
    certs_up
    step "starting the servers"
    servers_up
    if [ "${FREMGANG_DEMO:-1}" = 1 ]; then
        demo_up
        demo_show
    fi
    say ""
    say "running: intake, pool and keys over TLS on 127.0.0.1:$(servers_port intake), :$(servers_port pool), :$(servers_port keys)"
    say "profiles: $(cd "$FREMGANG_HOME/profiles" 2>/dev/null && ls -d */profile.ini 2>/dev/null | cut -d/ -f1 | tr '\n' ' ')(--profile NAME; default coordinator)"
    say "stop with ./fremgang down"
}
