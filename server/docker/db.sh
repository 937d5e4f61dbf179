#!/bin/sh
# One private cluster in a container: FREMGANG_ROLES lists "os-user:database-role" pairs that may
# log in over the shared socket. No TCP; the container has no network.
set -eu
bin=/usr/lib/postgresql/15/bin
if [ ! -s /data/PG_VERSION ]; then
    "$bin/initdb" -D /data -U fremgang_owner --data-checksums --auth=peer --encoding=UTF8 --locale=C.UTF-8
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '/socket'"
        echo "unix_socket_permissions = 0770"
        echo "log_statement = 'none'"
        echo "log_min_error_statement = 'panic'"
        echo "log_error_verbosity = 'terse'"
        echo "log_parameter_max_length_on_error = 0"
    } >>/data/postgresql.conf
    echo "local all all peer map=fremgang" >/data/pg_hba.conf
    for pair in fg_postgres:fremgang_owner $FREMGANG_ROLES; do
        echo "fremgang ${pair%%:*} ${pair#*:}"
    done >/data/pg_ident.conf
    "$bin/pg_ctl" -D /data -w start
    "$bin/psql" -X -h /socket -U fremgang_owner -d postgres -c 'CREATE DATABASE fremgang'
    "$bin/pg_ctl" -D /data -w stop
fi
exec "$bin/postgres" -D /data
