# case: another path
FROM python:3.14-slim-trixie AS build
WORKDIR /build
RUN uv sync --locked
FROM python:3.14-slim-trixie
# finds: the scripts name /build/.venv
COPY --from=build /build/.venv /app/.venv

# case: the same path
FROM python:3.14-slim-trixie AS build
WORKDIR /app
RUN uv sync --locked
FROM python:3.14-slim-trixie
# fine: the same path
COPY --from=build /app/.venv /app/.venv

# case: the folder above
FROM python:3.14-slim-trixie AS build
WORKDIR /build
RUN uv sync --locked
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: the environment is in the folder
COPY --from=build /build .

# case: relocatable
FROM python:3.14-slim-trixie AS build
WORKDIR /build
RUN uv venv --relocatable && uv sync --locked
FROM python:3.14-slim-trixie
# fine: the scripts find their Python
COPY --from=build /build/.venv /app/.venv

# case: the project's environment is elsewhere
FROM python:3.14-slim-trixie AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
WORKDIR /build
RUN uv sync --locked
FROM python:3.14-slim-trixie
# fine: the same path
COPY --from=build /opt/venv /opt/venv
# fine: not an environment
COPY --from=build /build /app

# case: the environment of a stage below
FROM python:3.14-slim-trixie AS packages
WORKDIR /build
RUN uv sync --locked
FROM packages AS build
RUN python -m compileall .
FROM python:3.14-slim-trixie
# finds: the scripts name /build/.venv
COPY --from=build /build/.venv /app/.venv

# case: the Python of the image
FROM python:3.14-slim-trixie AS build
RUN uv pip install --system -r requirements.txt
FROM python:3.14-slim-trixie
# fine: not an environment
COPY --from=build /usr/local/lib /usr/lib/other

# case: another stage has no environment
FROM python:3.14-slim-trixie AS build
WORKDIR /app
RUN uv sync --locked
FROM node:22 AS assets
RUN npm ci
FROM python:3.14-slim-trixie
# fine: the stage has the files alone
COPY --from=assets /app /static
COPY --from=build /app/.venv /app/.venv

# case: the project is in a folder
FROM python:3.14-slim-trixie AS build
WORKDIR /build
RUN cd backend && uv sync --locked
FROM python:3.14-slim-trixie
# finds: the scripts name /build/backend/.venv
COPY --from=build /build/backend/.venv /app/.venv
