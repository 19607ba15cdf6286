#!/bin/sh
set -e
echo start
exec "$@"
