. "$FREMGANG_LOCAL/cluster.sh"
. "$FREMGANG_LOCAL/servers.sh"

running() { if "$@" >/dev/null 2>&1; then echo running; else echo stopped; fi; }

command_status() {
    printf 'data      %s\n' "$FREMGANG_STATE"
    printf 'case      %s (socket %s)\n' "$(running cluster_is_up case)" "$(cluster_socket case)"
    printf 'release   %s (socket %s)\n' "$(running cluster_is_up release)" "$(cluster_socket release)"
    printf 'servers   %s (TLS on 127.0.0.1:%s intake, :%s pool, :%s keys)\n' "$(running servers_alive)" \
        "$(servers_port intake)" "$(servers_port pool)" "$(servers_port keys)"
    servers_alive && servers_health
}
