#!/bin/sh
# Use TLS if the server has written client certificates, and a plain connection otherwise.
certificates="$DOCKER_TLS_CERTDIR/client"
if [ -z "$DOCKER_HOST" ] && [ ! -S /var/run/docker.sock ]; then
    export DOCKER_HOST=tcp://docker:2375
    if [ -n "$DOCKER_TLS_CERTDIR" ] && [ -s "$certificates/key.pem" ]; then
        export DOCKER_HOST=tcp://docker:2376
        export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH="$certificates"
    fi
fi
exec "$@"
