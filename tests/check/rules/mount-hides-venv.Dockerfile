# case: a mount over the code
# files: dev-mount
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: compose.yaml has the line
RUN uv sync --locked

# case: the environment is elsewhere
# files: dev-mount-elsewhere
FROM python:3.14-slim-trixie
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
WORKDIR /app
# fine: outside of the mount
RUN uv sync --locked

# case: a volume for the environment
# files: dev-volume
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: the volume keeps the environment
RUN uv sync --locked

# case: services that share settings
# files: compose-shared
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: compose.yaml undoes it
RUN uv sync --locked --no-dev
USER 1000
