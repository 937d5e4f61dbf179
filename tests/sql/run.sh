#!/bin/sh
# The pgTAP files on one throw-away server with two migrated databases, case and release.
#   run.sh start STATE MIGRATE-BINARY   starts the server and migrates the databases
#   run.sh test STATE FILE              runs FILE, whose name begins with its database
#   run.sh stop STATE                   stops the server
# STATE is a file that remembers the server's directory.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
pg=$here/../support/pg.sh
verb=$1
state=$2

sql() { psql -X -q -v ON_ERROR_STOP=1 -h "$dir" -U postgres "$@"; }

# database NAME OPTION MIGRATE-BINARY
database() {
    createdb -h "$dir" -U postgres "$1"
    "$3" "$2" "host=$dir dbname=$1 user=postgres" >/dev/null
    sql -d "$1" -f "$here/support/helpers.sql" \
        -c "ALTER DATABASE \"$1\" SET search_path = tap, pg_catalog"
}

case $verb in
start)
    [ ! -e "$state" ] || "$pg" stop "$(cat "$state")"
    dir=$("$pg" start)
    echo "$dir" >"$state"
    database case --case-db "$3"
    database release --release-db "$3"
    ;;
test)
    dir=$(cat "$state")
    name=$(basename "$3" .sql)
    pg_prove -h "$dir" -U postgres -d "${name%%_*}" "$3"
    ;;
stop)
    "$pg" stop "$(cat "$state")"
    rm -f "$state"
    ;;
esac
