# case: no condition
# files: compose-database
FROM python:3.14-slim-trixie
CMD ["gunicorn", "shop.wsgi"]

# case: with a condition
# files: compose-waits
FROM python:3.14-slim-trixie
# fine: Compose waits for the health check
CMD ["gunicorn", "shop.wsgi"]

# case: the start script waits
# files: compose-script-waits
FROM python:3.14-slim-trixie
COPY entrypoint.sh /
# fine: the script waits for the port of the database
ENTRYPOINT ["/entrypoint.sh"]
CMD ["gunicorn", "shop.wsgi"]
