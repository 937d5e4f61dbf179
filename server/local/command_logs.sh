command_logs() {
    case ${1:-servers} in
    servers | case | release) exec tail -n 50 -F "$FREMGANG_STATE/logs/${1:-servers}.log" ;;
    *) die "logs wants servers, case or release, got \"$1\"" ;;
    esac
}
