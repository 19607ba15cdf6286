# case: in CMD
FROM python:3.14-slim-trixie
# finds: each container collects
CMD ["sh", "-c", "python manage.py collectstatic --noinput && exec gunicorn shop.wsgi"]

# case: in a start script
# files: start-script
FROM python:3.14-slim-trixie
# fine: the script has the line
ENTRYPOINT ["/app/entrypoint.sh"]

# case: in the build
FROM python:3.14-slim-trixie
# fine: once, in the build
RUN DJANGO_SECRET_KEY=none python manage.py collectstatic --noinput
CMD ["gunicorn", "shop.wsgi"]

# case: branches of a start script
# files: branches-script
FROM python:3.14-slim-trixie
# fine: no such command runs each time
ENTRYPOINT ["/app/entrypoint.sh"]

# case: a service
# files: compose-starts-collectstatic
FROM python:3.14-slim-trixie
# fine: compose.yaml starts other commands
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]
