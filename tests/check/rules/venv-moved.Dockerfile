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
