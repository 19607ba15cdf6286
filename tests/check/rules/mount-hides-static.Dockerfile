# case: mounts over the collected files
# files: static-mounts
FROM python:3.14-slim-trixie
# fine: compose.yaml has the lines
RUN uv sync --locked && uv run --no-sync manage.py collectstatic --noinput

# case: the container collects
# files: static-mounts-collected
FROM python:3.14-slim-trixie
# fine: each start fills the volume
RUN uv sync --locked && uv run --no-sync manage.py collectstatic --noinput
