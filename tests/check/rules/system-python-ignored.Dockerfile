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
