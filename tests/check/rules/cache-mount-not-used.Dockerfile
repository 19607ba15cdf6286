# case: another user
FROM python:3.14-slim-trixie
RUN useradd --create-home app
USER app
# finds: the mount is in the home of root
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked

# case: another folder
FROM python:3.14-slim-trixie
ENV UV_CACHE_DIR=/opt/uv-cache
# finds: uv uses /opt/uv-cache
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked
# fine: the mount is at UV_CACHE_DIR
RUN --mount=type=cache,target=/opt/uv-cache uv sync --locked

# case: the cache is off
FROM python:3.14-slim-trixie
ENV UV_NO_CACHE=1
# finds: nothing gets into the mount
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked

# case: the whole cache folder
FROM python:3.14-slim-trixie
# fine: uv's folder is in the mount
RUN --mount=type=cache,target=/root/.cache uv sync --locked

# case: root by another name
FROM python:3.14-slim-trixie
USER 0
# fine: 0 is root
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked

# case: a user without a known home
FROM python:3.14-slim-trixie
USER 10001
# fine: where uv looks is unknown
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked

# case: a mount for something else
FROM python:3.14-slim-trixie
ENV UV_CACHE_DIR=/opt/uv-cache
# fine: bind mounts are not caches
RUN --mount=type=bind,source=uv,target=/tools/uv uv sync --locked
