#!/bin/sh
set -e
# nginx &
python manage.py check > check.log 2>&1
# finds background-process: nothing waits for the worker
uv run celery -A shop worker --loglevel info &
exec gunicorn shop.wsgi --bind 0.0.0.0:8000
