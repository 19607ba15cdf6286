# case: a port on every interface
# files: compose-ports
FROM python:3.14-slim-trixie
CMD ["gunicorn", "shop.wsgi"]

# case: no port
# files: compose-database
FROM python:3.14-slim-trixie
# fine: only other services reach the database
CMD ["gunicorn", "shop.wsgi"]

# case: for development
# files: compose-ports-for-development
FROM python:3.14-slim-trixie
# fine: the name of the compose file says that it is for development
CMD ["gunicorn", "shop.wsgi"]
