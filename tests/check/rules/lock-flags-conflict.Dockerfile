# case: both
FROM python:3.14-slim-trixie
ENV UV_LOCKED=1 UV_FROZEN=1
# finds: both are set
RUN uv sync

# case: one
FROM python:3.14-slim-trixie
ENV UV_LOCKED=1 UV_FROZEN=0
# fine: one is set
RUN uv sync
