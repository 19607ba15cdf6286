# case: gunicorn without a health check
FROM python:3.14-slim-trixie
USER 10001
# finds: nothing asks the server
CMD ["gunicorn", "shop.wsgi"]

# case: with a health check
FROM python:3.14-slim-trixie
HEALTHCHECK CMD ["python", "healthcheck.py"]
# fine: Docker runs the check above
CMD ["gunicorn", "shop.wsgi"]

# case: a worker
FROM python:3.14-slim-trixie
# fine: a worker answers no requests
CMD ["celery", "--app", "shop", "worker"]

# case: the health check is in compose.yaml
# files: compose-health-check
FROM python:3.14-slim-trixie
# fine: Compose runs the check
CMD ["gunicorn", "shop.wsgi"]

# case: a health check in the stage below
FROM python:3.14-slim-trixie AS base
HEALTHCHECK CMD ["python", "healthcheck.py"]
FROM base
# fine: the stage inherits the check
CMD ["gunicorn", "shop.wsgi"]

# case: a start script whose text is unknown
FROM python:3.14-slim-trixie
EXPOSE 8000
# finds: the image has a port
ENTRYPOINT ["/entrypoint.sh"]

# case: compose.yaml checks the database alone
# files: database-health-check
FROM python:3.14-slim-trixie
# finds: nothing asks the server
CMD ["gunicorn", "shop.wsgi"]

# case: another file starts the server
FROM python:3.14-slim-trixie
# finds: the image has a port
EXPOSE 8000
