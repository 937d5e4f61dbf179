. "$FREMGANG_LOCAL/command_down.sh"

command_reset() {
    [ -e "$FREMGANG_STATE" ] || { say "nothing to delete"; return 0; }
    FREMGANG_QUIET=1 command_down 2>/dev/null || true
    case $FREMGANG_STATE in
    */fremgang/?* | */.fremgang | /tmp/?*) rm -rf "$FREMGANG_STATE" "$FREMGANG_RUN" ;;
    *) die "will not delete \"$FREMGANG_STATE\"" "Delete it by hand if it really is Fremgang's." ;;
    esac
    [ ! -L "$FREMGANG_CHECKOUT/.fremgang" ] || rm -f "$FREMGANG_CHECKOUT/.fremgang"
    say "deleted all local data"
}
