#!/bin/bash
celery -A shop worker &
gunicorn shop.wsgi --bind 0.0.0.0:8000 &
wait -n
exit $?
