#!/bin/sh
# finds start-script-goes-on: the server starts after a failure
python manage.py migrate
exec gunicorn shop.wsgi --workers 2
