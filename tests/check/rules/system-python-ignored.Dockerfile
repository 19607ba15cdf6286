# case: uv sync
FROM python:3.14-slim-trixie
ENV UV_SYSTEM_PYTHON=1
# finds: uv sync makes .venv
RUN uv sync --locked

# case: uv pip
FROM python:3.14-slim-trixie
ENV UV_SYSTEM_PYTHON=1
# fine: uv pip reads it
RUN uv pip install -r requirements.txt

# case: both
FROM python:3.14-slim-trixie
ENV UV_SYSTEM_PYTHON=1
# fine: the variable is for the next step
RUN uv sync --locked
RUN uv pip install gunicorn==23.0.0

# case: the environment is a virtual one
FROM python:3.14-slim-trixie
ENV UV_SYSTEM_PYTHON=1 UV_PROJECT_ENVIRONMENT=/opt/venv
# finds: the packages are in /opt/venv
RUN uv sync --locked

# case: the environment is named
FROM python:3.14-slim-trixie
ENV UV_SYSTEM_PYTHON=1 UV_PROJECT_ENVIRONMENT=/usr/local
# fine: the packages are in the Python of the image
RUN uv sync --locked
