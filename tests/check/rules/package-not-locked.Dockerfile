# case: without a version
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# finds: the newest gunicorn
RUN uv pip install gunicorn

# case: with a version
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# finds: what gunicorn needs has no version
RUN uv pip install gunicorn==23.0.0
# fine: a file of one's own
RUN uv pip install --no-deps ./wheels/shop-1.0-py3-none-any.whl

# case: without uv sync
FROM python:3.14-slim-trixie
# fine: there is no lockfile
RUN uv pip install --system gunicorn

# case: a requirement of the project with a version
# files: server-extra
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: uv.lock has the package
RUN uv pip install django==5.2.8
