# case: a mount over the code
# files: code-mount
FROM python:3.14-slim-trixie AS assets
WORKDIR /app
COPY . .
FROM python:3.14-slim-trixie
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
WORKDIR /app
RUN uv sync --locked
# fine: compose.yaml has the line
COPY . .

# case: a folder without code
# files: media-mount
FROM python:3.14-slim-trixie
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
WORKDIR /app
RUN uv sync --locked
# fine: the folder has uploaded files
COPY . .
