#!/bin/sh
set -e

if [ "$DJANGO_ENV" = development ]; then
    exec python manage.py runserver 0.0.0.0:8000
fi

case "$1" in
    migrate) python manage.py migrate ;;
    static)
        python manage.py collectstatic --noinput
        ;;
esac

exec gunicorn shop.wsgi \
    --bind 0.0.0.0:8000
