# case: the environment of the image is elsewhere
# files: no-dockerignore
FROM python:3.14-slim-trixie
WORKDIR /app
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
RUN uv sync --locked
# finds: /app/.venv is the one of the laptop
COPY . .

# case: .dockerignore names it
# files: ignore-everywhere
FROM python:3.14-slim-trixie
WORKDIR /app
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
RUN uv sync --locked
# fine: .venv stays on the laptop
COPY . .

# case: it replaces the environment of the image
# files: no-dockerignore
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# fine: venv-not-ignored finds that
COPY . .

# case: uv replaces it
# files: no-dockerignore
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: the layer keeps the one of the laptop
COPY . .
RUN uv sync --locked
