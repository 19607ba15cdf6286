#!/bin/sh
# finds start-script-goes-on: the server starts all the same
python manage.py migrate
exec gunicorn shop.wsgi --workers 2
