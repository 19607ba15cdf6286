# case: for production
# files: compose-production
FROM python:3.14-slim-trixie
# fine: compose.yaml overrides the user
USER 10001

# case: for development
# files: compose-development
FROM python:3.14-slim-trixie
# fine: on a laptop, root is no danger
USER 10001

# case: services that share settings
# files: compose-shared
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: compose.yaml undoes it
RUN uv sync --locked --no-dev
USER 1000
