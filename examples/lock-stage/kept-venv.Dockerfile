# What the two stages below have in common.
# A Python that `requires-python` in pyproject.toml allows.
FROM python:3.14-slim-trixie AS base

# Pin uv. With a floating tag, each uv release would reinstall every package.
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

# A download cache inside the layer serves nobody.
ENV UV_NO_CACHE=1

# Use the Python of this image. Fail rather than download another one.
ENV UV_PYTHON_DOWNLOADS=never

WORKDIR /app

# The lock stage: says which packages to install, in a file of its own.
FROM base AS lock

COPY pyproject.toml uv.lock ./

# Exactly production, with every hash. `--locked` stops the build when uv.lock
# no longer matches pyproject.toml. No header and no notes: in the file is only
# what decides about the packages.
RUN uv export --quiet --locked --no-default-groups --group prod \
        --no-emit-project --no-header --no-annotate \
        --output-file requirements.txt

# The image to ship.
FROM base AS prod

# The service runs as this user. It owns /data and cannot change its own code.
RUN useradd --uid 10001 --no-create-home \
        --shell /bin/false app \
    && install --directory --owner app --group app /data

# Compile bytecode now. The app user cannot write .pyc files later, so without
# this every start compiles the packages again.
ENV UV_COMPILE_BYTECODE=1

# `python` and `gunicorn` now mean the ones in the venv: no `uv run` at start.
ENV PATH="/app/.venv/bin:$PATH"

# Send log lines at once, not when a buffer is full.
ENV PYTHONUNBUFFERED=1

# Docker compares this file by its content. A new version of the project or a
# linter setting runs the export again, the export gives the same file, and the
# next step, the slow one, stays in the cache.
COPY --from=lock /app/requirements.txt ./

# The venv is kept between builds, outside of any layer, one for each Python
# and processor. uv changes what has changed, compiles that, and a copy goes
# into the image. Relocatable, because it was made in another place. Locked,
# because two builds at a time would change the same venv.
RUN --mount=type=cache,id=status-page-venv,target=/var/cache/venv,sharing=locked \
    abi="$(python -c 'import sysconfig; print(sysconfig.get_config_var("SOABI"))')" \
    && venv="/var/cache/venv/$abi" \
    && uv venv --quiet --allow-existing --relocatable "$venv" \
    && uv pip sync --python "$venv" --require-hashes requirements.txt \
    && cp --archive "$venv" .venv

# The code, as late as possible, and by name: pyproject.toml and uv.lock have
# done their part, and a change in them is no reason to run the next step.
COPY manage.py gunicorn.conf.py healthcheck.py ./
COPY status status
COPY statuspage statuspage

# Django needs some secret key to start, even to collect files. This one signs
# nothing and is gone after this step. `compileall` is for our own code: uv has
# compiled only the packages.
RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput \
    && python -m compileall -q status statuspage

# SQLite lives on a volume. Everything else can be read-only.
ENV DATABASE_PATH=/data/db.sqlite3

# By number, so that Kubernetes can tell that it is not root.
USER 10001

EXPOSE 8000

# Python asks, because a slim image has no curl.
HEALTHCHECK --start-period=30s --start-interval=1s \
    --interval=30s --timeout=5s \
    CMD ["python", "healthcheck.py"]

# Exec form: gunicorn is process 1, gets SIGTERM itself and stops cleanly.
# Its settings are in gunicorn.conf.py.
CMD ["gunicorn", "statuspage.wsgi"]
