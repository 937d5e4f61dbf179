# Paths, talk and small helpers of the local stack. Sourced by ./fremgang; sets:
#   FREMGANG_LOCAL   this folder
#   FREMGANG_STATE   data of this checkout (databases, keys, logs); a link `.fremgang` shows it
#   FREMGANG_RUN     sockets and pid files; short, because a socket path has 107 bytes
#   SERVICE_USER     who runs the servers and databases
#   FREMGANG_PRESET  the build preset whose programs run (release)
# FREMGANG_STATE, FREMGANG_PORT and FREMGANG_BUILD may be set by the caller to run a second stack
# beside it, of programs built elsewhere.

FREMGANG_LOCAL=$FREMGANG_CHECKOUT/server/local
FREMGANG_PRESET=${FREMGANG_PRESET:-release}
FREMGANG_BUILD=${FREMGANG_BUILD:-$FREMGANG_CHECKOUT/build/$FREMGANG_PRESET}

say() { printf '%s\n' "$*" >&2; }
step() { [ "${FREMGANG_QUIET:-0}" = 1 ] || printf '\033[1m==>\033[0m %s\n' "$*" | plain_unless_terminal >&2; }
die() {
    printf 'fremgang: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
    exit 1
}
plain_unless_terminal() {
    if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi
}

is_root() { [ "$(id -u)" -eq 0 ]; }
as_root() { if is_root; then "$@"; else sudo "$@"; fi; }
# Runs a command as the user who owns the servers; root never runs one itself.
as_service() {
    if is_root; then setpriv --reuid="$SERVICE_USER" --regid="$SERVICE_USER" --clear-groups -- "$@"; else "$@"; fi
}

checkout_hash() { printf '%s' "$FREMGANG_CHECKOUT" | sha256sum | cut -c1-12; }

# PostgreSQL refuses to run as root, and a service user cannot read root's home: then data
# lie under /var/lib, else in the checkout.
if is_root; then
    SERVICE_USER=fremgang
    [ -n "${FREMGANG_STATE:-}" ] || FREMGANG_STATE_LINK=$FREMGANG_CHECKOUT/.fremgang
    FREMGANG_STATE=${FREMGANG_STATE:-/var/lib/fremgang/$(checkout_hash)}
else
    SERVICE_USER=$(id -un)
    FREMGANG_STATE=${FREMGANG_STATE:-$FREMGANG_CHECKOUT/.fremgang}
fi
FREMGANG_RUN=${FREMGANG_RUN:-/tmp/fremgang-$(id -u)-$(printf '%s' "$FREMGANG_STATE" | sha256sum | cut -c1-8)}
FREMGANG_HOME=${FREMGANG_HOME:-$FREMGANG_STATE/home}
export FREMGANG_HOME

state_prepare() {
    if is_root; then
        id "$SERVICE_USER" >/dev/null 2>&1 ||
            useradd --system --home-dir /var/lib/fremgang --shell /usr/sbin/nologin "$SERVICE_USER"
        mkdir -p /var/lib/fremgang && chmod 755 /var/lib/fremgang
    fi
    mkdir -p "$FREMGANG_STATE" "$FREMGANG_RUN"
    chmod 711 "$FREMGANG_STATE"
    chmod 700 "$FREMGANG_RUN"
    # A short way to the state: a line of a configuration file holds 199 bytes.
    ln -sfn "$FREMGANG_STATE" "$FREMGANG_RUN/state"
    for dir in logs keys certs done server; do mkdir -p "$FREMGANG_STATE/$dir"; done
    mkdir -p "$FREMGANG_HOME" && chmod 700 "$FREMGANG_HOME" "$FREMGANG_STATE/keys" "$FREMGANG_STATE/server"
    if is_root; then
        chown "$SERVICE_USER:" "$FREMGANG_RUN" "$FREMGANG_STATE/logs" "$FREMGANG_STATE/keys" "$FREMGANG_STATE/server"
        [ -z "${FREMGANG_STATE_LINK:-}" ] || [ -e "$FREMGANG_STATE_LINK" ] ||
            ln -s "$FREMGANG_STATE" "$FREMGANG_STATE_LINK" 2>/dev/null || true
    fi
}

# A stage that is done once: `once NAME command...`.
once() {
    once_name=$1
    shift
    [ -e "$FREMGANG_STATE/done/$once_name" ] || { "$@" && : >"$FREMGANG_STATE/done/$once_name"; }
}

pid_alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# Waits until a command succeeds: `wait_until SECONDS command...`.
wait_until() {
    wait_left=$(($1 * 10))
    shift
    until "$@" >/dev/null 2>&1; do
        wait_left=$((wait_left - 1))
        [ "$wait_left" -gt 0 ] || return 1
        sleep 0.1
    done
}
