#!/bin/sh
set -e
# finds migrate-at-start: each container does
python manage.py migrate
exec gunicorn shop.wsgi --workers 2
