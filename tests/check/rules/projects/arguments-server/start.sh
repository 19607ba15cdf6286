#!/bin/sh
# finds listens-on-loopback: no arguments by default
exec gunicorn shop.wsgi --workers 2 "$@"
