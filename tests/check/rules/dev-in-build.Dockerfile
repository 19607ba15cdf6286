# case: uv run after a build without dev
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# finds: uv run installs dev
RUN uv run manage.py collectstatic --noinput

# case: no sync
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: uv run installs nothing
RUN uv run --no-sync manage.py collectstatic --noinput
# fine: uv run leaves dev out
RUN uv run --no-dev manage.py check

# case: a later step removes dev
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev --no-install-project
COPY . .
# fine: the next step removes the group
RUN uv run manage.py collectstatic --noinput
RUN uv sync --locked --no-dev

# case: the stage does not ship
FROM python:3.14-slim-trixie AS static
WORKDIR /app
RUN uv sync --locked --no-dev
# fine: only the static files are copied
RUN uv run manage.py collectstatic --noinput
FROM python:3.14-slim-trixie
COPY --from=static /app/static /static

# case: a stage for development
FROM python:3.14-slim-trixie AS dev
RUN uv sync --locked --no-dev
# fine: the group is for this
RUN uv run manage.py check

# case: no dev group
# files: no-groups
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: there is nothing to install
RUN uv run manage.py check

# case: no uv sync
FROM python:3.14-slim-trixie
# fine: nothing left the group out
RUN uv run manage.py check

# case: a later step does not remove dev
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked --no-dev
# finds: another environment is synced below
RUN uv run manage.py check
RUN UV_PROJECT_ENVIRONMENT=/opt/tools uv sync --locked --no-dev

# case: an empty dev group
# files: empty-group
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: there is nothing to install
RUN uv run manage.py check
