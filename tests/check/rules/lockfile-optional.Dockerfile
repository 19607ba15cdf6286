# case: a wildcard
FROM python:3.14-slim-trixie
# finds: nothing fails without uv.lock
COPY pyproject.toml uv.lock* ./
RUN uv sync --locked

# case: the name
FROM python:3.14-slim-trixie
# fine: the build fails here without uv.lock
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
