. "$FREMGANG_LOCAL/cluster.sh"
. "$FREMGANG_LOCAL/servers.sh"

command_down() {
    servers_down
    clusters_down
    say "stopped; data stay in $FREMGANG_STATE (./fremgang reset deletes them)"
}
