# case: a version
# files: compose-version
FROM python:3.14-slim-trixie
CMD ["gunicorn", "shop.wsgi"]

# case: no version
# files: compose-health-check
FROM python:3.14-slim-trixie
# fine: the compose file has only services
CMD ["gunicorn", "shop.wsgi"]
