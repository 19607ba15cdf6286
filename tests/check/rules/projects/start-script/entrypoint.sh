#!/bin/sh
set -e
# finds migrate-at-start
python manage.py migrate --noinput
# finds collectstatic-at-start
python manage.py collectstatic --noinput
# finds shell-is-pid-1
gunicorn shop.wsgi --bind 0.0.0.0:8000
