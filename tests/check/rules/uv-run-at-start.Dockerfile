# case: uv run
FROM python:3.14-slim-trixie
RUN uv sync --locked
# finds: uv syncs first
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: uv run without a sync
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# finds: uv writes to its cache
CMD ["uv", "run", "--no-sync", "gunicorn", "shop.wsgi"]

# case: uv sync
FROM python:3.14-slim-trixie
# finds: an install at each start
CMD uv sync --locked && exec gunicorn shop.wsgi

# case: the program
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: no uv
CMD ["gunicorn", "shop.wsgi"]

# case: a stage for development
FROM python:3.14-slim-trixie AS development
# fine: on a laptop, the packages change
CMD ["uv", "run", "manage.py", "runserver"]

# case: uv run brings dev
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: another rule is about this
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: manage.py as a script
FROM python:3.14-slim-trixie
RUN uv sync --locked
# finds: manage.py has no dependencies of its own
CMD ["uv", "run", "--script", "manage.py", "serve"]

# case: the build has brought the dev group back
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
RUN uv run manage.py collectstatic
# finds: nothing is missing, but uv looks
CMD ["uv", "run", "gunicorn", "shop.wsgi"]
