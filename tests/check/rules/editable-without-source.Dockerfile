# case: no code in the last stage
# files: package
FROM python:3.14-slim-trixie AS build
WORKDIR /app
COPY . .
RUN uv sync --locked --no-dev
FROM python:3.14-slim-trixie
# finds: the environment refers to /app/src
COPY --from=build /app/.venv /app/.venv

# case: the code is copied
# files: package
FROM python:3.14-slim-trixie AS build
WORKDIR /app
COPY . .
RUN uv sync --locked --no-dev
FROM python:3.14-slim-trixie
# fine: the code is at its path
COPY --from=build /app /app

# case: not editable
# files: package
FROM python:3.14-slim-trixie AS build
WORKDIR /app
COPY . .
RUN uv sync --locked --no-dev --no-editable
FROM python:3.14-slim-trixie
# fine: the environment has the code
COPY --from=build /app/.venv /app/.venv

# case: not a package
# files: no-groups
FROM python:3.14-slim-trixie AS build
WORKDIR /app
RUN uv sync --locked --no-dev
FROM python:3.14-slim-trixie
# fine: uv installs no project
COPY --from=build /app/.venv /app/.venv

# case: the last stage installs
# files: package
FROM python:3.14-slim-trixie AS base
WORKDIR /app
FROM base
COPY . .
# fine: the code is here
RUN uv sync --locked --no-dev

# case: only the project's files are copied
# files: package
FROM python:3.14-slim-trixie AS build
WORKDIR /app
COPY . .
RUN uv sync --locked --no-dev
FROM python:3.14-slim-trixie
COPY docker/nginx.conf /etc/nginx/nginx.conf
# finds: the environment refers to /app/src
COPY --from=build /app/.venv /app/.venv
