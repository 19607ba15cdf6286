# case: no version
# files: compose-latest
FROM python:3.14-slim-trixie
CMD ["gunicorn", "shop.wsgi"]

# case: a version
# files: compose-database
FROM python:3.14-slim-trixie
# fine: each tag in the compose file has a number
CMD ["gunicorn", "shop.wsgi"]
