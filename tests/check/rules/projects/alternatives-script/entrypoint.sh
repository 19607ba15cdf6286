#!/bin/sh
set -e
case "$1" in
    python | gunicorn|uvicorn)
        python manage.py check
        ;;
esac
exec "$@"
