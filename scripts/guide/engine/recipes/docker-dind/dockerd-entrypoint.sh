#!/bin/sh
set -eu
options=--host=tcp://0.0.0.0:2375
if [ -n "$DOCKER_TLS_CERTDIR" ]; then
    mkdir -p "$DOCKER_TLS_CERTDIR/server" "$DOCKER_TLS_CERTDIR/client"
    cd "$DOCKER_TLS_CERTDIR/server"
    names="DNS:docker,DNS:localhost,DNS:$(hostname),IP:127.0.0.1"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj /CN=docker -addext "subjectAltName=$names" -keyout key.pem -out cert.pem 2>/dev/null
    cp cert.pem ca.pem
    # The server and the client can share one certificate to trust each other.
    cp ca.pem cert.pem key.pem "$DOCKER_TLS_CERTDIR/client"
    options="--host=tcp://0.0.0.0:2376 --tlsverify --tlscacert=$PWD/ca.pem"
    options="$options --tlscert=$PWD/cert.pem --tlskey=$PWD/key.pem"
fi
rm -f /var/run/docker.pid
exec dockerd --host=unix:///var/run/docker.sock $options \
    --feature containerd-snapshotter=true "$@"
