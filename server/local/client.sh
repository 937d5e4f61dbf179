# The built client, with its profiles in the state of this checkout.

client_path() {
    for preset in "$FREMGANG_PRESET" dev; do
        client=$FREMGANG_CHECKOUT/build/$preset/bin/fremgang
        [ ! -x "$client" ] || return 0
    done
    die "the client is not built" "Run: ./fremgang up (or ./fremgang build)"
}

client_exec() {
    client_path
    export FREMGANG_PROFILE=${FREMGANG_PROFILE:-coordinator}
    exec "$client" "$@"
}
