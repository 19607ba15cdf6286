# case: no Python is named
FROM python:3.14-slim-trixie
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
WORKDIR /app
# finds: uv pip uses .venv
RUN uv venv && uv pip sync requirements.txt

# case: a Python is named
FROM python:3.14-slim-trixie
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
# fine: the option
RUN uv pip sync --python /opt/venv requirements.txt
ENV VIRTUAL_ENV=/opt/venv
# fine: the variable
RUN uv pip sync requirements.txt

# case: the environment is on PATH
FROM python:3.14-slim-trixie
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
ENV PATH="/opt/venv/bin:$PATH"
# fine: uv finds the environment on PATH
RUN uv venv /opt/venv && uv pip sync requirements.txt

# case: without the variable
FROM python:3.14-slim-trixie
# fine: uv pip uses .venv, as it should
RUN uv venv && uv pip sync requirements.txt

# case: the Python of the image
FROM python:3.14-slim-trixie
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
# fine: --system is meant
RUN uv pip install --system -r requirements.txt
# fine: uv sync reads the variable
RUN uv sync --locked
