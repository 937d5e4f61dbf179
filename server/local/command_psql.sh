. "$FREMGANG_LOCAL/cluster.sh"

command_psql() {
    case ${1:-} in
    case | release) ;;
    *) die "psql wants case or release, got \"${1:-}\"" "Try: ./fremgang psql case" ;;
    esac
    cluster=$1
    shift
    cluster_is_up "$cluster" || die "the $cluster database is not running" "Run: ./fremgang up"
    cluster_psql "$cluster" fremgang "$@"
}
