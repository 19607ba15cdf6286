# case: nothing calls uv
FROM python:3.14-slim-trixie AS build
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv
RUN uv sync --locked
FROM python:3.14-slim-trixie
# finds: uv is not called
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv
COPY --from=build /.venv /.venv
CMD ["gunicorn", "shop.wsgi"]

# case: one stage
FROM python:3.14-slim-trixie
# fine: a step calls uv
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv
RUN uv sync --locked

# case: at the start
FROM python:3.14-slim-trixie
# fine: the container calls uv
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: a start script
FROM python:3.14-slim-trixie
# fine: the script can call uv
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv
CMD ["./start.sh"]

# case: other programs
FROM python:3.14-slim-trixie AS build
RUN uv sync --locked
FROM python:3.14-slim-trixie
# fine: this is not uv
COPY --from=build /usr/local/bin/gunicorn /usr/local/bin/
# fine: from the folder
COPY uv /usr/local/bin/uv

# case: a service calls it
# files: compose-runserver
FROM python:3.14-slim-trixie
# fine: compose.yaml needs it
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /bin/
CMD ["gunicorn", "shop.wsgi"]

# case: a service of another Dockerfile uses it
# files: compose-other
FROM python:3.14-slim-trixie AS build
RUN uv sync --locked
FROM python:3.14-slim-trixie
# finds: compose.yaml builds the service from another file
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /bin/
COPY --from=build /.venv /.venv
