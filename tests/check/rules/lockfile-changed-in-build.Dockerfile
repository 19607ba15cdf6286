# case: uv lock
FROM python:3.14-slim-trixie
# finds: new versions
RUN uv lock && uv sync --frozen

# case: uv add
FROM python:3.14-slim-trixie
# finds: the newest gunicorn
RUN uv add gunicorn
# finds: new versions
RUN uv sync --upgrade

# case: a check
FROM python:3.14-slim-trixie
# fine: nothing changes
RUN uv lock --check
# fine: nothing changes
RUN uv sync --locked
