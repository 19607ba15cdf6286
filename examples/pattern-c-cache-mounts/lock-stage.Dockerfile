# The stages below share this base. Use a Python version that `requires-python`
# in pyproject.toml allows.
FROM python:3.14-slim-trixie AS base

# Compile packages to bytecode during the build. The app user cannot write .pyc
# files, so without this setting, Python would compile the packages again at
# every start.
ENV UV_COMPILE_BYTECODE=1

# The cache mount is a separate file system, so uv has to copy files instead of
# creating hard links. This setting only silences uv's warning.
ENV UV_LINK_MODE=copy

# Use the Python in this image. If uv needs a different Python, it fails
# instead of downloading one.
ENV UV_PYTHON_DOWNLOADS=never

# Create the virtual environment outside the project's folder so that another
# stage can copy only the environment.
ENV UV_PROJECT_ENVIRONMENT=/opt/venv

# Put the virtual environment's `bin` folder first on PATH so that the
# container can start programs without `uv run`.
ENV PATH="/opt/venv/bin:$PATH"

WORKDIR /app

# This stage adds what the build needs to fetch packages: uv, Git and access to
# the token. The production image does not contain any of these.
FROM base AS fetch

# uv fetches private packages with Git, which slim images do not contain. Do
# not pin Git's version, because Debian's archive keeps only the newest
# version. Git is not in the production image.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*

# Let Git read the token for this server from a file, which exists only in
# steps that mount the secret. The image stores the file's path, not the token.
# GitLab requires this user name for job tokens, but GitHub accepts any user
# name.
RUN git config --system credential.http://git.example.com:8418.helper \
        '!f() { echo username=gitlab-ci-token; printf password=; \
                cat /run/secrets/git_token; }; f'

# Pin uv. With a floating tag, the build would reinstall all packages after
# every uv release.
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

# The lock stage exports the list of packages to a separate file.
FROM fetch AS lock

# Export the packages that production needs, each with its hashes or commit.
# `--locked` stops the build if uv.lock does not match pyproject.toml.
# `--no-annotate` leaves out comments, some of which contain the project's
# name, so the file changes only if the packages change. With
# `--network=none`, the step starts faster. uv would need the network and the
# token only to update uv.lock. If uv.lock is out of date, uv therefore reports
# that the network was disabled, and the message below names the actual cause.
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

# Phase one installs every package except the project itself.
FROM fetch AS packages

# Docker checks whether the content of this file has changed. After you change
# the project's version or a linter setting, the export runs again but writes
# the same content, so the slow step below stays cached.
COPY --from=lock /requirements.txt ./

# The build stops if a package does not match its hash. `--require-hashes` is
# not set, because it would reject the Git dependency, which has a commit
# instead of a hash. The cache mount keeps downloads for the next build.
# Neither the cache nor the secret is stored in a layer, and a new token does
# not invalidate this step.
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=secret,id=git_token,required=true \
    uv venv /opt/venv && uv pip sync requirements.txt

# The production image does not contain uv, Git, the source folder or the
# cache.
FROM base AS prod

# Run the service as this user, which cannot write to the code.
RUN useradd --uid 10001 --shell /bin/false app

# This large layer stays the same until a package changes.
COPY --from=packages /opt/venv /opt/venv

# Mount only what `collectstatic` reads: the settings and the static files.
# When you edit any other code, the collected files stay cached. Django needs a
# secret key to start. This placeholder is set only for this step. The step
# runs as root, so Python can also save standard library bytecode in the image.
# Official Python images do not contain this bytecode.
ENV DJANGO_STATIC_ROOT=/opt/static
RUN --mount=type=bind,source=src/tracking/settings.py,target=/src/tracking/settings.py \
    --mount=type=bind,source=src/tracking/static,target=/src/tracking/static \
    DJANGO_SECRET_KEY=used-only-for-this-step \
        django-admin collectstatic --noinput \
            --pythonpath /src --settings tracking.settings

# Phase two installs the project itself. `--no-editable` copies it into the
# virtual environment. Without `--no-cache`, the image could contain old code,
# because uv does not check whether the source files have changed. uv and the
# source are only mounted, so the build adds only one small layer after an
# edit. With `--network=none`, the step starts faster.
RUN --network=none \
    --mount=from=packages,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    --mount=type=bind,source=src,target=src \
    uv sync --locked --no-default-groups --group prod --no-editable --no-cache

# Write log lines immediately instead of buffering them.
ENV PYTHONUNBUFFERED=1

# Use a numeric user ID so that Kubernetes can enforce `runAsNonRoot`.
USER 10001

EXPOSE 8000

# Use Python for the health check, because slim images do not contain curl.
HEALTHCHECK --start-period=30s --start-interval=1s --timeout=5s \
    CMD ["python", "-m", "tracking.healthcheck"]

# With `CMD` in exec form, uvicorn runs as PID 1, so it receives SIGTERM and
# stops cleanly. Listen on all interfaces, because the default host, 127.0.0.1,
# cannot be reached from outside the container. Turn off lifespan events,
# because Django does not support them. Give open requests 4 seconds to finish,
# because Docker sends SIGKILL after 10 seconds.
CMD ["uvicorn", "tracking.asgi:application", \
     "--host", "0.0.0.0", "--no-server-header", \
     "--lifespan", "off", "--timeout-graceful-shutdown", "4"]
