# Configuration, start and stop of `fremgangd all`: intake, pool, keys and HAProxy on loopback.
. "$FREMGANG_LOCAL/client.sh"

FREMGANG_PROGRAMS=$FREMGANG_STATE/bin

# The first of the ports that this stack uses: +1..3 TLS, +11..13 the loopback behind it.
port_base() {
    if [ -s "$FREMGANG_STATE/port" ]; then cat "$FREMGANG_STATE/port"; else printf '%s' "${FREMGANG_PORT:-7700}"; fi
}

port_is_taken() { awk -v port="$(printf ':%04X' "$1")" 'NR > 1 && index($2, port) && $4 == "0A" { found = 1 } END { exit !found }' /proc/net/tcp; }

# The first block of ports that nobody listens on, from FREMGANG_PORT on.
port_choose() {
    base=${FREMGANG_PORT:-7700}
    for offset in 0 20 40 60 80 100 120 140 160 180; do
        taken=0
        for port in 1 2 3 11 12 13; do
            ! port_is_taken $((base + offset + port)) || taken=1
        done
        [ "$taken" = 1 ] || { printf '%s' $((base + offset)); return 0; }
    done
    die "no free ports from $base to $((base + 193))" "Set FREMGANG_PORT to another start."
}

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
        cmp -s "$program" "$target" && continue
        cp "$program" "$target.new" && mv "$target.new" "$target"
        servers_changed=1
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
; Written by ./fremgang up for this machine; \`fremgangd all --help\` explains each line.
data-dir = $FREMGANG_RUN/state/server
base-port = $(port_base)
case-db-intake = $(cluster_conninfo case fremgang_intake)
release-db-intake = $(cluster_conninfo release fremgang_intake_gov)
release-db-pool = $(cluster_conninfo release fremgang_pool)
token-key-intake = $FREMGANG_RUN/state/keys/token-intake.key
token-key-pool = $FREMGANG_RUN/state/keys/token-pool.key
receipt-key-intake = $FREMGANG_RUN/state/keys/receipt.key
workers = 4
demo = yes
INI
    chmod 644 "$FREMGANG_STATE/server/fremgang.ini"
}

# Started when they are not running, and again when their programs changed.
servers_up() {
    servers_install
    [ "${servers_changed:-0}" = 0 ] || servers_down
    ! servers_alive || return 0
    [ -s "$FREMGANG_STATE/port" ] || port_choose >"$FREMGANG_STATE/port"
    servers_keys
    servers_configure
    (cd / && as_service setsid -f "$FREMGANG_PROGRAMS/fremgangd" all --config "$FREMGANG_STATE/server/fremgang.ini" \
        --pid-file "$(servers_pid)" </dev/null >>"$FREMGANG_STATE/logs/servers.log" 2>&1)
    wait_until 30 servers_listen || die "the servers did not start" "See $FREMGANG_STATE/logs/servers.log"
}

# Whether the supervisor runs and the three doors and what lies behind them are open.
servers_listen() {
    servers_alive || return 1
    for process in intake pool keys; do
        port_is_taken "$(servers_port "$process")" && port_is_taken $(($(servers_port "$process") + 10)) || return 1
    done
}

servers_down() {
    servers_alive || return 0
    pid=$(cat "$(servers_pid)")
    as_service kill -TERM "$pid" 2>/dev/null || true
    wait_until 20 servers_gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
}
servers_gone() { ! kill -0 "$1" 2>/dev/null; }

servers_answer() { client_path && "$client" health --profile "${FREMGANG_PROFILE:-coordinator}"; }
servers_health() { servers_answer 2>&1 | sed 's/^/          /'; }
