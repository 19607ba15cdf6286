# case: in CMD
FROM python:3.14-slim-trixie
# finds: each container migrates
CMD python manage.py migrate && exec gunicorn shop.wsgi

# case: only the server
FROM python:3.14-slim-trixie
# fine: the migration runs once per release, in a container of its own
CMD ["gunicorn", "shop.wsgi"]

# case: in a start script
# files: start-script
FROM python:3.14-slim-trixie
# fine: the script has the line
ENTRYPOINT ["/app/entrypoint.sh"]

# case: in a build step
FROM python:3.14-slim-trixie
# fine: a build is not a start
RUN python manage.py migrate
CMD ["gunicorn", "shop.wsgi"]

# case: a stage for development
FROM python:3.14-slim-trixie AS dev
# fine: only one container runs on a laptop
CMD python manage.py migrate && exec python manage.py runserver

# case: branches of a start script
# files: branches-script
FROM python:3.14-slim-trixie
# fine: no such command runs each time
ENTRYPOINT ["/app/entrypoint.sh"]

# case: a start script by its name
# files: start-script
FROM python:3.14-slim-trixie
# fine: the script has the line
CMD ["sh", "entrypoint.sh"]

# case: compose.yaml starts the script
# files: compose-script
FROM python:3.14-slim-trixie
# fine: the image starts nothing by itself
COPY . .

# case: a service
# files: compose-starts-migrate
FROM python:3.14-slim-trixie
# fine: compose.yaml starts other commands
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: a script of the project
FROM python:3.14-slim-trixie
# finds: each container migrates
CMD uv run --no-sync migrate && exec gunicorn shop.wsgi

# case: a service that starts the server for development
# files: compose-migrates-and-syncs
FROM python:3.14-slim-trixie
# fine: compose.yaml starts other commands
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]
