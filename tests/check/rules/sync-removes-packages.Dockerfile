# case: before uv sync
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked --no-install-project
# fine: the next step is the one to move
COPY . .
# finds: the next uv sync removes it
RUN uv pip install gunicorn
RUN uv sync --locked

# case: after uv sync
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: no uv sync follows
RUN uv pip install gunicorn

# case: kept
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-install-project
# fine: --inexact keeps it
RUN uv pip install gunicorn
RUN uv sync --locked --inexact

# case: the system's Python
FROM python:3.14-slim-trixie
# fine: another environment
RUN uv pip install --system awscli
RUN uv sync --locked

# case: packages that uv sync keeps
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-install-project
# fine: a file of one's own can be in the lockfile
RUN uv pip install ./wheels/shop.whl
RUN uv sync --locked

# case: another environment
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# fine: nothing syncs these
RUN uv pip install --python /opt/tools awscli
RUN uv sync --locked

# case: uv run
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: this installs nothing by its name
RUN uv run manage.py check
RUN uv sync --locked
