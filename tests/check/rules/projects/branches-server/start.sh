#!/bin/sh
case "$1" in
    gunicorn)
        exec gunicorn shop.wsgi --workers 2
        ;;
    *)
        exec "$@"
        ;;
esac
