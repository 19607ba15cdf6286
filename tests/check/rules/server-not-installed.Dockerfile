# case: the group is not asked for
# files: prod-group
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# finds: gunicorn is in the group prod
CMD ["gunicorn", "shop.wsgi"]

# case: the group is asked for
# files: prod-group
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-default-groups --group prod
# fine: the group is installed
CMD ["gunicorn", "shop.wsgi"]

# case: a dependency of the project
# files: no-groups
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: always installed
CMD ["gunicorn", "shop.wsgi"]

# case: a default group
# files: default-groups
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: the group is a default
CMD ["gunicorn", "shop.wsgi"]
