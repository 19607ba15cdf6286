# case: the command
FROM python:3.14-slim-trixie
# finds: the development server
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]

# case: with uv
FROM python:3.14-slim-trixie
# finds: the development server
CMD uv run python manage.py runserver 0.0.0.0:8000

# case: a stage for development
FROM python:3.14-slim-trixie AS dev
# fine: for this it is made
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]

# case: the last stage is for development
FROM python:3.14-slim-trixie AS production
# fine: gunicorn
CMD ["gunicorn", "shop.wsgi"]
FROM production AS dev
# fine: the stage above ships
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]

# case: branches of a start script
# files: branches-script
FROM python:3.14-slim-trixie
# fine: no such command runs each time
ENTRYPOINT ["/app/entrypoint.sh"]

# case: tini and options of Python
FROM python:3.14-slim-trixie
# finds: the development server
ENTRYPOINT ["/usr/bin/tini", "-g", "--", "python", "-X", "dev", "manage.py", "runserver"]

# case: another command of Django
FROM python:3.14-slim-trixie
# fine: a worker of the project's own
CMD ["python", "manage.py", "process_tasks", "runserver"]

# case: a script that runs its arguments
# files: arguments-script
FROM python:3.14-slim-trixie
COPY entrypoint.sh /
# finds: the script starts it
CMD ["/entrypoint.sh", "python", "manage.py", "runserver", "0.0.0.0:8000"]
