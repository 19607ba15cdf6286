# case: only VIRTUAL_ENV
FROM python:3.14-slim-trixie
ENV VIRTUAL_ENV=/opt/venv
WORKDIR /app
# finds: uv sync makes .venv
RUN uv sync --locked
# fine: with the option it uses the variable
RUN uv sync --locked --active

# case: both variables
FROM python:3.14-slim-trixie
ENV VIRTUAL_ENV=/opt/venv
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
# fine: uv sync reads the second
RUN uv sync --locked

# case: uv pip
FROM python:3.14-slim-trixie
ENV VIRTUAL_ENV=/opt/venv
# fine: uv pip reads the variable
RUN uv pip sync requirements.txt
