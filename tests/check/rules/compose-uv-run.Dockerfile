# case: for production
# files: compose-production
FROM python:3.14-slim-trixie
# fine: compose.yaml calls uv run
RUN uv sync --locked --no-dev

# case: the variable applies to compose.yaml
# files: compose-no-sync
FROM python:3.14-slim-trixie
ENV UV_NO_SYNC=1
# fine: uv run installs nothing
RUN uv sync --locked --no-dev

# case: for development
# files: compose-development
FROM python:3.14-slim-trixie
# fine: on a laptop, the group is wanted
RUN uv sync --locked --no-dev

# case: the image has the dev group
# files: compose-no-sync
FROM python:3.14-slim-trixie
# fine: nothing is missing
RUN uv sync --locked

# case: another installer
# files: compose-no-sync
FROM python:3.14-slim-trixie
# fine: what the image has is unknown
RUN pip install -r requirements.txt

# case: services that share settings
# files: compose-shared
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: compose.yaml undoes it
RUN uv sync --locked --no-dev
USER 1000

# case: uv sync
# files: compose-migrates-and-syncs
FROM python:3.14-slim-trixie
# fine: compose.yaml has the command
RUN uv sync --locked
CMD ["gunicorn", "shop.wsgi"]
