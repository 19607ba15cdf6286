# case: the group is not asked for
# files: prod-group
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# finds: gunicorn is in the group prod
CMD ["gunicorn", "shop.wsgi"]

# case: the group is asked for
# files: prod-group
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-default-groups --group prod
# fine: the group is installed
CMD ["gunicorn", "shop.wsgi"]

# case: a dependency of the project
# files: no-groups
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: always installed
CMD ["gunicorn", "shop.wsgi"]

# case: a default group
# files: default-groups
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: the group is a default
CMD ["gunicorn", "shop.wsgi"]

# case: an extra
# files: server-extra
FROM python:3.14-slim-trixie
RUN uv sync --locked --extra web
# fine: the extra is installed
CMD ["gunicorn", "shop.wsgi"]

# case: an extra that is not asked for
# files: server-extra
FROM python:3.14-slim-trixie
RUN uv sync --locked
# finds: the extra web is missing
CMD ["gunicorn", "shop.wsgi"]

# case: every group
# files: prod-group
FROM python:3.14-slim-trixie
RUN uv sync --locked --all-groups
# fine: prod is one of them
CMD ["gunicorn", "shop.wsgi"]

# case: uv pip installs it
# files: prod-group
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
RUN uv pip install gunicorn==23.0.0
# fine: the step above installs it
CMD ["gunicorn", "shop.wsgi"]

# case: no default groups
# files: default-groups
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-default-groups
# finds: the group server is left out
CMD ["gunicorn", "shop.wsgi"]

# case: apt installs it
# files: prod-group
FROM python:3.14-slim-trixie
RUN apt-get update && apt-get install -y gunicorn && rm -rf /var/lib/apt/lists/*
RUN uv sync --locked --no-dev
# fine: the step above installs it
CMD ["gunicorn", "shop.wsgi"]

# case: nothing is installed
# files: prod-group
FROM python:3.14-slim-trixie
# fine: what the image has is unknown
CMD ["gunicorn", "shop.wsgi"]

# case: uv run at the start
# files: prod-group
FROM python:3.14-slim-trixie
RUN uv sync --locked
RUN uv run python manage.py collectstatic --noinput
# finds: uv run installs the default groups only
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: neither file names it
# files: up-to-date
FROM python:3.14-slim-trixie
RUN uv pip compile pyproject.toml -o requirements.txt
RUN uv pip install --system -r requirements.txt
# finds: gunicorn is nowhere
CMD ["gunicorn", "shop.wsgi"]

# case: other requirements
# files: up-to-date
FROM python:3.14-slim-trixie
RUN uv pip install --system -r requirements.txt
# fine: requirements.txt can name it
CMD ["gunicorn", "shop.wsgi"]

# case: an older lockfile
# files: older-lockfile
FROM python:3.14-slim-trixie
RUN uv sync --frozen --no-dev
# fine: pyproject.toml names it
CMD ["gunicorn", "shop.wsgi"]
