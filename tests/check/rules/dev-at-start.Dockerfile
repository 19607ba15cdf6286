# case: uv run after a build without dev
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# finds: uv run installs dev
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: the variable applies to both
FROM python:3.14-slim-trixie
ENV UV_NO_DEV=1
RUN uv sync --locked
# fine: uv run leaves dev out
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: no sync
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
ENV UV_NO_SYNC=1
# fine: uv run installs nothing
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: the flag is there twice
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: uv run leaves dev out
CMD ["uv", "run", "--no-dev", "gunicorn", "shop.wsgi"]

# case: no dev group
# files: no-groups
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: there is nothing to install
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: the project is in a folder
# files: sub-project
FROM python:3.14-slim-trixie
WORKDIR /app
COPY backend/pyproject.toml backend/uv.lock ./
RUN uv sync --locked --no-dev
# fine: the project has no dev group
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: the build has brought the dev group back
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
RUN uv run manage.py collectstatic
# fine: nothing is missing
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: an empty dev group
# files: empty-group
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: there is nothing to install
CMD ["uv", "run", "gunicorn", "shop.wsgi"]
