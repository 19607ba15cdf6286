#!/bin/sh
# Listen on the network only once the database exists, as the official image does.
set -eu
if [ "$(id -u)" = 0 ]; then
    install --directory --owner=postgres --group=postgres --mode=700 "$PGDATA"
    install --directory --owner=postgres --group=postgres /run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
user="${POSTGRES_USER:-postgres}"
database="${POSTGRES_DB:-$user}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?Set it: the database has no superuser password.}"
    printf %s "$POSTGRES_PASSWORD" > /tmp/password
    initdb --username="$user" --pwfile=/tmp/password --auth-host=scram-sha-256 --auth-local=trust
    rm /tmp/password
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl --wait --options="-c listen_addresses=''" start
    test "$database" = postgres || createdb --username="$user" "$database"
    pg_ctl --wait stop
fi
exec "$@" -c listen_addresses='*'
