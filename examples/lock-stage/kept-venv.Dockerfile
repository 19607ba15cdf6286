# The common base of the stages below. Use a Python version that
# `requires-python` in pyproject.toml allows.
FROM python:3.14-slim-trixie AS base

# Pin uv. With a floating tag, every uv release would reinstall all packages.
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

# Keep no download cache. The virtual environment that the build keeps makes a
# cache unnecessary, and uv does not check the files in its cache again.
ENV UV_NO_CACHE=1

# Use the Python in this image. Fail instead of downloading another one.
ENV UV_PYTHON_DOWNLOADS=never

WORKDIR /app

# The lock stage exports the list of packages to a separate file.
FROM base AS lock

# List what production needs, with every hash. `--locked` stops the build if
# uv.lock does not match pyproject.toml. Without a header and notes, the file
# contains only what determines the packages. The step needs no network, and
# starts faster without one. uv would use it only to update uv.lock. In that
# case uv reports that the network was disabled, and the last line explains why.
RUN --network=none \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    uv export --offline --quiet --locked --no-default-groups --group prod \
        --no-emit-project --no-header --no-annotate \
        --output-file /requirements.txt \
    || { echo >&2 'If uv reports that the network was disabled, uv.lock is' \
            'out of date. Run "uv lock" and commit the file.'; exit 1; }

# The production image.
FROM base AS prod

# Run the service as this user. It can write to /data, but not to its own code.
RUN useradd --uid 10001 --no-create-home \
        --shell /bin/false app \
    && install --directory --owner app --group app /data

# The cache mount is on another file system, so uv has to copy files instead of
# creating hard links. This setting only silences its warning about that.
ENV UV_LINK_MODE=copy

# Use the programs in the virtual environment, so that the container can start
# without `uv run`.
ENV PATH="/app/.venv/bin:$PATH"

# Write log lines immediately instead of buffering them.
ENV PYTHONUNBUFFERED=1

# Docker compares this file by content. A new project version or a linter
# setting runs the export again, but the export writes the same file, and the
# slow step below stays cached.
COPY --from=lock /requirements.txt ./

# Keep the virtual environment in a cache mount, one for each Python version and
# processor. uv changes only what the lockfile changes. Earlier builds may have
# left wrong files there, so the script compares every file with the hash that
# its package lists, stops the build if one differs, and compiles what is new.
# Then copy the environment into the image. `--relocatable` makes it work in
# another folder. `sharing=locked` lets only one build at a time change it.
RUN --mount=type=cache,id=status-page-venv,target=/var/cache/venv,sharing=locked \
    --mount=type=bind,source=check_venv.py,target=check_venv.py \
    abi="$(python -c 'import sysconfig; print(sysconfig.get_config_var("SOABI"))')" \
    && venv="/var/cache/venv/$abi" \
    && uv venv --quiet --relocatable --allow-existing "$venv" \
    && uv venv --quiet --relocatable .venv \
    && uv pip sync --python "$venv" --require-hashes requirements.txt \
    && python -I check_venv.py --compile "$venv" .venv requirements.txt \
    && cp --archive "$venv/." .venv

# Copy what `collectstatic` reads: the settings and the static files of each
# app. When you edit any other file, the collected files stay cached. Add two
# lines like the last two for each new app.
COPY manage.py ./
COPY statuspage statuspage
COPY status/__init__.py status/
COPY status/static status/static

# Django needs a secret key to start. This placeholder is set for this step
# only. The step also leaves bytecode of the standard library in the image,
# which official Python images do not contain.
RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

# Copy the rest of the code last, and by name: a change in pyproject.toml or
# uv.lock does not run the steps below.
COPY gunicorn.conf.py healthcheck.py ./
COPY status status

# Compile the project's own code, because uv compiles only packages. The step
# starts faster without a network.
RUN --network=none python -m compileall -q status statuspage

# Keep the SQLite database on a volume. Everything else can be read-only.
ENV DATABASE_PATH=/data/db.sqlite3

# Use a numeric user ID, so that Kubernetes can enforce `runAsNonRoot`.
USER 10001

EXPOSE 8000

# Use Python for the health check, because slim images contain no curl.
HEALTHCHECK --start-period=30s --start-interval=1s \
    --interval=30s --timeout=5s \
    CMD ["python", "healthcheck.py"]

# In exec form, gunicorn runs as PID 1, receives SIGTERM and stops cleanly. Its
# settings are in gunicorn.conf.py.
CMD ["gunicorn", "statuspage.wsgi"]
