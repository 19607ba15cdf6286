#!/bin/sh
# Accept connections from other containers and run as the user valkey, as the official image does.
set -eu
if [ "$1" = valkey-server ]; then
    chown valkey:valkey .
    shift
    exec setpriv --reuid=valkey --regid=valkey --clear-groups \
        valkey-server --protected-mode no "$@"
fi
exec "$@"
