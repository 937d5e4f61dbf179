# Two private PostgreSQL clusters: `case` (children's rows) and `release` (protected tables and
# governance). Unix sockets only, peer authentication through a map, checksums on.

PG_BIN=/usr/lib/postgresql/15/bin
CLUSTER_ROLES_case="fremgang_owner fremgang_intake fremgang_publish"
CLUSTER_ROLES_release="fremgang_owner fremgang_pool fremgang_intake_gov fremgang_publish"

cluster_dir() { printf '%s/%s' "$FREMGANG_STATE" "pg-$1"; }
cluster_socket() { printf '%s/%s' "$FREMGANG_RUN" "$1"; }
# cluster_conninfo CLUSTER ROLE
cluster_conninfo() { printf 'host=%s dbname=fremgang user=%s' "$(cluster_socket "$1")" "$2"; }

cluster_init() {
    dir=$(cluster_dir "$1")
    step "creating the $1 database"
    rm -rf "$dir"
    mkdir -p "$dir" && chmod 700 "$dir"
    ! is_root || chown "$SERVICE_USER:" "$dir"
    as_service "$PG_BIN/initdb" -D "$dir" -U fremgang_owner --data-checksums --auth=peer \
        --encoding=UTF8 --locale=C.UTF-8 >"$FREMGANG_STATE/logs/$1-initdb.log" 2>&1 ||
        { tail -n 5 "$FREMGANG_STATE/logs/$1-initdb.log" >&2; die "could not create the $1 database"; }
    cluster_configure "$1" "$dir"
}

cluster_configure() {
    eval "roles=\$CLUSTER_ROLES_$1"
    {
        echo "listen_addresses = ''"
        echo "unix_socket_permissions = 0700"
        echo "max_connections = 60"
        echo "password_encryption = 'scram-sha-256'"
        # Values of rows must not reach the log: no statements, no parameters, terse errors.
        echo "log_statement = 'none'"
        echo "log_min_error_statement = 'panic'"
        echo "log_error_verbosity = 'terse'"
        echo "log_parameter_max_length_on_error = 0"
    } | as_service tee -a "$2/postgresql.conf" >/dev/null
    echo "local all all peer map=fremgang" | as_service tee "$2/pg_hba.conf" >/dev/null
    for role in $roles; do
        echo "fremgang $SERVICE_USER $role"
        ! is_root || echo "fremgang root $role"
    done | as_service tee "$2/pg_ident.conf" >/dev/null
}

cluster_is_up() { "$PG_BIN/pg_isready" -q -h "$(cluster_socket "$1")"; }

cluster_start() {
    ! cluster_is_up "$1" || return 0
    socket=$(cluster_socket "$1")
    mkdir -p "$socket" && chmod 700 "$socket"
    ! is_root || chown "$SERVICE_USER:" "$socket"
    # The directory must be one that the service user can enter.
    (cd / && as_service "$PG_BIN/pg_ctl" -D "$(cluster_dir "$1")" -s -w -t 60 \
        -l "$FREMGANG_STATE/logs/$1.log" -o "-k '$socket'" start) ||
        { tail -n 5 "$FREMGANG_STATE/logs/$1.log" >&2; die "could not start the $1 database" "See $FREMGANG_STATE/logs/$1.log"; }
    cluster_psql "$1" postgres -qc 'SELECT' >/dev/null
    cluster_psql "$1" postgres -Atqc "SELECT 1 FROM pg_database WHERE datname = 'fremgang'" | grep -q 1 ||
        cluster_psql "$1" postgres -qc 'CREATE DATABASE fremgang'
}

cluster_stop() {
    dir=$(cluster_dir "$1")
    [ ! -e "$dir/postmaster.pid" ] || (cd / && as_service "$PG_BIN/pg_ctl" -D "$dir" -s -m fast -w stop) || true
}

# cluster_psql CLUSTER DATABASE psql-arguments...
cluster_psql() {
    psql_socket=$(cluster_socket "$1")
    psql_database=$2
    shift 2
    psql -X -h "$psql_socket" -U fremgang_owner -d "$psql_database" "$@"
}

clusters_up() {
    for cluster in case release; do
        once "cluster-$cluster" cluster_init "$cluster"
        cluster_start "$cluster"
    done
}

clusters_down() { for cluster in release case; do cluster_stop "$cluster"; done; }
