#!/bin/sh
# A throw-away PostgreSQL cluster for tests.
#   pg.sh start        prints the directory that holds data and socket
#   pg.sh crash DIR    kills it without a checkpoint and starts it again
#   pg.sh stop DIR     stops it and removes the directory
# The socket lies in DIR, the database is fremgang, the superuser postgres (trusted on the
# socket, whose directory only its owner and root may enter).
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "pg.sh: no PostgreSQL server found" >&2; exit 3; }

# PostgreSQL will not run as root.
as_server() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

start_server() {
    as_server "$bin/pg_ctl" -D "$1/data" -w -t 60 -s -l "$1/log" start >&2
}

case ${1:-} in
start)
    dir=$(as_server mktemp -d /tmp/fgtest.XXXXXX)
    as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C \
        --no-sync >/dev/null
    as_server sh -c "cat >>'$dir/data/postgresql.conf'" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 32MB
max_connections = 40
max_locks_per_transaction = 256
CONF
    start_server "$dir"
    as_server "$bin/createdb" -h "$dir" -U postgres fremgang
    echo "$dir"
    ;;
crash)
    as_server "$bin/pg_ctl" -D "$2/data" -s -m immediate stop
    start_server "$2"
    ;;
stop)
    as_server "$bin/pg_ctl" -D "$2/data" -s -m immediate stop || true
    case $2 in
    /tmp/fgtest.*) rm -rf "$2" ;;
    esac
    ;;
*)
    echo "usage: pg.sh start | crash DIR | stop DIR" >&2
    exit 2
    ;;
esac
