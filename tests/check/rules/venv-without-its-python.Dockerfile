# case: another version
FROM python:3.13-slim-trixie AS build
WORKDIR /app
RUN uv sync --locked
FROM python:3.14-slim-trixie
# finds: 3.13 is not there
COPY --from=build /app/.venv /app/.venv

# case: no Python
FROM ghcr.io/astral-sh/uv:0.13.9-python3.14-trixie-slim AS build
WORKDIR /app
RUN uv sync --locked
FROM debian:trixie-slim
# finds: Debian has no Python
COPY --from=build /app/.venv /app/.venv

# case: the same version
FROM ghcr.io/astral-sh/uv:0.13.9-python3.14-trixie-slim AS build
WORKDIR /app
RUN uv sync --locked
FROM python:3.14-slim-trixie
# fine: both have 3.14
COPY --from=build /app/.venv /app/.venv

# case: Python comes along
FROM ghcr.io/astral-sh/uv:0.13.9-trixie-slim AS build
ENV UV_PYTHON_INSTALL_DIR=/python
WORKDIR /app
RUN uv python install 3.14 && uv sync --locked
FROM debian:trixie-slim
COPY --from=build /python /python
# fine: its Python is above
COPY --from=build /app/.venv /app/.venv

# case: uv installs a Python
FROM python:3.13-slim-trixie AS build
WORKDIR /app
RUN uv python install 3.14 && uv sync --locked
FROM python:3.14-slim-trixie
# fine: the environment has another Python
COPY --from=build /app/.venv /app/.venv

# case: the Python is named
FROM python:3.13-slim-trixie AS build
ENV UV_PYTHON=3.14
WORKDIR /app
RUN uv sync --locked
FROM python:3.14-slim-trixie
# fine: uv looks for 3.14
COPY --from=build /app/.venv /app/.venv

# case: the Python is copied
FROM python:3.14-slim-trixie AS build
WORKDIR /app
RUN uv sync --locked
FROM debian:trixie-slim
COPY --from=build /usr/local /usr/local
# fine: its Python is above
COPY --from=build /app/.venv /app/.venv

# case: the Python of the image
FROM python:3.13-slim-trixie AS build
RUN uv pip install --system -r requirements.txt
FROM python:3.14-slim-trixie
# fine: not an environment
COPY --from=build /usr/local/lib/python3.13/site-packages /packages

# case: an image without a version
FROM python:slim AS build
WORKDIR /app
RUN uv sync --locked
FROM python:3.14-slim-trixie
# fine: the version is unknown
COPY --from=build /app/.venv /app/.venv

# case: the Python that uv downloads
# files: newer-python
FROM python:3.11-slim-trixie AS build
WORKDIR /app
COPY . .
RUN uv sync --locked
FROM python:3.11-slim-trixie
# finds: the downloaded Python stays behind
COPY --from=build /app /app
