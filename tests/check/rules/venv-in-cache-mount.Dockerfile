# case: the mount covers the environment
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: the image has no packages
RUN --mount=type=cache,target=/app/.venv uv sync --locked --no-dev

# case: the cache of uv
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: the environment is in the layer
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-dev

# case: the environment is copied out of the mount
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: the copy is in the layer
RUN --mount=type=cache,target=/app/.venv uv sync --locked --no-dev && cp -a .venv /opt/venv

# case: a stage that is not in the image
FROM python:3.14-slim-trixie AS build
WORKDIR /app
# fine: the image has only the static files
RUN --mount=type=cache,target=/app/.venv uv sync --locked --no-dev && uv run manage.py collectstatic --noinput
FROM python:3.14-slim-trixie
COPY --from=build /app/static /srv/static
