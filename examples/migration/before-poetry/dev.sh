# Load the demo data and start the development server as PID 1.
set -e
poetry run python manage.py loaddata demo
exec poetry run python manage.py runserver 0.0.0.0:8000
