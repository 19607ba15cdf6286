# Load the demo data and start the development server as PID 1.
set -e
python manage.py loaddata demo
exec python manage.py runserver 0.0.0.0:8000
