# Configuration, start and stop of `fremgangd all`: intake, pool, keys and HAProxy on loopback.

FREMGANG_PROGRAMS=$FREMGANG_STATE/bin

# The first of the ports that this stack uses: +1..3 TLS, +11..13 the loopback behind it.
port_base() {
    if [ -s "$FREMGANG_STATE/port" ]; then cat "$FREMGANG_STATE/port"; else printf '%s' "${FREMGANG_PORT:-7700}"; fi
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

servers_port() {
    case $1 in
    intake) offset=1 ;;
    pool) offset=2 ;;
    keys) offset=3 ;;
    esac
    printf '%s' $(($(port_base) + offset))
}

servers_pid() { printf '%s/fremgangd.pid' "$FREMGANG_RUN"; }
servers_alive() { pid_alive "$(servers_pid)"; }

# Programs are copied to where the service user can read them; a checkout may lie in a 0700 home.
servers_install() {
    mkdir -p "$FREMGANG_PROGRAMS"
    for program in "$FREMGANG_BUILD"/bin/fremgangd*; do
        target=$FREMGANG_PROGRAMS/$(basename "$program")
        cmp -s "$program" "$target" || { cp "$program" "$target.new" && mv "$target.new" "$target"; }
    done
}

servers_keys() {
    for key in token-intake token-pool receipt publish; do
        file=$FREMGANG_STATE/keys/$key.key
        [ -s "$file" ] || (umask 077 && "$FREMGANG_PROGRAMS/fremgangd" make-key "$key" "$file")
        ! is_root || chown "$SERVICE_USER:" "$file"
    done
}

servers_configure() {
    cat >"$FREMGANG_STATE/server/fremgang.ini" <<INI
; Written by ./fremgang up for this machine; the programs' --help explains each line.
data-dir = $FREMGANG_STATE/server
base-port = $(port_base)
case-db = $(cluster_conninfo case fremgang_intake)
release-db-intake = $(cluster_conninfo release fremgang_intake_gov)
release-db-pool = $(cluster_conninfo release fremgang_pool)
token-key-intake = $FREMGANG_STATE/keys/token-intake.key
token-key-pool = $FREMGANG_STATE/keys/token-pool.key
receipt-key = $FREMGANG_STATE/keys/receipt.key
demo = yes
INI
}

servers_up() {
    servers_install
    [ -s "$FREMGANG_STATE/port" ] || port_base >"$FREMGANG_STATE/port.new" && mv "$FREMGANG_STATE/port.new" "$FREMGANG_STATE/port" 2>/dev/null || true
    servers_keys
    servers_configure
    ! servers_alive || return 0
    (cd / && as_service setsid "$FREMGANG_PROGRAMS/fremgangd" all --config "$FREMGANG_STATE/server/fremgang.ini" \
        --pid-file "$(servers_pid)" </dev/null >>"$FREMGANG_STATE/logs/servers.log" 2>&1 &)
    wait_until 15 servers_alive || die "the servers did not start" "See $FREMGANG_STATE/logs/servers.log"
}
