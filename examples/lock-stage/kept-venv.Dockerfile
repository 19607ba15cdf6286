# The stages below share this base. Use a Python version that `requires-python`
# in pyproject.toml allows.
FROM python:3.14-slim-trixie AS base

# Pin uv. With a floating tag, the build would reinstall all packages after
# every uv release.
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

# Use the Python in this image. If uv needs a different Python, it fails
# instead of downloading one.
ENV UV_PYTHON_DOWNLOADS=never

WORKDIR /app

# The lock stage exports the list of packages to a separate file.
FROM base AS lock

# Export the packages that production needs, with all their hashes. `--locked`
# stops the build if uv.lock does not match pyproject.toml. `--no-annotate`
# leaves out comments, some of which contain the project's name, so the file
# changes only if the packages change. With `--network=none`, the step starts
# faster. uv would need the network only to update uv.lock. If uv.lock is out
# of date, uv therefore reports that the network was disabled, and the message
# below names the actual cause.
#
# The cache mount keeps what uv has found out about the image's Python, so uv
# does not have to start Python for the next export. The `id` gives the export
# its own cache.
RUN --network=none \
    --mount=type=cache,id=uv-export,target=/root/.cache/uv \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    uv export --offline --quiet --locked --no-default-groups --group prod \
        --no-emit-project --no-annotate \
        --output-file /requirements.txt \
    || { echo >&2 'If uv reports that the network was disabled, uv.lock is' \
            'out of date. Run "uv lock" and commit the file.'; exit 1; }

# This last stage is the production image.
FROM base AS prod

# Run the service as this user, which can write to /data but not to the code.
RUN useradd --uid 10001 --shell /bin/false app \
    && install --directory --owner app --group app /data

# Do not use a download cache. It is unnecessary, because the build keeps the
# virtual environment. Also, uv would install cached files without checking
# them again.
ENV UV_NO_CACHE=1

# The cache mount is a separate file system, so uv has to copy files instead of
# creating hard links. This setting only silences uv's warning.
ENV UV_LINK_MODE=copy

# Put the virtual environment's `bin` folder first on PATH so that the
# container can start programs without `uv run`.
ENV PATH="/app/.venv/bin:$PATH"

# Write log lines immediately instead of buffering them.
ENV PYTHONUNBUFFERED=1

# Docker checks whether the content of this file has changed. After you change
# the project's version or a linter setting, the export runs again but writes
# the same content, so the slow step below stays cached.
COPY --from=lock /requirements.txt ./

# Keep a virtual environment for each Python version and processor type in a
# cache mount. uv then changes only the packages that have changed in the
# lockfile. An earlier build might have left wrong files in that environment.
# The script therefore compares every file's hash with the hash that its
# package lists, and stops the build if they differ. It also compiles new
# modules to bytecode. The last command copies the environment into the image.
# With `--relocatable`, the copy works in a different folder. With
# `sharing=locked`, parallel builds change the environment one after another.
RUN --mount=type=cache,id=status-page-venv,target=/var/cache/venv,sharing=locked \
    --mount=type=bind,source=check_venv.py,target=check_venv.py \
    abi="$(python -c 'import sysconfig; print(sysconfig.get_config_var("SOABI"))')" \
    && venv="/var/cache/venv/$abi" \
    && uv venv --quiet --relocatable --allow-existing "$venv" \
    && uv venv --quiet --relocatable .venv \
    && uv pip sync --python "$venv" --require-hashes requirements.txt \
    && python -I check_venv.py --compile "$venv" .venv requirements.txt \
    && cp --archive "$venv/." .venv

# Copy what `collectstatic` reads: the settings and each app's static files.
# When you edit an app's other files, the collected files stay cached. For each
# new app, add two lines like the last two in this block.
COPY manage.py ./
COPY statuspage statuspage
COPY status/__init__.py status/
COPY status/static status/static

# Django needs a secret key to start. This placeholder is set only for this
# step. The step runs as root, so Python can also save standard library
# bytecode in the image. Official Python images do not contain this bytecode.
RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

# Copy the rest of the code last. List each file and folder by name so that a
# change to pyproject.toml or uv.lock does not invalidate the steps below.
COPY gunicorn.conf.py healthcheck.py ./
COPY status status

# Compile the project's own code to bytecode, because uv compiles only
# packages. With `--network=none`, the step starts faster.
RUN --network=none python -m compileall -q status statuspage

# Keep the SQLite database on a volume. Everything else can be read-only.
ENV DATABASE_PATH=/data/db.sqlite3

# Use a numeric user ID so that Kubernetes can enforce `runAsNonRoot`.
USER 10001

EXPOSE 8000

# Use Python for the health check, because slim images do not contain curl.
HEALTHCHECK --start-period=30s --start-interval=1s --timeout=5s \
    CMD ["python", "healthcheck.py"]

# With `CMD` in exec form, gunicorn runs as PID 1, so it receives SIGTERM and
# stops cleanly. Its settings are in gunicorn.conf.py.
CMD ["gunicorn", "statuspage.wsgi"]
