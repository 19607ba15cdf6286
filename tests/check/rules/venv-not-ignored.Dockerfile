# case: the folder has no .dockerignore
# files: no-dockerignore
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# finds: .venv comes along
COPY . .

# case: .dockerignore names it
# files: start-script
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# fine: .venv stays out
COPY . .

# case: the environment is elsewhere
# files: no-dockerignore
FROM python:3.14-slim-trixie
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
WORKDIR /app
RUN uv sync --locked
# fine: the environment stays
COPY . .

# case: the folder is unknown
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# fine: whether .venv exists is unknown
COPY . .

# case: the project is in a folder
# files: sub-project
FROM python:3.14-slim-trixie
WORKDIR /app
COPY backend/pyproject.toml backend/uv.lock ./
RUN uv sync --locked
# finds: backend/.venv replaces the environment
COPY ./backend /app

# case: uv replaces it
# files: no-dockerignore
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: its Python is missing, so uv makes a new environment
COPY . .
RUN uv sync --locked
