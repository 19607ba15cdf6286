# case: without a mount
FROM python:3.14-slim-trixie
ENV UV_LINK_MODE=copy
# finds: packages and cache in one layer
RUN uv sync --locked

# case: with a mount
FROM python:3.14-slim-trixie
ENV UV_LINK_MODE=copy
# fine: the cache is in the mount
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked

# case: without a cache
FROM python:3.14-slim-trixie
ENV UV_LINK_MODE=copy UV_NO_CACHE=1
# fine: no cache
RUN uv sync --locked

# case: a stage that does not ship
FROM python:3.14-slim-trixie AS build
ENV UV_LINK_MODE=copy
# fine: the image gets the environment alone
RUN uv sync --locked
FROM python:3.14-slim-trixie
COPY --from=build /.venv /.venv
