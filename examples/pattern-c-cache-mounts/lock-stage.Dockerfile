# What the stages below share. A Python that `requires-python` in
# pyproject.toml allows.
FROM python:3.14-slim-trixie AS base

# Compile bytecode now. The app user cannot write .pyc files later, so without
# this every start compiles the packages again.
ENV UV_COMPILE_BYTECODE=1

# The cache mount is another file system, from which uv cannot hard-link. It
# would copy anyway: this only silences the warning.
ENV UV_LINK_MODE=copy

# Use the Python of this image. Fail rather than download another one.
ENV UV_PYTHON_DOWNLOADS=never

# The venv is outside the project's folder: it moves between stages alone.
ENV UV_PROJECT_ENVIRONMENT=/opt/venv

# `python`, `uvicorn` and `tracking` now mean the ones in the venv.
ENV PATH="/opt/venv/bin:$PATH"

WORKDIR /app

# What fetching packages needs, and production does not: uv, Git and a token.
FROM base AS fetch

# uv fetches private packages with Git, which a slim image lacks. No version:
# only the newest stays on Debian's servers, and Git is not in production.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*

# How Git gets a token for this one server: from a file that is there only in
# a step that mounts the secret. What is stored here is the path of the file.
# GitLab's job token asks for this user name; GitHub takes any.
RUN git config --system credential.http://git.example.com:8418.helper \
        '!f() { echo username=gitlab-ci-token; printf password=; \
                cat /run/secrets/git_token; }; f'

# Pin uv. With a floating tag, each uv release would reinstall every package.
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

# The lock stage: says which packages to install, in a file of its own.
FROM fetch AS lock

# Exactly production, with the hash or the commit of each package. `--locked`
# stops the build if uv.lock no longer matches pyproject.toml; to say so, uv
# asks the Git server, and only then. No header and no notes: in the file is
# only what decides about the packages.
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=secret,id=git_token,required=true \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    uv export --quiet --locked --no-default-groups --group prod \
        --no-emit-project --no-header --no-annotate \
        --output-file /requirements.txt

# Phase one: every package but our own.
FROM fetch AS packages

# Docker compares this file by its content. A new version of the project or a
# linter setting gives the same file, and the next step stays in the cache.
COPY --from=lock /requirements.txt ./

# A package with another hash stops the build. Not `--require-hashes`: a Git
# dependency has a commit and no hash. The cache mount keeps downloads for the
# next build and is in no layer. The secret is in no layer either, and another
# token does not run this step again.
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=secret,id=git_token,required=true \
    uv venv /opt/venv && uv pip sync --python /opt/venv requirements.txt

# Production: no uv, no Git, no source folder, no cache.
FROM base AS prod

# The service runs as this user and cannot change its own code.
RUN useradd --uid 10001 --no-create-home --shell /bin/false app

# One large layer, the same until a package changes.
COPY --from=packages /opt/venv /opt/venv

# `collectstatic` reads the settings and the static files. Mounting only these
# leaves the collected files in the build cache when you edit other code. Django
# needs a secret key to start. This one exists only during this step and signs
# nothing. Python also writes bytecode for the parts of the standard library
# that it imports here: official Python images contain none.
ENV DJANGO_STATIC_ROOT=/opt/static
RUN --mount=type=bind,source=src/tracking/__init__.py,target=/src/tracking/__init__.py \
    --mount=type=bind,source=src/tracking/settings.py,target=/src/tracking/settings.py \
    --mount=type=bind,source=src/tracking/static,target=/src/tracking/static \
    DJANGO_SECRET_KEY=used-only-for-this-step \
        django-admin collectstatic --noinput \
            --pythonpath /src --settings tracking.settings

# Phase two: our own package, copied into the venv by `--no-editable`. Without
# `--no-cache` this can ship old code: uv does not look into the code to see
# whether a folder has changed. uv and the source are only mounted: an edit
# of the code adds one small layer. Without a network, the step starts faster.
RUN --network=none \
    --mount=from=packages,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    --mount=type=bind,source=src,target=src \
    uv sync --locked --no-default-groups --group prod --no-editable --no-cache

# Send log lines at once, not when a buffer is full.
ENV PYTHONUNBUFFERED=1

# By number, so that Kubernetes can tell that it is not root.
USER 10001

EXPOSE 8000

# Python asks, because a slim image has no curl.
HEALTHCHECK --start-period=30s --start-interval=1s \
    --interval=30s --timeout=5s \
    CMD ["python", "-m", "tracking.healthcheck"]

# Exec form: uvicorn is process 1, gets SIGTERM itself and stops cleanly. The
# default host reaches nobody in a container. Django has no lifespan events.
# Open requests have 4 seconds to finish; Docker kills after 10.
CMD ["uvicorn", "tracking.asgi:application", \
     "--host", "0.0.0.0", "--port", "8000", "--no-server-header", \
     "--lifespan", "off", "--timeout-graceful-shutdown", "4"]
