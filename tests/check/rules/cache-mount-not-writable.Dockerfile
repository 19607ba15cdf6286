# case: another user
FROM python:3.14-slim-trixie
ENV UV_CACHE_DIR=/cache
USER 10001
# finds: the mount belongs to root
RUN --mount=type=cache,target=/cache uv sync --locked
# fine: it belongs to the user
RUN --mount=type=cache,target=/cache,uid=10001 uv sync --locked
# finds: Docker's default builder makes this 0755
RUN --mount=type=cache,target=/cache,mode=0777 uv sync --locked
USER root
# fine: root may write
RUN --mount=type=cache,target=/cache uv sync --locked

# case: a user with a home
FROM python:3.14-slim-trixie
USER app
# finds: the mount belongs to root
RUN --mount=type=cache,target=/home/app/.cache/uv uv sync --locked
